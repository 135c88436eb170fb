import { DAY_MS, HOUR_MS } from '@countersign/api/src/core/time.ts';

/** As the server bounds it: a month, and then somebody looks again. */
export const LONGEST_SNOOZE_MS = 30 * DAY_MS;

const MORNING = 9;
const MONDAY = 1;

export interface SnoozeTime {
  id: 'hour' | 'tomorrow' | 'monday';
  until: Date;
}

/**
 * The times that people mean: in an hour, tomorrow at nine, Monday at nine, all by this computer's clock and calendar, so
 * that nine is nine on the day the clocks change. On a Sunday Monday is tomorrow, and is said once.
 */
export function snoozeTimes(now: Date): SnoozeTime[] {
  const tomorrow = morning(now, 1);
  const monday = morning(now, ((MONDAY - now.getDay() + 6) % 7) + 1);
  return [
    { id: 'hour', until: new Date(now.getTime() + HOUR_MS) },
    { id: 'tomorrow', until: tomorrow },
    ...(monday.getTime() === tomorrow.getTime() ? [] : [{ id: 'monday' as const, until: monday }]),
  ];
}

function morning(now: Date, inDays: number): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + inDays, MORNING);
}

/** An instant as a `datetime-local` field takes it, by this computer's clock: `2026-11-21T09:00`. */
export function fieldTime(at: Date): string {
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** What such a field holds as an instant; null where it is empty, past, or more than 30 days away. */
export function readFieldTime(text: string, now: Date): Date | null {
  const at = new Date(text);
  const ahead = at.getTime() - now.getTime();
  return ahead > 0 && ahead <= LONGEST_SNOOZE_MS ? at : null;
}
