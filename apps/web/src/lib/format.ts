import { isCurrency, minorDigits } from '@countersign/api/src/core/currency.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '@countersign/api/src/core/time.ts';
import { type Language, LOCALE } from './language.ts';
import { ianaZone, type Zone } from './zone.ts';

/** Money as wires carry it: minor units as a decimal string, and the ISO 4217 code. */
export interface WireMoney {
  amountMinor: string | bigint;
  currency: string;
}

export interface MoneyParts {
  /** ISO 4217 code, never a symbol: `$` is four currencies. */
  currency: string;
  /** Grouped digits with their sign: `−48,250.00`. */
  number: string;
}

const dateFormats = new Map<string, Intl.DateTimeFormat>();

/** Making a formatter costs a hundred times what using it does, and lists use the same few on every row. */
function dateFormat(language: Language, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = language + JSON.stringify(options);
  const known = dateFormats.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat(LOCALE[language], options);
  dateFormats.set(key, made);
  return made;
}

const numberFormats = new Map<Language, Intl.NumberFormat>();

const separators = new Map<Language, { group: string; decimal: string }>();

function separatorsOf(language: Language): { group: string; decimal: string } {
  const known = separators.get(language);
  if (known) return known;
  const parts = new Intl.NumberFormat(LOCALE[language]).formatToParts(-12345.6);
  const find = (type: string, otherwise: string): string => parts.find((p) => p.type === type)?.value ?? otherwise;
  const found = { group: find('group', ','), decimal: find('decimal', '.') };
  separators.set(language, found);
  return found;
}

/**
 * Writes an amount of minor units without ever passing through a float. Digits come from the ISO 4217 table, not from
 * `Intl`, which is wrong for HUF, IDR, COP, PKR, IQD, LBP and MGA. `signed` writes the plus of a difference.
 * Throws SyntaxError when `amountMinor` is not a whole number.
 */
export function moneyParts(money: WireMoney, language: Language, signed = false): MoneyParts {
  const minor = BigInt(money.amountMinor);
  const digits = isCurrency(money.currency) ? minorDigits(money.currency) : 2;
  const { group, decimal } = separatorsOf(language);
  const absolute = (minor < 0n ? -minor : minor).toString().padStart(digits + 1, '0');
  const whole = absolute.slice(0, absolute.length - digits).replace(/\B(?=(\d{3})+$)/g, group);
  const fraction = digits === 0 ? '' : decimal + absolute.slice(-digits);
  const sign = minor < 0n ? '−' : signed && minor > 0n ? '+' : '';
  return { currency: money.currency, number: `${sign}${whole}${fraction}` };
}

/** `TRY 48,250.00` in one string: for labels, titles and sentences. */
export function formatMoney(money: WireMoney, language: Language, signed = false): string {
  const { currency, number } = moneyParts(money, language, signed);
  return `${currency} ${number}`;
}

const UNITS: Record<Language, { d: string; h: string; min: string; s: string }> = {
  en: { d: 'd', h: 'h', min: 'min', s: 's' },
  tr: { d: 'gün', h: 'sa', min: 'dk', s: 'sn' },
};

/**
 * A length of time in at most two units, the second only where it still matters: `8 s`, `42 min`, `1 h 12 min`,
 * `27 h`, `2 d 4 h`, `12 d`. Rounds down; the sign is dropped.
 */
export function formatDuration(ms: number, language: Language): string {
  const unit = UNITS[language];
  const size = Math.abs(ms);
  if (size < MINUTE_MS) return `${Math.floor(size / SECOND_MS)} ${unit.s}`;
  if (size < HOUR_MS) return `${Math.floor(size / MINUTE_MS)} ${unit.min}`;
  // Up to two days hours say more than "1 d": limits and replay windows are given in them.
  if (size < 2 * DAY_MS) {
    const hours = Math.floor(size / HOUR_MS);
    const minutes = Math.floor((size % HOUR_MS) / MINUTE_MS);
    return hours < 4 && minutes > 0 ? `${hours} ${unit.h} ${minutes} ${unit.min}` : `${hours} ${unit.h}`;
  }
  const days = Math.floor(size / DAY_MS);
  const hours = Math.floor((size % DAY_MS) / HOUR_MS);
  return days < 4 && hours > 0 ? `${days} ${unit.d} ${hours} ${unit.h}` : `${days} ${unit.d}`;
}

/** How far `at` is from `now`: `42 min ago`, `in 3 min`; `42 dk önce`, `3 dk sonra`. Within a second: `now`, `şimdi`. */
export function formatRelative(at: Date, now: Date, language: Language): string {
  const distance = now.getTime() - at.getTime();
  if (Math.abs(distance) < SECOND_MS) return language === 'tr' ? 'şimdi' : 'now';
  const length = formatDuration(distance, language);
  if (language === 'tr') return distance > 0 ? `${length} önce` : `${length} sonra`;
  return distance > 0 ? `${length} ago` : `in ${length}`;
}

/** A full instant, to the second, with its zone: `20 Nov 2026, 09:12:04 UTC`. */
export function formatInstant(at: Date, language: Language, zone: Zone): string {
  return dateFormat(language, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZone: ianaZone(zone),
    timeZoneName: 'short',
  }).format(at);
}

/** The time of day, to the second: `09:12:04`. */
export function formatTime(at: Date, language: Language, zone: Zone): string {
  return dateFormat(language, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZone: ianaZone(zone),
  }).format(at);
}

/** The day of an instant in the zone, short: `20 Nov`; with the year where it is another than `now`'s. */
export function formatDay(at: Date, now: Date, language: Language, zone: Zone): string {
  const sameYear = at.getUTCFullYear() === now.getUTCFullYear();
  return dateFormat(language, {
    day: 'numeric',
    month: 'short',
    ...(sameYear ? {} : { year: 'numeric' }),
    timeZone: ianaZone(zone),
  }).format(at);
}

/** A value date (`2026-11-20`), which no zone shifts: `Fri 20 Nov 2026`. Text that is no day comes back as it is. */
export function formatValueDate(on: string, language: Language): string {
  const at = new Date(`${on}T00:00:00Z`);
  if (Number.isNaN(at.getTime())) return on;
  return dateFormat(language, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  }).format(at);
}

/** A whole number, grouped. Decimal strings of counts beyond 2^53 keep every digit. */
export function formatCount(count: number | bigint | string, language: Language): string {
  const known = numberFormats.get(language) ?? new Intl.NumberFormat(LOCALE[language]);
  numberFormats.set(language, known);
  return known.format(typeof count === 'string' ? BigInt(count) : count);
}

/** A share of one: `0.9996` is `99.96 %`, `%99,96` in Turkish. Rounds toward zero, so that only all of it says 100. */
export function formatShare(share: number, language: Language): string {
  return new Intl.NumberFormat(LOCALE[language], {
    style: 'percent',
    maximumFractionDigits: 2,
    roundingMode: 'trunc',
  }).format(share);
}

/**
 * The form under which codes, ids and references are compared. Never by locale: in Turkish `'IBAN'.toLocaleLowerCase()`
 * is `ıban`, and nothing would be found.
 */
export function foldCode(code: string): string {
  return code.trim().toLowerCase();
}

/** Shortens an id in the middle: `po_01hq8kz3m4e7x2m` becomes `po_01hq…7x2m`. Short ids stay whole. */
export function shortenId(id: string, head = 4, tail = 4): string {
  const start = id.indexOf('_') + 1 + head;
  return id.length <= start + tail + 1 ? id : `${id.slice(0, start)}…${id.slice(-tail)}`;
}
