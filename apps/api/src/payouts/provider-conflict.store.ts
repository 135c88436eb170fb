import type { Tx } from '../runtime/db.ts';
import type { Attempt } from './attempt.ts';
import { lastAttempt, movePayout, saveAttempt } from './payout.store.ts';
import type { Payout } from './payout.ts';
import type { ProviderMove } from './provider-state.ts';

/** Hold reason of a payout that a rule stopped because the provider contradicts us; people's own reasons are sentences. */
export const PROVIDER_CONFLICT = 'provider_conflict';

/**
 * Keeps what a contradiction of the provider's means, so that no retry and no waiting send pays a second time: the attempt
 * becomes what it turned out to be, and a payout that waits to be sent is held for a person. Returns the payout as it is now.
 */
export async function keepConflict(
  tx: Tx,
  payout: Payout,
  attempt: Attempt,
  move: Extract<ProviderMove, { kind: 'conflict' }>,
  by: { now: Date; actorLabel: string; providerPayoutId: string | null },
): Promise<Payout> {
  let after = payout;
  if (move.hold) {
    const waiting = await lastAttempt(tx, payout.id);
    if (waiting?.status === 'ready') await saveAttempt(tx, waiting.id, { status: 'canceled' });
    after = await movePayout(tx, payout, 'held', {
      at: by.now,
      kind: 'held',
      actorLabel: by.actorLabel,
      attemptId: attempt.id,
      data: { reason: PROVIDER_CONFLICT, attemptNo: attempt.no },
      set: { holdReason: PROVIDER_CONFLICT },
    });
  }
  // After the waiting attempt was canceled: the database allows one open attempt a payout.
  if (move.attempt) {
    await saveAttempt(tx, attempt.id, {
      status: move.attempt,
      providerPayoutId: by.providerPayoutId,
      answeredAt: by.now,
    });
  }
  return after;
}
