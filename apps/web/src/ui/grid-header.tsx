// biome-ignore-all lint/a11y/useSemanticElements: rows that are not in the document cannot be a <table>'s
// biome-ignore-all lint/a11y/useFocusableInteractive: the rows hold the grid's one tab stop
import { ArrowDown, ArrowUp } from 'lucide-react';
import { cx } from '../lib/class-names.ts';
import { useText } from '../lib/i18n.ts';
import type { Column } from './grid-columns.ts';

export interface GridSort {
  column: string;
  direction: 'asc' | 'desc';
}

interface GridHeaderProps<Row> {
  columns: readonly Column<Row>[];
  selectable: boolean;
  sort: GridSort | null;
  onSort: ((sort: GridSort) => void) | undefined;
}

export function GridHeader<Row>({ columns, selectable, sort, onSort }: GridHeaderProps<Row>) {
  return (
    <div role="rowgroup" className="hairline-b sticky top-0 z-10 bg-panel">
      <div role="row" aria-rowindex={1} className="grid h-[30px] grid-cols-(--tracks) items-center">
        {selectable && <div role="columnheader" aria-colindex={1} />}
        {columns.map((column, at) => {
          const direction = sort?.column === column.id ? sort.direction : null;
          return (
            <div
              key={column.id}
              role="columnheader"
              aria-colindex={at + (selectable ? 2 : 1)}
              aria-sort={direction === 'asc' ? 'ascending' : direction === 'desc' ? 'descending' : undefined}
              className={cx('truncate px-2.5 text-2xs text-quiet', column.align === 'end' && 'text-right')}
            >
              {column.sortable && onSort ? (
                <SortButton column={column} direction={direction} onSort={onSort} />
              ) : (
                column.header
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}

interface SortButtonProps<Row> {
  column: Column<Row>;
  direction: GridSort['direction'] | null;
  onSort: (sort: GridSort) => void;
}

function SortButton<Row>({ column, direction, onSort }: SortButtonProps<Row>) {
  const t = useText();
  const next = direction === 'desc' ? 'asc' : 'desc';
  const label = t(next === 'asc' ? 'common.grid.sortAscending' : 'common.grid.sortDescending', {
    column: column.header,
  });
  const Arrow = direction === 'asc' ? ArrowUp : ArrowDown;
  return (
    <button
      type="button"
      title={label}
      onClick={() => onSort({ column: column.id, direction: next })}
      className={cx(
        'inline-flex min-h-6 items-center gap-1 rounded-xs hover:text-ink',
        direction && 'font-medium text-ink',
      )}
    >
      {column.header}
      {direction && <Arrow aria-hidden="true" size={11} />}
    </button>
  );
}
