import type { Attempt, AttemptStatus } from './attempt.ts';
import { canMove, isWatched, type Payout, type PayoutStatus } from './payout.ts';

/** What a provider says about one of our attempts, by answer, by look-up or by event. */
export interface ProviderState {
  status: 'pending' | 'in_transit' | 'paid' | 'failed' | 'canceled' | 'returned';
  code: string | null;
  /** When it became so, by the provider's clock. */
  at: Date;
}

export type ProviderMove =
  | { kind: 'move'; to: PayoutStatus; attempt: AttemptStatus; code: string | null }
  /** The payout is there already, or past it. */
  | { kind: 'stale' }
  /** Only the attempt changes: money that an earlier contradiction had found has come back. */
  | { kind: 'settled'; attempt: AttemptStatus; code: string | null }
  /**
   * The provider says something that our state cannot follow; kept for reconciliation, never applied to the payout by
   * itself. `attempt` is what the attempt turned out to be, so that no retry trusts it; `hold` stops a payout that waits to
   * be sent, because its money may be on its way already.
   */
  | { kind: 'conflict'; attempt: AttemptStatus | null; hold: boolean };

/** Statuses of attempts that we count as having moved no money. */
const WRITTEN_OFF: ReadonlySet<AttemptStatus> = new Set(['rejected', 'not_sent', 'absent', 'canceled']);

/**
 * Where a payout goes when the provider says `state` of `attempt`. Events come twice, late and out of order, so the
 * decision is by state, not by arrival: what is older than our state changes nothing. News of an attempt that the payout
 * no longer follows never moves the payout: a newer attempt may be on its way. A failure of a paid payout within its
 * watch is a return: the bank sent it back (Stripe reports returns as `payout.failed` after `payout.paid`).
 */
export function providerMove(payout: Payout, attempt: Attempt, state: ProviderState): ProviderMove {
  const move = decide(payout, attempt, state);
  // Asked since, the provider told us what it is now: an older piece of news is no contradiction.
  const toldSince =
    attempt.lastAnswer?.kind === 'found' && attempt.lastAskedAt !== null && state.at <= attempt.lastAskedAt;
  return move.kind === 'conflict' && toldSince ? { kind: 'stale' } : move;
}

function decide(payout: Payout, attempt: Attempt, state: ProviderState): ProviderMove {
  const isCurrent = attempt.no === payout.attemptCount;
  const moved = state.status === 'pending' || state.status === 'in_transit' || state.status === 'paid';
  const hold = payout.status === 'queued';
  const neverSent = attempt.status === 'ready' && payout.status === 'queued';
  if (WRITTEN_OFF.has(attempt.status) || neverSent) {
    // That it came to nothing is what we count on already.
    if (!moved) return { kind: 'stale' };
    // It had been there and ended: "pending" or "in transit" is from before.
    if (attempt.providerPayoutId !== null && state.status !== 'paid') return { kind: 'stale' };
    // An older attempt counts as paid at once: at most one attempt may be open, and its money is gone either way.
    return { kind: 'conflict', attempt: isCurrent && state.status !== 'paid' ? 'accepted' : 'paid', hold };
  }
  if (isCurrent && !isContradicted(payout, attempt)) return follow(payout, state);
  if (!moved) {
    return attempt.status === 'accepted' || attempt.status === 'paid'
      ? { kind: 'settled', attempt: 'rejected', code: endCode(state) }
      : { kind: 'stale' };
  }
  return attempt.status === 'accepted' && state.status === 'paid'
    ? { kind: 'conflict', attempt: 'paid', hold }
    : { kind: 'stale' };
}

/** Whether the attempt moved money that the payout knows nothing of: an earlier conflict said so. */
function isContradicted(payout: Payout, attempt: Attempt): boolean {
  return (
    (attempt.status === 'accepted' || attempt.status === 'paid') &&
    ['queued', 'held', 'failed', 'canceled'].includes(payout.status)
  );
}

function follow(payout: Payout, state: ProviderState): ProviderMove {
  switch (state.status) {
    case 'pending':
    case 'in_transit':
      return to(payout, 'in_transit', 'accepted', null);
    case 'paid':
      return to(payout, 'paid', 'paid', null);
    case 'failed':
    case 'canceled':
    case 'returned':
      if (payout.status !== 'paid') return to(payout, 'failed', 'rejected', endCode(state));
      return isWatched(payout, state.at)
        ? { kind: 'move', to: 'returned', attempt: 'returned', code: state.code ?? 'returned' }
        : { kind: 'conflict', attempt: null, hold: false };
  }
}

/** Why the provider ended it; `unknown` is no code of any table, and therefore terminal. */
function endCode(state: ProviderState): string {
  return state.status === 'canceled' ? 'canceled_at_provider' : (state.code ?? 'unknown');
}

/** Statuses that come after another on the same attempt, so that an older piece of news is stale rather than a conflict. */
const PAST: Partial<Record<PayoutStatus, readonly PayoutStatus[]>> = {
  in_transit: ['in_transit', 'paid', 'failed', 'returned', 'canceled'],
  paid: ['paid', 'returned'],
  failed: ['failed', 'returned', 'canceled'],
};

function to(payout: Payout, status: PayoutStatus, attempt: AttemptStatus, code: string | null): ProviderMove {
  if (canMove(payout.status, status)) return { kind: 'move', to: status, attempt, code };
  return PAST[status]?.includes(payout.status)
    ? { kind: 'stale' }
    : { kind: 'conflict', attempt: null, hold: payout.status === 'queued' };
}
