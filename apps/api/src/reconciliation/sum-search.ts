import type { Currency } from '../core/currency.ts';
import { absMinor } from '../core/money.ts';
import { agrees, reach, type Tolerance } from './tolerance.ts';

/** A line that a sum may contain, or whose amount a sum may explain. Days are counted from 1970-01-01. */
export interface SumLine {
  id: number;
  currency: Currency;
  amountMinor: bigint;
  fromDay: number;
  toDay: number;
}

export interface SumRule {
  tolerance: Tolerance;
  /** Which side of the tolerance the single line is on. */
  single: 'ours' | 'theirs';
  /** How many days a member may end before the single line begins, and begin after it ends. */
  slack: { beforeDays: number; afterDays: number };
  compatible: (single: number, member: number) => boolean;
  maxCandidates: number;
  /** Counted down while searching, across calls. */
  budget: { steps: number };
}

export interface SumClaims {
  /** Exactly one set of lines explains the single one, and chance hardly could. */
  claims: readonly { single: number; members: readonly number[] }[];
  /** More than one explanation, or one that chance could have made. */
  doubtful: readonly { single: number; members: readonly number[]; why: 'several_sums' | 'sum_not_proof' }[];
  /** A line had too many candidates, or the budget ran out: those lines are simply not explained. */
  exhausted: boolean;
}

/**
 * Pass 4 of matching: one line that is the sum of several of the other side. Each search is bounded, all of them look
 * at the same lines, and a member wanted by two sums is given to neither, so the order of lines never matters.
 */
export function claimSums(singles: readonly SumLine[], members: readonly SumLine[], rule: SumRule): SumClaims {
  const shelves = shelve(members);
  const found: { single: number; members: readonly number[]; why: null | 'several_sums' | 'sum_not_proof' }[] = [];
  let exhausted = false;
  for (const single of singles) {
    const near = candidatesFor(single, shelves.get(single.currency), rule);
    if (near.length < 2) continue;
    if (near.length > rule.maxCandidates) {
      exhausted = true;
      continue;
    }
    const sums = searchSum(single, near, rule);
    if (sums === null) exhausted = true;
    else if (sums.length > 1) found.push({ single: single.id, members: union(sums), why: 'several_sums' });
    else if (sums[0]) {
      found.push({ single: single.id, members: sums[0], why: isProof(single, near, rule) ? null : 'sum_not_proof' });
    }
  }
  const wanted = new Map<number, number>();
  for (const one of found) for (const id of one.members) wanted.set(id, (wanted.get(id) ?? 0) + 1);
  const claims: { single: number; members: readonly number[] }[] = [];
  const doubtful: { single: number; members: readonly number[]; why: 'several_sums' | 'sum_not_proof' }[] = [];
  for (const { single, members: ids, why } of found) {
    const contested = ids.some((id) => (wanted.get(id) ?? 0) > 1);
    if (why === null && !contested) claims.push({ single, members: ids });
    else doubtful.push({ single, members: ids, why: why ?? 'several_sums' });
  }
  return { claims, doubtful, exhausted };
}

interface Shelf {
  lines: SumLine[];
  longestDays: number;
}

/** Members of each currency by their first day. */
function shelve(members: readonly SumLine[]): Map<Currency, Shelf> {
  const shelves = new Map<Currency, Shelf>();
  for (const line of members) {
    const shelf = shelves.get(line.currency) ?? { lines: [], longestDays: 0 };
    shelf.lines.push(line);
    shelf.longestDays = Math.max(shelf.longestDays, line.toDay - line.fromDay);
    shelves.set(line.currency, shelf);
  }
  for (const shelf of shelves.values()) shelf.lines.sort((a, b) => a.fromDay - b.fromDay || a.id - b.id);
  return shelves;
}

