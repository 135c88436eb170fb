import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CURRENCIES, type Currency, minorDigits } from './currency.ts';
import { absMinor, add, decimalString, MAX_MINOR, MoneyError, money, parseMoney, subtract } from './money.ts';

const codeOf = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    return error instanceof MoneyError ? error.code : error;
  }
  return null;
};
const currency = fc.constantFrom(...CURRENCIES);
const minor = fc.bigInt({ min: -MAX_MINOR, max: MAX_MINOR });
const aMoney = fc.record({ minor, currency });

describe('reading', () => {
  it.each([
    ['48250.00', 'TRY', 4_825_000n],
    ['48250', 'TRY', 4_825_000n],
    ['0.01', 'EUR', 1n],
    ['.5', 'EUR', 'malformed_amount'],
    ['5.', 'EUR', 'malformed_amount'],
    ['-12.5', 'EUR', -1_250n],
    ['+12.5', 'EUR', 1_250n],
    ['-0.00', 'EUR', 0n],
    [' 12.50 ', 'EUR', 1_250n],
    ['12.50000', 'EUR', 1_250n],
    ['12.501', 'EUR', 'wrong_decimals'],
    ['1204000', 'JPY', 1_204_000n],
    ['1204000.0', 'JPY', 1_204_000n],
    ['1204000.5', 'JPY', 'wrong_decimals'],
    ['5.124', 'KWD', 5_124n],
    ['5.1245', 'KWD', 'wrong_decimals'],
    ['10.45', 'HUF', 1_045n],
    ['1,204.00', 'EUR', 'malformed_amount'],
    ['1.204,00', 'EUR', 'malformed_amount'],
    ['1e3', 'EUR', 'malformed_amount'],
    ['0x10', 'EUR', 'malformed_amount'],
    ['١٢', 'EUR', 'malformed_amount'],
    ['12 50', 'EUR', 'malformed_amount'],
    ['--1', 'EUR', 'malformed_amount'],
    ['', 'EUR', 'malformed_amount'],
    ['NaN', 'EUR', 'malformed_amount'],
    ['12.50', 'eur', 'unknown_currency'],
    ['12.50', 'XXX', 'unknown_currency'],
    ['92233720368547758.07', 'EUR', 9_223_372_036_854_775_807n],
    ['92233720368547758.08', 'EUR', 'amount_too_large'],
    ['-92233720368547758.07', 'EUR', -9_223_372_036_854_775_807n],
    ['-92233720368547758.08', 'EUR', 'amount_too_large'],
    ['9007199254740993', 'JPY', 9_007_199_254_740_993n],
    ['1'.repeat(30), 'JPY', 'amount_too_large'],
    ['1'.repeat(31), 'JPY', 'malformed_amount'],
    [`0.${'0'.repeat(30)}`, 'EUR', 0n],
  ])('%j %s is %s', (text, of, expected) => {
    if (typeof expected === 'string') expect(codeOf(() => parseMoney(text, of))).toBe(expected);
    else expect(parseMoney(text, of)).toEqual({ minor: expected, currency: of });
  });

  it('reads back what it wrote, for every currency and every amount that the database holds', () => {
    fc.assert(
      fc.property(aMoney, (m) => {
        expect(parseMoney(decimalString(m), m.currency)).toEqual(m);
      }),
    );
  });

  it('never takes more decimals than the currency has', () => {
    const excess = fc.tuple(currency, fc.nat(), fc.integer({ min: 1, max: 9 }));
    fc.assert(
      fc.property(excess, ([of, whole, last]) => {
        const text = `${whole}.${'0'.repeat(minorDigits(of))}${last}`;
        expect(codeOf(() => parseMoney(text, of))).toBe('wrong_decimals');
      }),
    );
  });
});

describe('writing', () => {
  it.each([
    [4_825_000n, 'TRY', '48250.00'],
    [1n, 'EUR', '0.01'],
    [-1n, 'EUR', '-0.01'],
    [-1_250n, 'EUR', '-12.50'],
    [0n, 'EUR', '0.00'],
    [0n, 'JPY', '0'],
    [-5n, 'JPY', '-5'],
    [5n, 'KWD', '0.005'],
    [MAX_MINOR, 'EUR', '92233720368547758.07'],
  ] as const)('%s minor units of %s are %s', (amount, of, text) => {
    expect(decimalString({ minor: amount, currency: of })).toBe(text);
  });

  it('writes a plain decimal with exactly the digits of its currency', () => {
    fc.assert(
      fc.property(aMoney, (m) => {
        const digits = minorDigits(m.currency);
        expect(decimalString(m)).toMatch(digits === 0 ? /^-?\d+$/ : new RegExp(`^-?\\d+\\.\\d{${digits}}$`));
      }),
    );
  });
});

describe('arithmetic', () => {
  const small = fc.bigInt({ min: -(MAX_MINOR / 2n), max: MAX_MINOR / 2n });

  it('subtracting what was added changes nothing, and order does not matter', () => {
    fc.assert(
      fc.property(small, small, currency, (x, y, of) => {
        const [a, b] = [money(x, of), money(y, of)];
        expect(subtract(add(a, b), b)).toEqual(a);
        expect(add(a, b)).toEqual(add(b, a));
      }),
    );
  });

  it('never mixes currencies', () => {
    const two = fc.tuple(currency, currency).filter(([a, b]) => a !== b);
    fc.assert(
      fc.property(two, small, ([a, b], x) => {
        expect(codeOf(() => add(money(x, a), money(x, b)))).toBe('mixed_currencies');
        expect(codeOf(() => subtract(money(x, a), money(x, b)))).toBe('mixed_currencies');
      }),
    );
  });

  it('refuses a sum beyond 64 bits instead of wrapping', () => {
    const most = money(MAX_MINOR, 'EUR');
    expect(codeOf(() => add(most, money(1n, 'EUR')))).toBe('amount_too_large');
    expect(codeOf(() => subtract(money(-MAX_MINOR, 'EUR'), money(1n, 'EUR')))).toBe('amount_too_large');
  });

  it('absMinor keeps the size', () => {
    expect([absMinor(-5n), absMinor(0n), absMinor(5n)]).toEqual([5n, 0n, 5n]);
  });
});

it.each(['eur', 'XXX', ''])('money in %j is refused', (of) => {
  expect(codeOf(() => money(1n, of as Currency))).toBe('unknown_currency');
});
