import { describe, expect, it } from 'vitest';
import { NOW } from '../testing/calls.ts';
import { ago, anAttempt, aPayout } from '../testing/payout-samples.ts';
import { PAYOUT_STATUSES, type PayoutStatus, RAILS } from './payout.ts';
import { deadlines, STUCK_CAUSES, type StuckCause, type StuckNext, stuckOf } from './stuck.ts';
import { FIRST_STUCK_POLICY } from './stuck-policy.ts';

const MINUTE = 60_000;
const at = (text: string) => new Date(text);

describe('deadlines', () => {
  it.each([
    ['queued', 2 * MINUTE, 15 * MINUTE],
    ['sending', 2 * MINUTE, 15 * MINUTE],
    ['unconfirmed', 5 * MINUTE, 15 * MINUTE],
    ['failed', 240 * MINUTE, 480 * MINUTE],
    ['returned', 240 * MINUTE, 1_440 * MINUTE],
    ['held', 1_440 * MINUTE, 2_880 * MINUTE],
  ] as const)('%s: the same on every rail', (status, expectedMs, stuckMs) => {
    for (const rail of RAILS) {
      expect(deadlines(FIRST_STUCK_POLICY, rail, status, NOW)).toEqual({
        expectedBy: ago(-expectedMs),
        stuckAt: ago(-stuckMs),
      });
    }
  });

  it.each(['paid', 'canceled'] as const)('%s may rest', (status) => {
    for (const rail of RAILS)
      expect(deadlines(FIRST_STUCK_POLICY, rail, status, NOW)).toEqual({ expectedBy: null, stuckAt: null });
  });

  it.each([
    ['sepa', '2026-11-20T10:00:00Z', '2026-11-23T10:00:00Z', '2026-11-24T10:00:00Z'], // Friday
    ['sepa', '2026-11-21T10:00:00Z', '2026-11-23T10:00:00Z', '2026-11-24T10:00:00Z'], // Saturday
    ['sepa', '2026-11-17T10:00:00Z', '2026-11-18T10:00:00Z', '2026-11-19T10:00:00Z'], // Tuesday
    ['wire', '2026-11-20T10:00:00Z', '2026-11-23T10:00:00Z', '2026-11-24T10:00:00Z'],
    ['ach', '2026-11-20T10:00:00Z', '2026-11-24T10:00:00Z', '2026-11-27T10:00:00Z'], // over Thanksgiving
    ['ach', '2026-11-18T23:59:00Z', '2026-11-20T23:59:00Z', '2026-11-24T23:59:00Z'], // Wednesday
    ['instant', '2026-11-21T10:00:00Z', '2026-11-21T10:10:00Z', '2026-11-21T10:30:00Z'],
    ['card_push', '2026-11-21T10:00:00Z', '2026-11-21T10:30:00Z', '2026-11-21T12:00:00Z'],
    ['local', '2026-11-21T10:00:00Z', '2026-11-21T14:00:00Z', '2026-11-22T10:00:00Z'],
  ] as const)(
    'in transit by %s from %s: bank rails wait for business days, others for the clock',
    (rail, from, expected, stuck) => {
      expect(deadlines(FIRST_STUCK_POLICY, rail, 'in_transit', at(from))).toEqual({
        expectedBy: at(expected),
        stuckAt: at(stuck),
      });
    },
  );

  it('late comes before stuck', () => {
    for (const rail of RAILS) {
      for (const status of PAYOUT_STATUSES) {
        const { expectedBy, stuckAt } = deadlines(FIRST_STUCK_POLICY, rail, status, NOW);
        if (expectedBy && stuckAt) expect(expectedBy < stuckAt).toBe(true);
        else expect([expectedBy, stuckAt]).toEqual([null, null]);
      }
    }
  });
});

describe('levels', () => {
  const payout = aPayout({ statusAt: NOW, ...deadlines(FIRST_STUCK_POLICY, 'sepa', 'queued', NOW) });
  it.each([
    [0, null],
    [2 * MINUTE, null],
    [2 * MINUTE + 1, 'late'],
    [15 * MINUTE, 'late'],
    [15 * MINUTE + 1, 'stuck'],
    [42 * MINUTE, 'stuck'],
  ] as const)('%i ms after it was queued: %s', (ms, level) => {
    expect(stuckOf(payout, anAttempt(), ago(-ms))?.level ?? null).toBe(level);
  });

  it('names the state, since when, and the limit that was passed', () => {
    expect(stuckOf(payout, anAttempt(), ago(-42 * MINUTE))).toMatchObject({
      status: 'queued',
      since: NOW,
      limitAt: ago(-15 * MINUTE),
      policyVersion: 1,
    });
    expect(stuckOf(payout, anAttempt(), ago(-3 * MINUTE))?.limitAt).toEqual(ago(-2 * MINUTE));
  });

  it('a bank payout sent on Friday is not stuck on Sunday', () => {
    const sent = aPayout({ status: 'in_transit', ...deadlines(FIRST_STUCK_POLICY, 'sepa', 'in_transit', NOW) });
    expect(stuckOf(sent, anAttempt({ status: 'accepted' }), at('2026-11-22T23:00:00Z'))).toBeNull();
    expect(stuckOf(sent, anAttempt({ status: 'accepted' }), at('2026-11-24T10:00:00.001Z'))?.level).toBe('stuck');
  });

  it.each(['paid', 'canceled'] as const)('%s is never stuck', (status) => {
    expect(
      stuckOf(
        aPayout({ status, ...deadlines(FIRST_STUCK_POLICY, 'sepa', status, NOW) }),
        anAttempt(),
        at('2036-01-01'),
      ),
    ).toBeNull();
  });
});

