import { expect, it } from 'vitest';
import { effectsOf } from './faults.ts';
import { readForm } from './form.ts';
import { arrivalDate, planOf, readPayoutParams } from './payout.ts';
import { backoff } from './webhooks.ts';

const PACE = { submitMs: 1, settleMs: 10, returnMs: 100 };
const plan = (...faults: string[]) =>
  planOf(effectsOf(faults), PACE).map((step) => [step.afterMs, step.status, step.failureCode ?? null]);

it('plans the life of a payout from its faults', () => {
  const transit = [1, 'in_transit', null];
  expect(plan()).toEqual([transit, [11, 'paid', null]]);
  expect(plan('timeout_after', 'webhook_late')).toEqual([transit, [11, 'paid', null]]);
  expect(plan('fail_account_closed')).toEqual([transit, [11, 'failed', 'account_closed']]);
  expect(plan('paid_then_returned')).toEqual([transit, [11, 'paid', null], [111, 'failed', 'no_account']]);
  expect(plan('stays_in_transit')).toEqual([transit]);
  expect(plan('stays_pending')).toEqual([]);
});

const refusalOf = (body: string): unknown => {
  try {
    readPayoutParams(readForm(body));
    return 'accepted';
  } catch (error) {
    const { code, param } = error as { code?: string; param?: string };
    return [code, param];
  }
};

it.each([
  ['currency=eur', ['parameter_missing', 'amount']],
  ['amount=10', ['parameter_missing', 'currency']],
  ['amount=1.5&currency=eur', ['parameter_invalid_integer', 'amount']],
  ['amount=0&currency=eur', ['parameter_invalid_integer', 'amount']],
  ['amount=-5&currency=eur', ['parameter_invalid_integer', 'amount']],
  ['amount=9007199254740993&currency=eur', ['parameter_invalid_integer', 'amount']],
  ['amount=10&currency=zzq', [undefined, 'currency']],
  ['amount=10&currency=eur&method=fast', [undefined, 'method']],
  ['amount=10&currency=eur&colour=red', ['parameter_unknown', 'colour']],
  ['amount=10&currency=eur&a[b][c]=1', ['parameter_unknown', undefined]],
  ['amount=10&currency=eur&statement_descriptor=12345678901234567890123', [undefined, 'statement_descriptor']],
  [`amount=10&currency=eur&metadata[k]=${'v'.repeat(501)}`, [undefined, 'metadata[k]']],
  ['amount=10&currency=EUR&metadata[k]=v&method=instant', 'accepted'],
])('reads %s', (body, outcome) => {
  expect(refusalOf(body)).toEqual(outcome);
});

it('expects the money two business days on, at once when instant', () => {
  const friday = Date.UTC(2026, 10, 20, 15) / 1000;
  expect(arrivalDate(friday, 'standard')).toBe(Date.UTC(2026, 10, 24) / 1000);
  expect(arrivalDate(friday, 'instant')).toBe(Date.UTC(2026, 10, 20) / 1000);
});

it('doubles the wait between deliveries up to five minutes', () => {
  expect([1, 2, 3, 12, 300].map((attempts) => backoff(attempts, 1_000))).toEqual([
    1_000, 2_000, 4_000, 300_000, 300_000,
  ]);
});
