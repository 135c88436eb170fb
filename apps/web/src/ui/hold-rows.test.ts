import { describe, expect, it } from 'vitest';
import { holdRows } from './hold-rows.ts';

const rows = (ids: string, version = 1): { id: string; version: number }[] => [...ids].map((id) => ({ id, version }));
const ids = (held: { rows: { id: string }[] }): string => held.rows.map((row) => row.id).join('');

describe('holdRows', () => {
  it('takes the first list as it is', () => {
    expect(holdRows([], rows('abc'))).toMatchObject({ news: 0, gone: 0, appended: 3 });
  });

  it('shows the latest values without moving a row', () => {
    const held = holdRows(rows('abc'), rows('cab', 2));
    expect(ids(held)).toBe('abc');
    expect(held.rows.every((row) => row.version === 2)).toBe(true);
    expect(held).toMatchObject({ news: 0, gone: 0, appended: 0 });
  });

  it('counts what would push in, and keeps it out', () => {
    const held = holdRows(rows('abc'), rows('xaybc'));
    expect(ids(held)).toBe('abc');
    expect(held.news).toBe(2);
  });

  it('keeps what has left in its place, marked', () => {
    const held = holdRows(rows('abc'), rows('ac', 2));
    expect(ids(held)).toBe('abc');
    expect(held.rows[1]).toEqual({ id: 'b', version: 1, gone: true });
    expect(held.gone).toBe(1);
  });

  it('shows a page that was loaded behind the last row at once', () => {
    const held = holdRows(rows('abc'), rows('abcde'));
    expect(ids(held)).toBe('abcde');
    expect(held).toMatchObject({ news: 0, appended: 2 });
  });

  it('keeps everything, marked, when the whole list has left', () => {
    expect(holdRows(rows('ab'), [])).toMatchObject({ gone: 2, appended: 0 });
  });
});
