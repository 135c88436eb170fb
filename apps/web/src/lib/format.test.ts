import { describe, expect, it } from 'vitest';
import {
  foldCode,
  formatCount,
  formatDuration,
  formatInstant,
  formatMoney,
  formatRelative,
  formatShare,
  formatValueDate,
  shortenId,
} from './format.ts';

describe('formatMoney', () => {
  it.each([
    ['4825000', 'TRY', 'TRY 48,250.00', 'TRY 48.250,00'],
    ['1204000', 'JPY', 'JPY 1,204,000', 'JPY 1.204.000'],
    ['2450750', 'KWD', 'KWD 2,450.750', 'KWD 2.450,750'],
    ['5', 'EUR', 'EUR 0.05', 'EUR 0,05'],
    ['0', 'KWD', 'KWD 0.000', 'KWD 0,000'],
    ['-7200', 'TRY', 'TRY −72.00', 'TRY −72,00'],
    // Intl writes none of these with the digits of ISO 4217.
    ['123456', 'HUF', 'HUF 1,234.56', 'HUF 1.234,56'],
    ['123456', 'IQD', 'IQD 123.456', 'IQD 123,456'],
    ['123456', 'COP', 'COP 1,234.56', 'COP 1.234,56'],
    // One more than a float can hold.
    ['9007199254740993', 'USD', 'USD 90,071,992,547,409.93', 'USD 90.071.992.547.409,93'],
    ['9223372036854775807', 'JPY', 'JPY 9,223,372,036,854,775,807', 'JPY 9.223.372.036.854.775.807'],
  ])('%s minor units of %s', (amountMinor, currency, english, turkish) => {
    expect(formatMoney({ amountMinor, currency }, 'en')).toBe(english);
    expect(formatMoney({ amountMinor, currency }, 'tr')).toBe(turkish);
  });

  it('writes the plus only of a signed, non-zero difference', () => {
    expect(formatMoney({ amountMinor: '1290410', currency: 'EUR' }, 'en', true)).toBe('EUR +12,904.10');
    expect(formatMoney({ amountMinor: '0', currency: 'EUR' }, 'en', true)).toBe('EUR 0.00');
  });

  it('refuses what is not a whole number of minor units', () => {
    expect(() => formatMoney({ amountMinor: '12.5', currency: 'EUR' }, 'en')).toThrow(SyntaxError);
  });
});

describe('formatDuration', () => {
  const s = 1_000;
  const min = 60 * s;
  const h = 60 * min;
  const d = 24 * h;
  it.each([
    [8 * s, '8 s', '8 sn'],
    [59_999, '59 s', '59 sn'],
    [42 * min, '42 min', '42 dk'],
    [h, '1 h', '1 sa'],
    [72 * min, '1 h 12 min', '1 sa 12 dk'],
    [19 * h + 20 * min, '19 h', '19 sa'],
    [24 * h, '24 h', '24 sa'],
    [47 * h + 59 * min, '47 h', '47 sa'],
    [2 * d, '2 d', '2 gün'],
    [2 * d + 4 * h, '2 d 4 h', '2 gün 4 sa'],
    [3 * d, '3 d', '3 gün'],
    [12 * d + 5 * h, '12 d', '12 gün'],
  ])('%d ms', (ms, english, turkish) => {
    expect(formatDuration(ms, 'en')).toBe(english);
    expect(formatDuration(ms, 'tr')).toBe(turkish);
  });
});

describe('times', () => {
  const now = new Date('2026-11-20T10:00:00Z');

  it('says how far an instant is, to either side', () => {
    expect(formatRelative(new Date('2026-11-20T09:18:00Z'), now, 'en')).toBe('42 min ago');
    expect(formatRelative(new Date('2026-11-20T09:18:00Z'), now, 'tr')).toBe('42 dk önce');
    expect(formatRelative(new Date('2026-11-20T10:03:00Z'), now, 'en')).toBe('in 3 min');
    expect(formatRelative(new Date('2026-11-20T10:03:00Z'), now, 'tr')).toBe('3 dk sonra');
    expect(formatRelative(now, now, 'tr')).toBe('şimdi');
  });

  it('names the zone of an instant', () => {
    expect(formatInstant(new Date('2026-11-20T09:12:04Z'), 'en', 'utc')).toBe('20 Nov 2026, 09:12:04 UTC');
    expect(formatInstant(new Date('2026-11-20T00:00:00Z'), 'tr', 'utc')).toBe('20 Kas 2026 00:00:00 UTC');
  });

  it('never shifts a value date', () => {
    expect(formatValueDate('2026-11-20', 'en')).toBe('Fri, 20 Nov 2026');
    expect(formatValueDate('2026-11-20', 'tr')).toContain('20 Kas 2026');
    expect(formatValueDate('no day', 'en')).toBe('no day');
  });
});

describe('numbers and codes', () => {
  it('groups counts and keeps every digit', () => {
    expect(formatCount(18204, 'tr')).toBe('18.204');
    expect(formatCount('9007199254740993', 'en')).toBe('9,007,199,254,740,993');
  });

  it('never rounds a share up to all of it', () => {
    expect(formatShare(0.99999, 'en')).toBe('99.99%');
    expect(formatShare(0.9996, 'tr')).toBe('%99,96');
  });

  it('folds codes without a locale: the dotless i would find nothing', () => {
    expect('IBAN'.toLocaleLowerCase('tr')).toBe('ıban');
    expect(foldCode(' IBAN ')).toBe('iban');
    expect(foldCode('TR33 PI')).toBe('tr33 pi');
  });

  it('shortens an id in the middle and leaves a short one whole', () => {
    expect(shortenId('po_01hq8kz3m4e7x2m')).toBe('po_01hq…7x2m');
    expect(shortenId('po_1Qaa')).toBe('po_1Qaa');
    expect(shortenId('9f2c1188aa41ab')).toBe('9f2c…41ab');
  });
});
