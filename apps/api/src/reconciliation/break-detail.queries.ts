import type { Actor } from '../core/actor.ts';
import type { Currency } from '../core/currency.ts';
import { parseId, toId } from '../core/ids.ts';
import type { LocalDate } from '../core/time.ts';
import { type PayoutListRow, readPayout, toListRow } from '../payouts/payouts.queries.ts';
import type { Queryable } from '../runtime/db.ts';
import { findingOf } from './break.rows.ts';
import type { RunOutcome } from './break.store.ts';
import type { Risk } from './break.ts';
import { type BreakListRow, JOINED_COLUMNS, JOINS, type JoinedBreak, toBreakRows } from './break-row.queries.ts';
import type { FiredRule } from './risk-policy.ts';

/** A line of a file that a break names. */
export interface NamedLine {
  source: 'provider' | 'bank';
  fileId: string;
  filename: string;
  lineNo: number;
  kind: string;
  currency: Currency;
  /** Minor units, signed from our account's view; fee positive when it cost us. */
  amountMinor: string;
  feeMinor: string;
  netMinor: string;
  providerRef: string | null;
  ourRef: string | null;
  counterparty: string | null;
  bookedOn: string | null;
  valueOn: string | null;
  /** Whether it is only one of the things that it could be. */
  candidate: boolean;
}

/** A payout that a break names, shortly. */
export interface NamedPayout {
  id: string;
  status: string;
  amountMinor: string;
  currency: Currency;
  holder: string;
  createdAt: string;
  providerPayoutId: string | null;
  candidate: boolean;
}

export interface BreakDto {
  row: BreakListRow;
  /** Every rule that fired, the deciding one first, with what it looked at and compared with. */
  fired: readonly FiredRule[];
  policyVersion: number;
  payouts: NamedPayout[];
  provider: NamedLine[];
  bank: NamedLine[];
  /** More lines are named than are listed. */
  more: number;
  /** Stored balance and sum of postings, for balances. */
  balance: { ledgerMinor: string | null; storedMinor: string | null } | null;
  /** The payout with its own buttons, when the break is about exactly one. */
  payout: PayoutListRow | null;
  /** The runs that saw it, newest first. */
  history: { runId: string; on: string; at: string; outcome: RunOutcome; risk: Risk }[];
  overrides: { id: string; kind: string; status: string }[];
}

/** How many lines and payouts of one break are listed. */
const LISTED = 50;
const HISTORY = 60;

/** Everything that the panel shows of one break; null when there is none. */
export async function breakDetail(on: Queryable, actor: Actor, uuid: string, now: Date): Promise<BreakDto | null> {
  const { rows } = await on.query<JoinedBreak>(
    `SELECT ${JOINED_COLUMNS}, NULL AS outcome FROM recon_break b ${JOINS} WHERE b.id = $1`,
    [uuid],
  );
  const raw = rows[0];
  if (!raw) return null;
  const [row] = await toBreakRows(on, actor, [raw], now);
  if (!row) return null;
  const found = findingOf(raw);
  const { providerKeys, bankKeys, payoutIds } = found.subjects;
  const ambiguous = found.type === 'ambiguous';
  const [lines, payouts, read, history, overrides] = await Promise.all([
    readLines(on, [...providerKeys.slice(0, LISTED), ...bankKeys.slice(0, LISTED)], ambiguous),
    readPayouts(on, payoutIds.slice(0, LISTED), ambiguous),
    raw.payout_id ? readPayout(on, raw.payout_id, now) : null,
    readHistory(on, uuid),
    readOverrides(on, uuid, raw.payout_id),
  ]);
  return {
    row,
    fired: raw.risk_fired,
    policyVersion: raw.policy_version,
    payouts,
    provider: lines.filter((line) => line.source === 'provider'),
    bank: lines.filter((line) => line.source === 'bank'),
    more: [providerKeys, bankKeys, payoutIds].reduce((sum, keys) => sum + Math.max(0, keys.length - LISTED), 0),
    balance:
      found.side === 'ledger_wallet'
        ? { ledgerMinor: found.oursMinor?.toString() ?? null, storedMinor: found.storedMinor?.toString() ?? null }
        : null,
    payout: read && toListRow(read, actor),
    history,
    overrides,
  };
}

