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
