import type { ReactNode } from 'react';

export interface Column<Row> {
  id: string;
  header: string;
  cell: (row: Row) => ReactNode;
  /** The narrowest it may get without cutting a word, in px. */
  min: number;
  /** Its share of the room that is left; 0 keeps it at `min`. */
  grow?: number;
  align?: 'start' | 'end';
  /** How soon it goes when room is short: the highest first. Without it, it always stays. */
  drop?: number;
  sortable?: boolean;
}

/** The columns that fit into `width` px. The least needed go first, whole; nothing is ever cut off mid-word. */
export function fittingColumns<Row>(columns: readonly Column<Row>[], width: number): Column<Row>[] {
  const kept = [...columns];
  const room = (): number => kept.reduce((sum, column) => sum + column.min, 0);
  while (room() > width) {
    const next = kept.reduce<Column<Row> | null>(
      (worst, column) => ((column.drop ?? 0) > (worst?.drop ?? 0) ? column : worst),
      null,
    );
    if (!next) break;
    kept.splice(kept.indexOf(next), 1);
  }
  return kept;
}

/** The CSS grid tracks of the columns. */
export function tracks<Row>(columns: readonly Column<Row>[], selectable: boolean): string {
  const own = columns.map(({ min, grow = 0 }) => (grow > 0 ? `minmax(${min}px, ${grow}fr)` : `${min}px`));
  // Without a growing column the last one takes what is left, so that the hairlines reach the edge.
  if (!columns.some((column) => (column.grow ?? 0) > 0))
    own[own.length - 1] = `minmax(${columns.at(-1)?.min ?? 0}px, 1fr)`;
  return [...(selectable ? ['34px'] : []), ...own].join(' ');
}
