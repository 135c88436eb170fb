import { expect, test } from 'vitest';
import { HOUR_MS } from '../core/time.ts';
import { NOW } from '../testing/calls.ts';
import { PAYOUT_STATUSES } from './payout.ts';
import { isSnoozed, snoozeRefusal, snoozeTimeRefusal } from './snooze.ts';

const from = (ms: number): Date => new Date(NOW.getTime() + ms);

test('what is open can be put aside; what rests cannot', () => {
  const able = PAYOUT_STATUSES.filter((status) => snoozeRefusal({ status }) === null);
  expect(able).toEqual(['queued', 'sending', 'unconfirmed', 'in_transit', 'failed', 'returned', 'held']);
  expect(snoozeRefusal({ status: 'paid' })).toEqual({ code: 'status_forbids', params: { status: 'paid' } });
});

test.each([
  [-1, false],
  [0, false],
  [1, true],
  [30 * 24 * HOUR_MS, true],
  [30 * 24 * HOUR_MS + 1, false],
  [Number.NaN, false],
])('until %d ms from now: %s', (ms, allowed) => {
  expect(snoozeTimeRefusal(from(ms), NOW)?.code ?? null).toBe(allowed ? null : 'snooze_in_the_past');
});

test('it ends by itself, to the millisecond', () => {
  expect(isSnoozed({ snoozedUntil: null }, NOW)).toBe(false);
  expect(isSnoozed({ snoozedUntil: from(1) }, NOW)).toBe(true);
  expect(isSnoozed({ snoozedUntil: NOW }, NOW)).toBe(false);
});
