import type { Actor } from '../core/actor.ts';
import { toId } from '../core/ids.ts';
import type { Refusal } from '../core/refusal.ts';
import type { Queryable } from '../runtime/db.ts';
import { type BulkRunRow, COUNTS_AS_FAILED, runFromRow } from './bulk.store.ts';
import {
  type BulkAct,
  type BulkRun,
  type BulkStatus,
  decideConfirm,
  decideDiscard,
  decideMove,
  decideResume,
  decideRetryFailed,
  isExpired,
  isFinished,
  needsTyping,
  type Outcome,
  type Planned,
  PREVIEW_MS,
  type Sum,
  sumUp,
} from './bulk.ts';
import { lacksForBulk } from './bulk-access.ts';

/** How far a run is with what was to be run; what its preview skipped is no part of it. */
export interface BulkProgress {
  ended: number;
  total: number;
  counts: Record<Outcome, number>;
}

/** A run as lists show it. */
export interface BulkListRow {
  id: string;
  act: BulkAct;
  status: BulkStatus;
  /** Whether it is a preview that is too old to be confirmed. */
  expired: boolean;
  createdBy: { id: string; name: string };
  createdAt: string;
  confirmedAt: string | null;
  finishedAt: string | null;
  itemCount: number;
  /** How many of the items are to be run, and their sums per currency. */
  runnableCount: number;
  sums: Sum[];
  counts: Record<Outcome, number>;
  progress: BulkProgress;
}

/** Which acts a person may do on a run now; a refusal is the button's disabled reason. */
export interface BulkCan {
  confirm: Refusal | null;
  discard: Refusal | null;
  pause: Refusal | null;
  resume: Refusal | null;
  cancel: Refusal | null;
  retryFailed: Refusal | null;
}

/** Payouts alike, with their number and sums. */
export interface BulkGroup<K> {
  key: K;
  code: string | null;
  count: number;
  sums: Sum[];
}

export interface BulkDetail {
  run: BulkListRow;
  version: number;
  /** What it does beside the payouts: to whom it assigns (null: to nobody), why it holds. */
  assignee: { id: string; name: string } | null;
  reason: string | null;
  asked: unknown;
  /** The run whose failed payouts this one takes up, and those that take up this one's. */
  parentId: string | null;
  childIds: string[];
  /** Until when the preview may be confirmed. */
  expiresAt: string;
  /** What the preview said: first what will happen, then what is skipped. */
  groups: BulkGroup<Planned>[];
  /** What became of the items: what was done first, then what failed. */
  outcomes: BulkGroup<Outcome>[];
  /** What has become of the payouts that were done, by their status now. */
  since: BulkGroup<string>[];
  /** How many "retry failed only" would take. */
  failedCount: number;
  /** Whether it should be worked on and no worker is at it. */
  waitsForWorker: boolean;
  needsTyping: boolean;
  can: BulkCan;
}

export interface BulkPage {
  rows: BulkListRow[];
  /** Give it back as `cursor` for the next page; null at the end. */
  nextCursor: string | null;
}

/** The order in which a report tells its outcomes. */
const REPORTED: readonly Outcome[] = ['done', 'failed', 'skipped', 'canceled'];

