import { enqueueRetry } from '../jobs/payout-jobs.ts';
import type { Tx } from '../runtime/db.ts';
import type { Attempt } from './attempt.ts';
import { appendPayoutEvent, saveAttempt } from './payout.store.ts';
import type { Payout } from './payout.ts';
import { AUTOMATIC_ATTEMPTS, automaticRetryAt } from './retry-schedule.ts';

/**
 * Arranges for a payout that has just failed to be retried without a person, when its cause passes by itself: the time on the
 * attempt, a job, and a line on the timeline, in the transaction of the failure. Both as they are after it.
 */
export async function scheduleRetry(
  tx: Tx,
  payout: Payout,
  attempt: Attempt,
  by: { now: Date; actorLabel: string },
): Promise<void> {
  const nextRetryAt = automaticRetryAt(payout, attempt, by.now);
  if (!nextRetryAt) return;
  await saveAttempt(tx, attempt.id, { nextRetryAt });
  await enqueueRetry(tx, payout.id, attempt.id, nextRetryAt);
  await appendPayoutEvent(tx, payout.id, {
    at: by.now,
    kind: 'retry_scheduled',
    actorLabel: by.actorLabel,
    attemptId: attempt.id,
    data: { nextRetryAt, attemptNo: attempt.no + 1, of: AUTOMATIC_ATTEMPTS },
  });
}
