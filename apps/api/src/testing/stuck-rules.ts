import fc from 'fast-check';
import { BANK_RAILS, OPEN_STATUSES, RAILS } from '../payouts/payout.ts';
import { FIRST_STUCK_POLICY, type Limit, type StuckRule, type StuckRules } from '../payouts/stuck-policy.ts';

const minutes = (max: number) => fc.integer({ min: 1, max }).map((n): Limit => ({ minutes: n }));
const businessDays = fc.integer({ min: 1, max: 12 }).map((n): Limit => ({ businessDays: n }));

/** Two limits of which the first never ends after the second. */
const clockRule = fc
  .tuple(fc.integer({ min: 1, max: 5_000 }), fc.integer({ min: 0, max: 5_000 }))
  .map(([expected, more]): StuckRule => ({ expected: { minutes: expected }, stuck: { minutes: expected + more } }));
const bankRule = fc.oneof(
  fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 0, max: 6 })).map(
    ([expected, more]): StuckRule => ({
      expected: { businessDays: expected },
      stuck: { businessDays: expected + more },
    }),
  ),
  fc.tuple(minutes(1_440), businessDays).map(([expected, stuck]): StuckRule => ({ expected, stuck })),
  clockRule,
);

const day = fc.integer({ min: 0, max: 60 }).map((n) => new Date(Date.UTC(2026, 9, 20 + n)).toISOString().slice(0, 10));
const calendar = fc.uniqueArray(day, { maxLength: 12 }).map((days) => days.sort());

/** Any rules that may be put in force. */
export const someStuckRules: fc.Arbitrary<StuckRules> = fc
  .record({
    limits: fc.record(
      Object.fromEntries(
        RAILS.map((rail) => [
          rail,
          fc.record(
            Object.fromEntries(OPEN_STATUSES.map((status) => [status, BANK_RAILS.has(rail) ? bankRule : clockRule])),
          ),
        ]),
      ),
    ),
    t2: calendar,
    fed: calendar,
  })
  .map(({ limits, t2, fed }) => ({
    limits: limits as StuckRules['limits'],
    calendars: { t2, fed },
    railCalendar: { sepa: 't2', ach: 'fed' },
  }));

/** An instant around the days that the rules' calendars close. */
export const someInstant = fc
  .integer({ min: Date.UTC(2026, 9, 15), max: Date.UTC(2026, 11, 10) })
  .map((ms) => new Date(ms));

/** The first policy, changed. */
export function changedRules(change: (rules: StuckRules) => void): StuckRules {
  const rules = structuredClone(FIRST_STUCK_POLICY.rules);
  change(rules);
  return rules;
}
