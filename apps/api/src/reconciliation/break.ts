import { canonicalHash } from '../core/canonical-json.ts';
import type { Currency } from '../core/currency.ts';
import { type Refusal, refusal } from '../core/refusal.ts';

/** What a reconciliation run compares (domain rules §3). */
export const RECON_KINDS = [
  'settlement',
  'ledger_vs_wallet',
  'ledger_integrity',
  'usage_vs_ledger',
  'billable_vs_counter',
] as const;
export type ReconKind = (typeof RECON_KINDS)[number];

/** Every way in which two sources can disagree (domain rules §3). */
export const BREAK_TYPES = [
  'missing_at_provider',
  'missing_in_ledger',
  'amount_mismatch',
  'currency_mismatch',
  'status_mismatch',
  'duplicate_at_provider',
  'duplicate_in_ledger',
  'fee_mismatch',
  'late_settlement',
  'unmatched_bank_line',
  'balance_drift',
  'usage_drift',
  'counter_drift',
  'ambiguous',
] as const;
export type BreakType = (typeof BREAK_TYPES)[number];

export const RISKS = ['LOW', 'MED', 'HIGH'] as const;
export type Risk = (typeof RISKS)[number];

/**
 * Which comparison found a break. A run may clear a break only when it made that comparison, so a day without a bank
 * statement cannot clear what the bank statement showed. `run` is for breaks about a run as a whole (runaway).
 */
export const BREAK_SIDES = [
  'ledger',
  'ledger_provider',
  'provider_bank',
  'ledger_wallet',
  'usage_ledger',
  'billable_counter',
  'run',
] as const;
export type BreakSide = (typeof BREAK_SIDES)[number];

/**
 * The period a break belongs to: a day `2026-11-20`, a month `2026-11`, or `standing` for what has no period of its
 * own (a balance is the sum of all time). It comes from the subject, never from the day of the run.
 */
export type Period = string;
export const STANDING: Period = 'standing';

/** The situation behind a break; one sentence per code in each language of the console. */
export const BREAK_DETAILS = [
  'provider_lacks_paid',
  'provider_lacks_unsent',
  'accepted_not_settled',
  'debit_unknown',
  'credit_unknown',
  'reversed_debit_unknown',
  'fee_unknown',
  'repeated_debit_unknown',
  'gross_differs',
  'net_differs',
  'fee_differs',
  'currency_differs',
  'provider_paid',
  'provider_in_transit',
  'provider_failed',
  'provider_returned',
  'provider_return_missing',
  'debit_after_end',
  'two_debits_at_provider',
  'two_debits_at_bank',
  'two_entries_one_payout',
  'one_reference_two_payouts',
  'bank_late',
  'bank_amount_differs',
  'bank_returned',
  'bank_line_unknown',
  'references_disagree',
  'shared_reference',
  'same_facts',
  'counterparty_unknown',
  'several_sums',
  'sum_not_proof',
  'balance_differs',
  'wallet_negative',
  'ledger_unbalanced',
  'usage_differs',
  'counter_differs',
  'runaway',
] as const;
export type BreakDetail = (typeof BREAK_DETAILS)[number];

/** What a break is about, by stable keys; each list is sorted. */
export interface BreakSubjects {
  payoutIds: readonly string[];
  ledgerKeys: readonly string[];
  providerKeys: readonly string[];
  bankKeys: readonly string[];
  accountIds: readonly string[];
}

export const NO_SUBJECTS: BreakSubjects = {
  payoutIds: [],
  ledgerKeys: [],
  providerKeys: [],
  bankKeys: [],
  accountIds: [],
};

/** One thing that a line could belong to. */
export interface Candidate {
  source: 'ledger' | 'provider' | 'bank';
  key: string;
  payoutId: string | null;
  amountMinor: bigint;
  currency: Currency;
}

/** Signed distance from the truth, and what is tolerated, in hundredths of a count so that 1 % stays exact. */
export interface DriftFacts {
  drift: bigint;
  thresholdHundredths: bigint;
}

/** Sum and count behind a runaway break. */
export interface RunawayFacts {
  count: number;
  differences: readonly { currency: Currency; differenceMinor: bigint }[];
  /** Fingerprints of the first findings, so that a person can look at some of them. */
  sample: readonly string[];
}

/**
 * What one run found. Amounts are minor units signed from our account's view (money leaving is negative); `null`
 * means that this side holds nothing, which is not the same as zero.
 */
export interface Finding {
  kind: ReconKind;
  type: BreakType;
  side: BreakSide;
  detail: BreakDetail;
  /** Stable references that make the identity: payout ids, provider references, line keys. Never run ids or times. */
  anchor: readonly string[];
  period: Period;
  currency: Currency | null;
  oursMinor: bigint | null;
  providerMinor: bigint | null;
  bankMinor: bigint | null;
  /** The balance as it is stored beside the ledger, for balance drift. */
  storedMinor: bigint | null;
  /** Theirs − ours: what the report adds up per currency. */
  differenceMinor: bigint;
  subjects: BreakSubjects;
  /** At most 20 of them; `candidateCount` has the whole number. */
  candidates: readonly Candidate[];
  candidateCount: number;
  /** Money left at the provider although our books say that none is out. */
  unknownDebit: boolean;
  ledgerUnbalanced: boolean;
  negativeWallet: boolean;
  drift: DriftFacts | null;
  runaway: RunawayFacts | null;
}

