import type { Currency } from '../core/currency.ts';
import { absMinor } from '../core/money.ts';
import { type DriftFacts, type Finding, finding, NO_SUBJECTS, type Period, type ReconKind, STANDING } from './break.ts';

/** Drift = counter − source of truth, signed: positive when the counter is ahead. */
export function drift(counter: bigint, truth: bigint): bigint {
  return counter - truth;
}

/** A difference in counts of up to this many is tolerated however small the truth is. */
const FLOOR_HUNDREDTHS = 1_000n;

/**
 * What a count may drift: `max(10, 1 % of the truth)`, inclusive, and 10 when the truth is zero (domain rules §3;
 * "1 % of billable", of the ledger's side). In hundredths of a count, so that 1 % of 1 050 is 10.5 exactly.
 * Throws RangeError when the truth is negative: a count is not.
 */
export function countThresholdHundredths(truth: bigint): bigint {
  if (truth < 0n) throw new RangeError('A count is not negative.');
  return truth > FLOOR_HUNDREDTHS ? truth : FLOOR_HUNDREDTHS;
}

/** Whether the drift is within `times` its threshold, the limit included. */
export function withinDrift(facts: DriftFacts, times = 1n): boolean {
  return absMinor(facts.drift) * 100n <= facts.thresholdHundredths * times;
}

export type CountVerdict =
  /** One side could not be read: that is not a count of zero. */
  { verdict: 'missing'; side: 'counter' | 'truth' } | { verdict: 'within' | 'drifted'; facts: DriftFacts };

/** Compares a counter with the rows it should count. */
export function assessCount(counter: bigint | null, truth: bigint | null): CountVerdict {
  if (truth === null) return { verdict: 'missing', side: 'truth' };
  if (counter === null) return { verdict: 'missing', side: 'counter' };
  const facts: DriftFacts = { drift: drift(counter, truth), thresholdHundredths: countThresholdHundredths(truth) };
  return { verdict: withinDrift(facts) ? 'within' : 'drifted', facts };
}

/** The break for a counter that drifted, null when it did not. `subject` is what is counted (a site, an account). */
export function countDriftFinding(of: {
  kind: Extract<ReconKind, 'usage_vs_ledger' | 'billable_vs_counter'>;
  subject: string;
  period: Period;
  counter: bigint | null;
  truth: bigint | null;
}): Finding | null {
  const seen = assessCount(of.counter, of.truth);
  if (seen.verdict !== 'drifted') return null;
  const usage = of.kind === 'usage_vs_ledger';
  return finding({
    kind: of.kind,
    type: usage ? 'usage_drift' : 'counter_drift',
    side: usage ? 'usage_ledger' : 'billable_counter',
    detail: usage ? 'usage_differs' : 'counter_differs',
    anchor: [of.subject],
    period: of.period,
    subjects: { ...NO_SUBJECTS, accountIds: [of.subject] },
    drift: seen.facts,
  });
}

/**
 * How the full scan of postings against stored balances runs, as data for the set-based SQL that does it: both sides
 * are reduced to one row per bucket, and only the accounts of buckets that differ are read one by one. The checksum
 * hashes account, currency and amount together, so two errors that cancel out within a bucket still show. Accounts
 * whose amount is zero are left out on both sides: a new wallet without postings is no drift.
 */
export const WALLET_SCAN = {
  buckets: 1_024,
  bucketBy: 'account_id',
  phases: [
    { phase: 'buckets', per: ['bucket', 'currency'], compare: ['accounts', 'sum_minor', 'checksum'] },
    { phase: 'accounts', per: ['account_id', 'currency'], compare: ['minor'] },
  ],
  leaveOut: 'minor = 0',
} as const;

/** One side's summary of one bucket and currency. */
export interface BucketSummary {
  bucket: number;
  currency: Currency;
  accounts: bigint;
  sumMinor: bigint;
  /** Sum of the hashes of (account, currency, amount) over the bucket. */
  checksum: bigint;
}

/** Phase one: the buckets to drill into, ascending. A bucket that one side does not have differs. */
export function bucketsToDrill(ledger: readonly BucketSummary[], stored: readonly BucketSummary[]): number[] {
  const key = (row: BucketSummary) => `${row.bucket} ${row.currency}`;
  const theirs = new Map(stored.map((row) => [key(row), row]));
  const differing = new Set<number>();
  for (const ours of ledger) {
    const other = theirs.get(key(ours));
    theirs.delete(key(ours));
    const same =
      other && other.accounts === ours.accounts && other.sumMinor === ours.sumMinor && other.checksum === ours.checksum;
    if (!same) differing.add(ours.bucket);
  }
  for (const left of theirs.values()) differing.add(left.bucket);
  return [...differing].sort((a, b) => a - b);
}

/** Both amounts of one account and currency; null when that side has no row. Minor units. */
export interface AccountBalances {
  accountId: string;
  currency: Currency;
  ledgerMinor: bigint | null;
  storedMinor: bigint | null;
  /** Whether the account is a wallet, which never goes below zero. */
  wallet: boolean;
}

/**
 * Phase two: the break of one account, or null when its stored balance is the sum of its postings. A wallet below
 * zero is a break even when both sides agree on it. The truth is the ledger, so difference = stored − ledger.
 */
export function balanceFinding(of: AccountBalances): Finding | null {
  const differenceMinor = drift(of.storedMinor ?? 0n, of.ledgerMinor ?? 0n);
  const negativeWallet = of.wallet && ((of.ledgerMinor ?? 0n) < 0n || (of.storedMinor ?? 0n) < 0n);
  if (differenceMinor === 0n && !negativeWallet) return null;
  return finding({
    kind: 'ledger_vs_wallet',
    type: 'balance_drift',
    side: 'ledger_wallet',
    detail: differenceMinor === 0n ? 'wallet_negative' : 'balance_differs',
    anchor: [of.accountId, of.currency],
    period: STANDING,
    currency: of.currency,
    oursMinor: of.ledgerMinor,
    storedMinor: of.storedMinor,
    differenceMinor,
    negativeWallet,
    subjects: { ...NO_SUBJECTS, accountIds: [of.accountId] },
  });
}

/** The break for journal entries of one currency whose debits and credits differ; null when they balance. */
export function unbalancedLedgerFinding(of: {
  entryKeys: readonly string[];
  currency: Currency;
  debitsMinor: bigint;
  creditsMinor: bigint;
}): Finding | null {
  if (of.debitsMinor === of.creditsMinor) return null;
  return finding({
    kind: 'ledger_integrity',
    type: 'balance_drift',
    side: 'ledger',
    detail: 'ledger_unbalanced',
    anchor: [...of.entryKeys, of.currency],
    period: STANDING,
    currency: of.currency,
    oursMinor: of.debitsMinor,
    differenceMinor: of.creditsMinor - of.debitsMinor,
    ledgerUnbalanced: true,
    subjects: { ...NO_SUBJECTS, ledgerKeys: [...of.entryKeys].sort() },
  });
}
