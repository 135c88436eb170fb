import { describe, expect, it } from 'vitest';
import { type Column, fittingColumns, sortedColumn, tracks } from './grid-columns.ts';

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

describe('a column that can be tighter', () => {
  const attention = { ...column('attention', 270), tight: 130, grow: 1.4 };
  const desk = [
    { ...column('id', 110, 2), needed: true },
    column('to', 150),
    { ...column('status', 110, 1), needed: true },
    attention,
    column('rail', 80, 3),
  ];
  const left = (width: number): string[] => fittingColumns(desk, width).map(({ id }) => id);

  it('yields before a needed one goes, and never goes itself', () => {
    expect(left(720)).toEqual(['id', 'to', 'status', 'attention', 'rail']);
    expect(left(719)).toEqual(['id', 'to', 'status', 'attention']);
    expect(left(500)).toEqual(['id', 'to', 'status', 'attention']);
    expect(left(499)).toEqual(['to', 'status', 'attention']);
    expect(left(300)).toEqual(['to', 'attention']);
    expect(left(10)).toEqual(['to', 'attention']);
  });

  it('may be drawn as narrow as that', () => {
    expect(tracks([attention, { ...column('amount', 140), tight: 120 }], false)).toBe(
      'minmax(130px, 1.4fr) minmax(120px, 140px)',
    );
  });
});

describe('sortedColumn', () => {
  const both = [{ ...column('attention', 100), sortBy: 'since' }, column('since', 100), column('payee', 100)];
  it('names one column: the one that is called so, else one that sorts by it', () => {
    expect(sortedColumn(both, 'since')).toBe('since');
    expect(sortedColumn(both.slice(0, 1), 'since')).toBe('attention');
    expect(sortedColumn(both, 'code')).toBeUndefined();
    expect(sortedColumn(both, undefined)).toBeUndefined();
  });
});

describe('tracks', () => {
  it('lets growing columns share what is left, else the last one', () => {
    expect(tracks([{ ...column('a', 10), grow: 2 }, column('b', 20)], false)).toBe('minmax(10px, 2fr) 20px');
    expect(tracks([column('a', 10), column('b', 20)], true)).toBe('34px 10px minmax(20px, 1fr)');
  });
});
