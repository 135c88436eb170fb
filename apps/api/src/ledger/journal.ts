import { type Money, MoneyError } from '../core/money.ts';

export type Side = 'debit' | 'credit';

/** Kinds of account and the side on which each grows. Wallets alone may never be overdrawn. */
export const ACCOUNT_KINDS = {
  /** What we owe a merchant or a customer. */
  wallet: { normalSide: 'credit', mayOverdraw: false },
  /** Money that has left a wallet and is not yet known to have arrived. */
  payouts_in_flight: { normalSide: 'credit', mayOverdraw: true },
  /** Our money at a provider. */
  psp_clearing: { normalSide: 'debit', mayOverdraw: true },
  fees: { normalSide: 'debit', mayOverdraw: true },
  suspense: { normalSide: 'debit', mayOverdraw: true },
  write_off: { normalSide: 'debit', mayOverdraw: true },
} as const satisfies Record<string, { normalSide: Side; mayOverdraw: boolean }>;

export type AccountKind = keyof typeof ACCOUNT_KINDS;

/** `wallet:<party uuid>`, `psp_clearing:<provider>`, or the bare kind. */
export type AccountCode = string & { readonly __brand: 'AccountCode' };

export const walletOf = (partyId: string) => `wallet:${partyId}` as AccountCode;
export const clearingOf = (provider: string) => `psp_clearing:${provider}` as AccountCode;
export const IN_FLIGHT = 'payouts_in_flight' as AccountCode;

/** The kind that an account code begins with. Throws when the code is none of ours: a bug, not bad input. */
export function accountKind(code: AccountCode): AccountKind {
  const kind = code.split(':', 1)[0] ?? '';
  if (!Object.hasOwn(ACCOUNT_KINDS, kind)) throw new Error(`unknown ledger account ${code}`);
  return kind as AccountKind;
}

export interface Line {
  account: AccountCode;
  side: Side;
  amount: Money;
}

export const debit = (account: AccountCode, amount: Money): Line => ({ account, side: 'debit', amount });
export const credit = (account: AccountCode, amount: Money): Line => ({ account, side: 'credit', amount });

/** A journal entry before it is posted. */
export interface Entry {
  kind: EntryKind;
  description: string;
  lines: readonly Line[];
}

export type EntryKind =
  | 'funding'
  | 'payout_requested'
  | 'payout_paid'
  | 'payout_failed'
  | 'payout_canceled'
  | 'payout_returned'
  | 'payout_requeued'
  | 'adjustment';

/** Checks that debits equal credits per currency and that every amount is positive. Throws MoneyError or Error otherwise. */
export function balancedEntry(kind: EntryKind, description: string, lines: readonly Line[]): Entry {
  const sums = new Map<string, bigint>();
  for (const { side, amount } of lines) {
    if (amount.minor <= 0n)
      throw new MoneyError('malformed_amount', 'A posting is positive; its side says the direction.');
    sums.set(amount.currency, (sums.get(amount.currency) ?? 0n) + (side === 'debit' ? amount.minor : -amount.minor));
  }
  if (lines.length < 2) throw new Error('an entry has at least two lines');
  for (const [currency, sum] of sums) if (sum !== 0n) throw new Error(`the entry is off by ${sum} ${currency}`);
  return { kind, description, lines };
}

/** By how much a line changes its account's balance, counted on the account's normal side (minor units, signed). */
export function balanceChange({ account, side, amount }: Line): bigint {
  return ACCOUNT_KINDS[accountKind(account)].normalSide === side ? amount.minor : -amount.minor;
}
