import {
  addBusinessDays,
  addDays,
  type ClosedDays,
  type LocalDate,
  MINUTE_MS,
  startOfDay,
  utcDate,
} from '../core/time.ts';
import { PAYOUT_STATUSES, type PayoutStatus, RAILS, type Rail } from './payout.ts';
import type { Limit, StuckRules } from './stuck-policy.ts';

/**
 * Which beginnings a limit has run out for: those before `before`, and those before `sameDayBefore` whose time of day is
 * earlier than now's. The second kind is business days alone: they end at the time of day at which they began.
 */
export interface Cutoff {
  before: Date;
  sameDayBefore: Date;
}

/** The cutoffs of a status on a rail: past `expected` a payout is late, past `stuck` it is stuck. */
export interface RuleCutoffs {
  rail: Rail;
  status: PayoutStatus;
  expected: Cutoff;
  stuck: Cutoff;
}

/**
 * The policy turned round: not when a payout's limit ends, but which payouts' limits have ended at `now`. So that a
 * hundred thousand payouts are asked in one statement, and the answer is that of `deadlines`, payout by payout.
 */
export function stuckCutoffs(rules: StuckRules, now: Date): RuleCutoffs[] {
  const known = new Map<string, Cutoff>();
  return RAILS.flatMap((rail) => {
    const calendar = rules.railCalendar[rail] ?? '';
    const closed: ClosedDays = new Set(rules.calendars[calendar] ?? []);
    const cutoff = (limit: Limit): Cutoff => {
      if ('minutes' in limit) {
        const before = new Date(now.getTime() - limit.minutes * MINUTE_MS);
        return { before, sameDayBefore: before };
      }
      const key = `${calendar} ${limit.businessDays}`;
      const found = known.get(key) ?? businessDayCutoff(limit.businessDays, closed, now);
      known.set(key, found);
      return found;
    };
    return PAYOUT_STATUSES.flatMap((status) => {
      const rule = rules.limits[rail][status];
      return rule ? [{ rail, status, expected: cutoff(rule.expected), stuck: cutoff(rule.stuck) }] : [];
    });
  });
}

/** Later days never end earlier, so the days that end before today, and those that end today, are two runs without gaps. */
function businessDayCutoff(days: number, closed: ClosedDays, now: Date): Cutoff {
  const today = utcDate(now);
  const endOf = (day: LocalDate) => addBusinessDays(day, days, closed);
  let afterToday = today;
  while (endOf(addDays(afterToday, -1)) > today) afterToday = addDays(afterToday, -1);
  let endsToday = afterToday;
  while (endOf(addDays(endsToday, -1)) >= today) endsToday = addDays(endsToday, -1);
  return { before: startOfDay(endsToday), sameDayBefore: startOfDay(afterToday) };
}
