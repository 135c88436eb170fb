/** A calendar day without a zone, "2026-11-20". Value dates and booking dates are days, never instants. */
export type LocalDate = string & { readonly __brand: 'LocalDate' };

/** Where "now" comes from. Read the clock through one of these, at the edge, and pass the Date on. */
export type Clock = () => Date;

export const systemClock: Clock = () => new Date();

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** Reads `YYYY-MM-DD`; returns null when the text is not a real calendar day. */
export function parseLocalDate(text: string): LocalDate | null {
  const m = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!m) return null;
  const at = new Date(`${text}T00:00:00Z`);
  return Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== text ? null : (text as LocalDate);
}

/** The UTC calendar day of an instant. */
export function utcDate(at: Date): LocalDate {
  return at.toISOString().slice(0, 10) as LocalDate;
}

/** Midnight UTC at the start of the day. */
export function startOfDay(on: LocalDate): Date {
  return new Date(`${on}T00:00:00Z`);
}

/** The day `days` after `on` (negative: before). */
export function addDays(on: LocalDate, days: number): LocalDate {
  return utcDate(new Date(startOfDay(on).getTime() + days * DAY_MS));
}

/** Days on which banks are closed besides weekends, `YYYY-MM-DD`. */
export type ClosedDays = ReadonlySet<string>;

const NEVER_CLOSED: ClosedDays = new Set();

/** Monday to Friday, but for the closed days. */
export function isBusinessDay(on: LocalDate, closed: ClosedDays = NEVER_CLOSED): boolean {
  const weekday = startOfDay(on).getUTCDay();
  return weekday !== 0 && weekday !== 6 && !closed.has(on);
}

/** The day `days` business days after `on`. `days` ≥ 0. */
export function addBusinessDays(on: LocalDate, days: number, closed: ClosedDays = NEVER_CLOSED): LocalDate {
  let day = on;
  for (let left = days; left > 0; ) {
    day = addDays(day, 1);
    if (isBusinessDay(day, closed)) left -= 1;
  }
  return day;
}

/** The same time of day, `days` business days later (UTC). */
export function addBusinessDaysAt(at: Date, days: number, closed: ClosedDays = NEVER_CLOSED): Date {
  const on = utcDate(at);
  return new Date(startOfDay(addBusinessDays(on, days, closed)).getTime() + (at.getTime() - startOfDay(on).getTime()));
}
