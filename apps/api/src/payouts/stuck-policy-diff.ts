import { PAYOUT_STATUSES, type PayoutStatus, RAILS, type Rail } from './payout.ts';
import type { Limit, StuckRule, StuckRules } from './stuck-policy.ts';

/** One thing in which two versions of the policy differ. JSON-plain. */
export type StuckChange =
  /** The limits of a status, on every rail where they changed alike. */
  | { kind: 'limit'; status: PayoutStatus; rails: Rail[]; before: StuckRule | null; after: StuckRule | null }
  /** The days of a calendar; `isNew` and `isGone` where the calendar itself came or went. */
  | { kind: 'days'; calendar: string; added: string[]; removed: string[]; isNew: boolean; isGone: boolean }
  /** The calendar that a rail counts business days by; null for Monday to Friday. */
  | { kind: 'rail_calendar'; rail: Rail; before: string | null; after: string | null };

/** What changed from one version to another, in the order people read it; empty when they say the same. */
export function diffStuckRules(before: StuckRules, after: StuckRules): StuckChange[] {
  return [...limitChanges(before, after), ...railChanges(before, after), ...calendarChanges(before, after)];
}

function limitChanges(before: StuckRules, after: StuckRules): StuckChange[] {
  const changes: Extract<StuckChange, { kind: 'limit' }>[] = [];
  for (const status of PAYOUT_STATUSES) {
    for (const rail of RAILS) {
      const change = { before: before.limits[rail][status] ?? null, after: after.limits[rail][status] ?? null };
      if (sameRule(change.before, change.after)) continue;
      const alike = changes.find(
        (known) =>
          known.status === status && sameRule(known.before, change.before) && sameRule(known.after, change.after),
      );
      if (alike) alike.rails.push(rail);
      else changes.push({ kind: 'limit', status, rails: [rail], ...change });
    }
  }
  return changes;
}

function railChanges(before: StuckRules, after: StuckRules): StuckChange[] {
  return RAILS.flatMap((rail) => {
    const change = { before: before.railCalendar[rail] ?? null, after: after.railCalendar[rail] ?? null };
    return change.before === change.after ? [] : [{ kind: 'rail_calendar' as const, rail, ...change }];
  });
}

function calendarChanges(before: StuckRules, after: StuckRules): StuckChange[] {
  const names = [...new Set([...Object.keys(before.calendars), ...Object.keys(after.calendars)])].sort();
  return names.flatMap((calendar) => {
    const [was, is] = [daysOf(before, calendar), daysOf(after, calendar)];
    const added = (is ?? []).filter((day) => !was?.includes(day));
    const removed = (was ?? []).filter((day) => !is?.includes(day));
    const [isNew, isGone] = [was === null, is === null];
    return added.length + removed.length > 0 || isNew || isGone
      ? [{ kind: 'days' as const, calendar, added, removed, isNew, isGone }]
      : [];
  });
}

function daysOf({ calendars }: StuckRules, calendar: string): readonly string[] | null {
  return Object.hasOwn(calendars, calendar) ? (calendars[calendar] ?? null) : null;
}

function sameRule(one: StuckRule | null, other: StuckRule | null): boolean {
  if (!one || !other) return one === other;
  return sameLimit(one.expected, other.expected) && sameLimit(one.stuck, other.stuck);
}

function sameLimit(one: Limit, other: Limit): boolean {
  return 'minutes' in one
    ? 'minutes' in other && one.minutes === other.minutes
    : 'businessDays' in other && one.businessDays === other.businessDays;
}

/**
 * The two sides of a change as the audit log keeps them: only what differs, by its path. The whole of each version is in
 * `stuck_policy`, which cannot be edited either.
 */
export function changedSides(changes: readonly StuckChange[]): { before: object; after: object } {
  const sides = (['before', 'after'] as const).map((side) => {
    const limits: Record<string, Record<string, StuckRule | null>> = {};
    const railCalendar: Record<string, string | null> = {};
    for (const change of changes) {
      if (change.kind === 'rail_calendar') railCalendar[change.rail] = change[side];
      if (change.kind !== 'limit') continue;
      for (const rail of change.rails) limits[rail] = { ...limits[rail], [change.status]: change[side] };
    }
    return { ...(Object.keys(limits).length && { limits }), ...(Object.keys(railCalendar).length && { railCalendar }) };
  });
  const days = changes.flatMap((change) =>
    change.kind === 'days' ? [[change.calendar, { added: change.added, removed: change.removed }]] : [],
  );
  const [before = {}, after = {}] = sides;
  return { before, after: { ...after, ...(days.length && { calendars: Object.fromEntries(days) }) } };
}
