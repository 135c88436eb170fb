import type { Actor } from '../core/actor.ts';
import { toId } from '../core/ids.ts';
import { type Refusal, refusal } from '../core/refusal.ts';
import { may, type Permission } from '../identity/permission.ts';
import type { Queryable } from '../runtime/db.ts';

import type { Attempt } from './attempt.ts';
import { highValueTable } from './high-value.ts';
import { type AttemptRow, attemptFromRow, type PayoutRow, payoutFromRow } from './payout.rows.ts';
import { earlierMovedSql, holdSql, overrideOpenSql, payoutsOn } from './payout.store.ts';
import { OPEN_STATUSES, type Payout } from './payout.ts';
import { replayWindowMs } from './provider-rules.ts';
import { decideRetry, type HoldFact, type RetryDecision } from './retry-safety.ts';
import { type Stuck, stuckOf } from './stuck.ts';

export const PAYOUT_FILTERS = ['open', 'stuck', 'late', 'unconfirmed', 'failed', 'high_value', 'mine', 'all'] as const;
export type PayoutFilter = (typeof PAYOUT_FILTERS)[number];

export const PAYOUT_SORTS = ['newest', 'oldest', 'stuck_longest'] as const;
export type PayoutSort = (typeof PAYOUT_SORTS)[number];

export interface PayoutListInput {
  filter: PayoutFilter;
  sort: PayoutSort;
  /** Full-text over payee, references and ids; exact ids are found by `search.byId`. */
  text?: string | undefined;
  status?: string | undefined;
  rail?: string | undefined;
  currency?: string | undefined;
  partyId?: string | undefined;
  cursor?: string | undefined;
  limit: number;
}

/** Which acts a person may do on a row now; a refusal is the button's disabled reason. */
export interface PayoutCan {
  retry: Refusal | null;
  check: Refusal | null;
  hold: Refusal | null;
  assign: Refusal | null;
  requestOverride: Refusal | null;
}

export interface PayoutListRow {
  id: string;
  kind: 'payout' | 'withdrawal';
  party: { id: string; name: string };
  holder: string;
  amountMinor: string;
  currency: string;
  rail: string;
  provider: string;
  status: string;
  statusAt: string;
  createdAt: string;
  merchantReference: string | null;
  failureCode: string | null;
  assignee: { id: string; name: string } | null;
  highValue: boolean;
  stuck: StuckDto | null;
  version: number;
  can: PayoutCan;
}

export type StuckDto = Omit<Stuck, 'since' | 'limitAt' | 'nextAt'> & {
  since: string;
  limitAt: string;
  nextAt: string | null;
};

interface JoinedRow extends PayoutRow {
  party_name: string;
  assignee_name: string | null;
  last_attempt: (Omit<AttemptRow, JsonInstants> & Record<JsonInstants, string | null>) | null;
  override_open: boolean;
  earlier_moved: boolean;
  hold: HoldFact | null;
}

type JsonInstants =
  | 'created_at'
  | 'queued_at'
  | 'first_sent_at'
  | 'last_sent_at'
  | 'answered_at'
  | 'last_asked_at'
  | 'next_check_at'
  | 'next_retry_at';
const JSON_INSTANTS: readonly JsonInstants[] = [
  'created_at',
  'queued_at',
  'first_sent_at',
  'last_sent_at',
  'answered_at',
  'last_asked_at',
  'next_check_at',
  'next_retry_at',
];

const JOINED = `
  SELECT p.*, pa.name AS party_name, pe.name AS assignee_name, to_jsonb(a) AS last_attempt,
    ${overrideOpenSql('p.id')} AS override_open, ${earlierMovedSql('p.id')} AS earlier_moved, ${holdSql('p')} AS hold
  FROM payout p
  JOIN party pa ON pa.id = p.party_id
  LEFT JOIN person pe ON pe.id = p.assignee_id
  LEFT JOIN LATERAL (SELECT * FROM attempt WHERE payout_id = p.id ORDER BY no DESC LIMIT 1) a ON true`;

/** A payout with what its row and its panel are decided from. */
export interface ReadPayout {
  payout: Payout;
  last: Attempt | null;
  partyName: string;
  assigneeName: string | null;
  decision: RetryDecision;
  stuck: Stuck | null;
}

