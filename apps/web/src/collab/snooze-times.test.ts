import { describe, expect, it } from 'vitest';
import { fieldTime, readFieldTime, snoozeTimes } from './snooze-times.ts';

/** By the clock of wherever this runs. */
const local = (text: string): Date => new Date(text);
const shown = (now: string) => snoozeTimes(local(now)).map(({ id, until }) => `${id} ${fieldTime(until)}`);

describe('snooze times, by the clock of this computer', () => {
  it.each([
    ['2026-11-20T14:05', ['hour 2026-11-20T15:05', 'tomorrow 2026-11-21T09:00', 'monday 2026-11-23T09:00']],
    ['2026-11-21T23:30', ['hour 2026-11-22T00:30', 'tomorrow 2026-11-22T09:00', 'monday 2026-11-23T09:00']],
    ['2026-11-22T08:00', ['hour 2026-11-22T09:00', 'tomorrow 2026-11-23T09:00']],
    ['2026-11-23T07:00', ['hour 2026-11-23T08:00', 'tomorrow 2026-11-24T09:00', 'monday 2026-11-30T09:00']],
    ['2026-12-31T10:00', ['hour 2026-12-31T11:00', 'tomorrow 2027-01-01T09:00', 'monday 2027-01-04T09:00']],
  ])('at %s', (now, times) => {
    expect(shown(now)).toEqual(times);
  });
});

describe('a chosen time', () => {
  const now = local('2026-11-20T14:00');
  it.each([
    ['2026-11-20T14:01', true],
    ['2026-12-20T14:00', true],
    ['2026-11-20T14:00', false],
    ['2026-12-20T14:01', false],
    ['', false],
    ['soon', false],
  ])('%o: %o', (text, allowed) => {
    const read = readFieldTime(text, now);
    expect(read !== null).toBe(allowed);
    if (read) expect(fieldTime(read)).toBe(text);
  });
});
