import type { Actor } from '../core/actor.ts';
import type { Currency } from '../core/currency.ts';
import { toId } from '../core/ids.ts';
import { type Refusal, refusal } from '../core/refusal.ts';
import { DAY_MS, type LocalDate } from '../core/time.ts';
import { may } from '../identity/permission.ts';
import type { Queryable } from '../runtime/db.ts';
import type { RunOutcome } from './break.store.ts';
import type { ReconKind, Risk } from './break.ts';
import { type BreakListRow, JOINED_COLUMNS, JOINS, type JoinedBreak, toBreakRows } from './break-row.queries.ts';
import type { FiredRule } from './risk-policy.ts';
import type { MatchRule } from './settlement-input.ts';
import type { DayRange } from './settlement-window.ts';

/** One run, with what it counted. */
export interface RunDto {
  id: string;
  kind: ReconKind;
  on: string;
  status: 'running' | 'done' | 'failed';
  startedBy: string;
  startedAt: string;
  finishedAt: string | null;
  policyVersion: number;
  /** Class of the day; null when nothing was open, or the run is not done. */
  risk: Risk | null;
  /** Rules about the day as a whole that fired: the share of its volume that is disputed. */
  fired: readonly FiredRule[];
  sources: Partial<Record<'ledger' | 'provider' | 'bank' | 'stored', { state: 'present' | 'missing' }>>;
  /** Payouts (or accounts) of the day, and how many agree, by the rule that matched them. */
  compared: number;
  matched: number;
  byRule: Partial<Record<MatchRule, number>>;
  breaks: Record<RunOutcome, number>;
  totals: { currency: Currency; volumeMinor: string; mismatchedMinor: string; differenceMinor: string }[];
  error: string | null;
}

interface RunRow {
  id: string;
  kind: ReconKind;
  period_on: LocalDate;
  status: RunDto['status'];
  started_by: string;
  started_at: Date;
  finished_at: Date | null;
  policy_version: number;
  sources: Record<string, { state: 'present' | 'missing'; covered?: DayRange[] }>;
  counts: { compared?: number; matched?: number; byRule?: RunDto['byRule']; breaks?: RunDto['breaks'] };
  totals: { currencies?: RunDto['totals']; fired?: FiredRule[] };
  risk: Risk | null;
  error: string | null;
}

function toRun(row: RunRow): RunDto {
  return {
    id: toId('run', row.id),
    kind: row.kind,
    on: row.period_on,
    status: row.status,
    startedBy: row.started_by,
    startedAt: row.started_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
    policyVersion: row.policy_version,
    risk: row.risk,
    fired: row.totals.fired ?? [],
    sources: Object.fromEntries(Object.entries(row.sources).map(([name, { state }]) => [name, { state }])),
    compared: row.counts.compared ?? 0,
    matched: row.counts.matched ?? 0,
    byRule: row.counts.byRule ?? {},
    breaks: row.counts.breaks ?? { created: 0, carried: 0, reopened: 0, settled: 0, cleared: 0 },
    totals: row.totals.currencies ?? [],
    error: row.error,
  };
}

export interface RunListRow extends RunDto {
  /** How often this kind was run for this day. */
  runs: number;
  /** Breaks that the latest run of the day saw and that are still open now, by class. */
  open: Record<Risk, number>;
}

export interface RunList {
  rows: RunListRow[];
  nextCursor: string | null;
  can: { run: Refusal | null };
}

/** Days and kinds, newest first, each with its latest run. `cursor` is the last page's `nextCursor`. */
export async function listRuns(
  on: Queryable,
  actor: Actor,
  input: { kind?: ReconKind | undefined; cursor?: string | undefined; limit: number },
): Promise<RunList> {
  const [, day, kind] = /^(\d{4}-\d{2}-\d{2}):([a-z_]{1,40})$/.exec(input.cursor ?? '') ?? [];
  const { rows } = await on.query<RunRow & { runs: bigint; open: Partial<Record<Risk, number>> | null }>(
    `WITH days AS (
       SELECT kind, period_on, count(*) AS runs FROM recon_run
       WHERE ($1::text IS NULL OR kind = $1)
         AND ($2::date IS NULL OR (period_on, kind) < ($2, $3))
       GROUP BY kind, period_on ORDER BY period_on DESC, kind DESC LIMIT $4)
     SELECT r.*, d.runs,
       (SELECT json_object_agg(risk, n) FROM (
          SELECT b.risk, count(*) AS n FROM recon_run_break rb JOIN recon_break b ON b.id = rb.break_id
          WHERE rb.run_id = r.id AND b.status <> 'resolved' GROUP BY b.risk) c) AS open
     FROM days d
     JOIN LATERAL (SELECT * FROM recon_run WHERE kind = d.kind AND period_on = d.period_on
                   ORDER BY started_at DESC, id DESC LIMIT 1) r ON true
     ORDER BY d.period_on DESC, d.kind DESC`,
    [input.kind ?? null, day ?? null, kind ?? null, input.limit + 1],
  );
  const page = rows.slice(0, input.limit);
  const last = rows.length > input.limit ? page.at(-1) : undefined;
  return {
    rows: page.map((row) => ({
      ...toRun(row),
      runs: Number(row.runs),
      open: { LOW: row.open?.LOW ?? 0, MED: row.open?.MED ?? 0, HIGH: row.open?.HIGH ?? 0 },
    })),
    nextCursor: last ? `${last.period_on}:${last.kind}` : null,
    can: { run: runRefusal(actor) },
  };
}