function readRow(row: JoinedRow, now: Date, on: boolean): ReadPayout {
  const payout = payoutFromRow(row);
  const json = row.last_attempt;
  const last = json
    ? attemptFromRow({
        ...json,
        ...Object.fromEntries(JSON_INSTANTS.map((key) => [key, json[key] === null ? null : new Date(json[key])])),
      } as unknown as AttemptRow)
    : null;
  const facts = {
    now,
    lastAttempt: last,
    earlierMoved: row.earlier_moved,
    payoutsOn: on,
    overrideOpen: row.override_open,
    hold: row.hold,
    replayWindowMs: replayWindowMs(payout.provider),
  };
  return {
    payout,
    last,
    partyName: row.party_name,
    assigneeName: row.assignee_name,
    decision: decideRetry(payout, facts),
    stuck: stuckOf(payout, last, now),
  };
}

/** One payout as its panel needs it; null when there is none. */
export async function readPayout(on: Queryable, id: string, now: Date): Promise<ReadPayout | null> {
  const [{ rows }, switchedOn] = await Promise.all([
    on.query<JoinedRow>(`${JOINED} WHERE p.id = $1`, [id]),
    payoutsOn(on),
  ]);
  return rows[0] ? readRow(rows[0], now, switchedOn) : null;
}

export interface PayoutPage {
  rows: PayoutListRow[];
  /** Give it back as `cursor` for the next page; null at the end. */
  nextCursor: string | null;
}

/** A page of the queue, by keyset: its cost does not grow with its depth. */
export async function listPayouts(on: Queryable, actor: Actor, input: PayoutListInput, now: Date): Promise<PayoutPage> {
  const where: string[] = [];
  const values: unknown[] = [];
  const bind = (value: unknown) => `$${values.push(value)}`;
  filterSql(input.filter, actor, now, where, bind);
  if (input.status) where.push(`p.status = ${bind(input.status)}`);
  if (input.rail) where.push(`p.rail = ${bind(input.rail)}`);
  if (input.currency) where.push(`p.currency = ${bind(input.currency)}`);
  if (input.partyId) where.push(`p.party_id = ${bind(input.partyId)}`);
  if (input.text) {
    const like = bind(`%${input.text.replace(/[\\%_]/g, '\\$&')}%`);
    where.push(
      `(pa.name ILIKE ${like} OR p.merchant_reference ILIKE ${like} OR p.provider_payout_id ILIKE ${like} OR p.destination ->> 'holder' ILIKE ${like})`,
    );
  }
  // The badge says the time in the state, so that is the order too.
  const key = input.sort === 'stuck_longest' ? 'p.status_at' : 'p.created_at';
  const descending = input.sort === 'newest';
  if (input.sort === 'stuck_longest') where.push('p.stuck_at IS NOT NULL');
  const after = input.cursor ? decodeCursor(input.cursor) : null;
  if (after)
    where.push(`(${key}, p.id) ${descending ? '<' : '>'} (${bind(after.at)}::timestamptz, ${bind(after.id)}::uuid)`);
  const direction = descending ? 'DESC' : 'ASC';
  const [{ rows }, switchedOn] = await Promise.all([
    on.query<JoinedRow>(
      `${JOINED} ${where.length ? `WHERE ${where.join(' AND ')}` : ''}
       ORDER BY ${key} ${direction}, p.id ${direction} LIMIT ${bind(input.limit + 1)}`,
      values,
    ),
    payoutsOn(on),
  ]);
  const page = rows.slice(0, input.limit);
  const last = page.at(-1);
  const lastAt = last && (input.sort === 'stuck_longest' ? last.status_at : last.created_at);
  return {
    rows: page.map((row) => toListRow(readRow(row, now, switchedOn), actor)),
    nextCursor: rows.length > input.limit && last && lastAt ? encodeCursor(lastAt, last.id) : null,
  };
}

const OPEN_SQL = `p.status IN (${OPEN_STATUSES.map((s) => `'${s}'`).join(', ')})`;

function filterSql(
  filter: PayoutFilter,
  actor: Actor,
  now: Date,
  where: string[],
  bind: (value: unknown) => string,
): void {
  switch (filter) {
    case 'all':
      return;
    case 'open':
      where.push(OPEN_SQL);
      return;
    case 'stuck':
      where.push(OPEN_SQL, `p.stuck_at < ${bind(now)}`);
      return;
    case 'late':
      where.push(OPEN_SQL, `p.expected_by < ${bind(now)}`, `(p.stuck_at IS NULL OR p.stuck_at >= ${bind(now)})`);
      return;
    case 'unconfirmed':
      where.push(`p.status = 'unconfirmed'`);
      return;
    case 'failed':
      where.push(`p.status IN ('failed', 'returned')`);
      return;
    case 'high_value':
      where.push(OPEN_SQL, highValueSql(bind));
      return;
    case 'mine':
      where.push(OPEN_SQL, `p.assignee_id = ${bind(actor.kind === 'person' ? actor.id : null)}`);
      return;
  }
}

