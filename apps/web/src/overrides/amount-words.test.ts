import { CURRENCIES } from '@countersign/api/src/core/currency.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { amountInWords } from './amount-words.ts';
import { numberInWords } from './number-words.ts';

describe('amountInWords', () => {
  it.each([
    ['TRY', '4825000', 'forty-eight thousand two hundred fifty lira', 'kırk sekiz bin iki yüz elli lira'],
    [
      'TRY',
      '4825075',
      'forty-eight thousand two hundred fifty lira and seventy-five kuruş',
      'kırk sekiz bin iki yüz elli lira yetmiş beş kuruş',
    ],
    ['EUR', '100', 'one euro', 'bir avro'],
    ['EUR', '101', 'one euro and one cent', 'bir avro bir sent'],
    ['EUR', '1205', 'twelve euros and five cents', 'on iki avro beş sent'],
    ['EUR', '5', 'five cents', 'beş sent'],
    ['EUR', '0', 'zero euros', 'sıfır avro'],
    ['USD', '100000', 'one thousand US dollars', 'bin ABD doları'],
    ['USD', '10000000000', 'one hundred million US dollars', 'yüz milyon ABD doları'],
    ['JPY', '1204000', 'one million two hundred four thousand yen', 'bir milyon iki yüz dört bin Japon yeni'],
    [
      'KWD',
      '2450750',
      'two thousand four hundred fifty Kuwaiti dinars and seven hundred fifty fils',
      'iki bin dört yüz elli Kuveyt dinarı yedi yüz elli fils',
    ],
    ['GBP', '201', 'two pounds sterling and one penny', 'iki İngiliz sterlini bir peni'],
    ['TRY', '-100', 'minus one lira', 'eksi bir lira'],
    ['XTS', '150', 'one XTS and fifty hundredths', 'bir XTS elli yüzde bir'],
  ])('%s %s', (currency, amountMinor, en, tr) => {
    expect(amountInWords({ amountMinor, currency }, 'en')).toBe(en);
    expect(amountInWords({ amountMinor, currency }, 'tr')).toBe(tr);
  });

  it.each(CURRENCIES)('has words for %s up to what an account can hold', (currency) => {
    for (const language of ['en', 'tr'] as const) {
      const words = amountInWords({ amountMinor: 9_223_372_036_854_775_807n, currency }, language);
      expect(words).not.toMatch(/undefined|\d| {2}/);
      expect(words).not.toContain(currency);
    }
  });
});

/** Reads English words back into the number: the inverse that the property below needs. */
function readEnglish(words: string): bigint {
  const small = new Map(Array.from({ length: 20 }, (_, n) => [numberInWords(BigInt(n), 'en'), BigInt(n)]));
  const tens = new Map([20, 30, 40, 50, 60, 70, 80, 90].map((n) => [numberInWords(BigInt(n), 'en'), BigInt(n)]));
  const scales = ['thousand', 'million', 'billion', 'trillion', 'quadrillion', 'quintillion'];
  let [sum, group] = [0n, 0n];
  for (const word of words.split(/[ -]/)) {
    const scale = scales.indexOf(word);
    if (scale >= 0) [sum, group] = [sum + group * 1_000n ** BigInt(scale + 1), 0n];
    else if (word === 'hundred') group *= 100n;
    else group += small.get(word) ?? tens.get(word) ?? 0n;
  }
  return sum + group;
}

/** Reads Turkish words back; a bare "yüz" or "bin" is one of it. */
function readTurkish(words: string): bigint {
  const ones = ['bir', 'iki', 'üç', 'dört', 'beş', 'altı', 'yedi', 'sekiz', 'dokuz'];
  const tens = ['on', 'yirmi', 'otuz', 'kırk', 'elli', 'altmış', 'yetmiş', 'seksen', 'doksan'];
  const scales = ['bin', 'milyon', 'milyar', 'trilyon', 'katrilyon', 'kentilyon'];
  let [sum, group] = [0n, 0n];
  for (const word of words.split(' ')) {
    const scale = scales.indexOf(word);
    if (scale >= 0) [sum, group] = [sum + (group || 1n) * 1_000n ** BigInt(scale + 1), 0n];
    else if (word === 'yüz') group = (group || 1n) * 100n;
    else if (ones.includes(word)) group += BigInt(ones.indexOf(word) + 1);
    else if (tens.includes(word)) group += BigInt((tens.indexOf(word) + 1) * 10);
  }
  return sum + group;
}

describe('numberInWords', () => {
  const whole = fc.bigInt({ min: 0n, max: 10n ** 21n - 1n });

  it('can be read back, in both languages: no two numbers share their words', () => {
    fc.assert(
      fc.property(whole, (number) => {
        expect(readEnglish(numberInWords(number, 'en'))).toBe(number);
        expect(readTurkish(numberInWords(number, 'tr'))).toBe(number);
      }),
    );
  });

  it.each([
    [11n, 'eleven', 'on bir'],
    [21n, 'twenty-one', 'yirmi bir'],
    [100n, 'one hundred', 'yüz'],
    [101n, 'one hundred one', 'yüz bir'],
    [1_000n, 'one thousand', 'bin'],
    [1_001n, 'one thousand one', 'bin bir'],
    [21_000n, 'twenty-one thousand', 'yirmi bir bin'],
    [1_000_000n, 'one million', 'bir milyon'],
    [1_001_000n, 'one million one thousand', 'bir milyon bin'],
  ])('%s', (number, en, tr) => {
    expect(numberInWords(number, 'en')).toBe(en);
    expect(numberInWords(number, 'tr')).toBe(tr);
  });

  it('refuses what no account can hold', () => {
    expect(() => numberInWords(10n ** 21n, 'en')).toThrow(RangeError);
    expect(() => numberInWords(-1n, 'tr')).toThrow(RangeError);
  });
});
