import { describe, expect, test } from 'vitest';
import type { LocalDate } from '../core/time.ts';
import { bankBy, covers, mergeRanges, settleBy } from './settlement-window.ts';

const day = (text: string) => text as LocalDate;
const range = (from: string, through: string) => ({ from: day(from), through: day(through) });

// 2026-11-20 is a Friday.
test('windows count business days', () => {
  expect(settleBy('instant', day('2026-11-20'))).toBe('2026-11-23');
  expect(settleBy('sepa', day('2026-11-20'))).toBe('2026-11-24');
  expect(settleBy('ach', day('2026-11-20'))).toBe('2026-11-26');
  expect(bankBy(day('2026-11-19'))).toBe('2026-11-23');
});

describe('what files cover together', () => {
  test('daily files over a weekend have no gap, and a stretch takes in the weekends around it', () => {
    expect(mergeRanges([range('2026-11-23', '2026-11-23'), range('2026-11-19', '2026-11-20')])).toEqual([
      range('2026-11-19', '2026-11-23'),
    ]);
    expect(mergeRanges([range('2026-11-16', '2026-11-20')])).toEqual([range('2026-11-14', '2026-11-22')]);
  });

  test('a missing business day is a gap', () => {
    const coverage = { EUR: mergeRanges([range('2026-11-16', '2026-11-17'), range('2026-11-19', '2026-11-20')]) };
    expect(coverage.EUR).toHaveLength(2);
    expect(covers(coverage, 'EUR', day('2026-11-16'), day('2026-11-17'))).toBe(true);
    expect(covers(coverage, 'EUR', day('2026-11-17'), day('2026-11-19'))).toBe(false);
    expect(covers(coverage, 'EUR', day('2026-11-19'), day('2026-11-22'))).toBe(true);
    expect(covers(coverage, 'EUR', day('2026-11-19'), day('2026-11-23'))).toBe(false);
    expect(covers(coverage, 'USD', day('2026-11-19'), day('2026-11-19'))).toBe(false);
  });

  test('files that overlap or lie within one another are one stretch', () => {
    const files = [
      range('2026-11-02', '2026-11-06'),
      range('2026-11-03', '2026-11-03'),
      range('2026-11-05', '2026-11-11'),
    ];
    expect(mergeRanges(files)).toEqual([range('2026-10-31', '2026-11-11')]);
    expect(mergeRanges([])).toEqual([]);
  });
});
