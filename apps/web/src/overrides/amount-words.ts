import { type Currency, isCurrency, minorDigits } from '@countersign/api/src/core/currency.ts';
import type { WireMoney } from '../lib/format.ts';
import type { Language } from '../lib/language.ts';
import { CURRENCY_WORDS } from './currency-words.ts';
import { numberInWords } from './number-words.ts';

/**
 * An amount of minor units in words, so that an approver reads it a second time without its separators:
 * `forty-eight thousand two hundred fifty lira`, `twelve euros and five cents`; `kırk sekiz bin iki yüz elli lira`,
 * `on iki avro beş sent`. A currency that is not in the table is said by its code. Throws SyntaxError when
 * `amountMinor` is not a whole number.
 */
export function amountInWords({ amountMinor, currency }: WireMoney, language: Language): string {
  const minor = BigInt(amountMinor);
  const absolute = minor < 0n ? -minor : minor;
  const step = 10n ** BigInt(isCurrency(currency) ? minorDigits(currency) : 2);
  const said = language === 'tr' ? turkish : english;
  const words = said(absolute / step, absolute % step, isCurrency(currency) ? currency : null, currency);
  return minor < 0n ? `${language === 'tr' ? 'eksi' : 'minus'} ${words}` : words;
}

function english(whole: bigint, rest: bigint, known: Currency | null, code: string): string {
  const names = known
    ? CURRENCY_WORDS[known].en
    : { one: code, other: code, minorOne: 'hundredth', minorOther: 'hundredths' };
  const major = `${numberInWords(whole, 'en')} ${whole === 1n ? names.one : names.other}`;
  const minor = `${numberInWords(rest, 'en')} ${rest === 1n ? names.minorOne : names.minorOther}`;
  if (rest === 0n) return major;
  return whole === 0n ? minor : `${major} and ${minor}`;
}

function turkish(whole: bigint, rest: bigint, known: Currency | null, code: string): string {
  const names = known ? CURRENCY_WORDS[known].tr : { unit: code, minor: 'yüzde bir' };
  const major = `${numberInWords(whole, 'tr')} ${names.unit}`;
  const minor = `${numberInWords(rest, 'tr')} ${names.minor}`;
  if (rest === 0n) return major;
  return whole === 0n ? minor : `${major} ${minor}`;
}
