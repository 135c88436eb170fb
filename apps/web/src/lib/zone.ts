import { createSetting, useSetting } from './setting.ts';

export type Zone = 'utc' | 'local';

/** In which zone instants are written. Value dates are days and do not follow it. */
export const zoneSetting = createSetting<Zone>('zone', ['utc', 'local'], () => 'utc');

export function useZone(): Zone {
  return useSetting(zoneSetting);
}

/** The IANA name that `Intl` wants; undefined is the browser's own zone. */
export function ianaZone(zone: Zone): string | undefined {
  return zone === 'utc' ? 'UTC' : undefined;
}

/** What the switch shows: `UTC`, or the offset of the browser's zone at `at`, like `UTC+3`. */
export function zoneLabel(zone: Zone, at: Date): string {
  if (zone === 'utc') return 'UTC';
  const minutes = -at.getTimezoneOffset();
  if (minutes === 0) return 'UTC±0';
  const hours = Math.floor(Math.abs(minutes) / 60);
  const rest = Math.abs(minutes) % 60;
  return `UTC${minutes < 0 ? '−' : '+'}${hours}${rest === 0 ? '' : `:${String(rest).padStart(2, '0')}`}`;
}