const CURSOR = /^(\d{1,16}):([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** A page of the runs, newest first, by keyset. */
export async function listRuns(
  on: Queryable,
  input: { cursor?: string | undefined; limit: number },
  now: Date,
): Promise<BulkPage> {
  const after = CURSOR.exec(input.cursor ?? '');
  const { rows } = await on.query<BulkRunRow>(
    `SELECT * FROM bulk_run WHERE $1::timestamptz IS NULL OR (created_at, id) < ($1, $2::uuid)
     ORDER BY created_at DESC, id DESC LIMIT $3`,
    [after ? new Date(Number(after[1])) : null, after?.[2] ?? null, input.limit + 1],
  );
  const page = rows.slice(0, input.limit);
  const last = page.at(-1);
  return {
    rows: page.map((row) => toListRow(runFromRow(row), now)),
    nextCursor: rows.length > input.limit && last ? `${last.created_at.getTime()}:${last.id}` : null,
  };
}

/** Everything about one run but its items; null when there is none. */
export async function runDetail(on: Queryable, actor: Actor, id: string, now: Date): Promise<BulkDetail | null> {
  const { rows } = await on.query<BulkRunRow & { assignee_name: string | null; child_ids: string[] }>(
    `SELECT r.*, (SELECT name FROM person WHERE id = (r.input ->> 'assigneeId')::uuid) AS assignee_name,
       array(SELECT c.id FROM bulk_run c WHERE c.parent_id = r.id ORDER BY c.created_at) AS child_ids
     FROM bulk_run r WHERE r.id = $1`,
    [id],
  );
  const row = rows[0];
  if (!row) return null;
  const run = runFromRow(row);
  const items = await readGroups(on, id);
  const failedCount = items.filter((item) => item.failed).reduce((sum, item) => sum + Number(item.count), 0);
  const { assigneeId, reason } = run.input;
  const outcomes = gather(items, (item) => item.outcome && { key: item.outcome, code: item.outcome_code });
  const planned = gather(items, (item) => ({ key: item.planned, code: item.planned_code }));
  return {
    run: toListRow(run, now),
    version: run.version,
    assignee: assigneeId ? { id: toId('person', assigneeId), name: row.assignee_name ?? '' } : null,
    reason: reason ?? null,
    asked: run.asked,
    parentId: run.parentId && toId('bulk_run', run.parentId),
    childIds: row.child_ids.map((child) => toId('bulk_run', child)),
    expiresAt: new Date(run.createdAt.getTime() + PREVIEW_MS).toISOString(),
    groups: planned.filter(({ key }) => key !== 'skipped').concat(planned.filter(({ key }) => key === 'skipped')),
    outcomes: REPORTED.flatMap((outcome) => outcomes.filter(({ key }) => key === outcome)),
    since: gather(items, (item) => (item.outcome === 'done' ? { key: item.status, code: null } : null)),
    failedCount,
    waitsForWorker:
      (run.status === 'running' || run.status === 'canceling') && (run.leasedUntil === null || run.leasedUntil <= now),
    needsTyping: needsTyping(run),
    can: runCan(run, actor, failedCount, now),
  };
}

interface GroupRow {
  planned: Planned;
  planned_code: string | null;
  outcome: Outcome | null;
  outcome_code: string | null;
  status: string;
  failed: boolean;
  currency: string;
  count: bigint;
  sum: string;
}

async function readGroups(on: Queryable, id: string): Promise<GroupRow[]> {
  const { rows } = await on.query<GroupRow>(
    `SELECT i.planned, i.planned_code, i.outcome, i.outcome_code, p.status, ${COUNTS_AS_FAILED} IS TRUE AS failed, i.currency,
       count(*) AS count, sum(i.amount_minor)::text AS sum
     FROM bulk_run r JOIN bulk_item i ON i.run_id = r.id JOIN payout p ON p.id = i.payout_id
     WHERE r.id = $1 GROUP BY 1, 2, 3, 4, 5, 6, 7`,
    [id],
  );
  return rows;
}

/** Adds up what is alike; rows for which `by` is null are left out. The largest group comes first. */
function gather<K extends string>(
  rows: readonly GroupRow[],
  by: (row: GroupRow) => { key: K; code: string | null } | null,
): BulkGroup<K>[] {
  const groups = new Map<string, { key: K; code: string | null; rows: GroupRow[] }>();
  for (const row of rows) {
    const of = by(row);
    if (!of) continue;
    const name = `${of.key} ${of.code ?? ''}`;
    const group = groups.get(name) ?? { ...of, rows: [] };
    group.rows.push(row);
    groups.set(name, group);
  }
  return [...groups]
    .map(([name, { key, code, rows: alike }]) => ({
      name,
      key,
      code,
      count: alike.reduce((count, row) => count + Number(row.count), 0),
      sums: sumUp(alike.map((row) => ({ amountMinor: BigInt(row.sum), currency: row.currency }))),
    }))
    .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1))
    .map(({ name: _, ...group }) => group);
}

function runCan(run: BulkRun, actor: Actor, failedCount: number, now: Date): BulkCan {
  const lacking = lacksForBulk(actor, run.act);
  return {
    confirm: lacking ?? decideConfirm(run, actor.id, now),
    discard: lacking ?? decideDiscard(run, actor.id),
    pause: lacking ?? decideMove(run, 'paused'),
    resume: lacking ?? decideResume(run),
    cancel: lacking ?? decideMove(run, 'canceling'),
    retryFailed: lacking ?? decideRetryFailed(run, failedCount),
  };
}

function toListRow(run: BulkRun, now: Date): BulkListRow {
  return {
    id: toId('bulk_run', run.id),
    act: run.act,
    status: run.status,
    expired: run.status === 'previewed' && isExpired(run, now),
    createdBy: { id: toId('person', run.createdBy), name: run.createdLabel },
    createdAt: run.createdAt.toISOString(),
    confirmedAt: run.confirmedAt?.toISOString() ?? null,
    finishedAt: isFinished(run) ? (run.finishedAt?.toISOString() ?? null) : null,
    itemCount: run.itemCount,
    runnableCount: run.runnableCount,
    sums: run.sums,
    counts: run.counts,
    progress: progressOf(run),
  };
}

function progressOf(run: BulkRun): BulkProgress {
  const { done, failed, canceled } = run.counts;
  const skipped = run.confirmedAt === null ? 0 : run.counts.skipped - (run.itemCount - run.runnableCount);
  return {
    ended: done + failed + canceled + skipped,
    total: run.runnableCount,
    counts: { done, skipped, failed, canceled },
  };
}
