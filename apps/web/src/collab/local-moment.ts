import { type Language, LOCALE } from '../lib/language.ts';
import { zoneLabel } from '../lib/zone.ts';

/** An instant by the clock on the wall here, whatever zone the screen shows: `Mon 23 Nov, 09:00 UTC+3`. */
export function localMoment(at: Date, language: Language): string {
  const moment = new Intl.DateTimeFormat(LOCALE[language], {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return `${moment.format(at)} ${zoneLabel('local', at)}`;
}