export const REPORT_FILTERS = ['open', 'HIGH', 'MED', 'LOW', 'old', 'cleared', 'accepted', 'all'] as const;
export type ReportFilter = (typeof REPORT_FILTERS)[number];

/** Breaks older than this are counted by a chip of their own. */
const OLD_MS = DAY_MS;

/** SQL over `rb` (the run's word on the break), `b` and a bound instant. */
const FILTER_SQL: Record<ReportFilter, (oldBefore: string) => string> = {
  open: () => `b.status <> 'resolved'`,
  HIGH: () => `b.status <> 'resolved' AND b.risk = 'HIGH'`,
  MED: () => `b.status <> 'resolved' AND b.risk = 'MED'`,
  LOW: () => `b.status <> 'resolved' AND b.risk = 'LOW'`,
  old: (before) => `b.status <> 'resolved' AND b.opened_at < ${before}::timestamptz`,
  cleared: () => `rb.outcome = 'cleared'`,
  accepted: () => `b.resolution = 'accepted'`,
  all: (before) => `${before}::timestamptz IS NOT NULL`,
};

export interface Report {
  run: RunDto;
  /** The latest run of the same kind and day, when that is another one. */
  latestRunId: string | null;
  counts: Record<ReportFilter, number>;
  can: { run: Refusal | null };
}

/** A run with the numbers of its chips, which say how its breaks stand now; null when there is no such run. */
export async function readReport(on: Queryable, actor: Actor, uuid: string, now: Date): Promise<Report | null> {
  const { rows } = await on.query<RunRow & { latest_id: string }>(
    `SELECT r.*, (SELECT id FROM recon_run l WHERE l.kind = r.kind AND l.period_on = r.period_on
                  ORDER BY started_at DESC, id DESC LIMIT 1) AS latest_id
     FROM recon_run r WHERE r.id = $1`,
    [uuid],
  );
  const row = rows[0];
  if (!row) return null;
  const counted = await on.query<Record<string, bigint>>(
    `SELECT ${REPORT_FILTERS.map((filter) => `count(*) FILTER (WHERE ${FILTER_SQL[filter]('$2')}) AS "${filter}"`).join(', ')}
     FROM recon_run_break rb JOIN recon_break b ON b.id = rb.break_id WHERE rb.run_id = $1`,
    [uuid, new Date(now.getTime() - OLD_MS)],
  );
  const counts = counted.rows[0] ?? {};
  return {
    run: toRun(row),
    latestRunId: row.latest_id === row.id ? null : toId('run', row.latest_id),
    counts: Object.fromEntries(REPORT_FILTERS.map((name) => [name, Number(counts[name] ?? 0n)])) as Report['counts'],
    can: { run: runRefusal(actor) },
  };
}

export interface BreakPage {
  rows: BreakListRow[];
  nextCursor: string | null;
}

const RANK = `CASE b.risk WHEN 'HIGH' THEN 2 WHEN 'MED' THEN 1 ELSE 0 END`;

/** The breaks of a report, the worst class first and the oldest first within it. */
export async function listBreaks(
  on: Queryable,
  actor: Actor,
  input: { runId: string; filter: ReportFilter; cursor?: string | undefined; limit: number },
  now: Date,
): Promise<BreakPage> {
  const [, rank, opened, id] = /^([0-2]):(\d{1,16}):([0-9a-f-]{36})$/.exec(input.cursor ?? '') ?? [];
  const after = rank !== undefined && opened !== undefined && id !== undefined;
  const { rows } = await on.query<JoinedBreak & { rank: number }>(
    `SELECT ${JOINED_COLUMNS}, rb.outcome, ${RANK} AS rank
     FROM recon_run_break rb JOIN recon_break b ON b.id = rb.break_id ${JOINS}
     WHERE rb.run_id = $1 AND ${FILTER_SQL[input.filter]('$2')}
       AND ($3::int IS NULL OR (-(${RANK}), b.opened_at, b.id) > (-$3::int, $4::timestamptz, $5::uuid))
       AND $2::timestamptz IS NOT NULL
     ORDER BY -(${RANK}), b.opened_at, b.id LIMIT $6`,
    [
      input.runId,
      new Date(now.getTime() - OLD_MS),
      after ? Number(rank) : null,
      after ? new Date(Number(opened)) : null,
      after ? id : null,
      input.limit + 1,
    ],
  );
  const page = rows.slice(0, input.limit);
  const last = rows.length > input.limit ? page.at(-1) : undefined;
  return {
    rows: await toBreakRows(on, actor, page, now),
    nextCursor: last ? `${last.rank}:${last.opened_at.getTime()}:${last.id}` : null,
  };
}

/** Open breaks by class, for the navigation. */
export async function countOpenBreaks(on: Queryable): Promise<{ open: number } & Record<Risk, number>> {
  const { rows } = await on.query<{ risk: Risk; n: bigint }>(
    `SELECT risk, count(*) AS n FROM recon_break WHERE status <> 'resolved' GROUP BY risk`,
  );
  const by = Object.fromEntries(rows.map(({ risk, n }) => [risk, Number(n)])) as Partial<Record<Risk, number>>;
  const [LOW, MED, HIGH] = [by.LOW ?? 0, by.MED ?? 0, by.HIGH ?? 0];
  return { open: LOW + MED + HIGH, LOW, MED, HIGH };
}

function runRefusal(actor: Actor): Refusal | null {
  return may(actor, 'reconciliation:run') ? null : refusal('permission_missing', { permission: 'reconciliation:run' });
}
