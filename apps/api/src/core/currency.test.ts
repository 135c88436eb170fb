import { expect, it } from 'vitest';
import { CURRENCIES, isCurrency, minorDigits } from './currency.ts';

/** ISO 4217 list one. `Intl` gives 0 for several of these: that is why it is not asked. */
it.each([
  ['HUF', 2],
  ['IDR', 2],
  ['COP', 2],
  ['PKR', 2],
  ['LBP', 2],
  ['MGA', 2],
  ['IQD', 3],
  ['KWD', 3],
  ['BHD', 3],
  ['JOD', 3],
  ['OMR', 3],
  ['TND', 3],
  ['JPY', 0],
  ['KRW', 0],
  ['CLP', 0],
  ['ISK', 0],
  ['VND', 0],
  ['TRY', 2],
  ['EUR', 2],
  ['USD', 2],
] as const)('%s has %i digits', (currency, digits) => {
  expect(minorDigits(currency)).toBe(digits);
});

it.each(['eur', 'Eur', 'EURO', 'EU', '', ' EUR', 'XXX', 'XTS', 'constructor', '__proto__', 'toString'])(
  '%j is not a currency',
  (code) => {
    expect(isCurrency(code)).toBe(false);
  },
);

it('knows every code it lists, in the shape of ISO 4217', () => {
  expect(CURRENCIES.length).toBeGreaterThan(40);
  for (const code of CURRENCIES) {
    expect(code).toMatch(/^[A-Z]{3}$/);
    expect(isCurrency(code)).toBe(true);
    expect([0, 2, 3]).toContain(minorDigits(code));
  }
});
