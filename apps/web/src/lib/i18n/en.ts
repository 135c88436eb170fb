import { audit } from './en/audit.ts';
import { common } from './en/common.ts';
import { overrides } from './en/overrides.ts';
import { payoutCodes } from './en/payout-codes.ts';
import { payouts } from './en/payouts.ts';
import { reconciliation } from './en/reconciliation.ts';
import { refusalReasons, refusals } from './en/refusals.ts';
import { shell } from './en/shell.ts';
import { signIn } from './en/sign-in.ts';

/** Every text in English. The compiler takes keys and placeholders from here; tr.ts must bring the same. */
export const en = {
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
} as const;