describe('causes and what to do next', () => {
  const soon = ago(-3 * MINUTE);
  const limit = ago(MINUTE);
  const asked = (ms: number, status = 'in_transit') => ({
    lastAskedAt: ago(ms),
    lastAnswer: { kind: 'found' as const, status },
  });
  const cases: [PayoutStatus, Partial<Parameters<typeof anAttempt>[0] & object>, StuckCause, StuckNext, string?][] = [
    ['queued', { status: 'ready' }, 'never_sent', 'retry'],
    ['sending', { status: 'sending' }, 'no_answer', 'retry'],
    ['unconfirmed', { status: 'unknown' }, 'no_answer', 'retry'],
    ['unconfirmed', { status: 'unknown', nextCheckAt: soon }, 'no_answer', 'checking_at'],
    ['unconfirmed', { status: 'unknown', nextCheckAt: ago(1) }, 'no_answer', 'retry'],
    ['in_transit', { status: 'accepted' }, 'webhook_missing', 'check_provider'],
    ['in_transit', { status: 'accepted', nextCheckAt: soon }, 'webhook_missing', 'checking_at'],
    // Told "in transit" when it was healed, long before the limit: that says nothing of what is missing now.
    ['in_transit', { status: 'accepted', ...asked(2 * MINUTE) }, 'webhook_missing', 'check_provider'],
    ['in_transit', { status: 'accepted', ...asked(MINUTE) }, 'provider_slow', 'wait'],
    ['in_transit', { status: 'accepted', ...asked(0), nextCheckAt: soon }, 'provider_slow', 'checking_at'],
    [
      'in_transit',
      { status: 'accepted', lastAskedAt: ago(0), lastAnswer: { kind: 'no_answer' } },
      'webhook_missing',
      'check_provider',
    ],
    ['held', { status: 'canceled' }, 'held_too_long', 'release_or_cancel'],
    ['returned', { status: 'returned' }, 'returned_undecided', 'correct_destination_or_cancel', 'no_account'],
    ['failed', { status: 'rejected' }, 'failed_undecided', 'retry', 'insufficient_funds'],
    ['failed', { status: 'rejected' }, 'failed_undecided', 'correct_destination_or_cancel', 'account_closed'],
    ['failed', { status: 'rejected' }, 'failed_undecided', 'correct_destination_or_cancel', 'a_new_code'],
  ];

  it.each(cases)('%s with %o: %s, %s (%s)', (status, over, cause, next, code) => {
    const payout = aPayout({
      status,
      statusAt: ago(60 * MINUTE),
      expectedBy: limit,
      stuckAt: limit,
      failureCode: code ?? null,
    });
    const stuck = stuckOf(payout, anAttempt(over), NOW);
    expect(stuck).toMatchObject({ level: 'stuck', cause, next, code: code ?? null });
    expect(stuck?.nextAt).toEqual(next === 'checking_at' ? soon : null);
  });

  it('every cause has a case here', () => {
    expect(new Set(cases.map(([, , cause]) => cause))).toEqual(new Set(STUCK_CAUSES));
  });
});

describe('what stops every send is what comes next', () => {
  const late = ago(3 * 3_600_000);
  const queued = aPayout({ status: 'queued', statusAt: late, expectedBy: late, stuckAt: late });
  const hold = { scope: 'merchant' as const, reason: 'odd', placedBy: 'Ada' };

  it.each([
    ['nothing', { payoutsOn: true, hold: null, earlierMoved: false }, 'retry'],
    ['payouts are off', { payoutsOn: false, hold: null, earlierMoved: false }, 'resume_payouts'],
    ['a hold', { payoutsOn: true, hold, earlierMoved: false }, 'release_hold'],
    ['both: the switch is named first', { payoutsOn: false, hold, earlierMoved: false }, 'resume_payouts'],
    ['an earlier attempt that paid', { payoutsOn: true, hold: null, earlierMoved: true }, 'settle_by_override'],
    ['that, whatever else stops it', { payoutsOn: false, hold, earlierMoved: true }, 'settle_by_override'],
  ] as const)('%s', (_, stops, next) => {
    expect(stuckOf(queued, anAttempt(), NOW, stops)).toMatchObject({ cause: 'never_sent', next });
  });

  it('asking goes on all the same', () => {
    const unsure = aPayout({ status: 'unconfirmed', statusAt: late, expectedBy: late, stuckAt: late });
    const nextCheckAt = ago(-60_000);
    const stops = { payoutsOn: false, hold, earlierMoved: false };
    expect(stuckOf(unsure, anAttempt({ status: 'unknown', nextCheckAt }), NOW, stops)).toMatchObject({
      next: 'checking_at',
      nextAt: nextCheckAt,
    });
  });
});
