import {
  addBusinessDays,
  addDays,
  HOUR_MS,
  isBusinessDay,
  type LocalDate,
  MINUTE_MS,
  startOfDay,
  utcDate,
} from '../../apps/api/src/core/time.ts';

/** How many business days have settlement files of their own; what is older came in one file a source. */
const BUSINESS_DAYS = 5;

/** The days whose files are imported and reconciled one by one: ascending, weekends among them, the last is yesterday. */
export function settlementDays(now: Date): LocalDate[] {
  let day = addDays(utcDate(now), -1);
  const days = [day];
  while (days.filter((on) => isBusinessDay(on)).length < BUSINESS_DAYS) {
    day = addDays(day, -1);
    days.unshift(day);
  }
  return days;
}

/** The last day of the files that were imported when the desk began to reconcile. */
export function historyThrough(now: Date): LocalDate {
  return addDays(settlementDays(now)[0] ?? utcDate(now), -1);
}

/** The latest business day after which `businessDays` were over before `day` began. */
export function dueBefore(day: LocalDate, businessDays: number): LocalDate {
  let from = addDays(day, -1);
  while (!isBusinessDay(from) || addBusinessDays(from, businessDays) >= day) from = addDays(from, -1);
  return from;
}

/** What happens in the early morning after a day: files come in, then the day is reconciled. UTC. */
const MORNING = {
  provider: 4 * HOUR_MS + 40 * MINUTE_MS,
  bank: 4 * HOUR_MS + 55 * MINUTE_MS,
  run: 5 * HOUR_MS + 15 * MINUTE_MS,
} as const;

/** When that happened for the day. Of a day that ended only just now it was done already, in the last minutes. */
export function morningAfter(day: LocalDate, what: keyof typeof MORNING, now: Date): Date {
  const usual = startOfDay(addDays(day, 1)).getTime() + MORNING[what];
  const hurried = now.getTime() - { provider: 4, bank: 3, run: 2 }[what] * MINUTE_MS;
  return new Date(Math.min(usual, hurried));
}
