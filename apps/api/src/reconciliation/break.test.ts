import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  amountAtStake,
  BREAK_TYPES,
  type BreakLifecycle,
  breakFactsHash,
  breakFingerprint,
  decideAccept,
  decideAssign,
  decideEscalate,
  decideNote,
  finding,
  NO_SUBJECTS,
  resolutionWhenGone,
  worstRisk,
} from './break.ts';

const found = finding({
  kind: 'settlement',
  type: 'amount_mismatch',
  side: 'ledger_provider',
  detail: 'gross_differs',
  anchor: ['payout-1'],
  period: '2026-11-20',
  currency: 'TRY',
  oursMinor: -418_000n,
  providerMinor: -410_800n,
  differenceMinor: 7_200n,
});

test('the list of break types is the one of the domain rules', () => {
  expect(BREAK_TYPES).toEqual([
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
  ]);
});

describe('identity', () => {
  test('amounts, details and candidates are not part of it', () => {
    const later = { ...found, providerMinor: -1n, differenceMinor: 417_999n, detail: 'net_differs' as const };
    expect(breakFingerprint(later)).toBe(breakFingerprint(found));
  });

  test('kind, type, comparison and anchor are', () => {
    const others = [
      { ...found, kind: 'ledger_integrity' as const },
      { ...found, type: 'fee_mismatch' as const },
      { ...found, side: 'provider_bank' as const },
      { ...found, anchor: ['payout-2'] },
    ];
    const prints = new Set([found, ...others].map(breakFingerprint));
    expect(prints.size).toBe(5);
  });

  test('the order of the anchor does not matter, and its parts do not run together', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string(), { minLength: 2 }), (anchor) => {
        const print = breakFingerprint({ ...found, anchor });
        expect(breakFingerprint({ ...found, anchor: anchor.toReversed() })).toBe(print);
        expect(breakFingerprint({ ...found, anchor: [anchor.join('')] })).not.toBe(print);
      }),
    );
  });

  test('the facts that a person accepted are the amounts and lines, and the bank only where it is compared', () => {
    const hash = breakFactsHash(found);
    expect(breakFactsHash({ ...found, providerMinor: -410_801n })).not.toBe(hash);
    expect(breakFactsHash({ ...found, subjects: { ...NO_SUBJECTS, providerKeys: ['x'] } })).not.toBe(hash);
    expect(breakFactsHash({ ...found, bankMinor: -410_800n })).toBe(hash);
    const atBank = { ...found, side: 'provider_bank' as const };
    expect(breakFactsHash({ ...atBank, bankMinor: -1n })).not.toBe(breakFactsHash(atBank));
  });
});

describe('amount at stake', () => {
  test('is the disputed part where only a part is disputed', () => {
    expect(amountAtStake(found)).toBe(7_200n);
    expect(amountAtStake({ ...found, type: 'fee_mismatch', differenceMinor: -2n })).toBe(2n);
  });

  test('is the whole of the largest side otherwise', () => {
    expect(amountAtStake({ ...found, type: 'status_mismatch', differenceMinor: 0n })).toBe(418_000n);
    const missing = { ...found, type: 'missing_in_ledger' as const, oursMinor: null, differenceMinor: -410_800n };
    expect(amountAtStake(missing)).toBe(410_800n);
  });

  test('is nothing when the break is not about money', () => {
    expect(amountAtStake({ ...found, currency: null })).toBeNull();
  });
});

describe('lifecycle', () => {
  const open: BreakLifecycle = { state: 'open', resolution: null, risk: 'MED', escalated: false };
  const assigned: BreakLifecycle = { ...open, state: 'assigned' };
  const resolved: BreakLifecycle = { ...open, state: 'resolved', resolution: 'accepted' };
  const high: BreakLifecycle = { ...open, risk: 'HIGH' };
  const escalated: BreakLifecycle = { ...open, escalated: true };

  test.each<[string, BreakLifecycle, Record<'assign' | 'escalate' | 'accept' | 'acceptByOverride', string | null>]>([
    ['open', open, { assign: null, escalate: null, accept: null, acceptByOverride: null }],
    ['assigned', assigned, { assign: null, escalate: null, accept: null, acceptByOverride: null }],
    ['HIGH', high, { assign: null, escalate: null, accept: 'risk_needs_override', acceptByOverride: null }],
    ['escalated', escalated, { assign: null, escalate: 'status_forbids', accept: null, acceptByOverride: null }],
    [
      'resolved',
      resolved,
      {
        assign: 'break_resolved',
        escalate: 'break_resolved',
        accept: 'break_resolved',
        acceptByOverride: 'break_resolved',
      },
    ],
  ])('%s', (_, of, expected) => {
    expect({
      assign: decideAssign(of)?.code ?? null,
      escalate: decideEscalate(of)?.code ?? null,
      accept: decideAccept(of, false)?.code ?? null,
      acceptByOverride: decideAccept(of, true)?.code ?? null,
    }).toEqual(expected);
  });

  test('an acceptance needs words', () => {
    expect(decideNote(' \t')?.code).toBe('note_required');
    expect(decideNote('fee schedule changed on the 1st')).toBeNull();
  });

  test('a break that is gone ends by what was done about it', () => {
    expect(resolutionWhenGone({ overrideExecuted: true, retried: true })).toBe('overridden');
    expect(resolutionWhenGone({ overrideExecuted: false, retried: true })).toBe('retried');
    expect(resolutionWhenGone({ overrideExecuted: false, retried: false })).toBe('cleared');
  });

  test('the worst class wins', () => {
    expect(worstRisk(['LOW', 'HIGH', 'MED'])).toBe('HIGH');
    expect(worstRisk(['LOW', 'MED'])).toBe('MED');
    expect(worstRisk([])).toBeNull();
  });
});
