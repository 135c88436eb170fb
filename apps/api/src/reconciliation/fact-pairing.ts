import type { Currency } from '../core/currency.ts';
import { DAY_MS, type LocalDate, startOfDay } from '../core/time.ts';
import { agrees, reach, type Tolerance } from './tolerance.ts';

/** A line as matching by facts sees it. Days are counted from 1970-01-01. */
export interface FactLine {
  id: number;
  /** What must be equal before anything else: the kind of line. */
  kind: string;
  currency: Currency;
  amountMinor: bigint;
  /** Folded with `foldCounterparty`; null when the source does not say. */
  counterparty: string | null;
  fromDay: number;
  toDay: number;
  /**
   * Of a holder: whether no provider reference of it is known. Of the other side: whether it carries a reference that
   * nobody knows, which only such a holder can have. Part of the index, so that a crowd of equal lines stays cheap.
   */
  unlearned: boolean;
}

export interface PairingRule {
  tolerance: Tolerance;
  window: { beforeDays: number; afterDays: number };
  /** Whether the references of the two lines leave room for them to be one, beside `unlearned`. Rarely says no. */
  compatible: (holder: number, other: number) => boolean;
}

export interface Pairing {
  /** Unique on both sides. */
  pairs: readonly { holder: number; other: number }[];
  /** What facts connect without deciding: never guessed. */
  clusters: readonly {
    holders: readonly number[];
    others: readonly number[];
    why: 'same_facts' | 'counterparty_unknown';
  }[];
}

/** More candidates than this are not listed; the line is ambiguous either way. */
export const CANDIDATE_LIMIT = 20;

/**
 * Pass 3 of matching: amount, currency, date window and counterparty, one-to-one and only when unique on both sides.
 * Holders carry a window; others carry a day. Where one side does not know the counterparty the pair is not made, and
 * reported as a cluster instead. Near-linear: each line looks only at its own amount and dates.
 */
export function pairByFacts(holders: readonly FactLine[], others: readonly FactLine[], rule: PairingRule): Pairing {
  const search = new FactSearch(holders, others, rule);
  const pairs: { holder: number; other: number }[] = [];
  for (const other of others) {
    const [holder, second] = search.holdersFor(other, 'strict', 2);
    if (!holder || second || search.othersFor(holder, 'strict', 2).length !== 1) continue;
    pairs.push({ holder: holder.id, other: other.id });
  }
  // Taken only after all were looked at, so that no pair becomes unique because another was made before it.
  for (const pair of pairs) search.take(pair.holder, pair.other);
  const strict = clustersOf(search, holders, others, 'strict');
  for (const cluster of strict) {
    for (const id of cluster.holders) search.take(id, null);
    for (const id of cluster.others) search.take(null, id);
  }
  const weak = clustersOf(search, holders, others, 'weak');
  return {
    pairs,
    clusters: [
      ...strict.map((cluster) => ({ ...cluster, why: 'same_facts' as const })),
      ...weak.map((cluster) => ({ ...cluster, why: 'counterparty_unknown' as const })),
    ],
  };
}

/** A counterparty's name as it is compared: letters and digits only, without accents, in capitals of no locale. */
export function foldCounterparty(name: string | null): string | null {
  if (name === null) return null;
  const folded = name
    .replaceAll('ı', 'i')
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}\s]/gu, '')
    .toUpperCase()
    .replace(/\s+/g, ' ')
    .trim();
  return folded === '' ? null : folded;
}

/** Days since 1970-01-01. */
export function dayNumber(on: LocalDate): number {
  return startOfDay(on).getTime() / DAY_MS;
}

type Strength = 'strict' | 'weak';

class FactSearch {
  readonly #holders: Map<string, Shelf>;
  readonly #others: Map<string, Shelf>;
  readonly #rule: PairingRule;
  readonly #takenHolders = new Set<number>();
  readonly #takenOthers = new Set<number>();

  constructor(holders: readonly FactLine[], others: readonly FactLine[], rule: PairingRule) {
    this.#holders = shelve(holders, (line) => (line.unlearned ? ['any', 'unlearned'] : ['any']));
    this.#others = shelve(others, (line) => (line.unlearned ? ['any'] : ['any', 'bare']));
    this.#rule = rule;
  }

  take(holder: number | null, other: number | null): void {
    if (holder !== null) this.#takenHolders.add(holder);
    if (other !== null) this.#takenOthers.add(other);
  }

