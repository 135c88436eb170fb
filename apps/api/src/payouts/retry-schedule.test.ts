import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newUuid } from '../core/ids.ts';
import { HOUR_MS, MINUTE_MS } from '../core/time.ts';
import { NOW } from '../testing/calls.ts';
import { anAttempt, aPayout, someFacts } from '../testing/payout-samples.ts';
import { ATTEMPT_STATUSES } from './attempt.ts';
import { PAYOUT_STATUSES } from './payout.ts';
import { decideRetry } from './retry-safety.ts';
import { AUTOMATIC_ATTEMPTS, automaticRetryAt, jitterOf, nextRetry, RETRY_CAP_MS, waitsFor } from './retry-schedule.ts';

const latest = (attempts: number) => {
  const at = nextRetry(attempts, NOW, 0.999_999_999);
  return at && Math.round((at.getTime() - NOW.getTime()) / MINUTE_MS);
};

describe('when the next attempt follows without a person', () => {
  it('doubles from a minute, and ends after five attempts', () => {
    expect([1, 2, 3, 4, 5, 6].map(latest)).toEqual([1, 2, 4, 8, null, null]);
  });

  it('full jitter: from at once to the longest wait, never past the cap, never in the past', () => {
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40 }), random, (attempts, jitter) => {
        const at = nextRetry(attempts, NOW, jitter);
        expect(at === null).toBe(attempts >= AUTOMATIC_ATTEMPTS);
        if (!at) return;
        const wait = at.getTime() - NOW.getTime();
        expect(wait).toBeGreaterThanOrEqual(0);
        expect(wait).toBeLessThanOrEqual(Math.min(RETRY_CAP_MS, MINUTE_MS * 2 ** Math.max(0, attempts - 1)));
        expect(RETRY_CAP_MS).toBe(HOUR_MS);
      }),
    );
  });

  it('the jitter of an attempt is its own and stays the same; those of many spread evenly', () => {
    const ids = Array.from({ length: 2_000 }, newUuid);
    const jitters = ids.map(jitterOf);
    expect(jitters).toEqual(ids.map(jitterOf));
    for (const jitter of jitters) expect(jitter >= 0 && jitter < 1).toBe(true);
    for (const tenth of Array.from({ length: 10 }, (_, i) => i / 10)) {
      const share = jitters.filter((jitter) => jitter >= tenth && jitter < tenth + 0.1).length;
      expect(share).toBeGreaterThan(100);
      expect(share).toBeLessThan(300);
    }
  });
});

describe('which failures are retried without a person', () => {
  const at = (payout: Partial<Parameters<typeof aPayout>[0]>, attempt: Parameters<typeof anAttempt>[0]) =>
    automaticRetryAt(aPayout({ status: 'failed', ...payout }), anAttempt(attempt), NOW) !== null;

  it.each([
    ['a cause that passes', {}, { status: 'rejected', code: 'insufficient_funds' }, true],
    ['it never reached the provider', {}, { status: 'not_sent', code: 'dns' }, true],
    ['a destination that must change', {}, { status: 'rejected', code: 'account_closed' }, false],
    ['a code that no table has', {}, { status: 'rejected', code: 'next_years_code' }, false],
    ['no code at all', {}, { status: 'rejected', code: null }, false],
    ['the fifth attempt', { attemptCount: 5 }, { no: 5, status: 'rejected', code: 'rate_limit' }, false],
    ['an attempt that is not the last', { attemptCount: 2 }, { no: 1, status: 'rejected', code: 'rate_limit' }, false],
    ['unknown', { status: 'unconfirmed' }, { status: 'unknown', code: 'timeout' }, false],
    ['returned', { status: 'returned' }, { status: 'returned', code: 'rate_limit' }, false],
  ] as const)('%s', (_, payout, attempt, retried) => {
    expect(at(payout, attempt)).toBe(retried);
  });

  it('never what decideRetry would not call safe with a new attempt', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...PAYOUT_STATUSES),
        fc.constantFrom(...ATTEMPT_STATUSES),
        fc.constantFrom(null, 'insufficient_funds', 'rate_limit', 'account_closed', 'constructor'),
        fc.integer({ min: 1, max: 6 }),
        (status, attemptStatus, code, no) => {
          const payout = aPayout({ status, attemptCount: no });
          const last = anAttempt({ no, status: attemptStatus, code, firstSentAt: NOW, lastSentAt: NOW });
          if (!automaticRetryAt(payout, last, NOW)) return;
          const { verdict, plan } = decideRetry(payout, someFacts({ lastAttempt: last }));
          expect([verdict, plan]).toEqual(['safe', 'new_attempt']);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

it('what passes without the payout is waited for; the rest is a person’s', () => {
  expect((['payouts_paused', 'scope_held', 'override_open'] as const).map(waitsFor)).toEqual([true, true, true]);
  expect(
    (['insufficient_balance', 'terminal_code', 'already_paid', 'money_is_moving', 'payout_held'] as const).map(
      waitsFor,
    ),
  ).toEqual([false, false, false, false, false]);
});
