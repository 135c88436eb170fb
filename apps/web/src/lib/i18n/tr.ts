import type { Dictionary } from '../i18n.ts';
import { audit } from './tr/audit.ts';
import { common } from './tr/common.ts';
import { overrides } from './tr/overrides.ts';
import { payoutCodes } from './tr/payout-codes.ts';
import { payouts } from './tr/payouts.ts';
import { reconciliation } from './tr/reconciliation.ts';
import { refusalReasons, refusals } from './tr/refusals.ts';
import { shell } from './tr/shell.ts';
import { signIn } from './tr/sign-in.ts';

/** Every text in Turkish. */
export const tr: Dictionary = {
  common,
  shell,
  signIn,
  refusals,
  refusalReasons,
  payouts,
  payoutCodes,
  reconciliation,
  overrides,
  audit,
};