interface LineRow {
  source: 'provider' | 'bank';
  file_id: string;
  filename: string;
  line_no: number;
  kind: string;
  currency: Currency;
  amount_minor: bigint;
  fee_minor: bigint;
  net_minor: bigint;
  provider_ref: string | null;
  our_ref: string | null;
  counterparty: string | null;
  booked_on: LocalDate | null;
  value_on: LocalDate | null;
}

async function readLines(on: Queryable, keys: readonly string[], candidate: boolean): Promise<NamedLine[]> {
  const { rows } = await on.query<LineRow>(
    `SELECT l.source, l.file_id, f.filename, l.line_no, l.kind, l.currency, l.amount_minor, l.fee_minor, l.net_minor,
       l.provider_ref, l.our_ref, l.counterparty, l.booked_on, l.value_on
     FROM settlement_line l JOIN settlement_file f ON f.id = l.file_id WHERE l.id = ANY($1::bigint[])
     ORDER BY l.booked_on, l.id`,
    [keys],
  );
  return rows.map((row) => ({
    source: row.source,
    fileId: toId('file', row.file_id),
    filename: row.filename,
    lineNo: row.line_no,
    kind: row.kind,
    currency: row.currency,
    amountMinor: row.amount_minor.toString(),
    feeMinor: row.fee_minor.toString(),
    netMinor: row.net_minor.toString(),
    providerRef: row.provider_ref,
    ourRef: row.our_ref,
    counterparty: row.counterparty,
    bookedOn: row.booked_on,
    valueOn: row.value_on,
    candidate,
  }));
}

async function readPayouts(on: Queryable, ids: readonly string[], candidate: boolean): Promise<NamedPayout[]> {
  const { rows } = await on.query<{
    id: string;
    status: string;
    amount_minor: bigint;
    currency: Currency;
    holder: string | null;
    created_at: Date;
    provider_payout_id: string | null;
  }>(
    `SELECT id, status, amount_minor, currency, destination ->> 'holder' AS holder, created_at, provider_payout_id
     FROM payout WHERE id = ANY($1::uuid[]) ORDER BY created_at, id`,
    [ids.flatMap((id) => parseId('payout', id) ?? [])],
  );
  return rows.map((row) => ({
    id: toId('payout', row.id),
    status: row.status,
    amountMinor: row.amount_minor.toString(),
    currency: row.currency,
    holder: row.holder ?? '',
    createdAt: row.created_at.toISOString(),
    providerPayoutId: row.provider_payout_id,
    candidate,
  }));
}

async function readHistory(on: Queryable, uuid: string): Promise<BreakDto['history']> {
  const { rows } = await on.query<{
    run_id: string;
    period_on: LocalDate;
    started_at: Date;
    outcome: RunOutcome;
    risk: Risk;
  }>(
    `SELECT rb.run_id, r.period_on, r.started_at, rb.outcome, rb.risk
     FROM recon_run_break rb JOIN recon_run r ON r.id = rb.run_id WHERE rb.break_id = $1
     ORDER BY r.started_at DESC, r.id DESC LIMIT $2`,
    [uuid, HISTORY],
  );
  return rows.map(({ run_id, period_on, started_at, outcome, risk }) => ({
    runId: toId('run', run_id),
    on: period_on,
    at: started_at.toISOString(),
    outcome,
    risk,
  }));
}

async function readOverrides(on: Queryable, uuid: string, payoutUuid: string | null): Promise<BreakDto['overrides']> {
  const { rows } = await on.query<{ id: string; kind: string; status: string }>(
    `SELECT id, kind, status FROM override_request
     WHERE (subject_kind = 'break' AND subject_id = $1) OR (subject_kind = 'payout' AND subject_id = $2)
     ORDER BY created_at DESC LIMIT 20`,
    [uuid, payoutUuid],
  );
  return rows.map((row) => ({ ...row, id: toId('override', row.id) }));
}
