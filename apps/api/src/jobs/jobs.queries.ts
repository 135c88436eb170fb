import type { Queryable } from '../runtime/db.ts';

export interface JobRunRow {
  id: string;
  task: string;
  attempt: number;
  startedAt: string;
  finishedAt: string | null;
  outcome: 'done' | 'failed' | null;
  summary: unknown;
  log: string | null;
  error: string | null;
}

/** The last runs of background tasks, newest first; of one task when it is named. */
export async function listJobRuns(
  on: Queryable,
  input: { task?: string | undefined; limit: number },
): Promise<JobRunRow[]> {
  const { rows } = await on.query<{
    id: bigint;
    task: string;
    job_attempt: number;
    started_at: Date;
    finished_at: Date | null;
    outcome: 'done' | 'failed' | null;
    summary: unknown;
    log: string | null;
    error: string | null;
  }>('SELECT * FROM job_run WHERE $1::text IS NULL OR task = $1 ORDER BY id DESC LIMIT $2', [
    input.task ?? null,
    input.limit,
  ]);
  return rows.map((row) => ({
    id: row.id.toString(),
    task: row.task,
    attempt: row.job_attempt,
    startedAt: row.started_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
    outcome: row.outcome,
    summary: row.summary,
    log: row.log,
    error: row.error,
  }));
}
