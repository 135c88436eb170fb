import type { Actor } from '../core/actor.ts';
import type { Currency } from '../core/currency.ts';
import { toId } from '../core/ids.ts';
import { type Refusal, refusal } from '../core/refusal.ts';
import { may, type Permission } from '../identity/permission.ts';
import type { Queryable } from '../runtime/db.ts';
import { type BreakRow, findingOf, periodOf } from './break.rows.ts';
import type { RunOutcome } from './break.store.ts';
import {
  type BreakDetail,
  type BreakSide,
  type BreakState,
  type BreakType,
  decideAccept,
  decideAssign,
  decideEscalate,
  type Finding,
  type ReconKind,
  type Resolution,
  type Risk,
} from './break.ts';
import {
  type ActionKind,
  type ActionReason,
  nextFileAt,
  type Precondition,
  type RetryAdvice,
  recommendAction,
} from './recommended-action.ts';
import { retryAdvice } from './retry-advice.store.ts';

/** What one side says. `missing`: no file of it reaches; `nothing`: it was looked at, and holds nothing. */
export interface SideDto {
  state: 'present' | 'nothing' | 'missing' | 'not_compared';
  /** Minor units, signed from our account's view. */
  amountMinor: string | null;
  /** How many lines of it the break names. */
  lines: number;
}

export interface ActionDto {
  action: ActionKind;
  /** Only for `wait_until`. */
  until: string | null;
  why: { code: ActionReason; params: Record<string, string> };
  preconditions: readonly Precondition[];
}

/** A break as a row of the report. */
export interface BreakListRow {
  id: string;
  kind: ReconKind;
  type: BreakType;
  detail: BreakDetail;
  side: BreakSide;
  /** The day it belongs to; null for balances, which belong to none. */
  periodOn: string | null;
  status: BreakState;
  resolution: Resolution | null;
  /** What this report's run did with it; null outside of a report. */
  outcome: RunOutcome | null;
  risk: Risk;
  /** The rule that decided the class. */
  rule: string;
  currency: Currency | null;
  ours: SideDto;
  provider: SideDto;
  bank: SideDto;
  /** Theirs − ours, minor units. */
  differenceMinor: string;
  /** What is in question, minor units, never negative; null when it is not about money. */
  atStakeMinor: string | null;
  drift: { drift: string; threshold: string } | null;
  /** Count and sums behind a runaway break. */
  runaway: { count: number; differences: { currency: Currency; differenceMinor: string }[] } | null;
  candidateCount: number;
  payoutId: string | null;
  /** `wallet:pa_…` or another account of the ledger, for balances. */
  account: string | null;
  action: ActionDto;
  openedAt: string;
  seenRuns: number;
  reopened: number;
  escalatedAt: string | null;
  assignee: { id: string; name: string } | null;
  note: string | null;
  resolvedBy: string | null;
  resolvedAt: string | null;
  version: number;
  can: { assign: Refusal | null; accept: Refusal | null; escalate: Refusal | null };
}

/** A row of `recon_break` with what its list row needs beside it. */
export interface JoinedBreak extends BreakRow {
  assignee_name: string | null;
  /** What its last run knew of the sources. */
  run_sources: RunSources;
  override_executed: boolean;
  outcome: RunOutcome | null;
}

interface RunSources {
  provider?: { state: string };
  bank?: { state: string; covered?: Partial<Record<Currency, unknown>> };
}

/** What a list row is read from, for a `recon_break b`. */
export const JOINED_COLUMNS = `b.*, pe.name AS assignee_name, lr.sources AS run_sources,
  EXISTS (SELECT 1 FROM override_request o WHERE o.subject_kind = 'break' AND o.subject_id = b.id
            AND o.status = 'executed' AND o.executed_at >= b.opened_at) AS override_executed`;
export const JOINS = `LEFT JOIN person pe ON pe.id = b.assignee_id LEFT JOIN recon_run lr ON lr.id = b.last_run_id`;

/** Rows as people see them, with recommendations and permissions as of now. Of a closed break the last ones stand. */
export async function toBreakRows(
  on: Queryable,
  actor: Actor,
  rows: readonly JoinedBreak[],
  now: Date,
): Promise<BreakListRow[]> {
  const uuids = rows.flatMap((row) => (row.status !== 'resolved' && row.payout_id ? [row.payout_id] : []));
  const advice = await retryAdvice(on, [...new Set(uuids)], now);
  return rows.map((row) => toBreakRow(row, actor, advice, now));
}

