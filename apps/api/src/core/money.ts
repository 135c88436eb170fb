import { type Currency, isCurrency, minorDigits } from './currency.ts';

/** An amount in the minor unit of its currency: `{ minor: 4825000n, currency: 'TRY' }` is TRY 48,250.00. */
export interface Money {
  readonly minor: bigint;
  readonly currency: Currency;
}

/** The largest amount that the database column (BIGINT) holds. */
export const MAX_MINOR = 9_223_372_036_854_775_807n;

export class MoneyError extends Error {
  override readonly name = 'MoneyError';
  readonly code: 'unknown_currency' | 'malformed_amount' | 'wrong_decimals' | 'mixed_currencies' | 'amount_too_large';
  constructor(code: MoneyError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** Makes money from minor units. Throws MoneyError on an unknown currency or more than 64 bits. */
export function money(minor: bigint, currency: string): Money {
  if (!isCurrency(currency)) throw new MoneyError('unknown_currency', `"${currency}" is not a currency we know.`);
  if (minor > MAX_MINOR || minor < -MAX_MINOR) throw new MoneyError('amount_too_large', 'The amount exceeds 64 bits.');
  return { minor, currency };
}

/**
 * Reads a decimal string in major units ("48250.00", "-12.5", "1204000"), `.` as the decimal mark, no grouping.
 * Throws MoneyError when the string is not a plain decimal, or has more decimals than the currency allows
 * (trailing zeros beyond the allowed digits are fine: "12.50000" EUR is 12.50).
 */
export function parseMoney(text: string, currency: string): Money {
  if (!isCurrency(currency)) throw new MoneyError('unknown_currency', `"${currency}" is not a currency we know.`);
  const m = /^([+-]?)(\d{1,30})(?:\.(\d{1,30}))?$/.exec(text.trim());
  if (!m) throw new MoneyError('malformed_amount', `"${text.slice(0, 40)}" is not a decimal amount.`);
  const digits = minorDigits(currency);
  const [, sign = '', whole = '0', fraction = ''] = m;
  if (/[1-9]/.test(fraction.slice(digits))) {
    throw new MoneyError('wrong_decimals', `${currency} has ${digits} decimals; "${text.slice(0, 40)}" has more.`);
  }
  const minor = BigInt(whole + fraction.slice(0, digits).padEnd(digits, '0'));
  return money(sign === '-' ? -minor : minor, currency);
}

/** The locale-free decimal string in major units: `48250.00`, `-12.50`, `1204000`. The inverse of parseMoney. */
export function decimalString({ minor, currency }: Money): string {
  const digits = minorDigits(currency);
  const absolute = (minor < 0n ? -minor : minor).toString().padStart(digits + 1, '0');
  const text = digits === 0 ? absolute : `${absolute.slice(0, -digits)}.${absolute.slice(-digits)}`;
  return minor < 0n ? `-${text}` : text;
}

/** Sum of two amounts. Throws MoneyError when the currencies differ. */
export function add(a: Money, b: Money): Money {
  sameCurrency(a, b);
  return money(a.minor + b.minor, a.currency);
}

/** `a - b`. Throws MoneyError when the currencies differ. */
export function subtract(a: Money, b: Money): Money {
  sameCurrency(a, b);
  return money(a.minor - b.minor, a.currency);
}

/** Absolute value in minor units. */
export function absMinor(minor: bigint): bigint {
  return minor < 0n ? -minor : minor;
}

function sameCurrency(a: Money, b: Money): void {
  if (a.currency !== b.currency) {
    throw new MoneyError('mixed_currencies', `${a.currency} and ${b.currency} cannot be combined.`);
  }
}
