import { plain } from '../core/canonical-json.ts';
import type { Db, Queryable } from '../runtime/db.ts';

export interface JobRunStart {
  task: string;
  jobId: string;
  attempt: number;
  payload: unknown;
  now: Date;
}

/** Opens a run in the history; returns its id. The sole writer, with finishJobRun, of `job_run`. */
export async function startJobRun(db: Db, start: JobRunStart): Promise<bigint> {
  const { rows } = await db.query<{ id: bigint }>(
    'INSERT INTO job_run (task, job_id, job_attempt, payload, started_at) VALUES ($1, $2, $3, $4, $5) RETURNING id',
    [start.task, start.jobId, start.attempt, JSON.stringify(plain(start.payload ?? null)), start.now],
  );
  return rows[0]?.id ?? 0n;
}

export interface JobRunEnd {
  outcome: 'done' | 'failed';
  summary: unknown;
  log: string;
  error: string | null;
  now: Date;
}

export async function finishJobRun(db: Db, id: bigint, end: JobRunEnd): Promise<void> {
  await db.query(
    'UPDATE job_run SET finished_at = $2, outcome = $3, summary = $4, log = $5, error = $6 WHERE id = $1',
    [id, end.now, end.outcome, JSON.stringify(plain(end.summary ?? null)), end.log, end.error],
  );
}

/** How long runs are kept, days: those of the frequent tasks shorter than those of the daily ones. */
const KEPT_DAYS = 90;

/** Drops runs past their retention. */
export async function pruneJobRuns(db: Db, now: Date): Promise<void> {
  await db.query(`DELETE FROM job_run WHERE started_at < $1::timestamptz - make_interval(days => $2)`, [
    now,
    KEPT_DAYS,
  ]);
}

/** A worker that has not said it is alive for this long is dead: its locked jobs go to others. */
const DEAD_AFTER_SECONDS = 60;

/**
 * Says that these holders of locks (`lock-holders.ts`) are alive, and frees what others hold who are not: whoever has no
 * heartbeat and has held a job for so long, also when it died before its first. Returns how many holders were freed.
 */
export async function beat(db: Db, holders: readonly string[], startedAt: Date, now: Date): Promise<number> {
  await db.query(
    `INSERT INTO worker_heartbeat (worker_id, started_at, seen_at) SELECT unnest($1::text[]), $2, $3
     ON CONFLICT (worker_id) DO UPDATE SET seen_at = $3`,
    [holders, startedAt, now],
  );
  await db.query(`DELETE FROM worker_heartbeat WHERE seen_at < $1::timestamptz - make_interval(secs => $2)`, [
    now,
    DEAD_AFTER_SECONDS,
  ]);
  const { rows } = await db.query<{ holder: string }>(
    `SELECT DISTINCT j.locked_by AS holder FROM graphile_worker.jobs j
     WHERE j.locked_by IS NOT NULL AND j.locked_at < $1::timestamptz - make_interval(secs => $2)
       AND NOT EXISTS (SELECT 1 FROM worker_heartbeat h WHERE h.worker_id = j.locked_by)`,
    [now, DEAD_AFTER_SECONDS],
  );
  const dead = rows.map((row) => row.holder);
  if (dead.length) await db.query('SELECT graphile_worker.force_unlock_workers($1::text[])', [dead]);
  return dead.length;
}

/** Says that these workers end in order: they hold no job, and nobody need wait for them to be missed. */
export async function endBeat(db: Db, workerIds: readonly string[]): Promise<void> {
  await db.query('DELETE FROM worker_heartbeat WHERE worker_id = ANY ($1::text[])', [workerIds]);
}

/** Whether any worker was alive within the last half minute. */
export async function workerAlive(on: Queryable, now: Date): Promise<boolean> {
  const { rowCount } = await on.query(
    `SELECT 1 FROM worker_heartbeat WHERE seen_at > $1::timestamptz - interval '30 seconds' LIMIT 1`,
    [now],
  );
  return rowCount > 0;
}
