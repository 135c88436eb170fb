import { newUuid } from '../core/ids.ts';
import { Refused } from '../core/refusal.ts';
import type { Queryable, Tx } from '../runtime/db.ts';
import {
  type BulkAct,
  type BulkInput,
  type BulkRun,
  type BulkStatus,
  type FrozenItem,
  type Outcome,
  type Sum,
  sumUp,
} from './bulk.ts';

/** A row of table `bulk_run`. */
export interface BulkRunRow {
  id: string;
  act: BulkAct;
  input: BulkInput;
  asked: unknown;
  status: BulkStatus;
  parent_id: string | null;
  created_by: string;
  created_label: string;
  created_at: Date;
  confirmed_at: Date | null;
  finished_at: Date | null;
  item_count: number;
  runnable_count: number;
  sums: Sum[];
  done_count: number;
  skipped_count: number;
  failed_count: number;
  canceled_count: number;
  leased_by: string | null;
  leased_until: Date | null;
  version: number;
}

export function runFromRow(row: BulkRunRow): BulkRun {
  return {
    id: row.id,
    act: row.act,
    input: row.input,
    asked: row.asked,
    status: row.status,
    parentId: row.parent_id,
    createdBy: row.created_by,
    createdLabel: row.created_label,
    createdAt: row.created_at,
    confirmedAt: row.confirmed_at,
    finishedAt: row.finished_at,
    itemCount: row.item_count,
    runnableCount: row.runnable_count,
    sums: row.sums,
    counts: {
      done: row.done_count,
      skipped: row.skipped_count,
      failed: row.failed_count,
      canceled: row.canceled_count,
    },
    leasedBy: row.leased_by,
    leasedUntil: row.leased_until,
    version: row.version,
  };
}

/** The run under a row lock, until the transaction ends. Throws Refused `not_found`. */
export async function lockRun(tx: Tx, id: string): Promise<BulkRun> {
  const { rows } = await tx.query<BulkRunRow>('SELECT * FROM bulk_run WHERE id = $1 FOR UPDATE', [id]);
  if (!rows[0]) throw new Refused('not_found', { what: 'bulk_run' });
  return runFromRow(rows[0]);
}

export interface NewRun {
  act: BulkAct;
  input: BulkInput;
  asked: unknown;
  parentId: string | null;
  createdBy: { id: string; label: string };
  now: Date;
}

/** A preview with its frozen items, in their order: two statements, however many there are. Returns the run. */
export async function insertRun(tx: Tx, run: NewRun, items: readonly FrozenItem[]): Promise<BulkRun> {
  const runnable = items.filter((item) => item.planned !== 'skipped');
  const { rows } = await tx.query<BulkRunRow>(
    `INSERT INTO bulk_run (id, act, input, asked, status, parent_id, created_by, created_label, created_at, item_count,
       runnable_count, sums)
     VALUES ($1, $2, $3, $4, 'previewed', $5, $6, $7, $8, $9, $10, $11) RETURNING *`,
    [
      newUuid(),
      run.act,
      JSON.stringify(run.input),
      JSON.stringify(run.asked),
      run.parentId,
      run.createdBy.id,
      run.createdBy.label,
      run.now,
      items.length,
      runnable.length,
      JSON.stringify(sumUp(runnable)),
    ],
  );
  const row = rows[0];
  if (!row) throw new Error('a bulk run was inserted and is not there');
  await tx.query(
    `INSERT INTO bulk_item (run_id, position, payout_id, version, amount_minor, currency, planned, planned_code)
     SELECT $1, position, payout_id, version, amount_minor, currency, planned, planned_code
     FROM unnest($2::uuid[], $3::int[], $4::bigint[], $5::text[], $6::text[], $7::text[]) WITH ORDINALITY
       AS item (payout_id, version, amount_minor, currency, planned, planned_code, position)`,
    [
      row.id,
      items.map((item) => item.payoutId),
      items.map((item) => item.version),
      items.map((item) => item.amountMinor),
      items.map((item) => item.currency),
      items.map((item) => item.planned),
      items.map((item) => item.code),
    ],
  );
  return runFromRow(row);
}

/** Moves a locked run. The move itself was decided by the noun. Whoever is at it finds out at the next item. */
export async function moveRun(
  tx: Tx,
  run: BulkRun,
  to: BulkStatus,
  at: { confirmedAt?: Date; finishedAt?: Date } = {},
): Promise<void> {
  await tx.query(
    `UPDATE bulk_run SET status = $2, confirmed_at = coalesce($3, confirmed_at), finished_at = $4, version = version + 1,
       leased_by = CASE WHEN $4::timestamptz IS NULL THEN leased_by END,
       leased_until = CASE WHEN $4::timestamptz IS NULL THEN leased_until END
     WHERE id = $1`,
    [run.id, to, at.confirmedAt ?? null, at.finishedAt ?? null],
  );
}

