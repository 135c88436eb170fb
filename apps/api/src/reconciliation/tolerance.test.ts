import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { agrees, checkTolerance, NO_TOLERANCE, reach, type Tolerance } from './tolerance.ts';

const of = (over: Partial<Tolerance>): Tolerance => ({ ...NO_TOLERANCE, ...over });

describe('max(absolute, percent of a named side), inclusive', () => {
  test.each<[string, bigint, bigint, Tolerance, boolean]>([
    ['nothing is tolerated by default', 100n, 101n, NO_TOLERANCE, false],
    ['equal always agrees', -100n, -100n, NO_TOLERANCE, true],
    ['the absolute limit still agrees', -10_000n, -10_005n, of({ absoluteMinor: { EUR: 5n } }), true],
    ['one past it does not', -10_000n, -10_006n, of({ absoluteMinor: { EUR: 5n } }), false],
    ['another currency has no limit of this one', 100n, 105n, of({ absoluteMinor: { JPY: 5n } }), false],
    ['1 % of ours, inclusive', 10_000n, 10_100n, of({ basisPoints: 100n }), true],
    ['one past 1 % of ours', 10_000n, 10_101n, of({ basisPoints: 100n }), false],
    ['of theirs it is a little more', 10_000n, 10_101n, of({ basisPoints: 100n, of: 'theirs' }), true],
    ['the larger of the two counts', 100n, 105n, of({ absoluteMinor: { EUR: 5n }, basisPoints: 100n }), true],
    ['a fraction of a minor unit is not rounded up', 150n, 152n, of({ basisPoints: 100n }), false],
    ['the sign is part of the amount', 100n, -100n, of({ basisPoints: 5_000n }), false],
  ])('%s', (_, ours, theirs, tolerance, expected) => {
    expect(agrees(ours, theirs, 'EUR', tolerance)).toBe(expected);
  });

  test('nothing that agrees lies beyond reach, from either side', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -1_000_000_000_000n, max: 1_000_000_000_000n }),
        fc.bigInt({ min: -1_000_000_000n, max: 1_000_000_000n }),
        fc.bigInt({ min: 0n, max: 5_000n }),
        fc.constantFrom('ours' as const, 'theirs' as const),
        (ours, apart, basisPoints, side) => {
          const tolerance = of({ absoluteMinor: { EUR: 3n }, basisPoints, of: side });
          const theirs = ours + apart;
          if (!agrees(ours, theirs, 'EUR', tolerance)) return;
          const distance = apart < 0n ? -apart : apart;
          expect(distance <= reach(ours, 'EUR', tolerance)).toBe(true);
          expect(distance <= reach(theirs, 'EUR', tolerance)).toBe(true);
        },
      ),
    );
  });

  test('a tolerance that means nothing is refused', () => {
    expect(() => checkTolerance(of({ basisPoints: 5_001n }))).toThrow(RangeError);
    expect(() => checkTolerance(of({ basisPoints: -1n }))).toThrow(RangeError);
    expect(() => checkTolerance(of({ absoluteMinor: { EUR: -1n } }))).toThrow(RangeError);
    expect(() => checkTolerance(of({ basisPoints: 5_000n }))).not.toThrow();
  });
});
