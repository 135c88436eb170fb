import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changedRules, someInstant, someStuckRules } from '../testing/stuck-rules.ts';
import { OPEN_STATUSES, RAILS } from './payout.ts';
import { deadlines } from './stuck.ts';
import { FIRST_STUCK_POLICY, type StuckRules } from './stuck-policy.ts';
import { stuckFaults } from './stuck-policy-faults.ts';

const days = (n: number) =>
  Array.from({ length: n }, (_, at) => new Date(Date.UTC(2026, 0, 1 + at)).toISOString().slice(0, 10));
/** Puts other limits on queued payouts of the instant rail. */
const instant = (expected: object, stuck: object) => (rules: StuckRules) => {
  rules.limits.instant.queued = { expected, stuck } as never;
};
const sepa = (expected: object, stuck: object) => (rules: StuckRules) => {
  rules.limits.sepa.in_transit = { expected, stuck } as never;
};
const queued = { rail: 'instant', status: 'queued' };
const inTransit = { rail: 'sepa', status: 'in_transit' };

test('the first policy has no fault', () => {
  expect(stuckFaults(FIRST_STUCK_POLICY.rules)).toEqual([]);
});

test.each<[string, (rules: StuckRules) => void, object[]]>([
  ['a minute is a limit', instant({ minutes: 1 }, { minutes: 1 }), []],
  ['zero is none', instant({ minutes: 0 }, { minutes: 1 }), [{ code: 'limit_not_positive', ...queued }]],
  ['nor is a negative one', instant({ minutes: 1 }, { minutes: -1 }), [{ code: 'limit_not_positive', ...queued }]],
  ['nor half a minute', instant({ minutes: 1.5 }, { minutes: 2 }), [{ code: 'limit_not_positive', ...queued }]],
  ['nor NaN', instant({ minutes: Number.NaN }, { minutes: 2 }), [{ code: 'limit_not_positive', ...queued }]],
  ['ninety days are the longest', instant({ minutes: 1 }, { minutes: 129_600 }), []],
  ['one minute more', instant({ minutes: 1 }, { minutes: 129_601 }), [{ code: 'limit_too_long', ...queued }]],
  ['sixty business days', sepa({ businessDays: 1 }, { businessDays: 60 }), []],
  ['sixty-one', sepa({ businessDays: 1 }, { businessDays: 61 }), [{ code: 'limit_too_long', ...inTransit }]],
  ['late after stuck', instant({ minutes: 16 }, { minutes: 15 }), [{ code: 'expected_after_stuck', ...queued }]],
  ['late and stuck at once', instant({ minutes: 15 }, { minutes: 15 }), []],
  ['a day of the clock before a business day', sepa({ minutes: 1_440 }, { businessDays: 1 }), []],
  ['a minute more', sepa({ minutes: 1_441 }, { businessDays: 1 }), [{ code: 'expected_after_stuck', ...inTransit }]],
  [
    'a business day may be four days long',
    sepa({ businessDays: 1 }, { minutes: 10_000 }),
    [{ code: 'expected_after_stuck', ...inTransit }],
  ],
  [
    'the instant rail has no business days',
    instant({ businessDays: 1 }, { businessDays: 2 }),
    [{ code: 'business_days_not_here', ...queued }],
  ],
  [
    'unless a calendar is given to it',
    (rules) => {
      instant({ businessDays: 1 }, { businessDays: 2 })(rules);
      rules.railCalendar.instant = 't2';
    },
    [],
  ],
  [
    'a bank rail without a calendar counts Monday to Friday',
    (rules) => {
      delete rules.railCalendar.sepa;
    },
    [],
  ],
  [
    'an open status without limits would never be seen',
    (rules) => {
      delete rules.limits.wire.unconfirmed;
    },
    [{ code: 'limit_missing', rail: 'wire', status: 'unconfirmed' }],
  ],
  [
    'what is paid rests',
    (rules) => {
      rules.limits.wire.paid = { expected: { minutes: 1 }, stuck: { minutes: 2 } };
    },
    [{ code: 'status_rests', rail: 'wire', status: 'paid' }],
  ],
  [
    'a calendar that is not there',
    (rules) => {
      rules.railCalendar.ach = 'gone';
    },
    [{ code: 'calendar_unknown', calendar: 'gone', rail: 'ach' }],
  ],
  [
    'nor one that every object has',
    (rules) => {
      rules.railCalendar.ach = 'constructor';
    },
    [{ code: 'calendar_unknown', calendar: 'constructor', rail: 'ach' }],
  ],
  [
    'a name nobody can read',
    (rules) => {
      rules.calendars['Türkiye tatilleri'] = [];
    },
    [{ code: 'calendar_name', calendar: 'Türkiye tatilleri' }],
  ],
  [
    'a day that does not exist',
    (rules) => {
      rules.calendars.t2 = ['2027-02-29', '2027-03-01'];
    },
    [{ code: 'day_unreal', calendar: 't2', day: '2027-02-29' }],
  ],
  [
    'days out of order, and one twice',
    (rules) => {
      rules.calendars.t2 = ['2027-05-01', '2027-03-01', '2027-03-01'];
    },
    [
      { code: 'days_unsorted', calendar: 't2', day: '2027-03-01' },
      { code: 'day_twice', calendar: 't2', day: '2027-03-01' },
    ],
  ],
  [
    'two hundred days, and one more',
    (rules) => {
      rules.calendars.full = days(200);
      rules.calendars.over = days(201);
    },
    [{ code: 'too_many_days', calendar: 'over' }],
  ],
  [
    'twenty-one calendars',
    (rules) => {
      for (let n = 0; n < 19; n += 1) rules.calendars[`c${n}`] = [];
    },
    [{ code: 'too_many_calendars' }],
  ],
])('%s', (_, change, faults) => {
  expect(stuckFaults(changedRules(change))).toEqual(faults);
});

test('under rules without a fault, nothing open rests and late never comes after stuck', () => {
  fc.assert(
    fc.property(someStuckRules, someInstant, (rules, at) => {
      expect(stuckFaults(rules)).toEqual([]);
      for (const rail of RAILS) {
        for (const status of OPEN_STATUSES) {
          const { expectedBy, stuckAt } = deadlines({ version: 1, rules }, rail, status, at);
          expect(expectedBy && stuckAt && at < expectedBy && expectedBy <= stuckAt).toBe(true);
        }
      }
    }),
    { numRuns: 200 },
  );
});
