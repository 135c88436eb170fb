import { describe, expect, it } from 'vitest';
import { follow, NOTHING, type Pickable, type Selection, select, sizeOf, sumsOf } from './selection.ts';

const row = (id: string, amountMinor = '100', currency = 'EUR', version = 1): Pickable => ({
  id,
  amountMinor,
  currency,
  version,
  gone: false,
});
const [a, b, c] = [row('a'), row('b', '250', 'TRY'), row('c', '1', 'EUR')];
const ids = (selection: Selection<Pickable>): string[] => (selection.kind === 'some' ? [...selection.rows.keys()] : []);

describe('a selection', () => {
  it('takes rows in and lets them go', () => {
    const two = select(NOTHING, [a, b], true, []);
    expect(ids(two)).toEqual(['a', 'b']);
    expect(ids(select(two, [a], false, []))).toEqual(['b']);
    expect(select(two, [a, b], false, [])).toBe(NOTHING);
    expect(ids(select(two, [b, c], true, []))).toEqual(['a', 'b', 'c']);
  });

  it('of everything becomes what is seen when a row leaves it: never more', () => {
    const all: Selection<Pickable> = { kind: 'matching', count: { count: 10_000, exact: false } };
    expect(ids(select(all, [b], false, [a, b, c]))).toEqual(['a', 'c']);
    expect(sizeOf(all)).toEqual({ count: 10_000, exact: false });
  });

  it('follows what the list says of its rows, and remembers those out of sight', () => {
    const two = select(NOTHING, [a, b], true, []);
    expect(follow(two, [a, c, undefined])).toBe(two);
    const moved = { ...b, gone: true, version: 2 };
    const after = follow(two, [moved]);
    expect(after.kind === 'some' && [...after.rows.values()]).toEqual([a, moved]);
  });

  it('sums each currency by itself, beyond what a float holds', () => {
    expect(sumsOf([a, b, c, row('d', '9007199254740993')])).toEqual([
      { currency: 'EUR', amountMinor: '9007199254741094', count: 3 },
      { currency: 'TRY', amountMinor: '250', count: 1 },
    ]);
    expect(sizeOf(NOTHING)).toEqual({ count: 0, exact: true });
  });
});
