import type { Currency } from '../core/currency.ts';
import type { LocalDate } from '../core/time.ts';
import type { PayoutStatus } from '../payouts/payout.ts';
import type { SettlementLineKind } from '../settlement/settlement-line.ts';
import type { Finding } from './break.ts';
import type { Coverage } from './settlement-window.ts';
import { checkTolerance, NO_TOLERANCE, type Tolerance } from './tolerance.ts';

// Amounts everywhere are minor units signed from our account's view: money that leaves is negative. Fees are costs:
// positive when we pay them, so net = gross − fee on both sides.

/** One debit of a payout, or one fee, as our ledger holds it. */
export interface LedgerItem {
  /** Stable key of the ledger's row. Two items of one payout are a duplicate in the ledger. */
  key: string;
  kind: 'payout' | 'fee';
  /** The payout, also of a fee when it belongs to one. */
  payoutId: string | null;
  /** Oldest first; the last is the current one. `providerRef` is null while we never learned it. */
  attempts: readonly { attemptId: string; providerRef: string | null }[];
  /** References of ours that a provider or bank may carry back, besides payout and attempt ids. */
  ourRefs: readonly string[];
  currency: Currency;
  grossMinor: bigint;
  feeMinor: bigint;
  status: PayoutStatus;
  /** The day it was requested: never changes, and is the break's period. */
  occurredOn: LocalDate;
  /** Last day on which an absence at the provider is still expected. */
  settleBy: LocalDate;
  counterparty: string | null;
}

export type ProviderLineKind = Exclude<SettlementLineKind, 'bank_entry'>;

/** One line of a provider's settlement file. */
export interface ProviderLine {
  /** Stable across runs and imports. */
  key: string;
  kind: ProviderLineKind;
  currency: Currency;
  grossMinor: bigint;
  /** Null when the source does not report it, which is not a fee of zero. */
  feeMinor: bigint | null;
  netMinor: bigint | null;
  providerRef: string | null;
  /** What the provider carries back of ours: attempt id, payout id, end-to-end id. */
  ourRefs: readonly string[];
  /** The settlement batch that the line is part of, as a bank statement would name it. */
  batchRef: string | null;
  /** `moved`: the money left our balance there; whether it has arrived the line does not say. */
  status: 'paid' | 'moved' | 'in_transit' | 'failed';
  bookedOn: LocalDate;
  /** Last day by which the bank must show it; null when the bank never shows it by itself. */
  bankBy: LocalDate | null;
  counterparty: string | null;
}

/** One line of a bank statement. */
export interface BankLine {
  key: string;
  currency: Currency;
  amountMinor: bigint;
  /** Only what claims to be a provider's reference: an unknown one forbids matching by facts. */
  providerRef: string | null;
  /** End-to-end ids and remittance references that claim to be ours. */
  ourRefs: readonly string[];
  bookedOn: LocalDate;
  counterparty: string | null;
}

/** A source that was imported: its lines, and the days that it covers. */
export interface Source<Line> {
  lines: readonly Line[];
  coverage: Coverage;
}

export interface SettlementOptions {
  /** The day as of which the run judges. */
  asOf: LocalDate;
  tolerance: { gross: Tolerance; fee: Tolerance };
  /** How far outside a line's own window a match by facts may lie, in calendar days. */
  window: { beforeDays: number; afterDays: number };
  /** Lines of these kinds must have a counterpart in the ledger; the others only take part in bank sums. */
  ledgerKinds: readonly ProviderLineKind[];
  /** Whether the bank shows a line net of the provider's fee or gross. */
  bankBasis: 'net' | 'gross';
  sumSearch: { maxCandidates: number; maxStepsPerRun: number };
}

export interface SettlementInput {
  ledger: readonly LedgerItem[];
  /** Null: the source is missing. */
  provider: Source<ProviderLine> | null;
  bank: Source<BankLine> | null;
  options: SettlementOptions;
}

