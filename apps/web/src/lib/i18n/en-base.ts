import { common } from './en/common.ts';
import { refusalReasons, refusals } from './en/refusals.ts';
import { shell } from './en/shell.ts';
import { signIn } from './en/sign-in.ts';

/** What every screen may need to say. */
export const enBase = { common, shell, signIn, refusals, refusalReasons } as const;
