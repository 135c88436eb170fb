import { plain } from '../core/canonical-json.ts';
import type { Currency } from '../core/currency.ts';
import { parseId } from '../core/ids.ts';
import type { LocalDate } from '../core/time.ts';
import {
  amountAtStake,
  type BreakDetail,
  type BreakSide,
  type BreakState,
  type BreakSubjects,
  type BreakType,
  breakFactsHash,
  breakFingerprint,
  type Candidate,
  type Finding,
  type Period,
  type ReconKind,
  type Resolution,
  type Risk,
  STANDING,
} from './break.ts';
import type { PriorBreak } from './carry-forward.ts';
import type { FiredRule } from './risk-policy.ts';

/** A row of table `recon_break`. */
export interface BreakRow {
  id: string;
  kind: ReconKind;
  fingerprint: string;
  period_on: LocalDate;
  type: BreakType;
  status: BreakState;
  resolution: Resolution | null;
  risk: Risk;
  risk_fired: FiredRule[];
  policy_version: number;
  amount_minor: bigint | null;
  currency: Currency | null;
  payout_id: string | null;
  ours: SideJson | null;
  provider: SideJson | null;
  bank: SideJson | null;
  why: WhyJson;
  first_run_id: string;
  last_run_id: string;
  cleared_run_id: string | null;
  seen_runs: number;
  reopened: number;
  opened_at: Date;
  assignee_id: string | null;
  escalated_at: Date | null;
  note: string | null;
  resolved_by: string | null;
  resolved_at: Date | null;
  override_id: string | null;
  version: number;
}

/** What one side holds, as text: minor units, signed from our account's view. Null: it holds nothing. */
interface SideJson {
  amountMinor: string;
}

/** The rest of a finding, as JSON: what only reconciliation itself reads. */
interface WhyJson {
  side: BreakSide;
  detail: BreakDetail;
  anchor: string[];
  storedMinor: string | null;
  differenceMinor: string;
  subjects: BreakSubjects;
  candidates: (Omit<Candidate, 'amountMinor'> & { amountMinor: string })[];
  candidateCount: number;
  unknownDebit: boolean;
  ledgerUnbalanced: boolean;
  negativeWallet: boolean;
  drift: { drift: string; thresholdHundredths: string } | null;
  runaway: {
    count: number;
    differences: { currency: Currency; differenceMinor: string }[];
    sample: string[];
  } | null;
  factsHash: string;
}

/** The day under which breaks without a period of their own are kept. */
const STANDING_ON = '1970-01-01' as LocalDate;

export function periodOn(period: Period): LocalDate {
  return period === STANDING ? STANDING_ON : (period as LocalDate);
}

export function periodOf(on: LocalDate): Period {
  return on === STANDING_ON ? STANDING : on;
}

/** The columns of a finding, as JSON for a set-based insert or update. */
export function findingColumns(found: Finding): Record<string, unknown> {
  const side = (minor: bigint | null): SideJson | null => (minor === null ? null : { amountMinor: minor.toString() });
  const [payoutId] = found.subjects.payoutIds;
  return {
    kind: found.kind,
    fingerprint: breakFingerprint(found),
    period_on: periodOn(found.period),
    type: found.type,
    amount_minor: amountAtStake(found)?.toString() ?? null,
    currency: found.currency,
    payout_id: payoutId !== undefined && found.subjects.payoutIds.length === 1 ? parseId('payout', payoutId) : null,
    ours: side(found.oursMinor),
    provider: side(found.providerMinor),
    bank: side(found.bankMinor),
    why: plain({
      side: found.side,
      detail: found.detail,
      anchor: found.anchor,
      storedMinor: found.storedMinor,
      differenceMinor: found.differenceMinor,
      subjects: found.subjects,
      candidates: found.candidates,
      candidateCount: found.candidateCount,
      unknownDebit: found.unknownDebit,
      ledgerUnbalanced: found.ledgerUnbalanced,
      negativeWallet: found.negativeWallet,
      drift: found.drift,
      runaway: found.runaway,
      factsHash: breakFactsHash(found),
    }),
  };
}

/** The finding as it was last seen. */
export function findingOf(row: BreakRow): Finding {
  const { why } = row;
  const amount = (side: SideJson | null) => (side === null ? null : BigInt(side.amountMinor));
  return {
    kind: row.kind,
    type: row.type,
    side: why.side,
    detail: why.detail,
    anchor: why.anchor,
    period: periodOf(row.period_on),
    currency: row.currency,
    oursMinor: amount(row.ours),
    providerMinor: amount(row.provider),
    bankMinor: amount(row.bank),
    storedMinor: why.storedMinor === null ? null : BigInt(why.storedMinor),
    differenceMinor: BigInt(why.differenceMinor),
    subjects: why.subjects,
    candidates: why.candidates.map((one) => ({ ...one, amountMinor: BigInt(one.amountMinor) })),
    candidateCount: why.candidateCount,
    unknownDebit: why.unknownDebit,
    ledgerUnbalanced: why.ledgerUnbalanced,
    negativeWallet: why.negativeWallet,
    drift: why.drift && {
      drift: BigInt(why.drift.drift),
      thresholdHundredths: BigInt(why.drift.thresholdHundredths),
    },
    runaway: why.runaway && {
      ...why.runaway,
      differences: why.runaway.differences.map((one) => ({
        currency: one.currency,
        differenceMinor: BigInt(one.differenceMinor),
      })),
    },
  };
}

/** What the next run has to know of it. */
export function priorOf(row: BreakRow): PriorBreak {
  return {
    id: row.id,
    kind: row.kind,
    type: row.type,
    side: row.why.side,
    fingerprint: row.fingerprint,
    period: periodOf(row.period_on),
    currency: row.currency,
    subjects: row.why.subjects,
    state: row.status,
    resolution: row.resolution,
    disappeared: row.cleared_run_id !== null,
    factsHash: row.why.factsHash,
  };
}
