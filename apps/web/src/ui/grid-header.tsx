// biome-ignore-all lint/a11y/useSemanticElements: rows that are not in the document cannot be a <table>'s
// biome-ignore-all lint/a11y/useFocusableInteractive: the rows hold the grid's one tab stop
import { ArrowDown, ArrowUp } from 'lucide-react';
import { cx } from '../lib/class-names.ts';
import { useText } from '../lib/i18n.ts';
import { type Column, sortedColumn } from './grid-columns.ts';

export interface GridSort {
  column: string;
  direction: 'asc' | 'desc';
}

interface GridHeaderProps<Row> {
  columns: readonly Column<Row>[];
  /** How much of what is loaded is selected; null where nothing can be. */
  selection: 'none' | 'some' | 'all' | null;
  onSelectAll: () => void;
  sort: GridSort | null;
  onSort: ((sort: GridSort) => void) | undefined;
}

export function GridHeader<Row>({ columns, selection, onSelectAll, sort, onSort }: GridHeaderProps<Row>) {
  const selectable = selection !== null;
  const sorted = sortedColumn(columns, sort?.column);
  return (
    <div role="rowgroup" className="hairline-b sticky top-0 z-10 bg-panel">
      <div role="row" aria-rowindex={1} className="grid h-[30px] grid-cols-(--tracks) items-center">
        {selectable && <SelectAll selection={selection} onSelectAll={onSelectAll} />}
        {columns.map((column, at) => {
          const direction = column.id === sorted && sort ? sort.direction : null;
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

interface SelectAllProps {
  selection: 'none' | 'some' | 'all';
  onSelectAll: () => void;
}

function SelectAll({ selection, onSelectAll }: SelectAllProps) {
  const t = useText();
  return (
    <div role="columnheader" aria-colindex={1} className="flex justify-center">
      <input
        type="checkbox"
        aria-label={t('common.grid.selectAll')}
        title={t('common.grid.selectAll')}
        checked={selection === 'all'}
        ref={(box) => {
          if (box) box.indeterminate = selection === 'some';
        }}
        onChange={onSelectAll}
        className="size-3.5 accent-(--ink)"
      />
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
      onClick={() => onSort({ column: column.sortBy ?? column.id, direction: next })}
      className={cx(
        'inline-flex max-w-full min-h-6 items-center gap-1 rounded-xs align-middle hover:text-ink',
        direction && 'font-medium text-ink',
      )}
    >
      <span className="truncate">{column.header}</span>
      {direction && <Arrow aria-hidden="true" size={11} className="shrink-0" />}
    </button>
  );
}
