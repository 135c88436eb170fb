import type { WorkerEvents } from 'graphile-worker';

/**
 * The names under which this process locks its jobs, as its runners make their pools: graphile-worker locks by pool, whatever
 * the single worker is called. A heartbeat under any other name frees nothing when the process dies.
 */
export function lockHolders(events: WorkerEvents): readonly string[] {
  const holders: string[] = [];
  events.on('pool:create', ({ workerPool }) => holders.push(workerPool.id));
  return holders;
}