function highValueSql(bind: (value: unknown) => string): string {
  const table = bind(JSON.stringify(highValueTable()));
  return `p.amount_minor >= (${table}::jsonb ->> p.currency)::bigint`;
}

export type PayoutCounts = Record<PayoutFilter, number>;

/** The numbers on the quick-filter chips, exact, in one pass over the open payouts. */
export async function countPayouts(on: Queryable, actor: Actor, now: Date): Promise<PayoutCounts> {
  const values: unknown[] = [];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const at = bind(now);
  const mine = bind(actor.kind === 'person' ? actor.id : null);
  const { rows } = await on.query<Record<PayoutFilter, bigint>>(
    `SELECT count(*) AS open,
       count(*) FILTER (WHERE p.stuck_at < ${at}) AS stuck,
       count(*) FILTER (WHERE p.expected_by < ${at} AND (p.stuck_at IS NULL OR p.stuck_at >= ${at})) AS late,
       count(*) FILTER (WHERE p.status = 'unconfirmed') AS unconfirmed,
       count(*) FILTER (WHERE p.status IN ('failed', 'returned')) AS failed,
       count(*) FILTER (WHERE ${highValueSql(bind)}) AS high_value,
       count(*) FILTER (WHERE p.assignee_id = ${mine}::uuid) AS mine,
       (SELECT count(*) FROM payout) AS all
     FROM payout p WHERE ${OPEN_SQL}`,
    values,
  );
  const row = rows[0];
  return Object.fromEntries(PAYOUT_FILTERS.map((filter) => [filter, Number(row?.[filter] ?? 0n)])) as PayoutCounts;
}

/** What the person may do with a payout now, button by button. */
export function payoutCan(read: ReadPayout, actor: Actor): PayoutCan {
  const { payout, last, decision } = read;
  const lacking = (permission: Permission) =>
    may(actor, permission) ? null : refusal('permission_missing', { permission });
  const byStatus = (ok: boolean) => (ok ? null : refusal('status_forbids', { status: payout.status }));
  const retryRefusal =
    decision.verdict === 'unsafe' || decision.verdict === 'blocked'
      ? refusal(decision.code as Refusal['code'], payout.failureCode ? { code: payout.failureCode } : undefined)
      : null;
  return {
    retry: lacking('payout:retry') ?? retryRefusal,
    check: lacking('payout:check') ?? byStatus(last?.firstSentAt != null),
    hold: lacking('payout:hold') ?? byStatus(payout.status === 'queued'),
    assign: lacking('payout:assign'),
    requestOverride: lacking('override:request') ?? byStatus(payout.status !== 'paid' && payout.status !== 'canceled'),
  };
}

export function toListRow(read: ReadPayout, actor: Actor): PayoutListRow {
  const { payout } = read;
  const threshold = highValueTable()[payout.amount.currency];
  return {
    id: toId('payout', payout.id),
    kind: payout.kind,
    party: { id: toId('party', payout.partyId), name: read.partyName },
    holder: payout.destination.holder,
    amountMinor: payout.amount.minor.toString(),
    currency: payout.amount.currency,
    rail: payout.rail,
    provider: payout.provider,
    status: payout.status,
    statusAt: payout.statusAt.toISOString(),
    createdAt: payout.createdAt.toISOString(),
    merchantReference: payout.merchantReference,
    failureCode: payout.failureCode,
    assignee: payout.assigneeId ? { id: toId('person', payout.assigneeId), name: read.assigneeName ?? '' } : null,
    highValue: threshold !== undefined && payout.amount.minor >= BigInt(threshold),
    stuck: toStuckDto(read.stuck),
    version: payout.version,
    can: payoutCan(read, actor),
  };
}

function toStuckDto(stuck: Stuck | null): StuckDto | null {
  return (
    stuck && {
      ...stuck,
      since: stuck.since.toISOString(),
      limitAt: stuck.limitAt.toISOString(),
      nextAt: stuck.nextAt?.toISOString() ?? null,
    }
  );
}

function encodeCursor(at: Date, id: string): string {
  return Buffer.from(JSON.stringify([at.toISOString(), id])).toString('base64url');
}

/** A cursor that does not read is no cursor: the list starts again rather than failing. */
function decodeCursor(cursor: string): { at: string; id: string } | null {
  const [at, id] = Buffer.from(cursor, 'base64url').toString().match(CURSOR)?.slice(1) ?? [];
  return at && id && !Number.isNaN(Date.parse(at)) ? { at, id } : null;
}

/** Exactly what encodeCursor writes: nothing else may reach the database as an instant or a uuid. */
const CURSOR = /^\["(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)","([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"\]$/;