function toBreakRow(row: JoinedBreak, actor: Actor, advice: ReadonlyMap<string, RetryAdvice>, now: Date): BreakListRow {
  const found = findingOf(row);
  const period = periodOf(row.period_on);
  const payoutId = row.payout_id && toId('payout', row.payout_id);
  const action = recommendAction({
    found,
    risk: row.risk,
    advice: payoutId ? (advice.get(payoutId) ?? null) : null,
    nextFileAt: nextFileAt(row.opened_at),
    now,
  });
  return {
    id: toId('break', row.id),
    kind: row.kind,
    type: row.type,
    detail: found.detail,
    side: found.side,
    periodOn: period === row.period_on ? period : null,
    status: row.status,
    resolution: row.resolution,
    outcome: row.outcome,
    risk: row.risk,
    rule: row.risk_fired[0]?.rule ?? 'otherwise',
    currency: row.currency,
    ours: oursDto(found),
    provider: sideDto(found.providerMinor, found.subjects.providerKeys.length, providerState(found, row.run_sources)),
    bank: sideDto(found.bankMinor, found.subjects.bankKeys.length, bankState(found, row.run_sources)),
    differenceMinor: found.differenceMinor.toString(),
    atStakeMinor: row.amount_minor?.toString() ?? null,
    drift: found.drift && {
      drift: found.drift.drift.toString(),
      threshold: (found.drift.thresholdHundredths / 100n).toString(),
    },
    runaway: found.runaway && {
      count: found.runaway.count,
      differences: found.runaway.differences.map((one) => ({
        currency: one.currency,
        differenceMinor: one.differenceMinor.toString(),
      })),
    },
    candidateCount: found.candidateCount,
    payoutId,
    account: accountName(found.subjects.accountIds[0]),
    action: { ...action, until: action.until?.toISOString() ?? null },
    openedAt: row.opened_at.toISOString(),
    seenRuns: row.seen_runs,
    reopened: row.reopened,
    escalatedAt: row.escalated_at?.toISOString() ?? null,
    assignee: row.assignee_id ? { id: toId('person', row.assignee_id), name: row.assignee_name ?? '' } : null,
    note: row.note,
    resolvedBy: row.resolved_by,
    resolvedAt: row.resolved_at?.toISOString() ?? null,
    version: row.version,
    can: breakCan(row, actor),
  };
}

/** What the person may do with a break now, button by button. */
function breakCan(row: JoinedBreak, actor: Actor): BreakListRow['can'] {
  const lacking = (permission: Permission) =>
    may(actor, permission) ? null : refusal('permission_missing', { permission });
  const of = {
    state: row.status,
    resolution: row.resolution,
    risk: row.risk,
    escalated: row.escalated_at !== null,
  };
  return {
    assign: lacking('break:assign') ?? decideAssign(of),
    accept: lacking('break:resolve') ?? decideAccept(of, row.override_executed),
    escalate: lacking('break:assign') ?? decideEscalate(of),
  };
}

type State = SideDto['state'];

function sideDto(minor: bigint | null, lines: number, whenNothing: State): SideDto {
  return minor === null
    ? { state: lines > 0 ? 'present' : whenNothing, amountMinor: null, lines }
    : { state: 'present', amountMinor: minor.toString(), lines };
}

function oursDto(found: Finding): SideDto {
  const { payoutIds, ledgerKeys } = found.subjects;
  return sideDto(found.oursMinor, Math.max(payoutIds.length, ledgerKeys.length), 'nothing');
}

function providerState(found: Finding, sources: RunSources): State {
  if (found.kind !== 'settlement') return 'not_compared';
  return sources.provider?.state === 'missing' ? 'missing' : 'nothing';
}

/** A statement is about its accounts' currencies: of another one the bank has said nothing yet. */
function bankState(found: Finding, sources: RunSources): State {
  if (found.kind !== 'settlement') return 'not_compared';
  const covered = found.currency !== null && sources.bank?.covered?.[found.currency] !== undefined;
  return sources.bank?.state === 'missing' || !covered ? 'missing' : 'nothing';
}

/** `wallet:<uuid>` as people may see it. */
function accountName(code: string | undefined): string | null {
  if (code === undefined) return null;
  const [kind, owner] = code.split(':', 2);
  return kind === 'wallet' && owner ? `wallet:${toId('party', owner)}` : code;
}