  isFree(side: 'holder' | 'other', id: number): boolean {
    return !(side === 'holder' ? this.#takenHolders : this.#takenOthers).has(id);
  }

  holdersFor(other: FactLine, strength: Strength, limit: number): FactLine[] {
    const { beforeDays, afterDays } = this.#rule.window;
    const shelf = this.#holders.get(shelfKey(other, strength, other.unlearned ? 'unlearned' : 'any'));
    return lookUp(
      shelf,
      other,
      this.#rule.tolerance,
      other.fromDay - afterDays,
      other.toDay + beforeDays,
      limit,
      (one) => this.#fits(one, other),
    );
  }

  othersFor(holder: FactLine, strength: Strength, limit: number): FactLine[] {
    const { beforeDays, afterDays } = this.#rule.window;
    const shelf = this.#others.get(shelfKey(holder, strength, holder.unlearned ? 'any' : 'bare'));
    return lookUp(
      shelf,
      holder,
      this.#rule.tolerance,
      holder.fromDay - beforeDays,
      holder.toDay + afterDays,
      limit,
      (one) => this.#fits(holder, one),
    );
  }

  #fits(holder: FactLine, other: FactLine): boolean {
    return (
      this.isFree('holder', holder.id) &&
      this.isFree('other', other.id) &&
      agrees(holder.amountMinor, other.amountMinor, holder.currency, this.#rule.tolerance) &&
      this.#rule.compatible(holder.id, other.id)
    );
  }
}

/** Connected components of what is still free and could belong together. */
function clustersOf(
  search: FactSearch,
  holders: readonly FactLine[],
  others: readonly FactLine[],
  strength: Strength,
): { holders: number[]; others: number[] }[] {
  const links = new Components();
  const join = (holder: number, other: number) => links.join(`h${holder}`, `o${other}`);
  for (const other of others) {
    for (const holder of search.holdersFor(other, strength, CANDIDATE_LIMIT + 1)) join(holder.id, other.id);
  }
  for (const holder of holders) {
    if (links.has(`h${holder.id}`)) continue;
    for (const other of search.othersFor(holder, strength, 1)) join(holder.id, other.id);
  }
  const clusters = new Map<string, { holders: number[]; others: number[] }>();
  const put = (side: 'holders' | 'others', id: number) => {
    const node = `${side === 'holders' ? 'h' : 'o'}${id}`;
    if (!links.has(node)) return;
    const top = links.find(node);
    const cluster = clusters.get(top) ?? { holders: [], others: [] };
    cluster[side].push(id);
    clusters.set(top, cluster);
  };
  for (const { id } of holders) put('holders', id);
  for (const { id } of others) put('others', id);
  return [...clusters.values()];
}

/** Connected components: the smaller joins the larger, and paths are halved, so that a crowd stays cheap. */
class Components {
  readonly #parent = new Map<string, string>();
  readonly #size = new Map<string, number>();

  has(node: string): boolean {
    return this.#parent.has(node);
  }

  find(node: string): string {
    let at = node;
    for (;;) {
      const up = this.#parent.get(at) ?? at;
      const above = this.#parent.get(up) ?? up;
      this.#parent.set(at, above);
      if (up === above) return up;
      at = above;
    }
  }

  join(a: string, b: string): void {
    const [x, y] = [this.find(a), this.find(b)];
    if (x === y) return;
    const [sizeX, sizeY] = [this.#size.get(x) ?? 1, this.#size.get(y) ?? 1];
    const [child, parent] = sizeX < sizeY ? [x, y] : [y, x];
    this.#parent.set(child, parent);
    this.#size.set(parent, sizeX + sizeY);
  }
}

/** Lines of one kind, currency and counterparty, by amount and then by first day. */
interface Shelf {
  lines: FactLine[];
  longestDays: number;
}

/** Which part of a shelf: all of it, holders without a known reference, or other lines without a reference. */
type Part = 'any' | 'unlearned' | 'bare';

function shelfKey(line: FactLine, strength: Strength, part: Part): string {
  const base = `${part}|${line.kind}|${line.currency}`;
  if (strength === 'strict') return line.counterparty === null ? 'nobody' : `${base}|=${line.counterparty}`;
  return line.counterparty === null ? base : `${base}|?`;
}

function shelve(lines: readonly FactLine[], partsOf: (line: FactLine) => readonly Part[]): Map<string, Shelf> {
  const shelves = new Map<string, Shelf>();
  const put = (key: string, line: FactLine) => {
    const shelf = shelves.get(key) ?? { lines: [], longestDays: 0 };
    shelf.lines.push(line);
    shelf.longestDays = Math.max(shelf.longestDays, line.toDay - line.fromDay);
    shelves.set(key, shelf);
  };
  for (const line of lines) {
    for (const part of partsOf(line)) {
      const base = `${part}|${line.kind}|${line.currency}`;
      put(base, line);
      put(line.counterparty === null ? `${base}|?` : `${base}|=${line.counterparty}`, line);
    }
  }
  for (const shelf of shelves.values()) {
    shelf.lines.sort((a, b) =>
      a.amountMinor === b.amountMinor ? a.fromDay - b.fromDay || a.id - b.id : a.amountMinor < b.amountMinor ? -1 : 1,
    );
  }
  return shelves;
}

/** Up to `limit` lines whose amount is within reach of `near` and whose days touch `lowDay`…`highDay`. */
function lookUp(
  shelf: Shelf | undefined,
  near: FactLine,
  tolerance: Tolerance,
  lowDay: number,
  highDay: number,
  limit: number,
  accept: (line: FactLine) => boolean,
): FactLine[] {
  const found: FactLine[] = [];
  if (!shelf) return found;
  const { lines, longestDays } = shelf;
  const distance = reach(near.amountMinor, near.currency, tolerance);
  const most = near.amountMinor + distance;
  let at = firstAt(lines, near.amountMinor - distance, Number.NEGATIVE_INFINITY);
  while (found.length < limit) {
    const amount = lines[at]?.amountMinor;
    if (amount === undefined || amount > most) break;
    at = firstAt(lines, amount, lowDay - longestDays);
    for (let line = lines[at]; line && line.amountMinor === amount; line = lines[at]) {
      if (line.fromDay > highDay || found.length >= limit) break;
      if (line.toDay >= lowDay && accept(line)) found.push(line);
      at += 1;
    }
    at = firstAt(lines, amount, Number.POSITIVE_INFINITY);
  }
  return found;
}

/** Index of the first line at or after (amount, day); day +∞ gives the first line of a larger amount. */
function firstAt(lines: readonly FactLine[], amountMinor: bigint, day: number): number {
  let low = 0;
  let high = lines.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const line = lines[middle];
    if (line && (line.amountMinor < amountMinor || (line.amountMinor === amountMinor && line.fromDay < day))) {
      low = middle + 1;
    } else high = middle;
  }
  return low;
}
