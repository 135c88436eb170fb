// biome-ignore-all lint/a11y/useSemanticElements: rows that are not in the document cannot be a <table>'s
// biome-ignore-all lint/a11y/useFocusableInteractive: the rows hold the grid's one tab stop
import { createContext, type MouseEvent, memo, use } from 'react';
import { cx } from '../lib/class-names.ts';
import { useText } from '../lib/i18n.ts';
import type { Column } from './grid-columns.ts';

const ActiveRow = createContext(true);

/**
 * The tab index of a control inside a grid's row. Only the active row's controls are in the tab order: Tab leaves the
 * grid after one stop instead of visiting every badge on the screen. Outside a grid it is 0.
 */
export function useCellTabIndex(): 0 | -1 {
  return use(ActiveRow) ? 0 : -1;
}

export interface GridRowProps<Row> {
  row: Row;
  id: string;
  name: string;
  /** Place in the whole list, from 0. */
  index: number;
  top: number;
  columns: readonly Column<Row>[];
  tall: boolean;
  active: boolean;
  open: boolean;
  selected: boolean;
  selectable: boolean;
  onPress: (id: string) => void;
  onFocusRow: (index: number) => void;
  /** `range`: everything between the last toggled row and this one. */
  onToggle: (id: string, range: boolean) => void;
}

function Row<R>(props: GridRowProps<R>) {
  const { row, id, name, index, top, columns, tall, active, open, selected, selectable } = props;
  const t = useText();
  const press = (event: MouseEvent<HTMLElement>): void => {
    // A control inside the row has its own act, and selecting text is not opening.
    const inner = event.target instanceof Element && event.target.closest('button, a, input, label');
    if (inner) return;
    if (selectable && (event.shiftKey || event.metaKey || event.ctrlKey)) props.onToggle(id, event.shiftKey);
    else if (!document.getSelection()?.toString()) props.onPress(id);
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid hears the keys of its rows
    <div
      role="row"
      data-row={id}
      aria-rowindex={index + 2}
      aria-selected={selectable ? selected : open}
      aria-current={(selectable && open) || undefined}
      tabIndex={active ? 0 : -1}
      onClick={press}
      onMouseDown={(event) => {
        // A range of rows is meant, not a range of text.
        if (selectable && event.shiftKey) event.preventDefault();
      }}
      onFocus={() => props.onFocusRow(index)}
      style={{ transform: `translateY(${top}px)` }}
      className={cx(
        'absolute inset-x-0 top-0 grid cursor-default grid-cols-(--tracks) items-center border-b border-line -outline-offset-2',
        tall ? 'h-(--row-tall)' : 'h-(--row)',
        open || selected ? 'bg-selection' : 'hover:bg-sunken/70',
        open && 'before:absolute before:inset-y-0 before:left-0 before:w-0.5 before:bg-focus',
      )}
    >
      <ActiveRow value={active}>
        {selectable && (
          <div role="gridcell" aria-colindex={1} className="flex justify-center">
            <input
              type="checkbox"
              tabIndex={active ? 0 : -1}
              checked={selected}
              aria-label={t('common.grid.selectRow', { name })}
              // The press itself says whether shift was down; the change that follows it does not.
              onChange={() => undefined}
              onClick={(event) => props.onToggle(id, event.shiftKey)}
              className="size-3.5 accent-(--ink)"
            />
          </div>
        )}
        {columns.map((column, at) => (
          <div
            key={column.id}
            role="gridcell"
            aria-colindex={at + (selectable ? 2 : 1)}
            className={cx('min-w-0 overflow-hidden px-2.5 whitespace-nowrap', column.align === 'end' && 'text-right')}
          >
            {column.cell(row)}
          </div>
        ))}
      </ActiveRow>
    </div>
  );
}

/** One row; it renders again only when something of its own has changed. */
export const GridRow = memo(Row) as typeof Row;
