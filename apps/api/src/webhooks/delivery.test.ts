import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NOW } from '../testing/calls.ts';
import { afterTry, type Delivery, decideReplay, isDue, MAX_TRIES, TRY_DELAYS_MS, type TryOutcome } from './delivery.ts';

const answered = (status: number, retryAfter: string | null = null): TryOutcome => ({
  kind: 'answered',
  status,
  retryAfter,
  response: '',
});
const lost: TryOutcome = { kind: 'failed', error: 'timeout' };
/** How long a failed try has to wait for the next, ms; null when there is none. */
const wait = (outcome: TryOutcome, tries = 1, jitter = 0) => {
  const next = afterTry(outcome, tries, NOW, jitter);
  return next.status === 'pending' ? next.nextTryAt.getTime() - NOW.getTime() : null;
};

describe('the schedule', () => {
  test('is the one that Standard Webhooks recommends: at once, then after', () => {
    const words = ['5 s', '5 min', '30 min', '2 h', '5 h', '10 h', '14 h', '20 h', '24 h'];
    const ms = { s: 1_000, min: 60_000, h: 3_600_000 };
    const expected = words.map((word) => {
      const [n, unit] = word.split(' ') as [string, keyof typeof ms];
      return Number(n) * ms[unit];
    });
    expect(expected.map((_, i) => wait(lost, i + 1))).toEqual(expected);
    expect(MAX_TRIES).toBe(10);
  });

  test('ends: the tenth failure is given up', () => {
    expect(afterTry(lost, MAX_TRIES, NOW, 0)).toEqual({ status: 'given_up', why: 'exhausted' });
    expect(afterTry(answered(200), MAX_TRIES, NOW, 0)).toEqual({ status: 'delivered' });
  });

  test('jitter makes a wait up to a fifth longer, never shorter', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: TRY_DELAYS_MS.length }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (tries, jitter) => {
          const delay = TRY_DELAYS_MS[tries - 1] ?? 0;
          const waited = wait(lost, tries, jitter) ?? 0;
          expect(waited).toBeGreaterThanOrEqual(delay);
          expect(waited).toBeLessThanOrEqual(delay * 1.2 + 1);
        },
      ),
    );
  });
});

describe('what an answer means', () => {
  test.each([200, 201, 202, 204, 299])('%i: delivered', (status) => {
    expect(afterTry(answered(status), 1, NOW, 0)).toEqual({ status: 'delivered' });
  });

  test.each([100, 301, 302, 307, 308, 400, 401, 404, 429, 500, 503])('%i: tried again', (status) => {
    expect(afterTry(answered(status), 1, NOW, 0).status).toBe('pending');
  });

  test('410: wanted no more, at the first try as at the last', () => {
    for (const tries of [1, MAX_TRIES]) {
      expect(afterTry(answered(410), tries, NOW, 0)).toEqual({ status: 'given_up', why: 'gone' });
    }
  });
});

describe('Retry-After', () => {
  const HOUR = 3_600_000;
  test.each([
    [429, '120', 120_000],
    [503, ' 120 ', 120_000],
    [503, new Date(NOW.getTime() + HOUR).toUTCString(), HOUR],
    ['sooner than the schedule: the schedule', '1', 5_000],
    ['a time that is over: the schedule', new Date(NOW.getTime() - HOUR).toUTCString(), 5_000],
    ['for ever: a day', '999999999', 24 * HOUR],
    ['nonsense: the schedule', 'soon', 5_000],
    ['negative: the schedule', '-5', 5_000],
    ['empty: the schedule', '', 5_000],
  ])('%s %o', (status, retryAfter, expected) => {
    expect(wait(answered(typeof status === 'number' ? status : 503, retryAfter))).toBe(expected);
  });

  test('is not heard from other answers', () => {
    expect(wait(answered(500, '3600'))).toBe(5_000);
  });
});

describe('whether a try is due', () => {
  const delivery = (nextTryAt: Date | null) => ({ nextTryAt }) as Delivery;
  test.each([
    [-3_600_000, true],
    [0, true],
    [60_000, true],
    [60_001, false],
  ])('in %i ms: %s', (ms, due) => {
    expect(isDue(delivery(new Date(NOW.getTime() + ms)), NOW)).toBe(due);
  });

  test('never, when it waits for nothing', () => {
    expect(isDue(delivery(null), NOW)).toBe(false);
  });
});

describe('sending again', () => {
  const on = { endpoint: { status: 'enabled' as const }, underway: false };
  test.each([
    ['given_up', 10, on, 'deliver_again'],
    ['delivered', 1, on, 'deliver_again'],
    ['pending', 3, on, 'try_now'],
    ['pending', 0, on, 'message_not_deliverable'],
    ['given_up', 10, { ...on, underway: true }, 'message_not_deliverable'],
    ['delivered', 1, { ...on, underway: true }, 'message_not_deliverable'],
    ['given_up', 10, { ...on, endpoint: { status: 'disabled' as const } }, 'endpoint_disabled'],
    ['pending', 3, { ...on, endpoint: { status: 'disabled' as const } }, 'endpoint_disabled'],
  ] as const)('%s after %i tries: %o %s', (status, tries, facts, expected) => {
    const decision = decideReplay({ status, tries }, facts);
    expect(decision.do === 'refuse' ? decision.refusal.code : decision.do).toBe(expected);
  });
});
