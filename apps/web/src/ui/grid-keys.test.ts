import { describe, expect, it } from 'vitest';
import { goalOfKey } from './grid-keys.ts';

describe('goalOfKey', () => {
  it.each([
    ['ArrowDown', 3, 4],
    ['ArrowDown', 9, 9],
    ['ArrowDown', -1, 0],
    ['ArrowUp', 0, 0],
    ['PageDown', 3, 8],
    ['PageDown', 7, 9],
    ['PageUp', 3, 0],
    ['Home', 7, 0],
    ['End', 0, 9],
    ['a', 3, null],
  ])('%s from %d goes to %s', (key, at, goal) => {
    expect(goalOfKey(key, { at, count: 10, page: 5 })).toBe(goal);
  });

  it('moves nowhere in an empty list', () => {
    expect(goalOfKey('End', { at: -1, count: 0, page: 5 })).toBeNull();
  });
});
