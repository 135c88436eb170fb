import type { Money } from '../core/money.ts';
import { addBusinessDaysAt } from '../core/time.ts';
import {
  balancedEntry,
  clearingOf,
  credit,
  debit,
  type Entry,
  type EntryKind,
  IN_FLIGHT,
  walletOf,
} from '../ledger/journal.ts';

export const PAYOUT_STATUSES = [
  'queued',
  'sending',
  'unconfirmed',
  'in_transit',
  'paid',
  'failed',
  'returned',
  'held',
  'canceled',
] as const;
export type PayoutStatus = (typeof PAYOUT_STATUSES)[number];

/** Statuses that still need something to happen; `paid` and `canceled` are where payouts rest. */
export const OPEN_STATUSES = ['queued', 'sending', 'unconfirmed', 'in_transit', 'failed', 'returned', 'held'] as const;

export const RAILS = ['instant', 'sepa', 'ach', 'wire', 'card_push', 'local'] as const;
export type Rail = (typeof RAILS)[number];

/** Rails that settle between banks, on business days. */
export const BANK_RAILS: ReadonlySet<Rail> = new Set(['sepa', 'ach', 'wire']);

export interface Destination {
  /** Name on the account. */
  holder: string;
  bank: string;
  /** What may be shown: `TR•• 4410`. */
  masked: string;
  country: string;
  /** The provider's token for the account; the account number itself never comes here. */
  token: string;
}

export interface Payout {
  id: string;
  kind: 'payout' | 'withdrawal';
  partyId: string;
  amount: Money;
  rail: Rail;
  provider: string;
  destination: Destination;
  merchantReference: string | null;
  descriptor: string;
  metadata: Record<string, string>;
  status: PayoutStatus;
  statusAt: Date;
  expectedBy: Date | null;
  stuckAt: Date | null;
  paidAt: Date | null;
  failureCode: string | null;
  providerPayoutId: string | null;
  holdReason: string | null;
  assigneeId: string | null;
  requestedBy: string;
  lastRetriedBy: string | null;
  attemptCount: number;
  /** Out of the queues until then; a move wakes it. */
  snoozedUntil: Date | null;
  /** Who snoozed it. */
  snoozedBy: string | null;
  /** The version of the stuck policy that set `expectedBy` and `stuckAt`. */
  stuckPolicyVersion: number;
  version: number;
  createdAt: Date;
}

/** How a payout moves, and no other way (domain rules §1). */
export const TRANSITIONS: Record<PayoutStatus, readonly PayoutStatus[]> = {
  queued: ['sending', 'held', 'canceled'],
  sending: ['in_transit', 'paid', 'failed', 'unconfirmed'],
  unconfirmed: ['in_transit', 'paid', 'failed', 'queued'],
  in_transit: ['paid', 'failed'],
  paid: ['returned', 'failed'],
  failed: ['queued', 'canceled'],
  returned: ['queued', 'canceled'],
  held: ['queued', 'canceled'],
  canceled: [],
};

export function canMove(from: PayoutStatus, to: PayoutStatus): boolean {
  return TRANSITIONS[from].includes(to);
}

/** Days (business) for which a paid payout is still watched: a return or a late failure within them is legal. */
export const WATCH_BUSINESS_DAYS = 5;

/** Whether a provider's failure of a paid payout at `at` still falls in its watch. */
export function isWatched(payout: Payout, at: Date): boolean {
  return payout.paidAt !== null && at <= addBusinessDaysAt(payout.paidAt, WATCH_BUSINESS_DAYS);
}

/** The entry that takes the money out of the wallet when a payout is asked for. */
export function requestEntry(payout: Payout): Entry {
  return entry(payout, 'payout_requested', 'wallet → in flight');
}

/** The journal entry of a move, or null when the move changes nothing about where the money is. */
export function moveEntry(payout: Payout, from: PayoutStatus, to: PayoutStatus): Entry | null {
  if (!canMove(from, to)) throw new Error(`a payout never moves from ${from} to ${to}`);
  switch (to) {
    case 'paid':
      return entry(payout, 'payout_paid', 'in flight → provider');
    case 'failed':
      return entry(
        payout,
        'payout_failed',
        from === 'paid' ? 'provider → wallet' : 'in flight → wallet',
        from === 'paid',
      );
    case 'returned':
      return entry(payout, 'payout_returned', 'provider → in flight');
    case 'canceled':
      // A failed payout's money went back when it failed.
      return from === 'failed' ? null : entry(payout, 'payout_canceled', 'in flight → wallet');
    case 'queued':
      // Only a failed payout's money has to leave the wallet again; otherwise it is still in flight.
      return from === 'failed' ? entry(payout, 'payout_requeued', 'wallet → in flight') : null;
    default:
      return null;
  }
}

function entry(payout: Payout, kind: EntryKind, description: string, wasPaid = false): Entry {
  const { amount } = payout;
  const wallet = walletOf(payout.partyId);
  const clearing = clearingOf(payout.provider);
  const lines = {
    payout_requested: [debit(wallet, amount), credit(IN_FLIGHT, amount)],
    payout_requeued: [debit(wallet, amount), credit(IN_FLIGHT, amount)],
    payout_paid: [debit(IN_FLIGHT, amount), credit(clearing, amount)],
    payout_failed: [debit(wasPaid ? clearing : IN_FLIGHT, amount), credit(wallet, amount)],
    payout_canceled: [debit(IN_FLIGHT, amount), credit(wallet, amount)],
    payout_returned: [debit(clearing, amount), credit(IN_FLIGHT, amount)],
  }[kind as Exclude<EntryKind, 'funding' | 'adjustment'>];
  return balancedEntry(kind, description, lines);
}
