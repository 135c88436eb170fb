import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addBusinessDays,
  addBusinessDaysAt,
  addDays,
  isBusinessDay,
  type LocalDate,
  parseLocalDate,
  startOfDay,
  utcDate,
} from './time.ts';

const on = (text: string) => text as LocalDate;

describe('local dates', () => {
  it.each(['2026-11-20', '2024-02-29', '2000-02-29', '1999-12-31', '2026-01-01'])('%s is a day', (text) => {
    expect(parseLocalDate(text)).toBe(text);
  });

  it.each([
    '2026-02-29',
    '1900-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-04-31',
    '2026-1-1',
    '20261120',
    '2026-11-20T00:00:00Z',
    ' 2026-11-20',
    '2026-11-20\n',
    '',
    'today',
  ])('%j is not', (text) => {
    expect(parseLocalDate(text)).toBeNull();
  });

  it.each([
    ['2026-11-20T23:59:59.999Z', '2026-11-20'],
    ['2026-11-20T23:30:00-03:00', '2026-11-21'],
    ['2026-11-20T01:00:00+03:00', '2026-11-19'],
  ])('%s is on %s in UTC, whatever the zone of the machine', (at, day) => {
    expect(utcDate(new Date(at))).toBe(day);
  });

  it.each([
    ['2026-11-30', 1, '2026-12-01'],
    ['2026-12-31', 1, '2027-01-01'],
    ['2024-02-28', 1, '2024-02-29'],
    ['2026-03-01', -1, '2026-02-28'],
    ['2026-03-29', 1, '2026-03-30'],
    ['2026-10-25', 1, '2026-10-26'],
    ['2026-11-20', 0, '2026-11-20'],
  ])('%s plus %i days is %s, over months, years and clock changes', (from, days, to) => {
    expect(addDays(on(from), days)).toBe(to);
  });
});

describe('business days', () => {
  it.each([
    ['2026-11-20', 0, '2026-11-20'], // a Friday
    ['2026-11-20', 1, '2026-11-23'],
    ['2026-11-20', 5, '2026-11-27'],
    ['2026-11-20', 6, '2026-11-30'],
    ['2026-11-21', 1, '2026-11-23'], // a Saturday
    ['2026-11-22', 1, '2026-11-23'], // a Sunday
    ['2026-11-23', 4, '2026-11-27'],
    ['2026-11-23', 5, '2026-11-30'],
    ['2026-12-31', 1, '2027-01-01'],
  ])('%s plus %i business days is %s', (from, days, to) => {
    expect(addBusinessDays(on(from), days)).toBe(to);
  });

  it.each([
    ['2026-11-20', true],
    ['2026-11-21', false],
    ['2026-11-22', false],
    ['2026-11-23', true],
  ])('%s: %s', (day, expected) => {
    expect(isBusinessDay(on(day))).toBe(expected);
  });

  it('keeps the time of day over a weekend', () => {
    expect(addBusinessDaysAt(new Date('2026-11-20T16:45:12.345Z'), 1)).toEqual(new Date('2026-11-23T16:45:12.345Z'));
  });

  const days = fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }).map(utcDate);

  it('lands on a business day, after exactly that many of them', () => {
    fc.assert(
      fc.property(days, fc.integer({ min: 1, max: 60 }), (from, count) => {
        const to = addBusinessDays(from, count);
        expect(isBusinessDay(to)).toBe(true);
        let passed = 0;
        for (let day = addDays(from, 1); day <= to; day = addDays(day, 1)) if (isBusinessDay(day)) passed += 1;
        expect(passed).toBe(count);
      }),
    );
  });

  it('startOfDay and utcDate are inverse', () => {
    fc.assert(
      fc.property(days, (day) => {
        expect(utcDate(startOfDay(day))).toBe(day);
      }),
    );
  });
});
