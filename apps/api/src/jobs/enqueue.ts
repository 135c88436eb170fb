import type { Tx } from '../runtime/db.ts';
import type { TaskName, TaskPayloads } from './registry.ts';

export interface JobOptions {
  /** Jobs of one key are one job: a second `enqueue` replaces a waiting one. */
  key?: string;
  runAt?: Date;
  maxAttempts?: number;
}

/** Adds a job in the caller's transaction: it exists exactly when the transaction commits. */
export async function enqueue<T extends TaskName>(
  tx: Tx,
  task: T,
  payload: TaskPayloads[T],
  options: JobOptions = {},
): Promise<void> {
  await tx.query(
    `SELECT graphile_worker.add_job($1, payload := $2::json, run_at := $3, max_attempts := $4, job_key := $5)`,
    [task, JSON.stringify(payload), options.runAt ?? null, options.maxAttempts ?? 8, options.key ?? null],
  );
}

/**
 * Adds many jobs of one task in one statement. One that waits already under its key keeps its place in the queue: asking
 * again and again must not push the oldest to the back.
 */
export async function enqueueAll<T extends TaskName>(
  tx: Tx,
  task: T,
  jobs: readonly { key: string; payload: TaskPayloads[T] }[],
): Promise<void> {
  if (jobs.length === 0) return;
  await tx.query(
    `SELECT graphile_worker.add_job($1, payload := job.payload::json, max_attempts := 8, job_key := job.key,
       job_key_mode := 'preserve_run_at')
     FROM unnest($2::text[], $3::text[]) AS job (key, payload)`,
    [task, jobs.map((job) => job.key), jobs.map((job) => JSON.stringify(job.payload))],
  );
}
