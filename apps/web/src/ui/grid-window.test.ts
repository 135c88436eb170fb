import { describe, expect, it } from 'vitest';
import { rowsInWindow, scrollFor } from './grid-window.ts';

const rows = { rowPx: 34, count: 100_000 };

describe('rowsInWindow', () => {
  it('holds what is in sight and a few around it, however long the list', () => {
    const indexes = rowsInWindow({ scrollTop: 34 * 5_000, height: 680 }, rows, -1);
    expect(indexes[0]).toBe(4_994);
    expect(indexes.at(-1)).toBe(5_026);
  });

  it('stops at both ends', () => {
    expect(rowsInWindow({ scrollTop: 0, height: 680 }, { rowPx: 34, count: 3 }, -1)).toEqual([0, 1, 2]);
    expect(rowsInWindow({ scrollTop: 34 * 99_990, height: 680 }, rows, -1).at(-1)).toBe(99_999);
    expect(rowsInWindow({ scrollTop: 0, height: 680 }, { rowPx: 34, count: 0 }, -1)).toEqual([]);
  });

  it('keeps the active row, in order, once', () => {
    const at = (keep: number): number[] => rowsInWindow({ scrollTop: 34 * 5_000, height: 340 }, rows, keep);
    expect(at(3)[0]).toBe(3);
    expect(at(70_000).at(-1)).toBe(70_000);
    expect(at(5_001).filter((index) => index === 5_001)).toHaveLength(1);
    expect(at(100_000)).not.toContain(100_000);
  });
});

describe('scrollFor', () => {
  const viewport = { scrollTop: 340, height: 340 };
  it.each([
    [5, 170],
    [10, 340],
    [15, 340],
    [19, 340],
    [20, 374],
  ])('row %d is in sight at %d', (index, scrollTop) => {
    expect(scrollFor(index, viewport, 34)).toBe(scrollTop);
  });
});
