import type { Actor } from '../core/actor.ts';
import { toId } from '../core/ids.ts';
import { type Refusal, refusal } from '../core/refusal.ts';
import { may, type Permission } from '../identity/permission.ts';
import type { Queryable } from '../runtime/db.ts';

import type { Attempt } from './attempt.ts';
import { highValueTable } from './high-value.ts';
import { type AttemptRow, attemptFromRow, type PayoutRow, payoutFromRow } from './payout.rows.ts';
import { earlierMovedSql, holdSql, overrideOpenSql } from './payout.store.ts';
import type { Payout } from './payout.ts';
import { replayWindowMs } from './provider-rules.ts';
import { decideRetry, type HoldFact, type RetryDecision } from './retry-safety.ts';
import { snoozeRefusal } from './snooze.ts';
import { type Stuck, stuckOf } from './stuck.ts';

/** Which acts a person may do on a row now; a refusal is the button's disabled reason. */
export interface PayoutCan {
  retry: Refusal | null;
  check: Refusal | null;
  hold: Refusal | null;
  assign: Refusal | null;
  note: Refusal | null;
  snooze: Refusal | null;
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
  /** The id that the provider gave it. */
  providerPayoutId: string | null;
  failureCode: string | null;
  assignee: { id: string; name: string } | null;
  /** Put aside until then, which may lie behind: it is then back by itself. Null when nobody did. */
  snoozedUntil: string | null;
  snoozedBy: string | null;
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

/** A row of READ_COLUMNS. */
export interface JoinedRow extends PayoutRow {
  party_name: string;
  assignee_name: string | null;
  last_attempt: (Omit<AttemptRow, JsonInstants> & Record<JsonInstants, string | null>) | null;
  override_open: boolean;
  earlier_moved: boolean;
  hold: HoldFact | null;
  payouts_on: boolean | null;
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

/** SQL: what `readRow` reads of a payout `p`; needs READ_JOINS. An attempt's stored proof stays behind: nothing is decided from it. */
export const READ_COLUMNS = `p.*, pa.name AS party_name, pe.name AS assignee_name, to_jsonb(a) - 'proof' AS last_attempt,
  ${overrideOpenSql('p.id')} AS override_open, ${earlierMovedSql('p.id')} AS earlier_moved, ${holdSql('p')} AS hold,
  (SELECT s."on" FROM control_switch s WHERE s.name = 'payouts') AS payouts_on`;

export const READ_JOINS = `JOIN party pa ON pa.id = p.party_id
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

export function readRow(row: JoinedRow, now: Date): ReadPayout {
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
    // A switch without a row counts as off.
    payoutsOn: row.payouts_on === true,
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
    stuck: stuckOf(payout, last, now, facts),
  };
}

/** One payout as its panel needs it; null when there is none. */
export async function readPayout(on: Queryable, id: string, now: Date): Promise<ReadPayout | null> {
  return (await readPayouts(on, [id], now))[0] ?? null;
}

/** The payouts of these uuids, newest first; unknown ones are left out. */
export async function readPayouts(on: Queryable, ids: readonly string[], now: Date): Promise<ReadPayout[]> {
  const { rows } = await on.query<JoinedRow>(
    `SELECT ${READ_COLUMNS} FROM payout p ${READ_JOINS} WHERE p.id = ANY($1::uuid[]) ORDER BY p.created_at DESC, p.id DESC`,
    [ids],
  );
  return rows.map((row) => readRow(row, now));
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
    note: lacking('payout:note'),
    snooze: lacking('payout:snooze') ?? snoozeRefusal(payout),
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
    providerPayoutId: payout.providerPayoutId,
    failureCode: payout.failureCode,
    assignee: payout.assigneeId ? { id: toId('person', payout.assigneeId), name: read.assigneeName ?? '' } : null,
    highValue: threshold !== undefined && payout.amount.minor >= BigInt(threshold),
    snoozedUntil: payout.snoozedUntil?.toISOString() ?? null,
    snoozedBy: payout.snoozedBy,
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
