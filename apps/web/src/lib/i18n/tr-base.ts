import { common } from './tr/common.ts';
import { refusalReasons, refusals } from './tr/refusals.ts';
import { shell } from './tr/shell.ts';
import { signIn } from './tr/sign-in.ts';

/** What every screen may need to say. */
export const trBase = { common, shell, signIn, refusals, refusalReasons };