/** Ends every open item of a locked run alike, or only those that the preview had skipped. Returns how many. */
export async function endItems(
  tx: Tx,
  runId: string,
  end: { outcome: Outcome; code: string | null; at: Date; only?: 'planned_skips' },
): Promise<number> {
  const { rowCount } = await tx.query(
    `UPDATE bulk_item SET outcome = $2, outcome_code = coalesce($3, planned_code), at = $4
     WHERE run_id = $1 AND outcome IS NULL AND ($5::bool IS FALSE OR planned = 'skipped')`,
    [runId, end.outcome, end.code, end.at, end.only === 'planned_skips'],
  );
  if (rowCount > 0) await count(tx, runId, end.outcome, rowCount);
  return rowCount;
}

async function count(tx: Tx, runId: string, outcome: Outcome, by: number): Promise<void> {
  await tx.query(`UPDATE bulk_run SET ${outcome}_count = ${outcome}_count + $2 WHERE id = $1`, [runId, by]);
}

/** Writes down an item's outcome, once; false when it has one. Whoever holds the lease keeps it until `leasedUntil`. */
export async function saveOutcome(
  tx: Tx,
  item: { runId: string; position: number },
  end: { outcome: Outcome; code: string | null; at: Date; worker: string; leasedUntil: Date },
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `UPDATE bulk_item SET outcome = $3, outcome_code = $4, at = $5 WHERE run_id = $1 AND position = $2 AND outcome IS NULL`,
    [item.runId, item.position, end.outcome, end.code, end.at],
  );
  if (rowCount === 0) return false;
  await tx.query(
    `UPDATE bulk_run SET ${end.outcome}_count = ${end.outcome}_count + 1,
       leased_until = CASE WHEN leased_by = $2 THEN $3 ELSE leased_until END
     WHERE id = $1`,
    [item.runId, end.worker, end.leasedUntil],
  );
  return true;
}

/** Counts an error of ours on an item; returns how many it has had. */
export async function countTry(tx: Tx, item: { runId: string; position: number }): Promise<number> {
  const { rows } = await tx.query<{ tries: number }>(
    'UPDATE bulk_item SET tries = tries + 1 WHERE run_id = $1 AND position = $2 AND outcome IS NULL RETURNING tries',
    [item.runId, item.position],
  );
  return rows[0]?.tries ?? 0;
}

/**
 * Takes a run for one worker until `until`; false when it wants no worker, or another living one is at it. The lease saves
 * work and noise; that nothing runs twice does not rest on it but on each item's idempotency key.
 */
export async function takeLease(
  on: Queryable,
  runId: string,
  lease: { worker: string; now: Date; until: Date },
): Promise<boolean> {
  const { rowCount } = await on.query(
    `UPDATE bulk_run SET leased_by = $2, leased_until = $4
     WHERE id = $1 AND status IN ('running', 'canceling')
       AND (leased_by IS NULL OR leased_by = $2 OR leased_until IS NULL OR leased_until <= $3)`,
    [runId, lease.worker, lease.now, lease.until],
  );
  return rowCount > 0;
}

/**
 * Gives the run back, when this worker still has it. Returns its status if it wants another worker: it was resumed or canceled
 * just when this one stopped for the pause, or has more to do.
 */
export async function endLease(tx: Tx, runId: string, worker: string): Promise<boolean> {
  const { rows } = await tx.query<{ wanted: boolean }>(
    `UPDATE bulk_run SET leased_by = NULL WHERE id = $1 AND leased_by = $2
     RETURNING status IN ('running', 'canceling') AS wanted`,
    [runId, worker],
  );
  return rows[0]?.wanted === true;
}

/** SQL: whether "retry failed only" takes item `i` of run `r`, whose payout is `p`: `countsAsFailed` of bulk.ts. */
export const COUNTS_AS_FAILED = `(i.outcome = 'failed' OR (r.act = 'retry' AND i.outcome = 'done' AND p.status = 'failed'))`;

/** The payouts that failed in a run, in its order. */
export async function failedPayouts(on: Queryable, run: Pick<BulkRun, 'id'>): Promise<string[]> {
  const { rows } = await on.query<{ payout_id: string }>(
    `SELECT i.payout_id FROM bulk_run r JOIN bulk_item i ON i.run_id = r.id JOIN payout p ON p.id = i.payout_id
     WHERE r.id = $1 AND ${COUNTS_AS_FAILED} ORDER BY i.position`,
    [run.id],
  );
  return rows.map((row) => row.payout_id);
}

/** The places of the items without an outcome, in order. */
export async function openPositions(on: Queryable, runId: string): Promise<number[]> {
  const { rows } = await on.query<{ position: number }>(
    'SELECT position FROM bulk_item WHERE run_id = $1 AND outcome IS NULL ORDER BY position',
    [runId],
  );
  return rows.map((row) => row.position);
}

/** Gives items their outcome, where they have none yet. */
export async function saveOutcomes(
  tx: Tx,
  runId: string,
  positions: readonly number[],
  end: { outcome: Outcome; at: Date },
): Promise<void> {
  const { rowCount } = await tx.query(
    'UPDATE bulk_item SET outcome = $3, at = $4 WHERE run_id = $1 AND position = ANY ($2::int[]) AND outcome IS NULL',
    [runId, positions, end.outcome, end.at],
  );
  if (rowCount > 0) await count(tx, runId, end.outcome, rowCount);
}
