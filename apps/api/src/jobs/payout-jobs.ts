import type { Tx } from '../runtime/db.ts';
import { enqueue, enqueueAll } from './enqueue.ts';

/** Gives an attempt to the worker. One waiting job an attempt: asking twice is asking once. */
export function enqueueSend(tx: Tx, attemptId: string): Promise<void> {
  return enqueue(tx, 'payout.send', { attemptId }, { key: `payout.send:${attemptId}` });
}

/** Has the provider asked about an attempt, now or at `runAt`. */
export function enqueueCheck(tx: Tx, attemptId: string, runAt?: Date): Promise<void> {
  return enqueue(tx, 'payout.check', { attemptId }, { key: `payout.check:${attemptId}`, ...(runAt ? { runAt } : {}) });
}

/** Has a payout retried at `runAt` without a person, while the attempt is still its last. */
export function enqueueRetry(tx: Tx, payoutId: string, attemptId: string, runAt: Date): Promise<void> {
  return enqueue(tx, 'payout.retry', { payoutId, attemptId }, { key: `payout.retry:${attemptId}`, runAt });
}

/** Gives many attempts to the worker at once; one that waits already keeps its place. */
export function enqueueSends(tx: Tx, attemptIds: readonly string[]): Promise<void> {
  const jobs = attemptIds.map((attemptId) => ({ key: `payout.send:${attemptId}`, payload: { attemptId } }));
  return enqueueAll(tx, 'payout.send', jobs);
}

/** Gives many attempts to the worker: what was found to be lost. */
export async function enqueueLost(
  tx: Tx,
  lost: {
    sends: readonly string[];
    checks: readonly string[];
    retries: readonly { payoutId: string; attemptId: string }[];
  },
): Promise<void> {
  const jobs = (task: 'payout.send' | 'payout.check', attemptIds: readonly string[]) =>
    attemptIds.map((attemptId) => ({ key: `${task}:${attemptId}`, payload: { attemptId } }));
  await enqueueAll(tx, 'payout.send', jobs('payout.send', lost.sends));
  await enqueueAll(tx, 'payout.check', jobs('payout.check', lost.checks));
  const retries = lost.retries.map((payload) => ({ key: `payout.retry:${payload.attemptId}`, payload }));
  await enqueueAll(tx, 'payout.retry', retries);
}
