/** A stream of numbers that is the same whenever its name is: demo data never asks the clock or `Math.random`. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** A whole number from `low` to `high`, both included. */
  int(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<T>(from: readonly T[]): T;
  /** One of the values, by weight. Throws RangeError when there is none. */
  weighted<T>(from: readonly (readonly [T, number])[]): T;
  /** From the standard normal distribution. */
  normal(): number;
  /** Letters of both cases and digits, as providers make their ids. */
  letters(length: number): string;
  /** A uuid of version 7 for that instant. */
  uuid(at: Date): string;
}

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The stream of that name (mulberry32, seeded with the name's FNV-1a hash). */
export function randomOf(name: string): Random {
  const next = mulberry32(fnv1a(name));
  const int = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  return {
    next,
    int,
    chance: (probability) => next() < probability,
    pick: (from) => at(from, int(0, from.length - 1)),
    weighted(from) {
      let left = next() * from.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [value, weight] of from) {
        left -= weight;
        if (left < 0) return value;
      }
      return at(from, from.length - 1)[0];
    },
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    letters: (length) => Array.from({ length }, () => ALPHABET.charAt(int(0, ALPHABET.length - 1))).join(''),
    uuid: (instant) => uuidV7(instant, next),
  };
}

function at<T>(from: readonly T[], index: number): T {
  const value = from[index];
  if (value === undefined) throw new RangeError('There is nothing to choose from.');
  return value;
}

function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

/** RFC 9562, version 7: 48 bits of milliseconds, then 74 of the stream around the version and the variant. */
function uuidV7(instant: Date, next: () => number): string {
  const hex = (digits: number, below: number) =>
    Math.floor(next() * below)
      .toString(16)
      .padStart(digits, '0');
  const time = instant.getTime().toString(16).padStart(12, '0');
  const variant = (8 + Math.floor(next() * 4)).toString(16);
  const tail = `${hex(6, 0x1000000)}${hex(6, 0x1000000)}`;
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(3, 0x1000)}-${variant}${hex(3, 0x1000)}-${tail}`;
}
