import { parseLocalDate } from '../core/time.ts';
import { BANK_RAILS, OPEN_STATUSES, PAYOUT_STATUSES, type PayoutStatus, RAILS, type Rail } from './payout.ts';
import type { Limit, StuckRule, StuckRules } from './stuck-policy.ts';

/** What is wrong with a proposed policy, and where. */
export type StuckFault =
  | { code: LimitFaultCode; rail: Rail; status: PayoutStatus }
  | { code: 'calendar_unknown' | 'calendar_name' | 'too_many_days'; calendar: string; rail?: Rail }
  | { code: 'day_unreal' | 'day_twice' | 'days_unsorted'; calendar: string; day: string }
  | { code: 'too_many_calendars' };

export type LimitFaultCode =
  | 'limit_missing'
  | 'limit_not_positive'
  | 'limit_too_long'
  | 'expected_after_stuck'
  | 'business_days_not_here'
  | 'status_rests';

/** A longer limit would only hide what is lost: ninety days of the clock, sixty business days. */
const MAX_MINUTES = 90 * 24 * 60;
const MAX_BUSINESS_DAYS = 60;
const MAX_CALENDARS = 20;
const MAX_CALENDAR_DAYS = 200;
const CALENDAR_NAME = /^[a-z0-9][a-z0-9_-]{0,29}$/;
const DAY_MINUTES = 24 * 60;

/**
 * Everything that is wrong with proposed rules, empty when they may be put in force. Every open status of every rail needs
 * its limits, late no later than stuck: a policy can be slow, but it can never stop watching.
 */
export function stuckFaults(rules: StuckRules): StuckFault[] {
  return [...limitFaults(rules), ...calendarFaults(rules)];
}

function limitFaults(rules: StuckRules): StuckFault[] {
  const faults: StuckFault[] = [];
  for (const rail of RAILS) {
    const countsBusinessDays = BANK_RAILS.has(rail) || rules.railCalendar[rail] !== undefined;
    for (const status of PAYOUT_STATUSES) {
      const rule = rules.limits[rail][status];
      const isOpen = (OPEN_STATUSES as readonly PayoutStatus[]).includes(status);
      const code = !rule
        ? isOpen
          ? 'limit_missing'
          : null
        : isOpen
          ? ruleFault(rule, countsBusinessDays)
          : 'status_rests';
      if (code) faults.push({ code, rail, status });
    }
  }
  return faults;
}

function ruleFault({ expected, stuck }: StuckRule, countsBusinessDays: boolean): LimitFaultCode | null {
  for (const limit of [expected, stuck]) {
    const [length, longest] =
      'minutes' in limit ? [limit.minutes, MAX_MINUTES] : [limit.businessDays, MAX_BUSINESS_DAYS];
    if (!Number.isSafeInteger(length) || length < 1) return 'limit_not_positive';
    if (length > longest) return 'limit_too_long';
    if ('businessDays' in limit && !countsBusinessDays) return 'business_days_not_here';
  }
  return isNoLater(expected, stuck) ? null : 'expected_after_stuck';
}

/**
 * Whether one limit never ends after the other, whenever it begins. A business day is at least 24 hours and, over a
 * weekend or holidays, any length: so business days can bound minutes from above, and never the other way round.
 */
function isNoLater(first: Limit, second: Limit): boolean {
  if ('minutes' in first) {
    return first.minutes <= ('minutes' in second ? second.minutes : second.businessDays * DAY_MINUTES);
  }
  return 'businessDays' in second && first.businessDays <= second.businessDays;
}

function calendarFaults({ calendars, railCalendar }: StuckRules): StuckFault[] {
  const faults: StuckFault[] = [];
  const names = Object.keys(calendars);
  if (names.length > MAX_CALENDARS) faults.push({ code: 'too_many_calendars' });
  for (const [calendar, days] of Object.entries(calendars)) {
    if (!CALENDAR_NAME.test(calendar)) faults.push({ code: 'calendar_name', calendar });
    if (days.length > MAX_CALENDAR_DAYS) faults.push({ code: 'too_many_days', calendar });
    days.forEach((day, at) => {
      const before = days[at - 1];
      if (parseLocalDate(day) === null) faults.push({ code: 'day_unreal', calendar, day });
      else if (before === day) faults.push({ code: 'day_twice', calendar, day });
      else if (before !== undefined && before > day) faults.push({ code: 'days_unsorted', calendar, day });
    });
  }
  for (const rail of RAILS) {
    const calendar = railCalendar[rail];
    if (calendar !== undefined && !Object.hasOwn(calendars, calendar))
      faults.push({ code: 'calendar_unknown', calendar, rail });
  }
  return faults;
}
