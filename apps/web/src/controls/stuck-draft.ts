import type { PayoutStatus, Rail } from '@countersign/api/src/payouts/payout.ts';
import type { StuckRule, StuckRules } from '@countersign/api/src/payouts/stuck-policy.ts';

export const RAILS = ['instant', 'card_push', 'local', 'sepa', 'ach', 'wire'] as const satisfies readonly Rail[];

/** The statuses that have limits, in the order of a payout's life. */
export const LIMITED_STATUSES = [
  'queued',
  'sending',
  'unconfirmed',
  'in_transit',
  'failed',
  'returned',
  'held',
] as const satisfies readonly PayoutStatus[];

/** The rules with another rule for a status, on the named rails. */
export function withRule(rules: StuckRules, status: PayoutStatus, rails: readonly Rail[], rule: StuckRule): StuckRules {
  const changed = rails.map((rail) => [rail, { ...rules.limits[rail], [status]: rule }]);
  return { ...rules, limits: { ...rules.limits, ...Object.fromEntries(changed) } };
}

/** The rules with these days in a calendar, in order and each once; a calendar that is not there is made. */
export function withDays(rules: StuckRules, calendar: string, days: readonly string[]): StuckRules {
  return { ...rules, calendars: { ...rules.calendars, [calendar]: [...new Set(days)].sort() } };
}

export function withoutCalendar(rules: StuckRules, calendar: string): StuckRules {
  const { [calendar]: _, ...calendars } = rules.calendars;
  return { ...rules, calendars };
}

/** The rules with a rail counting business days by another calendar; null for Monday to Friday. */
export function withRailCalendar(rules: StuckRules, rail: Rail, calendar: string | null): StuckRules {
  const { [rail]: _, ...others } = rules.railCalendar;
  return { ...rules, railCalendar: calendar === null ? others : { ...others, [rail]: calendar } };
}

/** The rails that count business days by a calendar. */
export function railsOf(rules: StuckRules, calendar: string): Rail[] {
  return RAILS.filter((rail) => rules.railCalendar[rail] === calendar);
}
