import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CURRENCIES, type Currency, minorDigits } from '../core/currency.ts';
import { HOUR_MS } from '../core/time.ts';
import { BREAK_TYPES, type Risk } from './break.ts';
import { classifyReport, classifyRisk, RISK_POLICY_V1, type RiskFacts } from './risk-policy.ts';

const calm: RiskFacts = {
  type: 'fee_mismatch',
  currency: 'EUR',
  amountMinor: 2n,
  ageMs: 0,
  unknownDebit: false,
  ledgerUnbalanced: false,
  negativeWallet: false,
  drift: null,
  share: null,
};

describe('each rule at its boundary', () => {
  const drift = (count: bigint, thresholdHundredths = 1_000n) => ({
    currency: null,
    amountMinor: null,
    drift: { drift: count, thresholdHundredths },
  });
  const share = (mismatchedMinor: bigint) => ({ share: { mismatchedMinor, volumeMinor: 1_000_000n } });

  test.each<[string, Partial<RiskFacts>, Risk, string]>([
    ['nothing fires', {}, 'LOW', 'otherwise'],
    ['money may have left twice', { type: 'duplicate_at_provider' }, 'HIGH', 'money_may_have_left_twice'],
    ['a debit unknown to us', { unknownDebit: true }, 'HIGH', 'unknown_debit'],
    ['the ledger does not balance', { ledgerUnbalanced: true }, 'HIGH', 'ledger_unbalanced'],
    ['a wallet below zero', { negativeWallet: true }, 'HIGH', 'negative_wallet'],
    ['10 000.00', { amountMinor: 1_000_000n }, 'HIGH', 'amount_high'],
    ['10 000.00 the other way', { amountMinor: -1_000_000n }, 'HIGH', 'amount_high'],
    ['9 999.99', { amountMinor: 999_999n }, 'MED', 'amount_medium'],
    ['1 000.00', { amountMinor: 100_000n }, 'MED', 'amount_medium'],
    ['999.99', { amountMinor: 99_999n }, 'LOW', 'otherwise'],
    ['JPY 1 500 000', { currency: 'JPY', amountMinor: 1_500_000n }, 'HIGH', 'amount_high'],
    ['JPY 1 499 999', { currency: 'JPY', amountMinor: 1_499_999n }, 'MED', 'amount_medium'],
    ['JPY 149 999', { currency: 'JPY', amountMinor: 149_999n }, 'LOW', 'otherwise'],
    ['KWD 3 000.000', { currency: 'KWD', amountMinor: 3_000_000n }, 'HIGH', 'amount_high'],
    ['KWD 2 999.999', { currency: 'KWD', amountMinor: 2_999_999n }, 'MED', 'amount_medium'],
    ['72 h', { ageMs: 72 * HOUR_MS }, 'HIGH', 'age_high'],
    ['1 ms less', { ageMs: 72 * HOUR_MS - 1 }, 'MED', 'age_medium'],
    ['24 h', { ageMs: 24 * HOUR_MS }, 'MED', 'age_medium'],
    ['1 ms less than 24 h', { ageMs: 24 * HOUR_MS - 1 }, 'LOW', 'otherwise'],
    ['drift at its threshold', drift(10n), 'LOW', 'otherwise'],
    ['drift past it', drift(-11n), 'MED', 'drift_medium'],
    ['drift at three times', drift(30n), 'MED', 'drift_medium'],
    ['drift past three times', drift(-31n), 'HIGH', 'drift_high'],
    ['three times 10.5 is 31.5', drift(31n, 1_050n), 'MED', 'drift_medium'],
    ['and 32 is past it', drift(32n, 1_050n), 'HIGH', 'drift_high'],
    ['0.1 % of the day', share(1_000n), 'LOW', 'otherwise'],
    ['past 0.1 % of the day', share(1_001n), 'HIGH', 'settlement_share'],
    ['a status mismatch', { type: 'status_mismatch' }, 'MED', 'status_mismatch'],
    ['ambiguous', { type: 'ambiguous' }, 'MED', 'ambiguous'],
  ])('%s', (_, facts, risk, rule) => {
    const seen = classifyRisk({ ...calm, ...facts });
    expect(seen.risk).toBe(risk);
    expect(seen.fired[0]?.rule).toBe(rule);
    expect(seen.policyVersion).toBe(1);
  });
});