/** The members that could be part of the sum, one more than allowed when there are too many. */
function candidatesFor(single: SumLine, shelf: Shelf | undefined, rule: SumRule): SumLine[] {
  const near: SumLine[] = [];
  if (!shelf) return near;
  const lowDay = single.fromDay - rule.slack.beforeDays;
  const highDay = single.toDay + rule.slack.afterDays;
  let low = 0;
  let high = shelf.lines.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((shelf.lines[middle]?.fromDay ?? 0) < lowDay - shelf.longestDays) low = middle + 1;
    else high = middle;
  }
  for (let line = shelf.lines[low]; line && line.fromDay <= highDay; line = shelf.lines[low]) {
    if (near.length > rule.maxCandidates) break;
    if (line.toDay >= lowDay && rule.compatible(single.id, line.id)) near.push(line);
    low += 1;
  }
  return near;
}

/** Up to two different sets (of two lines and more) whose sum agrees with the line; null when the budget ran out. */
function searchSum(single: SumLine, near: readonly SumLine[], rule: SumRule): number[][] | null {
  const lines = [...near].sort((a, b) => {
    const [x, y] = [absMinor(a.amountMinor), absMinor(b.amountMinor)];
    return x === y ? a.id - b.id : x > y ? -1 : 1;
  });
  const least = suffixSums(lines, (minor) => minor < 0n);
  const most = suffixSums(lines, (minor) => minor > 0n);
  const distance = reach(single.amountMinor, single.currency, rule.tolerance);
  const [low, high] = [single.amountMinor - distance, single.amountMinor + distance];
  const sums: number[][] = [];
  const chosen: number[] = [];
  const explore = (at: number, sum: bigint): boolean => {
    rule.budget.steps -= 1;
    if (rule.budget.steps < 0) return false;
    const line = lines[at];
    if (!line) {
      if (chosen.length > 1 && sumAgrees(single, sum, rule)) sums.push([...chosen].sort((a, b) => a - b));
      return true;
    }
    if (sums.length > 1 || sum + (least[at] ?? 0n) > high || sum + (most[at] ?? 0n) < low) return true;
    chosen.push(line.id);
    if (!explore(at + 1, sum + line.amountMinor)) return false;
    chosen.pop();
    return explore(at + 1, sum);
  };
  return explore(0, 0n) ? sums : null;
}

/**
 * Whether a sum that fits is evidence. With n candidates there are 2ⁿ sums to try; when they are crowded into a small
 * range, or all amounts are round, one of them fits by chance. Asks for less than one chance hit in a hundred searches.
 */
function isProof(single: SumLine, near: readonly SumLine[], rule: SumRule): boolean {
  const amounts = near.map((line) => absMinor(line.amountMinor));
  const grain = amounts.reduce(greatestCommonDivisor, 0n) || 1n;
  const range = amounts.reduce((sum, minor) => sum + minor, 0n) / grain;
  const width = (2n * reach(single.amountMinor, single.currency, rule.tolerance)) / grain + 1n;
  return 2n ** BigInt(near.length) * width * 100n <= range;
}

function sumAgrees(single: SumLine, sum: bigint, rule: SumRule): boolean {
  const [ours, theirs] = rule.single === 'ours' ? [single.amountMinor, sum] : [sum, single.amountMinor];
  return agrees(ours, theirs, single.currency, rule.tolerance);
}

function suffixSums(lines: readonly SumLine[], counts: (minor: bigint) => boolean): bigint[] {
  const sums: bigint[] = new Array(lines.length + 1).fill(0n);
  for (let i = lines.length - 1; i >= 0; i -= 1) {
    const minor = lines[i]?.amountMinor ?? 0n;
    sums[i] = (sums[i + 1] ?? 0n) + (counts(minor) ? minor : 0n);
  }
  return sums;
}

function union(sets: readonly (readonly number[])[]): number[] {
  return [...new Set(sets.flat())].sort((a, b) => a - b);
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : greatestCommonDivisor(b, a % b);
}
