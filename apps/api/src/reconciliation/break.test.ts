import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  amountAtStake,
  BREAK_TYPES,
  type BreakLifecycle,
  breakFactsHash,
  breakFingerprint,
  decideAssign,
  decideEscalate,
  decideResolve,
  finding,
  NO_SUBJECTS,
  type Resolution,
  type ResolveRequest,
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
  const open: BreakLifecycle = { state: 'open', resolution: null, risk: 'MED', hasPayout: true };
  const resolved: BreakLifecycle = { ...open, state: 'resolved', resolution: 'accepted' };
  const ask = (resolution: Resolution, over: Partial<ResolveRequest> = {}): ResolveRequest => ({
    resolution,
    by: resolution === 'cleared' ? 'run' : 'person',
    note: 'seen with the bank',
    overrideExecuted: false,
    ...over,
  });
  const high = { ...open, risk: 'HIGH' as const };

  test.each<[string, BreakLifecycle, ResolveRequest, string | null]>([
    ['a run clears', open, ask('cleared'), null],
    ['a run clears an assigned one', { ...open, state: 'assigned' }, ask('cleared'), null],
    ['a person does not clear', open, ask('cleared', { by: 'person' }), 'status_forbids'],
    ['a run says that a retry made it go', open, ask('retried', { by: 'run' }), null],
    ['or an override', open, ask('overridden', { by: 'run', overrideExecuted: true }), null],
    ['which must have been executed', open, ask('overridden', { by: 'run' }), 'risk_needs_override'],
    ['a run does not write off', open, ask('written_off', { by: 'run', overrideExecuted: true }), 'status_forbids'],
    ['a run does not accept', open, ask('accepted', { by: 'run' }), 'status_forbids'],
    ['a person accepts with a note', open, ask('accepted'), null],
    ['accepting needs a note', open, ask('accepted', { note: '  ' }), 'note_required'],
    ['HIGH is not accepted', high, ask('accepted'), 'risk_needs_override'],
    ['HIGH is accepted by override', high, ask('accepted', { overrideExecuted: true }), null],
    ['an override still needs the note', high, ask('accepted', { overrideExecuted: true, note: '' }), 'note_required'],
    ['writing off needs an override', { ...open, risk: 'LOW' }, ask('written_off'), 'risk_needs_override'],
    ['writing off by override', open, ask('written_off', { overrideExecuted: true }), null],
    ['overridden needs an override', open, ask('overridden'), 'risk_needs_override'],
    ['overridden', open, ask('overridden', { overrideExecuted: true, note: '' }), null],
    ['retried', open, ask('retried', { note: '' }), null],
    ['retried needs a payout', { ...open, hasPayout: false }, ask('retried'), 'status_forbids'],
    ['resolved stays resolved', resolved, ask('accepted'), 'break_resolved'],
    ['resolved is not cleared', resolved, ask('cleared'), 'break_resolved'],
  ])('%s', (_, of, request, code) => {
    expect(decideResolve(of, request)?.code ?? null).toBe(code);
  });

  test('assigning and escalating stop at resolved', () => {
    for (const decide of [decideAssign, decideEscalate]) {
      expect(decide(open)).toBeNull();
      expect(decide({ ...open, state: 'assigned' })).toBeNull();
      expect(decide(resolved)).toEqual({ code: 'break_resolved', params: { resolution: 'accepted' } });
    }
  });

  test('the worst class wins', () => {
    expect(worstRisk(['LOW', 'HIGH', 'MED'])).toBe('HIGH');
    expect(worstRisk(['LOW', 'MED'])).toBe('MED');
    expect(worstRisk([])).toBeNull();
  });
});