/** A finding with everything that most findings do not have filled in. */
export function finding(
  facts: Pick<Finding, 'kind' | 'type' | 'side' | 'detail' | 'anchor' | 'period'> & Partial<Finding>,
): Finding {
  return {
    currency: null,
    oursMinor: null,
    providerMinor: null,
    bankMinor: null,
    storedMinor: null,
    differenceMinor: 0n,
    subjects: NO_SUBJECTS,
    candidates: [],
    candidateCount: facts.candidates?.length ?? 0,
    unknownDebit: false,
    ledgerUnbalanced: false,
    negativeWallet: false,
    drift: null,
    runaway: null,
    ...facts,
  };
}

/**
 * The identity of a break within its period: kind, type, the comparison that found it, and what it is about. Amounts
 * are not part of it, so a break that changes its amount is carried, not replaced; neither is the order of the anchor.
 */
export function breakFingerprint(facts: Pick<Finding, 'kind' | 'type' | 'side' | 'anchor'>): string {
  return canonicalHash({ kind: facts.kind, type: facts.type, side: facts.side, anchor: [...facts.anchor].sort() });
}

/**
 * What a person saw when they accepted a break: when this changes, the acceptance no longer covers it. What the bank
 * shows is only background to a disagreement between ledger and provider, so its arrival changes nothing there.
 */
export function breakFactsHash(found: Finding): string {
  return canonicalHash({
    detail: found.detail,
    currency: found.currency,
    ours: found.oursMinor,
    provider: found.providerMinor,
    bank: found.side === 'ledger_provider' ? null : found.bankMinor,
    stored: found.storedMinor,
    difference: found.differenceMinor,
    drift: found.drift?.drift ?? null,
    subjects: found.subjects,
  });
}

/**
 * The money in question. Where both sides exist and only a part of the amount is disputed it is that part; otherwise
 * it is the whole of the largest side. Minor units, never negative; null when the break is not about money.
 */
export function amountAtStake(
  found: Pick<
    Finding,
    'type' | 'currency' | 'oursMinor' | 'providerMinor' | 'bankMinor' | 'differenceMinor' | 'runaway'
  >,
): bigint | null {
  if (found.currency === null) return null;
  if (PARTLY_DISPUTED.has(found.type) || found.runaway !== null) return absolute(found.differenceMinor);
  const sides = [found.oursMinor, found.providerMinor, found.bankMinor, found.differenceMinor];
  return sides.reduce<bigint>((most, side) => (side === null || absolute(side) < most ? most : absolute(side)), 0n);
}

const PARTLY_DISPUTED: ReadonlySet<BreakType> = new Set(['amount_mismatch', 'fee_mismatch', 'balance_drift']);

function absolute(minor: bigint): bigint {
  return minor < 0n ? -minor : minor;
}

// Lifecycle: open → assigned → resolved; a resolved break reopens when it returns.

export const BREAK_STATES = ['open', 'assigned', 'resolved'] as const;
export type BreakState = (typeof BREAK_STATES)[number];

export const RESOLUTIONS = ['cleared', 'retried', 'overridden', 'written_off', 'accepted'] as const;
export type Resolution = (typeof RESOLUTIONS)[number];

/** The part of a stored break that its lifecycle decides on. */
export interface BreakLifecycle {
  state: BreakState;
  resolution: Resolution | null;
  risk: Risk;
  escalated: boolean;
}

/** May the break be given to somebody, or given back? */
export function decideAssign(of: Pick<BreakLifecycle, 'state' | 'resolution'>): Refusal | null {
  return of.state === 'resolved' ? refusal('break_resolved', { resolution: of.resolution ?? '' }) : null;
}

/** May the break be raised to an incident? Once is enough. */
export function decideEscalate(of: Pick<BreakLifecycle, 'state' | 'resolution' | 'escalated'>): Refusal | null {
  return decideAssign(of) ?? (of.escalated ? refusal('status_forbids', { status: 'escalated' }) : null);
}

/** May the break be accepted as it is? Not a HIGH one: that changes what the books say, and needs an executed override. */
export function decideAccept(of: BreakLifecycle, overrideExecuted: boolean): Refusal | null {
  const resolved = decideAssign(of);
  if (resolved) return resolved;
  return of.risk === 'HIGH' && !overrideExecuted ? refusal('risk_needs_override', { risk: of.risk }) : null;
}

/** An acceptance says why: the next reader has nothing else. */
export function decideNote(note: string): Refusal | null {
  return note.trim() === '' ? refusal('note_required') : null;
}

/** How a break ends that a run no longer finds: by what was done about it since it was opened, the strongest first. */
export function resolutionWhenGone(since: { overrideExecuted: boolean; retried: boolean }): Resolution {
  if (since.overrideExecuted) return 'overridden';
  return since.retried ? 'retried' : 'cleared';
}

/** The worst class among open breaks; null when none is open. */
export function worstRisk(risks: Iterable<Risk>): Risk | null {
  let worst = -1;
  for (const risk of risks) worst = Math.max(worst, RISKS.indexOf(risk));
  return RISKS[worst] ?? null;
}
