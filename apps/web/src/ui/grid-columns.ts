import type { ReactNode } from 'react';

export interface Column<Row> {
  id: string;
  header: string;
  cell: (row: Row) => ReactNode;
  /** The narrowest it may get without cutting a word, in px. */
  min: number;
  /** How narrow it may get where room is short, before a column that is needed (`needed`) goes. Without it: `min`. */
  tight?: number;
  /** Its share of the room that is left; 0 keeps it at `min`. */
  grow?: number;
  align?: 'start' | 'end';
  /** How soon it goes when room is short: the highest first. Without it, it always stays. */
  drop?: number;
  /** Goes only when every column that stays is as tight as it can be. */
  needed?: boolean;
  sortable?: boolean;
  /** What the list is ordered by when its header is pressed; its own id otherwise. */
  sortBy?: string;
}

/**
 * The columns that fit into `width` px. The least needed go first, whole; then those that can be are drawn tighter; then the
 * needed ones go. What has neither `drop` nor room stays: nothing is ever cut off mid-word.
 */
export function fittingColumns<Row>(columns: readonly Column<Row>[], width: number): Column<Row>[] {
  const spared = dropUntil(
    columns,
    (kept) => sum(kept, ({ min }) => min) <= width,
    ({ needed }) => !needed,
  );
  return dropUntil(
    spared,
    (kept) => sum(kept, ({ min, tight }) => tight ?? min) <= width,
    () => true,
  );
}

function dropUntil<Row>(
  columns: readonly Column<Row>[],
  fits: (kept: readonly Column<Row>[]) => boolean,
  mayGo: (column: Column<Row>) => boolean,
): Column<Row>[] {
  const kept = [...columns];
  while (!fits(kept)) {
    const next = kept.reduce<Column<Row> | null>(
      (worst, column) => (mayGo(column) && (column.drop ?? 0) > (worst?.drop ?? 0) ? column : worst),
      null,
    );
    if (!next) break;
    kept.splice(kept.indexOf(next), 1);
  }
  return kept;
}

function sum<Row>(columns: readonly Column<Row>[], of: (column: Column<Row>) => number): number {
  return columns.reduce((total, column) => total + of(column), 0);
}

/**
 * The column whose header says the order: the one that is called so, else the first that sorts by it. One at most, for
 * screen readers hear `aria-sort`.
 */
export function sortedColumn<Row>(columns: readonly Column<Row>[], by: string | undefined): string | undefined {
  if (by === undefined) return undefined;
  return (columns.find(({ id }) => id === by) ?? columns.find(({ sortBy }) => sortBy === by))?.id;
}

/** The CSS grid tracks of the columns. */
export function tracks<Row>(columns: readonly Column<Row>[], selectable: boolean): string {
  const own = columns.map(({ min, tight = min, grow = 0 }) =>
    grow > 0 ? `minmax(${tight}px, ${grow}fr)` : tight < min ? `minmax(${tight}px, ${min}px)` : `${min}px`,
  );
  // Without a growing column the last one takes what is left, so that the hairlines reach the edge.
  if (!columns.some((column) => (column.grow ?? 0) > 0))
    own[own.length - 1] = `minmax(${columns.at(-1)?.min ?? 0}px, 1fr)`;
  return [...(selectable ? ['34px'] : []), ...own].join(' ');
}
