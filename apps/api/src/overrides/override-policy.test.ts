import { describe, expect, test } from 'vitest';
import { CURRENCIES } from '../core/currency.ts';
import { money, parseMoney } from '../core/money.ts';
import { HOUR_MS } from '../core/time.ts';
import { OVERRIDE_KINDS } from './override.ts';
import { OVERRIDE_POLICY_V1, policyFor } from './override-policy.ts';

const ANY_ONE = [['approver', 'finance']];
const ONE_APPROVER = [['approver']];
const TWO = [['finance'], ['approver', 'finance']];

describe('the first policy', () => {
  test.each([
    ['EUR', '0.01', ANY_ONE],
    ['EUR', '999.99', ANY_ONE],
    ['EUR', '1000.00', ONE_APPROVER],
    ['EUR', '49999.99', ONE_APPROVER],
    ['EUR', '50000.00', TWO],
    ['USD', '50000.00', TWO],
    ['TRY', '39999.99', ANY_ONE],
    ['TRY', '48250.00', ONE_APPROVER],
    ['TRY', '1999999.99', ONE_APPROVER],
    ['TRY', '2000000.00', TWO],
    ['JPY', '149999', ANY_ONE],
    ['JPY', '150000', ONE_APPROVER],
    ['JPY', '7500000', TWO],
    ['KWD', '299.999', ANY_ONE],
    ['KWD', '300.000', ONE_APPROVER],
    ['KWD', '15000.000', TWO],
  ])('%s %s: seats %j', (currency, amount, seats) => {
    for (const kind of OVERRIDE_KINDS) {
      const demand = policyFor(OVERRIDE_POLICY_V1, kind, parseMoney(amount, currency));
      expect(demand).toMatchObject({
        seats,
        approvalsRequired: seats.length,
        policyVersion: 1,
        expiresInMs: 24 * HOUR_MS,
      });
    }
  });

  test('every currency has every band, in order', () => {
    for (const currency of CURRENCIES) {
      const { about_1_000: low, about_50_000: high } = OVERRIDE_POLICY_V1.limits;
      expect(BigInt(low?.[currency] ?? 0), currency).toBeGreaterThan(0n);
      expect(BigInt(high?.[currency] ?? 0), currency).toBe(BigInt(low?.[currency] ?? 0) * 50n);
    }
  });

  test('names the band that it decided by', () => {
    const band = (minor: bigint) => policyFor(OVERRIDE_POLICY_V1, 'cancel_payout', money(minor, 'EUR')).band;
    expect(band(1n)).toEqual({ fromMinor: null, belowMinor: '100000' });
    expect(band(100_000n)).toEqual({ fromMinor: '100000', belowMinor: '5000000' });
    expect(band(5_000_000n)).toEqual({ fromMinor: '5000000', belowMinor: null });
  });

  test('only marking as paid needs evidence', () => {
    const needing = OVERRIDE_KINDS.filter(
      (kind) => policyFor(OVERRIDE_POLICY_V1, kind, money(1n, 'EUR')).evidenceRequired,
    );
    expect(needing).toEqual(['mark_payout_paid']);
  });
});

test('a policy without a rule for a kind is a bug, never a yes', () => {
  const silent = { ...OVERRIDE_POLICY_V1, rules: [] };
  expect(() => policyFor(silent, 'cancel_payout', money(1n, 'EUR'))).toThrow('no rule');
});