test('every rule that fired is listed, the deciding one first, with inputs and thresholds', () => {
  const seen = classifyRisk({ ...calm, type: 'duplicate_at_provider', amountMinor: -1_290_410n, ageMs: 25 * HOUR_MS });
  expect(seen.fired).toEqual([
    { rule: 'money_may_have_left_twice', risk: 'HIGH', inputs: { type: 'duplicate_at_provider' }, thresholds: {} },
    {
      rule: 'amount_high',
      risk: 'HIGH',
      inputs: { currency: 'EUR', amount: '12904.10' },
      thresholds: { amount: '10000.00' },
    },
    {
      rule: 'amount_medium',
      risk: 'MED',
      inputs: { currency: 'EUR', amount: '12904.10' },
      thresholds: { amount: '1000.00' },
    },
    { rule: 'age_medium', risk: 'MED', inputs: { age_ms: '90000000' }, thresholds: { age_ms: '86400000' } },
  ]);
});

test('drift shows its threshold with the half', () => {
  const facts = { ...calm, amountMinor: null, drift: { drift: 32n, thresholdHundredths: 1_050n } };
  expect(classifyRisk(facts).fired[0]).toMatchObject({ inputs: { drift: '32' }, thresholds: { drift: '31.50' } });
});

test('every currency has limits in its own minor unit, the lower a tenth of the higher', () => {
  const tables = RISK_POLICY_V1.rules.flatMap((rule) => (rule.test === 'amount_at_least' ? [rule] : []));
  const [high, medium] = tables;
  expect(tables.map((rule) => rule.risk)).toEqual(['HIGH', 'MED']);
  for (const currency of CURRENCIES) {
    const unit = 10n ** BigInt(minorDigits(currency));
    expect((high?.limitMinor[currency] ?? 0n) / unit, currency).toBeGreaterThanOrEqual(3_000n);
    expect(high?.limitMinor[currency], currency).toBe((medium?.limitMinor[currency] ?? 0n) * 10n);
  }
  const limit = (currency: Currency) => high?.limitMinor[currency];
  expect([limit('USD'), limit('EUR'), limit('JPY'), limit('TRY')]).toEqual([
    1_000_000n,
    1_000_000n,
    1_500_000n,
    40_000_000n,
  ]);
});

test('more never lowers the class', () => {
  const order: Record<Risk, number> = { LOW: 0, MED: 1, HIGH: 2 };
  const facts = fc.record({
    type: fc.constantFrom(...BREAK_TYPES),
    currency: fc.constantFrom(...CURRENCIES),
    amountMinor: fc.bigInt({ min: 0n, max: 10n ** 12n }),
    ageMs: fc.nat({ max: 100 * HOUR_MS }),
  });
  fc.assert(
    fc.property(facts, fc.bigInt({ min: 0n, max: 10n ** 12n }), fc.nat({ max: 100 * HOUR_MS }), (some, amount, age) => {
      const less = classifyRisk({ ...calm, ...some });
      const more = classifyRisk({ ...calm, ...some, amountMinor: some.amountMinor + amount, ageMs: some.ageMs + age });
      expect(order[more.risk]).toBeGreaterThanOrEqual(order[less.risk]);
      expect(less.fired.map((rule) => order[rule.risk])).toEqual(
        less.fired.map((rule) => order[rule.risk]).toSorted((a, b) => b - a),
      );
    }),
  );
});

describe('a report', () => {
  test('is of the class of its worst open break', () => {
    expect(classifyReport(['LOW', 'MED'], []).risk).toBe('MED');
    expect(classifyReport([], []).risk).toBeNull();
  });

  test('is HIGH when one currency is past its share of the day', () => {
    const at = { currency: 'EUR', mismatchedMinor: 1_000n, volumeMinor: 1_000_000n } as const;
    expect(classifyReport(['LOW'], [at]).risk).toBe('LOW');
    const past = classifyReport(['LOW'], [at, { ...at, currency: 'JPY', mismatchedMinor: 1_001n }]);
    expect(past.risk).toBe('HIGH');
    expect(past.fired).toEqual([
      {
        rule: 'settlement_share',
        risk: 'HIGH',
        inputs: { currency: 'JPY', mismatched_minor: '1001', volume_minor: '1000000' },
        thresholds: { share_percent: '0.10' },
      },
    ]);
  });

  test('a mismatch on a day without volume is past any share', () => {
    expect(classifyReport([], [{ currency: 'EUR', mismatchedMinor: 1n, volumeMinor: 0n }]).risk).toBe('HIGH');
    expect(classifyReport([], [{ currency: 'EUR', mismatchedMinor: 0n, volumeMinor: 0n }]).risk).toBeNull();
  });
});
