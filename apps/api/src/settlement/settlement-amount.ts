import { type Currency, isCurrency } from '../core/currency.ts';
import { MoneyError, parseMoney } from '../core/money.ts';
import { type LocalDate, parseLocalDate } from '../core/time.ts';
import type { FaultCode } from './settlement-fault.ts';

/** Says what is wrong with a value, at the place that the caller knows. */
export type Complain = (code: FaultCode, params: Record<string, string | number>) => void;

const AMOUNT_FAULT: Record<MoneyError['code'], FaultCode> = {
  unknown_currency: 'currency_unknown',
  malformed_amount: 'amount_malformed',
  wrong_decimals: 'amount_decimals',
  amount_too_large: 'amount_too_large',
  mixed_currencies: 'currency_mismatch',
};

/**
 * Reads a decimal string in major units as minor units; null, after complaining, when it is not an amount of the
 * currency. Zeros beyond the currency's decimals are no more than a way of writing ("27.050" EUR is 27.05), so they
 * are read; any other digit there would be money that the currency cannot hold, and is a fault.
 */
export function readMinor(text: string, currency: Currency, field: string, complain: Complain): bigint | null {
  try {
    return parseMoney(text, currency).minor;
  } catch (error) {
    if (!(error instanceof MoneyError)) throw error;
    complain(AMOUNT_FAULT[error.code], { field, value: text, currency });
    return null;
  }
}

/** The currency of a code in any letter case; null, after complaining, when it is not known here. */
export function readCurrency(text: string, field: string, complain: Complain): Currency | null {
  const code = text.trim().toUpperCase();
  if (isCurrency(code)) return code;
  complain('currency_unknown', { field, value: text });
  return null;
}

/** Days that were read lately: a file repeats few of them on each of its lines. */
const days = new Map<string, LocalDate | null>();
const DAYS_HELD = 4_096;

function localDay(text: string): LocalDate | null {
  let day = days.get(text);
  if (day === undefined) {
    day = parseLocalDate(text);
    if (days.size >= DAYS_HELD) days.clear();
    days.set(text, day);
  }
  return day;
}

/**
 * The calendar day of a date or a time ("2026-11-20", "2026-11-20 09:15:00", "2026-11-20T09:15:00+01:00"), as the
 * reporter wrote it: a booking day is the bank's day, so it is not moved to another zone. Null, after complaining, when
 * it is not a real day.
 */
export function readDay(text: string, field: string, complain: Complain): LocalDate | null {
  const match = /^(\d{4}-\d{2}-\d{2})(?:[T ]\d{1,2}:\d{2}.{0,32}|Z|[+-]\d{2}:\d{2})?$/.exec(text.trim());
  const day = match?.[1] === undefined ? null : localDay(match[1]);
  if (!day) complain('date_invalid', { field, value: text });
  return day;
}
