import type { Currency } from '../core/currency.ts';
import { addDays, type LocalDate, parseLocalDate } from '../core/time.ts';
import { type Complain, readCurrency, readMinor } from './settlement-amount.ts';

/** Two-digit years from here on are of the last century. */
const CENTURY_TURN = 80;

/** A day as YYMMDD; null, after complaining, when it is not a real one. */
export function readShortDay(text: string, field: string, complain: Complain): LocalDate | null {
  const [, yy = '', mm = '', dd = ''] = /^(\d\d)(\d\d)(\d\d)$/.exec(text) ?? [];
  const day = parseLocalDate(`${Number(yy) >= CENTURY_TURN ? '19' : '20'}${yy}-${mm}-${dd}`);
  if (!day) complain('date_invalid', { field, value: text });
  return day;
}

/** The amount of a SWIFT field, with a decimal comma, in minor units; null, after complaining. */
export function readSwiftAmount(text: string, currency: Currency, field: string, complain: Complain): bigint | null {
  const decimal = text
    .replace(/^0+(?=\d)/, '')
    .replace(/,$/, '')
    .replace(',', '.');
  return readMinor(decimal, currency, field, complain);
}

export interface SwiftBalance {
  currency: Currency;
  on: LocalDate | null;
  /** Signed, minor units. */
  minor: bigint;
}

/** Fields 60 and 62: `C131016EUR84349,74`. */
export function readBalance(text: string, field: string, complain: Complain): SwiftBalance | null {
  const [, mark, day = '', code = '', amount = ''] =
    /^([CD])(\d{6})([A-Z]{3})(\d{1,30}(?:,\d{0,30})?)\s*$/.exec(text) ?? [];
  if (!mark) {
    complain('field_malformed', { field, value: text });
    return null;
  }
  const currency = readCurrency(code, field, complain);
  const on = readShortDay(day, field, complain);
  const unsigned = currency && readSwiftAmount(amount, currency, field, complain);
  if (!currency || unsigned === null) return null;
  return { currency, on, minor: mark === 'C' ? unsigned : -unsigned };
}

export interface SwiftMovement {
  /** Signed from our account's view, minor units. */
  minor: bigint;
  valueOn: LocalDate | null;
  bookedOn: LocalDate | null;
  /** Our reference, as we gave it to the bank. */
  ourRef: string | null;
  bankRef: string | null;
  /** What stands after the references: a name with some banks, a number with others. */
  more: string | null;
}

/**
 * Field 61: value day, booking day without its year, mark, the currency's third letter, amount, type and references. `C`
 * raises the balance, `D` lowers it, `RC` takes a credit back and `RD` a debit (SWIFT, category 9 standards).
 */
const MOVEMENT = /^(\d{6})(\d{4})?(RC|RD|C|D)([A-Z])?(\d{1,30}(?:,\d{0,30})?)([A-Z][A-Z0-9]{3})(.*)$/;
/** Longest owner's reference. A bank that writes it in full puts blanks and a name after it. */
const OWNER_CHARS = 16;

/** Reads field 61; null, after complaining, when a part that the money hangs on cannot be read. */
export function readMovement(lines: readonly string[], currency: Currency, complain: Complain): SwiftMovement | null {
  const [first = '', ...rest] = lines;
  const [, value = '', booked, mark = '', , amount = '', , after = ''] = MOVEMENT.exec(first) ?? [];
  if (mark === '') {
    complain('field_malformed', { field: ':61:', value: first });
    return null;
  }
  const valueOn = readShortDay(value, ':61: value date', complain);
  const bookedOn = booked === undefined ? valueOn : valueOn && bookingDay(valueOn, booked, complain);
  const unsigned = readSwiftAmount(amount, currency, ':61: amount', complain);
  if (unsigned === null || valueOn === null || bookedOn === null) return null;
  const slashes = after.indexOf('//');
  const owner = slashes >= 0 ? after.slice(0, slashes) : after.slice(0, OWNER_CHARS);
  const name = slashes >= 0 ? '' : after.slice(OWNER_CHARS);
  return {
    minor: mark === 'C' || mark === 'RD' ? unsigned : -unsigned,
    valueOn,
    bookedOn,
    ourRef: swiftReference(owner),
    bankRef: slashes >= 0 ? swiftReference(after.slice(slashes + 2)) : null,
    more:
      [name, ...rest]
        .map((text) => text.trim())
        .filter(Boolean)
        .join(' ') || null,
  };
}

/** The booking day MMDD in the year that brings it next to the value day. */
function bookingDay(valueOn: LocalDate, monthDay: string, complain: Complain): LocalDate | null {
  const year = Number(valueOn.slice(0, 4));
  const days = [year - 1, year, year + 1]
    .map((one) => parseLocalDate(`${one}-${monthDay.slice(0, 2)}-${monthDay.slice(2)}`))
    .filter((day) => day !== null);
  const near = days.find((day) => day >= addDays(valueOn, -182) && day <= addDays(valueOn, 182));
  if (!near) complain('date_invalid', { field: ':61: entry date', value: monthDay });
  return near ?? null;
}

function swiftReference(text: string): string | null {
  const plain = text.trim();
  return plain === '' || plain.toUpperCase() === 'NONREF' ? null : plain;
}
