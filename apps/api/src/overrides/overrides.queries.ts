import type { Actor } from '../core/actor.ts';
import { toId } from '../core/ids.ts';
import { type Refusal, refusal } from '../core/refusal.ts';
import { may, type Permission } from '../identity/permission.ts';
import type { Attempt } from '../payouts/attempt.ts';
import { type AttemptRow, attemptFromRow, type PayoutRow, payoutFromRow } from '../payouts/payout.rows.ts';
import type { Payout } from '../payouts/payout.ts';
import type { Queryable } from '../runtime/db.ts';
import { type DecisionRow, decisionFromRow, type OverrideRow, overrideFromRow } from './override.rows.ts';
import { policyInForce } from './override.store.ts';
import {
  countingApprovals,
  type Decision,
  decideApproval,
  decideExecution,
  decideRejection,
  decideWithdrawal,
  isExpired,
  isOpen,
  type Override,
  type OverrideKind,
  type OverrideStatus,
  stalenessOf,
} from './override.ts';
import { type OverridePolicy, policyFor } from './override-policy.ts';
import { snapshotOf } from './override-subject.ts';
import type { Seats } from './seats.ts';

type Person = Extract<Actor, { kind: 'person' }>;

/** The inbox's tabs: what I can sign, what waits for anybody, what is signed and not done, what is over. */
export const OVERRIDE_TABS = ['for_me', 'waiting', 'approved', 'done'] as const;
export type OverrideTab = (typeof OVERRIDE_TABS)[number];

/** What the person may do with an override now; a refusal is the button's disabled reason. */
export interface OverrideCan {
  approve: Refusal | null;
  reject: Refusal | null;
  withdraw: Refusal | null;
  execute: Refusal | null;
}

export interface OverrideListRow {
  id: string;
  kind: OverrideKind;
  /** `expired` from the instant of expiry on, whether or not the job that writes it down has run. */
  status: OverrideStatus;
  payout: { id: string; status: string };
  party: { id: string; name: string };
  holder: string;
  account: string;
  amountMinor: string;
  currency: string;
  reason: string;
  maker: { id: string; name: string };
  createdAt: string;
  expiresAt: string;
  /** When it ended; null while it is open. */
  closedAt: string | null;
  approvals: number;
  approvalsRequired: number;
  /** One entry an approval: the roles of which its giver needs one. */
  seats: Seats;
  evidenceCount: number;
  /** Why the last execution was not possible, while it is approved. */
  executionError: Refusal | null;
  can: OverrideCan;
}

/** An override with everything that it is judged by. */
export interface ReadOverride {
  override: Override;
  decisions: Decision[];
  payout: Payout;
  last: Attempt | null;
  partyName: string;
}

/** Joins what the rows are judged by, in one query a table, in the rows' order. */
async function readAll(on: Queryable, rows: readonly OverrideRow[]): Promise<ReadOverride[]> {
  if (rows.length === 0) return [];
  const subjects = [rows.map((row) => row.subject_id)];
  const [decisions, payouts, attempts] = await Promise.all([
    on.query<DecisionRow>('SELECT * FROM override_decision WHERE override_id = ANY($1) ORDER BY at, id', [
      rows.map((row) => row.id),
    ]),
    on.query<PayoutRow & { party_name: string }>(
      'SELECT p.*, pa.name AS party_name FROM payout p JOIN party pa ON pa.id = p.party_id WHERE p.id = ANY($1)',
      subjects,
    ),
    on.query<AttemptRow>(
      'SELECT DISTINCT ON (payout_id) * FROM attempt WHERE payout_id = ANY($1) ORDER BY payout_id, no DESC',
      subjects,
    ),
  ]);
  const payoutOf = new Map(payouts.rows.map((row) => [row.id, row]));
  const lastOf = new Map(attempts.rows.map((row) => [row.payout_id, attemptFromRow(row)]));
  return rows.flatMap((row) => {
    const payout = payoutOf.get(row.subject_id);
    return payout
      ? {
          override: overrideFromRow(row),
          decisions: decisions.rows.filter((made) => made.override_id === row.id).map(decisionFromRow),
          payout: payoutFromRow(payout),
          last: lastOf.get(row.subject_id) ?? null,
          partyName: payout.party_name,
        }
      : [];
  });
}

