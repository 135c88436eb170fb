import type { AttemptStatus } from './attempt.ts';
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
  /** The provider says something that our state cannot follow; kept for reconciliation, never applied by itself. */
  | { kind: 'conflict' };

/**
 * Where a payout goes when the provider says `state` of its attempt. Events come twice, late and out of order, so the
 * decision is by state, not by arrival: what is older than our state changes nothing. A failure of a paid payout within
 * its watch is a return: the bank sent it back (Stripe reports returns as `payout.failed` after `payout.paid`).
 */
export function providerMove(payout: Payout, state: ProviderState): ProviderMove {
  switch (state.status) {
    case 'pending':
    case 'in_transit':
      return to(payout, 'in_transit', 'accepted', null);
    case 'paid':
      return to(payout, 'paid', 'paid', null);
    case 'returned':
      return returned(payout, state);
    case 'failed':
    case 'canceled': {
      if (payout.status === 'paid') return returned(payout, state);
      const code = state.status === 'canceled' ? 'canceled_at_provider' : (state.code ?? 'unknown');
      return to(payout, 'failed', 'rejected', code);
    }
  }
}

function returned(payout: Payout, state: ProviderState): ProviderMove {
  if (payout.status === 'paid') {
    return isWatched(payout, state.at)
      ? { kind: 'move', to: 'returned', attempt: 'returned', code: state.code ?? 'returned' }
      : { kind: 'conflict' };
  }
  // The news "paid" never came: the payout goes straight to failed, and the money back to the wallet.
  return to(payout, 'failed', 'rejected', state.code ?? 'returned');
}

/** Statuses that come after another on the same attempt, so that an older piece of news is stale rather than a conflict. */
const PAST: Record<string, readonly PayoutStatus[]> = {
  in_transit: ['in_transit', 'paid', 'failed', 'returned', 'canceled'],
  paid: ['paid', 'returned'],
  failed: ['failed', 'returned', 'canceled'],
};

function to(payout: Payout, status: PayoutStatus, attempt: AttemptStatus, code: string | null): ProviderMove {
  if (canMove(payout.status, status) && status !== 'queued') return { kind: 'move', to: status, attempt, code };
  return PAST[status]?.includes(payout.status) ? { kind: 'stale' } : { kind: 'conflict' };
}
