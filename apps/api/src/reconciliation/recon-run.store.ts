import { newUuid } from '../core/ids.ts';
import type { LocalDate } from '../core/time.ts';
import { sqlState, type Tx } from '../runtime/db.ts';
import { announce } from '../runtime/live.ts';
import type { ReconKind, Risk } from './break.ts';

/** One run of a kind at a time: the second waits, and then compares with what the first left. */
export async function lockKind(tx: Tx, kind: ReconKind): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock(hashtext($1))', [`reconciliation:${kind}`]);
}

/** The latest day that a run of the kind was done for. */
export async function latestDay(tx: Tx, kind: ReconKind): Promise<LocalDate | null> {
  const { rows } = await tx.query<{ on: LocalDate | null }>(
    `SELECT max(period_on) AS "on" FROM recon_run WHERE kind = $1 AND status = 'done'`,
    [kind],
  );
  return rows[0]?.on ?? null;
}

/** Opens a run; returns its uuid. */
export async function startRun(
  tx: Tx,
  run: { kind: ReconKind; on: LocalDate; startedBy: string; now: Date; policyVersion: number },
): Promise<string> {
  const id = newUuid();
  await tx.query(
    `INSERT INTO recon_run (id, kind, period_on, status, started_by, started_at, policy_version, sources, counts, totals)
     VALUES ($1, $2, $3, 'running', $4, $5, $6, '{}', '{}', '{}')`,
    [id, run.kind, run.on, run.startedBy, run.now, run.policyVersion],
  );
  await announce(tx, 'run', id);
  return id;
}

/** What a done run keeps. JSON-plain. */
export interface RunSummary {
  sources: Record<string, unknown>;
  counts: Record<string, unknown>;
  totals: Record<string, unknown>;
  risk: Risk | null;
}

/** A command has one instant; how long it has really run is the database's to say. */
const FINISHED_AT = 'started_at + (clock_timestamp() - transaction_timestamp())';

export async function finishRun(tx: Tx, id: string, summary: RunSummary): Promise<void> {
  await tx.query(
    `UPDATE recon_run SET status = 'done', finished_at = ${FINISHED_AT}, sources = $2, counts = $3, totals = $4, risk = $5
     WHERE id = $1`,
    [id, JSON.stringify(summary.sources), JSON.stringify(summary.counts), JSON.stringify(summary.totals), summary.risk],
  );
}

/** A run that errors is red, never green. */
export async function failRun(tx: Tx, id: string, error: string): Promise<void> {
  await tx.query(`UPDATE recon_run SET status = 'failed', finished_at = ${FINISHED_AT}, error = $2 WHERE id = $1`, [
    id,
    error.slice(0, 2_000),
  ]);
}

const RERUN_SQLSTATES = new Set(['40001', '40P01']);

/**
 * Runs `work` under a savepoint: what it wrote is undone when it throws, and the transaction goes on, so that the
 * failure itself can be kept. Throws on when the connection cannot go on.
 */
export async function undoIfThrown<T>(tx: Tx, work: () => Promise<T>): Promise<{ done: T } | { error: unknown }> {
  await tx.query('SAVEPOINT reconciliation');
  try {
    const done = await work();
    await tx.query('RELEASE SAVEPOINT reconciliation');
    return { done };
  } catch (error) {
    // A deadlock or a serialization failure is the whole command's to run again.
    if (RERUN_SQLSTATES.has(sqlState(error) ?? '')) throw error;
    await tx.query('ROLLBACK TO SAVEPOINT reconciliation');
    return { error };
  }
}
