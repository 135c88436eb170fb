import type { Tx } from '../runtime/db.ts';
import { enqueue } from './enqueue.ts';

/** Gives an attempt to the worker. One waiting job an attempt: asking twice is asking once. */
export function enqueueSend(tx: Tx, attemptId: string): Promise<void> {
  return enqueue(tx, 'payout.send', { attemptId }, { key: `payout.send:${attemptId}` });
}

/** Has the provider asked about an attempt, now or at `runAt`. */
export function enqueueCheck(tx: Tx, attemptId: string, runAt?: Date): Promise<void> {
  return enqueue(tx, 'payout.check', { attemptId }, { key: `payout.check:${attemptId}`, ...(runAt ? { runAt } : {}) });
}
