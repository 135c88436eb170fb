import type { Currency } from '../core/currency.ts';
import { absMinor } from '../core/money.ts';

/**
 * How far two amounts may lie apart and still agree: `max(absolute, percent of a named side)`, inclusive (domain rules
 * §3). The default is nothing at all.
 */
export interface Tolerance {
  /** Minor units per currency; a currency that is not listed has none. */
  absoluteMinor: Partial<Record<Currency, bigint>>;
  /** Hundredths of a percent of the named side: 50n is 0.5 %. */
  basisPoints: bigint;
  of: 'ours' | 'theirs';
}

export const NO_TOLERANCE: Tolerance = { absoluteMinor: {}, basisPoints: 0n, of: 'ours' };

const WHOLE = 10_000n;

/** Whether `theirs` agrees with `ours`: exact arithmetic, the limit itself still agrees. */
export function agrees(ours: bigint, theirs: bigint, currency: Currency, tolerance: Tolerance): boolean {
  if (ours === theirs) return true;
  const side = absMinor(tolerance.of === 'ours' ? ours : theirs);
  const absolute = (tolerance.absoluteMinor[currency] ?? 0n) * WHOLE;
  const percent = side * tolerance.basisPoints;
  return absMinor(theirs - ours) * WHOLE <= (absolute > percent ? absolute : percent);
}

/** A distance from `amount` beyond which nothing can agree with it, whichever side it is. Narrows searches. */
export function reach(amount: bigint, currency: Currency, tolerance: Tolerance): bigint {
  const absolute = tolerance.absoluteMinor[currency] ?? 0n;
  if (tolerance.basisPoints === 0n) return absolute;
  // When the percentage is of the other side x, |x − amount| ≤ p·|x| gives |x − amount| ≤ p·|amount| / (1 − p).
  const percent = (absMinor(amount) * tolerance.basisPoints) / (WHOLE - tolerance.basisPoints) + 1n;
  return absolute > percent ? absolute : percent;
}

/** Throws RangeError on a tolerance that means nothing: negative, or half of an amount and more. */
export function checkTolerance(tolerance: Tolerance): void {
  const negative = Object.values(tolerance.absoluteMinor).some((minor) => minor < 0n);
  if (negative || tolerance.basisPoints < 0n || tolerance.basisPoints > WHOLE / 2n) {
    throw new RangeError('A tolerance is not negative and at most 50 % of a side.');
  }
}