/** Options with the defaults of the domain rules: no tolerance, five days' slack, bank net of fees. */
export function settlementOptions(asOf: LocalDate, changes: Partial<SettlementOptions> = {}): SettlementOptions {
  const options: SettlementOptions = {
    asOf,
    tolerance: { gross: NO_TOLERANCE, fee: NO_TOLERANCE },
    window: { beforeDays: 1, afterDays: 5 },
    ledgerKinds: ['payout', 'fee', 'adjustment', 'other'],
    bankBasis: 'net',
    sumSearch: { maxCandidates: 16, maxStepsPerRun: 5_000_000 },
    ...changes,
  };
  checkTolerance(options.tolerance.gross);
  checkTolerance(options.tolerance.fee);
  if (options.sumSearch.maxCandidates > 24) throw new RangeError('A sum is searched among at most 24 lines.');
  return options;
}

export type MatchRule = 'provider_reference' | 'our_reference' | 'amount_date_counterparty' | 'sum';

/** A fact on which the two sides of a match agree, or differ. */
export type Fact =
  | 'provider_reference'
  | 'our_reference'
  | 'currency'
  | 'amount'
  | 'sum'
  | 'fee'
  | 'net'
  | 'status'
  | 'date'
  | 'counterparty'
  | 'count';

/** Lines that belong together. Each line is in at most one match per side. */
export interface Match {
  side: 'ledger_provider' | 'provider_bank';
  rule: MatchRule;
  ledgerKeys: readonly string[];
  providerKeys: readonly string[];
  bankKeys: readonly string[];
  agreed: readonly Fact[];
  /** Not empty exactly when a break names the same lines. */
  differs: readonly Fact[];
}

export interface CurrencyTotals {
  currency: Currency;
  /** Sum of |gross| of what the ledger says is out. */
  volumeMinor: bigint;
  /** Sum of |difference| of the findings. */
  mismatchedMinor: bigint;
  /** Sum of signed differences, theirs − ours. */
  differenceMinor: bigint;
}

/**
 * One comparison's outcome. Every line is accounted for on each of its sides: in at most one match, otherwise in a
 * finding or in one of the lists. A finding may also name lines of a match: they belong together and disagree.
 */
export interface SettlementResult {
  sources: { provider: 'present' | 'missing'; bank: 'present' | 'missing' };
  matches: readonly Match[];
  findings: readonly Finding[];
  /** Inside its window, or nothing was ever to be expected: not a break. */
  expected: { ledgerKeys: readonly string[]; providerKeys: readonly string[] };
  /** Past its window where the other source is missing or does not reach: unknown, neither good nor bad. */
  unexamined: { ledgerKeys: readonly string[]; providerKeys: readonly string[]; bankKeys: readonly string[] };
  /** Provider lines of kinds that the ledger does not hold. */
  outsideLedger: readonly string[];
  totals: readonly CurrencyTotals[];
  /** Whether the search for sums gave up somewhere; what it left is reported as not matched. */
  sumSearchExhausted: boolean;
}

const NOT_A_REFERENCE = new Set(['', 'NOTPROVIDED', 'NONREF']);

/** A reference as it is compared: trimmed, exact in case; the standards' words for "none" are none. */
export function referenceOf(text: string | null): string | null {
  const trimmed = text?.trim() ?? '';
  return NOT_A_REFERENCE.has(trimmed) ? null : trimmed;
}

/** Lines in the order of their keys, so that the order of input never matters. Throws RangeError on an equal key. */
export function inKeyOrder<Line extends { key: string }>(lines: readonly Line[]): readonly Line[] {
  const ordered = isOrdered(lines) ? lines : [...lines].sort((a, b) => (a.key < b.key ? -1 : 1));
  for (let i = 1; i < ordered.length; i += 1) {
    const key = ordered[i]?.key;
    if (key === ordered[i - 1]?.key) throw new RangeError(`Two lines share the key "${key}".`);
  }
  return ordered;
}

function isOrdered(lines: readonly { key: string }[]): boolean {
  for (let i = 1; i < lines.length; i += 1) {
    if ((lines[i - 1]?.key ?? '') > (lines[i]?.key ?? '')) return false;
  }
  return true;
}
