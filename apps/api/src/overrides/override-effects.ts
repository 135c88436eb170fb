import { type Refusal, refusal } from '../core/refusal.ts';
import { type AccountCode, balanceChange, clearingOf, IN_FLIGHT, walletOf } from '../ledger/journal.ts';
import { type Attempt, type AttemptStatus, isInFlight, isUnanswered, OPEN_ATTEMPT } from '../payouts/attempt.ts';
import { moveEntry, type Payout, type PayoutStatus } from '../payouts/payout.ts';
import { decideRetry, type RetryFacts } from '../payouts/retry-safety.ts';
import type { OverrideKind } from './override.ts';

interface Effect {
  from: readonly PayoutStatus[];
  to: PayoutStatus;
  /** Whether a new attempt goes to the worker. */
  sends: boolean;
}

/** What each kind does to a payout. Every pair of `from` and `to` is a move that payouts know (`payouts/payout.ts`). */
export const EFFECTS: Readonly<Record<OverrideKind, Effect>> = {
  mark_payout_paid: { from: ['sending', 'unconfirmed', 'in_transit'], to: 'paid', sends: false },
  cancel_payout: { from: ['queued', 'held', 'failed', 'returned'], to: 'canceled', sends: false },
  force_retry: { from: ['failed', 'returned'], to: 'queued', sends: true },
  release_hold: { from: ['held'], to: 'queued', sends: true },
};

/**
 * Whether the override may be done to the payout as it is: asked when the dialog opens, when it is requested, and under the
 * payout's lock when it is executed. Nothing that may have moved money is ever sent again or given back, whoever signs.
 */
export function decideEffect(kind: OverrideKind, payout: Payout, facts: RetryFacts): Refusal | null {
  const effect = EFFECTS[kind];
  const last = facts.lastAttempt;
  if (!effect.from.includes(payout.status)) return statusRefusal(kind, payout, last, facts.now);
  if (kind === 'mark_payout_paid') {
    // On its way this very moment: its answer may say the opposite of what would be signed.
    return last && isInFlight(last, facts.now) ? refusal('retry_in_flight') : null;
  }
  const moved = movedRefusal(kind, last, facts);
  if (moved) return moved;
  if (!effect.sends) return null;
  if (!facts.payoutsOn) return refusal('payouts_paused');
  const { verdict } = decideRetry(payout, { ...facts, overrideOpen: false });
  return kind === 'force_retry' && verdict === 'safe' ? refusal('retry_suffices') : null;
}

function statusRefusal(kind: OverrideKind, payout: Payout, last: Attempt | null, now: Date): Refusal {
  switch (payout.status) {
    case 'paid':
      return refusal('already_paid');
    case 'canceled':
      return refusal('payout_canceled');
    case 'in_transit':
      return refusal('money_is_moving');
    case 'sending':
    case 'unconfirmed':
      return refusal(last && isInFlight(last, now) ? 'retry_in_flight' : 'check_first');
    case 'held':
      return kind === 'force_retry' ? refusal('payout_held') : refusal('status_forbids', { status: payout.status });
    case 'queued':
      return kind === 'force_retry' ? refusal('already_queued') : refusal('status_forbids', { status: payout.status });
    default:
      return refusal('status_forbids', { status: payout.status });
  }
}

/** Why the money must be taken for gone, by any attempt; null when certainly none moved it. */
function movedRefusal(kind: OverrideKind, last: Attempt | null, facts: RetryFacts): Refusal | null {
  if (facts.earlierMoved) return refusal('already_paid');
  if (!last) return null;
  if (isUnanswered(last)) return refusal('check_first');
  if (last.status === 'paid') return refusal('already_paid');
  if (last.status === 'accepted') return refusal('money_is_moving');
  // Given to the worker and never sent: canceling takes it back, a second one beside it is never made.
  if (OPEN_ATTEMPT.has(last.status) && kind !== 'cancel_payout') return refusal('attempt_open');
  return null;
}

/** What becomes of the last attempt: the answer that was signed, or a stop before it is sent; null leaves it as it is. */
export function closesAttempt(kind: OverrideKind, last: Attempt | null): AttemptStatus | null {
  if (!last) return null;
  if (kind === 'mark_payout_paid') return 'paid';
  return kind === 'cancel_payout' && last.status === 'ready' ? 'canceled' : null;
}

/** What the preview starts from, minor units of the payout's currency on each account's normal side. */
export interface PreviewFacts {
  /** What the ledger holds in flight for this payout. */
  inFlightMinor: bigint;
  clearingMinor: bigint;
  walletMinor: bigint;
  partyName: string;
  /** Breaks about this payout that are still open. */
  breaks: readonly { id: string; type: string; risk: string; status: string }[];
}

/** A line of "What will change", JSON-plain. `before` = `after` means unchanged. */
export type PreviewLine =
  | { what: 'payout_status'; before: PayoutStatus; after: PayoutStatus }
  | { what: 'in_flight'; currency: string; beforeMinor: string; afterMinor: string }
  | { what: 'clearing'; provider: string; currency: string; beforeMinor: string; afterMinor: string }
  | { what: 'wallet'; party: string; currency: string; beforeMinor: string; afterMinor: string }
  | { what: 'attempt'; before: number | null; after: number }
  | { what: 'break'; id: string; type: string; risk: string; before: string; after: 'rechecked' };

/**
 * What executing it would change, from the very entry that the execution would post. Null when it is not allowed from the
 * payout's status. A break is not closed by the override itself: the next run compares again and closes it.
 */
export function previewOf(kind: OverrideKind, payout: Payout, facts: PreviewFacts): PreviewLine[] | null {
  const { from, to, sends } = EFFECTS[kind];
  if (!from.includes(payout.status)) return null;
  const { currency } = payout.amount;
  const lines = moveEntry(payout, payout.status, to)?.lines ?? [];
  const change = (account: AccountCode) =>
    lines.reduce((sum, line) => (line.account === account ? sum + balanceChange(line) : sum), 0n);
  const amounts = (before: bigint, account: AccountCode) => ({
    currency,
    beforeMinor: before.toString(),
    afterMinor: (before + change(account)).toString(),
  });
  return [
    { what: 'payout_status', before: payout.status, after: to },
    { what: 'in_flight', ...amounts(facts.inFlightMinor, IN_FLIGHT) },
    { what: 'clearing', provider: payout.provider, ...amounts(facts.clearingMinor, clearingOf(payout.provider)) },
    { what: 'wallet', party: facts.partyName, ...amounts(facts.walletMinor, walletOf(payout.partyId)) },
    ...(sends
      ? [{ what: 'attempt' as const, before: payout.attemptCount || null, after: payout.attemptCount + 1 }]
      : []),
    ...facts.breaks.map(({ status, ...found }) => ({
      what: 'break' as const,
      ...found,
      before: status,
      after: 'rechecked' as const,
    })),
  ];
}
