import type { Limit, StuckRule } from '@countersign/api/src/payouts/stuck-policy.ts';
import type { Text } from '../lib/i18n.ts';

const HOUR = 60;
const DAY = 24 * HOUR;

/** A limit as people say it, exactly: "15 min", "1 h 30 min", "48 h", "4 d 2 h", "2 business days". */
export function limitText(t: Text, limit: Limit): string {
  if ('businessDays' in limit) return t('controls.policy.businessDays', { count: limit.businessDays });
  // Up to two days hours say more than days: that is how limits are spoken of.
  const days = limit.minutes > 2 * DAY ? Math.floor(limit.minutes / DAY) : 0;
  const hours = Math.floor((limit.minutes - days * DAY) / HOUR);
  const minutes = limit.minutes % HOUR;
  const parts = [
    ...(days ? [`${days} ${t('controls.policy.d')}`] : []),
    ...(hours ? [`${hours} ${t('controls.policy.h')}`] : []),
    ...(minutes || (!days && !hours) ? [`${minutes} ${t('controls.policy.min')}`] : []),
  ];
  return parts.join(' ');
}

/** Both limits of a rule: "late 2 min, stuck 15 min". */
export function ruleText(t: Text, rule: StuckRule | null): string {
  if (!rule) return t('controls.policy.noLimit');
  return t('controls.policy.change.rule', { late: limitText(t, rule.expected), stuck: limitText(t, rule.stuck) });
}

export type LimitUnit = 'minutes' | 'hours' | 'businessDays';

/** A limit as its fields hold it: what was typed, and the unit chosen. */
export interface LimitFields {
  length: string;
  unit: LimitUnit;
}

export function fieldsOf(limit: Limit): LimitFields {
  if ('businessDays' in limit) return { length: String(limit.businessDays), unit: 'businessDays' };
  return limit.minutes >= HOUR && limit.minutes % HOUR === 0
    ? { length: String(limit.minutes / HOUR), unit: 'hours' }
    : { length: String(limit.minutes), unit: 'minutes' };
}

/** The limit that the fields say; null when what was typed is no whole number of at least 1. */
export function limitOf({ length, unit }: LimitFields): Limit | null {
  const typed = length.trim();
  const number = /^\d{1,9}$/.test(typed) ? Number(typed) : 0;
  if (number < 1) return null;
  if (unit === 'businessDays') return { businessDays: number };
  return { minutes: unit === 'hours' ? number * HOUR : number };
}
