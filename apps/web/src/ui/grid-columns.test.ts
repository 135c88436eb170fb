import { describe, expect, it } from 'vitest';
import { type Column, fittingColumns, tracks } from './grid-columns.ts';

const column = (id: string, min: number, drop?: number): Column<null> => ({
  id,
  header: id,
  cell: () => id,
  min,
  drop,
});
const columns = [
  column('id', 100),
  column('to', 200),
  column('rail', 80, 2),
  column('amount', 120),
  column('age', 90, 1),
];
const ids = (width: number): string[] => fittingColumns(columns, width).map(({ id }) => id);

describe('fittingColumns', () => {
  it('keeps all, in their order, where they fit', () => {
    expect(ids(590)).toEqual(['id', 'to', 'rail', 'amount', 'age']);
  });

  it('drops the least needed first', () => {
    expect(ids(589)).toEqual(['id', 'to', 'amount', 'age']);
    expect(ids(509)).toEqual(['id', 'to', 'amount']);
  });

  it('never drops what must stay, however narrow', () => {
    expect(ids(10)).toEqual(['id', 'to', 'amount']);
  });
});

describe('tracks', () => {
  it('lets growing columns share what is left, else the last one', () => {
    expect(tracks([{ ...column('a', 10), grow: 2 }, column('b', 20)], false)).toBe('minmax(10px, 2fr) 20px');
    expect(tracks([column('a', 10), column('b', 20)], true)).toBe('34px 10px minmax(20px, 1fr)');
  });
});
