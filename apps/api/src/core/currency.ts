/**
 * ISO 4217 currencies that the product accepts, with the number of decimal digits of their minor unit.
 * Source: ISO 4217 list one. `Intl.NumberFormat` is not used for digits: it is wrong for HUF, IDR, COP, PKR, IQD, LBP, MGA.
 */
const MINOR_DIGITS = {
  AED: 2,
  AUD: 2,
  BGN: 2,
  BHD: 3,
  BRL: 2,
  CAD: 2,
  CHF: 2,
  CLP: 0,
  CNY: 2,
  COP: 2,
  CZK: 2,
  DKK: 2,
  EGP: 2,
  EUR: 2,
  GBP: 2,
  GEL: 2,
  HKD: 2,
  HUF: 2,
  IDR: 2,
  ILS: 2,
  INR: 2,
  IQD: 3,
  ISK: 0,
  JOD: 3,
  JPY: 0,
  KRW: 0,
  KWD: 3,
  KZT: 2,
  LBP: 2,
  MAD: 2,
  MGA: 2,
  MXN: 2,
  MYR: 2,
  NOK: 2,
  NZD: 2,
  OMR: 3,
  PHP: 2,
  PKR: 2,
  PLN: 2,
  QAR: 2,
  RON: 2,
  RSD: 2,
  SAR: 2,
  SEK: 2,
  SGD: 2,
  THB: 2,
  TND: 3,
  TRY: 2,
  TWD: 2,
  UAH: 2,
  USD: 2,
  VND: 0,
  ZAR: 2,
} as const satisfies Record<string, 0 | 2 | 3>;

export type Currency = keyof typeof MINOR_DIGITS;

export const CURRENCIES = Object.keys(MINOR_DIGITS) as Currency[];

/** Whether `code` is a currency we accept; upper-case ISO 4217 codes only. */
export function isCurrency(code: string): code is Currency {
  return Object.hasOwn(MINOR_DIGITS, code);
}

/** Digits after the decimal point of a currency's minor unit: JPY 0, EUR 2, KWD 3. */
export function minorDigits(currency: Currency): number {
  return MINOR_DIGITS[currency];
}
