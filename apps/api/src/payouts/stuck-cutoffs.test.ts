import fc from 'fast-check';
import { expect, test } from 'vitest';
import { startOfDay, utcDate } from '../core/time.ts';
import { NOW } from '../testing/calls.ts';
import { someInstant, someStuckRules } from '../testing/stuck-rules.ts';
import { deadlines } from './stuck.ts';
import { type Cutoff, stuckCutoffs } from './stuck-cutoffs.ts';
import { FIRST_STUCK_POLICY } from './stuck-policy.ts';

const timeOfDay = (at: Date) => at.getTime() - startOfDay(utcDate(at)).getTime();
/** What the statement says in SQL. */
const isPast = ({ before, sameDayBefore }: Cutoff, since: Date, now: Date) =>
  since < before || (since < sameDayBefore && timeOfDay(since) < timeOfDay(now));

test('says of any beginning what the deadlines say, over weekends and holidays', () => {
  fc.assert(
    fc.property(someStuckRules, someInstant, fc.array(someInstant, { minLength: 20 }), (rules, now, beginnings) => {
      for (const { rail, status, expected, stuck } of stuckCutoffs(rules, now)) {
        // An instant at which it just ends, and the one after, are where a mistake would hide.
        for (const since of [...beginnings, now, new Date(now.getTime() - 86_400_000)]) {
          const { expectedBy, stuckAt } = deadlines({ version: 1, rules }, rail, status, since);
          expect(isPast(expected, since, now)).toBe((expectedBy as Date) < now);
          expect(isPast(stuck, since, now)).toBe((stuckAt as Date) < now);
        }
      }
    }),
    { numRuns: 60 },
  );
});

test('on a Friday morning: two business days ago is Wednesday at the same time', () => {
  const sepa = stuckCutoffs(FIRST_STUCK_POLICY.rules, NOW).find(
    ({ rail, status }) => rail === 'sepa' && status === 'in_transit',
  );
  expect(sepa?.stuck).toEqual({
    before: new Date('2026-11-18T00:00:00Z'),
    sameDayBefore: new Date('2026-11-19T00:00:00Z'),
  });
});

test('statuses that rest have none', () => {
  const statuses = stuckCutoffs(FIRST_STUCK_POLICY.rules, NOW).map(({ status }) => status);
  expect(new Set(statuses)).toEqual(
    new Set(['queued', 'sending', 'unconfirmed', 'in_transit', 'failed', 'returned', 'held']),
  );
});
