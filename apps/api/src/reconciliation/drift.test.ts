import { describe, expect, test } from 'vitest';
import {
  assessCount,
  type BucketSummary,
  balanceFinding,
  bucketsToDrill,
  countDriftFinding,
  countThresholdHundredths,
  unbalancedLedgerFinding,
  withinDrift,
} from './drift.ts';

describe('counts: max(10, 1 % of the truth), inclusive', () => {
  test.each<[bigint, bigint, 'within' | 'drifted']>([
    [10n, 0n, 'within'],
    [11n, 0n, 'drifted'],
    [1_010n, 1_000n, 'within'],
    [1_011n, 1_000n, 'drifted'],
    [990n, 1_000n, 'within'],
    [989n, 1_000n, 'drifted'],
    [1_060n, 1_050n, 'within'],
    [1_061n, 1_050n, 'drifted'],
    [2_020n, 2_000n, 'within'],
    [2_021n, 2_000n, 'drifted'],
    [1_980n, 2_000n, 'within'],
    [1_979n, 2_000n, 'drifted'],
  ])('counter %s against %s is %s', (counter, truth, verdict) => {
    expect(assessCount(counter, truth)).toMatchObject({ verdict, facts: { drift: counter - truth } });
  });

  test('the threshold keeps the half of a percent', () => {
    expect(countThresholdHundredths(1_050n)).toBe(1_050n);
    expect(countThresholdHundredths(0n)).toBe(1_000n);
    expect(countThresholdHundredths(1_000n)).toBe(1_000n);
    // 3 × 10.5 = 31.5: 31 is within, 32 is not.
    expect(withinDrift({ drift: 31n, thresholdHundredths: 1_050n }, 3n)).toBe(true);
    expect(withinDrift({ drift: -32n, thresholdHundredths: 1_050n }, 3n)).toBe(false);
  });

  test('a missing side is missing, never zero', () => {
    expect(assessCount(null, 5n)).toEqual({ verdict: 'missing', side: 'counter' });
    expect(assessCount(0n, null)).toEqual({ verdict: 'missing', side: 'truth' });
    const of = { subject: 'site-1', period: '2026-11', counter: null, truth: 500n };
    expect(countDriftFinding({ kind: 'billable_vs_counter', ...of })).toBeNull();
  });

  test('a negative count is a bug', () => {
    expect(() => countThresholdHundredths(-1n)).toThrow(RangeError);
  });

  test('the break names what was counted', () => {
    const of = { subject: 'site-1', period: '2026-11', counter: 520n, truth: 500n };
    expect(countDriftFinding({ kind: 'billable_vs_counter', ...of })).toMatchObject({
      type: 'counter_drift',
      anchor: ['site-1'],
      period: '2026-11',
      drift: { drift: 20n, thresholdHundredths: 1_000n },
    });
    expect(countDriftFinding({ kind: 'usage_vs_ledger', ...of })?.type).toBe('usage_drift');
    expect(countDriftFinding({ kind: 'usage_vs_ledger', ...of, counter: 510n })).toBeNull();
  });
});

describe('wallets', () => {
  const account = { accountId: 'a1', currency: 'KWD', wallet: true } as const;

  test.each<[string, bigint | null, bigint | null, bigint | null]>([
    ['the same', 5_000n, 5_000n, null],
    ['one minor unit apart', 5_000n, 5_001n, 1n],
    ['stored too little', 5_000n, 4_000n, -1_000n],
    ['no stored balance', 5_000n, null, -5_000n],
    ['no postings', null, 700n, 700n],
    ['a new wallet', null, 0n, null],
    ['nothing on either side', null, null, null],
  ])('%s', (_, ledgerMinor, storedMinor, difference) => {
    const found = balanceFinding({ ...account, ledgerMinor, storedMinor });
    expect(found?.differenceMinor ?? null).toBe(difference);
    if (found) expect(found).toMatchObject({ oursMinor: ledgerMinor, storedMinor, period: 'standing' });
  });

  test('a wallet below zero is a break even when both sides agree', () => {
    const negative = { ...account, ledgerMinor: -1n, storedMinor: -1n };
    expect(balanceFinding(negative)).toMatchObject({ detail: 'wallet_negative', negativeWallet: true });
    expect(balanceFinding({ ...negative, wallet: false })).toBeNull();
  });

  test('only the buckets that differ are drilled into', () => {
    const bucket = (at: number, over: Partial<BucketSummary> = {}): BucketSummary => ({
      bucket: at,
      currency: 'EUR',
      accounts: 2n,
      sumMinor: 100n,
      checksum: 77n,
      ...over,
    });
    const ledger = [bucket(9), bucket(1), bucket(2), bucket(3), bucket(4, { currency: 'JPY' })];
    // Two errors that cancel out in bucket 2 leave the sum as it was, and still change the checksum.
    const stored = [bucket(1), bucket(2, { checksum: 78n }), bucket(3, { accounts: 3n }), bucket(4), bucket(9)];
    expect(bucketsToDrill(ledger, stored)).toEqual([2, 3, 4]);
    expect(bucketsToDrill([], [bucket(5)])).toEqual([5]);
    expect(bucketsToDrill([bucket(6)], [])).toEqual([6]);
    expect(bucketsToDrill(ledger, ledger)).toEqual([]);
  });
});

test('an unbalanced ledger is a break of its own', () => {
  const of = { entryKeys: ['je2', 'je1'], currency: 'USD', debitsMinor: 100n, creditsMinor: 90n } as const;
  expect(unbalancedLedgerFinding(of)).toMatchObject({
    kind: 'ledger_integrity',
    type: 'balance_drift',
    ledgerUnbalanced: true,
    differenceMinor: -10n,
    subjects: { ledgerKeys: ['je1', 'je2'] },
  });
  expect(unbalancedLedgerFinding({ ...of, creditsMinor: 100n })).toBeNull();
});
