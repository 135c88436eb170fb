import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatMoney } from '../lib/format.ts';
import { payoutsArea } from '../lib/i18n/en/payouts-area.ts';
import { enBase } from '../lib/i18n/en-base.ts';
import { payoutsArea as payoutsAreaTr } from '../lib/i18n/tr/payouts-area.ts';
import { trBase } from '../lib/i18n/tr-base.ts';
import { makeText } from '../lib/i18n.ts';
import { askedText, codeText, doesText, readTyped, sumsText } from './bulk-words.ts';

const en = makeText('en', { ...enBase, ...payoutsArea } as never);
const tr = makeText('tr', { ...trBase, ...payoutsAreaTr } as never);

describe('the typed number', () => {
  test.each([
    ['214', 214],
    [' 214 ', 214],
    ['1,204', 1204],
    ['1.204', 1204],
    ['1 204', 1204],
    ['0', 0],
    ['', null],
    ['12,04', null],
    ['1.5', null],
    ['-3', null],
    ['3a', null],
    ['٣', null],
  ])('%j is %j', (typed, number) => {
    expect(readTyped(typed)).toBe(number);
  });

  test('every number as either language writes it is read as itself', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000 }), fc.constantFrom('en', 'tr'), (number, language) => {
        expect(readTyped(number.toLocaleString(language))).toBe(number);
      }),
    );
  });
});

describe('words', () => {
  test('what it does, with its number', () => {
    expect(doesText(en, 'retry', 1, null)).toBe('Retry 1 payout');
    expect(doesText(en, 'retry', 1204, null)).toBe('Retry 1,204 payouts');
    expect(doesText(tr, 'retry', 1204, null)).toBe('1.204 ödemeyi yeniden dene');
    expect(doesText(en, 'assign', 2, { id: 'us_1', name: 'Ayşe' })).toBe('Assign 2 payouts to Ayşe');
    expect(doesText(en, 'assign', 2, null)).toBe('Take 2 payouts from whoever has them');
  });

  test('sums per currency, never added to each other', () => {
    const sums = [
      { currency: 'EUR', amountMinor: '120400' },
      { currency: 'TRY', amountMinor: '5' },
    ];
    const money = (sum: (typeof sums)[number], signed = false) => formatMoney(sum, 'en', signed);
    expect(sumsText(sums, money)).toBe('EUR 1,204.00 · TRY 0.05');
  });

  test('a reason in words: its own, a refusal’s, or as it is', () => {
    expect(codeText(en, 'rejected_retryable')).toBe('refused for a cause that passes');
    expect(codeText(en, 'terminal_code')).toBe('refused for good');
    expect(codeText(tr, 'version_conflict')).toBe('bu arada değişti');
    expect(codeText(en, 'of_next_year')).toBe('of_next_year');
  });

  test('what was asked', () => {
    expect(askedText(en, { picked: 3 })).toBe('3 picked payouts');
    expect(askedText(en, { filter: 'failed' })).toBe('Failed');
    expect(askedText(en, { filter: 'failed', where: { currency: ['EUR'], rail: ['sepa'] } })).toContain('SEPA');
    expect(askedText(en, { failedOf: 'bu_1' })).toBeNull();
    expect(askedText(en, null)).toBeNull();
  });
});
