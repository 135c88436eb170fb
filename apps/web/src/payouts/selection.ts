import type { Count } from '@countersign/api/src/payouts/payout-list.ts';

/** What a selection remembers of a row, also while the row is out of sight. */
export interface Pickable {
  id: string;
  amountMinor: string;
  currency: string;
  version: number;
  gone: boolean;
}

export type Selection<Row extends Pickable> =
  | { kind: 'none' }
  /** Rows that were picked one by one, as they were last seen. */
  | { kind: 'some'; rows: ReadonlyMap<string, Row> }
  /** Everything that the list's question finds, seen or not. */
  | { kind: 'matching'; count: Count };

export const NOTHING: { kind: 'none' } = { kind: 'none' };

/** Rows join the selection, or leave it. From "everything", rows that are seen stay: leaving never selects more. */
export function select<Row extends Pickable>(
  selection: Selection<Row>,
  rows: readonly Row[],
  on: boolean,
  inMemory: readonly Row[],
): Selection<Row> {
  const before =
    selection.kind === 'some' ? selection.rows : selection.kind === 'matching' ? byId(inMemory) : byId<Row>([]);
  const next = new Map(before);
  for (const row of rows) {
    if (on) next.set(row.id, row);
    else next.delete(row.id);
  }
  return next.size === 0 ? NOTHING : { kind: 'some', rows: next };
}

/** The selection with the latest words about its rows; what is not in memory is as it was last seen. */
export function follow<Row extends Pickable>(
  selection: Selection<Row>,
  inMemory: readonly (Row | undefined)[],
): Selection<Row> {
  if (selection.kind !== 'some') return selection;
  const changed = inMemory.filter(
    (row) => row !== undefined && selection.rows.has(row.id) && selection.rows.get(row.id) !== row,
  );
  if (changed.length === 0) return selection;
  const rows = new Map(selection.rows);
  for (const row of changed) if (row) rows.set(row.id, row);
  return { kind: 'some', rows };
}

/** Sums for each currency, the largest number of payouts first: sums of different currencies are never added. */
export function sumsOf(rows: Iterable<Pickable>): { currency: string; amountMinor: string; count: number }[] {
  const sums = new Map<string, { minor: bigint; count: number }>();
  for (const { currency, amountMinor } of rows) {
    const sum = sums.get(currency) ?? { minor: 0n, count: 0 };
    sums.set(currency, { minor: sum.minor + BigInt(amountMinor), count: sum.count + 1 });
  }
  return [...sums]
    .map(([currency, { minor, count }]) => ({ currency, amountMinor: minor.toString(), count }))
    .sort((a, b) => b.count - a.count || (a.currency < b.currency ? -1 : 1));
}

/** How many payouts it means; for "everything" at least that many. */
export function sizeOf(selection: Selection<Pickable>): Count {
  if (selection.kind === 'none') return { count: 0, exact: true };
  return selection.kind === 'some' ? { count: selection.rows.size, exact: true } : selection.count;
}

function byId<Row extends Pickable>(rows: readonly Row[]): Map<string, Row> {
  return new Map(rows.map((row) => [row.id, row]));
}
