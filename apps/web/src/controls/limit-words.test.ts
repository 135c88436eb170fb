import { describe, expect, test } from 'vitest';
import { controls as en } from '../lib/i18n/en/controls.ts';
import { controls as tr } from '../lib/i18n/tr/controls.ts';
import { makeText } from '../lib/i18n.ts';
import { fieldsOf, type LimitUnit, limitOf, limitText } from './limit-words.ts';

const english = makeText('en', { controls: en });
const turkish = makeText('tr', { controls: tr });

describe('limits in words', () => {
  test.each([
    [{ minutes: 1 }, '1 min', '1 dk'],
    [{ minutes: 15 }, '15 min', '15 dk'],
    [{ minutes: 60 }, '1 h', '1 sa'],
    [{ minutes: 90 }, '1 h 30 min', '1 sa 30 dk'],
    [{ minutes: 1_440 }, '24 h', '24 sa'],
    [{ minutes: 2_880 }, '48 h', '48 sa'],
    [{ minutes: 2_881 }, '2 d 1 min', '2 gün 1 dk'],
    [{ minutes: 5_880 }, '4 d 2 h', '4 gün 2 sa'],
    [{ businessDays: 1 }, '1 business day', '1 iş günü'],
    [{ businessDays: 2 }, '2 business days', '2 iş günü'],
  ])('%o', (limit, inEnglish, inTurkish) => {
    expect(limitText(english, limit)).toBe(inEnglish);
    expect(limitText(turkish, limit)).toBe(inTurkish);
  });
});

describe('fields', () => {
  test.each([
    [{ minutes: 15 }, '15', 'minutes'],
    [{ minutes: 90 }, '90', 'minutes'],
    [{ minutes: 120 }, '2', 'hours'],
    [{ businessDays: 2 }, '2', 'businessDays'],
  ] as const)('%o and back', (limit, length, unit) => {
    expect(fieldsOf(limit)).toEqual({ length, unit });
    expect(limitOf({ length, unit })).toEqual(limit);
  });

  test.each(['', ' ', '0', '-1', '1.5', '1,5', '1e3', 'two', '9999999999'])('%o is no limit', (length) => {
    for (const unit of ['minutes', 'hours', 'businessDays'] satisfies LimitUnit[])
      expect(limitOf({ length, unit })).toBeNull();
  });
});
