import { useMemo } from 'react';
import {
  formatCount,
  formatDay,
  formatDuration,
  formatInstant,
  formatMoney,
  formatRelative,
  formatShare,
  formatTime,
  formatValueDate,
  type WireMoney,
} from './format.ts';
import { useLanguage } from './i18n.ts';
import { useZone } from './zone.ts';

/** Instants arrive on wires as ISO text. */
export type Instant = string | Date;

function date(at: Instant): Date {
  return typeof at === 'string' ? new Date(at) : at;
}

/** The formatters of format.ts, in the person's language and zone. */
export function useFormat() {
  const language = useLanguage();
  const zone = useZone();
  return useMemo(
    () => ({
      money: (money: WireMoney, signed = false) => formatMoney(money, language, signed),
      duration: (ms: number) => formatDuration(ms, language),
      relative: (at: Instant, now: Date) => formatRelative(date(at), now, language),
      instant: (at: Instant) => formatInstant(date(at), language, zone),
      time: (at: Instant) => formatTime(date(at), language, zone),
      day: (at: Instant, now: Date) => formatDay(date(at), now, language, zone),
      valueDate: (on: string) => formatValueDate(on, language),
      count: (count: number | bigint | string) => formatCount(count, language),
      share: (share: number) => formatShare(share, language),
    }),
    [language, zone],
  );
}