/** One override; null when there is none. */
export async function readOverride(on: Queryable, id: string): Promise<ReadOverride | null> {
  const { rows } = await on.query<OverrideRow>('SELECT * FROM override_request WHERE id = $1', [id]);
  return (await readAll(on, rows))[0] ?? null;
}

export interface OverrideListInput {
  tab: OverrideTab;
  cursor?: string | undefined;
  limit: number;
}

export interface OverridePage {
  rows: OverrideListRow[];
  /** Give it back as `cursor` for the next page; null at the end. */
  nextCursor: string | null;
}

/** A page of a tab, by keyset. What waits is ordered by what has waited longest, what is over by what is newest. */
export async function listOverrides(
  on: Queryable,
  actor: Person,
  input: OverrideListInput,
  now: Date,
): Promise<OverridePage> {
  const values: unknown[] = [];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const where = [tabSql(input.tab, actor, now, bind)];
  const newestFirst = input.tab === 'done';
  const after = /^(\d{1,16}):([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(input.cursor ?? '');
  if (after) {
    const at = bind(new Date(Number(after[1])));
    where.push(`(o.created_at, o.id) ${newestFirst ? '<' : '>'} (${at}::timestamptz, ${bind(after[2])}::uuid)`);
  }
  const direction = newestFirst ? 'DESC' : 'ASC';
  const { rows } = await on.query<OverrideRow>(
    `SELECT o.* FROM override_request o JOIN payout p ON o.subject_kind = 'payout' AND p.id = o.subject_id
     WHERE ${where.join(' AND ')} ORDER BY o.created_at ${direction}, o.id ${direction} LIMIT ${bind(input.limit + 1)}`,
    values,
  );
  const page = rows.slice(0, input.limit);
  const last = rows.length > input.limit ? page.at(-1) : undefined;
  return {
    rows: await toListRows(on, await readAll(on, page), actor, now),
    nextCursor: last ? `${last.created_at.getTime()}:${last.id}` : null,
  };
}

export type OverrideCounts = Record<OverrideTab, number>;

/** The numbers on the tabs, exact. */
export async function countOverrides(on: Queryable, actor: Person, now: Date): Promise<OverrideCounts> {
  const values: unknown[] = [];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const counts = OVERRIDE_TABS.map((tab) => `count(*) FILTER (WHERE ${tabSql(tab, actor, now, bind)}) AS ${tab}`);
  const { rows } = await on.query<Record<OverrideTab, bigint>>(
    `SELECT ${counts.join(', ')} FROM override_request o
     JOIN payout p ON o.subject_kind = 'payout' AND p.id = o.subject_id`,
    values,
  );
  return Object.fromEntries(OVERRIDE_TABS.map((tab) => [tab, Number(rows[0]?.[tab] ?? 0n)])) as OverrideCounts;
}

/** A tab as SQL over `o` (override) and `p` (its payout). `for_me` is `decideApproval` in SQL; a test holds the two together. */
function tabSql(tab: OverrideTab, actor: Person, now: Date, bind: (value: unknown) => string): string {
  // Nothing is bound before it is used: PostgreSQL cannot type a parameter that no expression mentions.
  if (tab === 'for_me' && !may(actor, 'override:decide')) return 'false';
  const inTime = `o.expires_at > ${bind(now)}::timestamptz`;
  switch (tab) {
    case 'waiting':
      return `o.status = 'requested' AND ${inTime}`;
    case 'approved':
      return `o.status = 'approved' AND ${inTime}`;
    case 'done':
      return `(o.status NOT IN ('requested', 'approved') OR NOT ${inTime})`;
    case 'for_me': {
      const me = bind(actor.id);
      const given = `SELECT coalesce(jsonb_agg(to_jsonb(d.checker_roles)), '[]') FROM override_decision d
        WHERE d.override_id = o.id AND d.decision = 'approve' AND d.content_hash = o.content_hash`;
      return `o.status = 'requested' AND ${inTime} AND o.maker_id <> ${me}::uuid
        AND p.last_retried_by IS DISTINCT FROM ${me}::text
        AND NOT EXISTS (SELECT 1 FROM override_decision d WHERE d.override_id = o.id AND d.checker_id = ${me}::uuid)
        AND roles_matched((${given}) || jsonb_build_array(to_jsonb(${bind(actor.roles)}::text[])), o.approver_roles)`;
    }
  }
}

/** Every override of a payout, newest first. */
export async function overridesOf(
  on: Queryable,
  actor: Person,
  payoutId: string,
  now: Date,
): Promise<OverrideListRow[]> {
  const { rows } = await on.query<OverrideRow>(
    `SELECT * FROM override_request WHERE subject_kind = 'payout' AND subject_id = $1
     ORDER BY created_at DESC, id DESC LIMIT 100`,
    [payoutId],
  );
  return toListRows(on, await readAll(on, rows), actor, now);
}

async function toListRows(
  on: Queryable,
  read: readonly ReadOverride[],
  actor: Person,
  now: Date,
): Promise<OverrideListRow[]> {
  const policy = await policyInForce(on);
  return read.map((one) => toListRow(one, actor, policy, now));
}

export function toListRow(read: ReadOverride, actor: Person, policy: OverridePolicy, now: Date): OverrideListRow {
  const { override, payout } = read;
  const expired = isExpired(override, now);
  const closedAt = expired ? override.expiresAt : (override.executedAt ?? override.decidedAt);
  return {
    id: toId('override', override.id),
    kind: override.kind,
    status: expired ? 'expired' : override.status,
    payout: { id: toId('payout', payout.id), status: payout.status },
    party: { id: toId('party', payout.partyId), name: read.partyName },
    holder: payout.destination.holder,
    account: payout.destination.masked,
    amountMinor: override.amount.minor.toString(),
    currency: override.amount.currency,
    reason: override.reason,
    maker: { id: toId('person', override.makerId), name: override.makerLabel },
    createdAt: override.createdAt.toISOString(),
    expiresAt: override.expiresAt.toISOString(),
    closedAt: isOpen(override) && !expired ? null : (closedAt?.toISOString() ?? null),
    approvals: countingApprovals(override, read.decisions).length,
    approvalsRequired: override.approvalsRequired,
    seats: override.seats,
    evidenceCount: override.evidence.length,
    executionError:
      override.status === 'approved' && override.executionError
        ? refusal(override.executionError as Refusal['code'])
        : null,
    can: overrideCan(read, actor, policy, now),
  };
}

/** The same decisions as the verbs make, button by button. */
function overrideCan(read: ReadOverride, actor: Person, policy: OverridePolicy, now: Date): OverrideCan {
  const { override, decisions, payout, last } = read;
  const lacking = (permission: Permission) =>
    may(actor, permission) ? null : refusal('permission_missing', { permission });
  const subject = snapshotOf(payout, last);
  const { seats: seatsNow } = policyFor(policy, override.kind, payout.amount);
  const execution = decideExecution(override, decisions, { now, subject, seatsNow });
  const executionRefusal =
    execution.do === 'execute' ? null : execution.do === 'close' ? execution.closing.refusal : execution.refusal;
  return {
    approve:
      lacking('override:decide') ??
      decideApproval(override, decisions, actor, { now, lastRetriedBy: payout.lastRetriedBy }) ??
      stalenessOf(override, subject)?.refusal ??
      null,
    reject: lacking('override:decide') ?? decideRejection(override, decisions, actor, now),
    withdraw: lacking('override:request') ?? decideWithdrawal(override, actor.id, now),
    execute: lacking('override:execute') ?? executionRefusal,
  };
}

/**
 * uuids of open overrides that may have ended by themselves, oldest first: past their expiry, or on a payout whose row
 * changed. Whether what changed was signed is for the noun to say.
 */
export async function overridesToClose(on: Queryable, now: Date, limit: number): Promise<string[]> {
  const { rows } = await on.query<{ id: string }>(
    `SELECT o.id FROM override_request o JOIN payout p ON o.subject_kind = 'payout' AND p.id = o.subject_id
     WHERE o.status IN ('requested', 'approved') AND (o.expires_at <= $1 OR p.version <> o.subject_version)
     ORDER BY o.expires_at, o.id LIMIT $2`,
    [now, limit],
  );
  return rows.map((row) => row.id);
}
