import type { Tx } from '../runtime/db.ts';
import { enqueue, enqueueAll } from './enqueue.ts';

/** Gives a bulk run to a worker, now or at `runAt`. One waiting job a run: asking twice is asking once. */
export function enqueueBulk(tx: Tx, runId: string, runAt?: Date): Promise<void> {
  return enqueue(tx, 'bulk.run', { runId }, { key: `bulk.run:${runId}`, ...(runAt ? { runAt } : {}) });
}

/** Gives many runs to a worker; one that waits already keeps its place. */
export function enqueueBulks(tx: Tx, runIds: readonly string[]): Promise<void> {
  return enqueueAll(
    tx,
    'bulk.run',
    runIds.map((runId) => ({ key: `bulk.run:${runId}`, payload: { runId } })),
  );
}
