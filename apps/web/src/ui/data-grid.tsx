// biome-ignore-all lint/a11y/useSemanticElements: rows that are not in the document cannot be a <table>'s
// biome-ignore-all lint/a11y/useFocusableInteractive: the rows hold the grid's one tab stop
import {
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  useCallback,
  useDeferredValue,
  useEffect,
  useImperativeHandle,
  useMemo,
  useRef,
} from 'react';
import { useSetting } from '../lib/setting.ts';
import { useShortcut } from '../lib/shortcuts.ts';
import { densitySetting } from '../lib/theme.ts';
import { type Column, fittingColumns, tracks } from './grid-columns.ts';
import { GridHeader, type GridSort } from './grid-header.tsx';
import { goalOfKey } from './grid-keys.ts';
import { GridRow } from './grid-row.tsx';
import { rowsInWindow, scrollFor } from './grid-window.ts';
import { useActiveRow } from './use-active-row.ts';
import { useGridViewport } from './use-grid-viewport.ts';

/** What a page may ask of its grid. */
export interface GridHandle {
  /** Makes the row after this one the active one and focuses it; at the end of the list the one before it. */
  focusAfter(id: string): void;
  /** Focuses the active row, or else the first one in sight. */
  focusRow(): void;
  scrollToTop(): void;
}

export interface DataGridProps<Row> {
  label: string;
  columns: readonly Column<Row>[];
  /** The rows in memory, in one piece; undefined where one is on its way. */
  rows: readonly (Row | undefined)[];
  /** The place of the first of them in the whole list, where only a part is in memory. */
  offset?: number;
  /** How many rows are known of, in memory or not. */
  extent?: number;
  rowId: (row: Row) => string;
  /** What a row is called by screen readers when it is selected. */
  rowName: (row: Row) => string;
  /** How many rows there are in all, where that is known: more than are loaded. */
  total?: number | undefined;
  /** Rows with a second, quiet line. */
  tall?: boolean;
  /** The row whose panel is open. */
  openId?: string | null;
  onOpen?: (row: Row) => void;
  /** The active row moved by keys: an open panel follows it. */
  onMove?: (row: Row) => void;
  /** The row that keys act on, whether moved to by keys, focus or press. */
  onActive?: (row: Row | undefined) => void;
  selected?: ReadonlySet<string>;
  /** Rows that join the selection, or leave it. */
  onSelect?: (rows: readonly Row[], on: boolean) => void;
  sort?: GridSort | null;
  onSort?: (sort: GridSort) => void;
  /** The end of what is loaded comes near. */
  onNearEnd?: () => void;
  /** The places of the first and the last row in sight. */
  onSight?: (first: number, last: number) => void;
  ref?: RefObject<GridHandle | null>;
  /** Room behind the last row, for what lies over the list's end. */
  padded?: boolean;
  /** Instead of rows, when there are none: an empty state, an error, skeletons. */
  children?: ReactNode;
}

const ROW_PX = { compact: { short: 34, tall: 44 }, comfortable: { short: 40, tall: 50 } } as const;
const SELECT_PX = 34;
const PADDING_PX = 72;
const NEAR_END_ROWS = 20;
const NONE: ReadonlySet<string> = new Set();

/**
 * A list of any length: only the rows in sight are in the document. One tab stop (roving tabindex); arrows, Home, End,
 * Page keys and j/k move, Enter opens, x selects (with shift: everything since the last one), Right goes to the controls
 * inside the row and Left back.
 */
export function DataGrid<Row>(props: DataGridProps<Row>) {
  const { rows, offset = 0, rowId, tall = false, openId = null, selected = NONE, onNearEnd, onSight } = props;
  const count = props.extent ?? offset + rows.length;
  const scroller = useRef<HTMLDivElement>(null);
  const { width: measured, viewport, look } = useGridViewport(scroller);
  // Other columns mean every cell anew: what made room for them, or took it, is drawn first.
  const settled = useDeferredValue(measured);
  const width = settled === 0 ? measured : settled;
  const density = useSetting(densitySetting);
  const height = ROW_PX[density][tall ? 'tall' : 'short'];
  const selectable = props.onSelect !== undefined;
  const columns = useMemo(
    () => fittingColumns(props.columns, (width || Number.POSITIVE_INFINITY) - (selectable ? SELECT_PX : 0)),
    [props.columns, width, selectable],
  );

  const { activeIndex, setActive } = useActiveRow({ rows, offset, count, rowId, openId, scroller });
  const active = rows[activeIndex - offset];
  const indexes = rowsInWindow(viewport, { rowPx: height, count }, activeIndex);
  const near = count > 0 && (viewport.scrollTop + viewport.height) / height >= count - NEAR_END_ROWS;
  // biome-ignore lint/correctness/useExhaustiveDependencies: every longer list is asked about once
  useEffect(() => {
    if (near) onNearEnd?.();
  }, [near, count]);
  const first = Math.floor(viewport.scrollTop / height);
  const last = Math.ceil((viewport.scrollTop + viewport.height) / height);
  useEffect(() => onSight?.(first, last), [onSight, first, last]);

  const latest = useRef({ ...props, offset, active });
  useEffect(() => {
    latest.current = { ...props, offset, active };
  });

  const moveTo = (index: number, byKey = true): void => {
    if (count === 0) return;
    const goal = Math.max(0, Math.min(count - 1, index));
    setActive(goal, true);
    if (scroller.current) scroller.current.scrollTop = scrollFor(goal, viewport, height);
    look();
    const row = rows[goal - offset];
    if (byKey && row !== undefined) props.onMove?.(row);
  };
  const indexOf = (id: string): number => offset + rows.findIndex((row) => row !== undefined && rowId(row) === id);
  useImperativeHandle(props.ref, () => ({
    focusAfter(id) {
      const at = indexOf(id);
      if (at >= offset) moveTo(at + 1 < count ? at + 1 : at - 1, false);
    },
    focusRow() {
      moveTo(activeIndex >= 0 ? activeIndex : first, false);
    },
    scrollToTop() {
      if (scroller.current) scroller.current.scrollTop = 0;
      look();
    },
  }));

  const anchor = useRef<string | null>(null);
  const toggle = useCallback((id: string, range: boolean) => {
    const now = latest.current;
    const place = (one: string | null): number =>
      now.rows.findIndex((row) => row !== undefined && now.rowId(row) === one);
    const [from, to] = [place(anchor.current), place(id)];
    anchor.current = id;
    if (range && from >= 0 && to >= 0) {
      const between = now.rows.slice(Math.min(from, to), Math.max(from, to) + 1);
      now.onSelect?.(
        between.filter((row) => row !== undefined),
        true,
      );
    } else {
      const row = now.rows[to];
      if (row !== undefined) now.onSelect?.([row], !(now.selected ?? NONE).has(id));
    }
  }, []);
  const activate = useCallback((index: number) => setActive(index, false), [setActive]);
  const press = useCallback((id: string) => {
    const row = latest.current.rows.find((one) => one !== undefined && latest.current.rowId(one) === id);
    if (row !== undefined) latest.current.onOpen?.(row);
  }, []);
  useEffect(() => latest.current.onActive?.(active), [active]);

  useShortcut('j', 'list', 'common.grid.moveDown', count > 0 ? () => moveTo(activeIndex + 1) : null);
  useShortcut('k', 'list', 'common.grid.moveUp', count > 0 ? () => moveTo(activeIndex - 1) : null);
  useShortcut(
    'x',
    'list',
    'common.grid.select',
    selectable && active !== undefined ? ({ shiftKey = false }) => toggle(rowId(active), shiftKey) : null,
  );

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (!(event.target instanceof HTMLElement) || event.altKey || event.ctrlKey || event.metaKey) return;
    const row = event.target.closest<HTMLElement>('[data-row]');
    if (!row) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / height) - 2);
    const goal = goalOfKey(event.key, { at: activeIndex, count, page });
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (goal !== null) moveTo(goal);
    else if (step !== 0) stepInside(row, event.target, step);
    else if (event.key === 'Enter' && event.target === row && active !== undefined) props.onOpen?.(active);
    else return;
    event.preventDefault();
  };

  const known = selectable ? rows.filter((row) => row !== undefined) : [];
  const chosen = known.reduce((sum, row) => sum + (selected.has(rowId(row)) ? 1 : 0), 0);
  const selection = !selectable ? null : chosen === 0 ? 'none' : chosen === known.length ? 'all' : 'some';

  return (
    <div
      ref={scroller}
      role="grid"
      aria-label={props.label}
      aria-rowcount={props.total === undefined ? (onNearEnd || onSight ? -1 : count + 1) : props.total + 1}
      aria-multiselectable={selectable || undefined}
      onKeyDown={onKeyDown}
      onScroll={look}
      style={{ ['--tracks' as string]: tracks(columns, selectable) }}
      className="relative min-h-0 min-w-0 flex-1 overflow-x-hidden overflow-y-auto bg-panel"
    >
      <GridHeader
        columns={columns}
        selection={selection}
        onSelectAll={() => props.onSelect?.(known, selection !== 'all')}
        sort={props.sort ?? null}
        onSort={props.onSort}
      />
      {count === 0 ? (
        <div role="row">
          <div role="gridcell" aria-colspan={columns.length}>
            {props.children}
          </div>
        </div>
      ) : (
        <div role="rowgroup" className="relative" style={{ height: count * height + (props.padded ? PADDING_PX : 0) }}>
          {indexes.map((index) => {
            const row = rows[index - offset];
            if (row === undefined) return null;
            const id = rowId(row);
            return (
              <GridRow
                key={id}
                row={row}
                id={id}
                name={props.rowName(row)}
                index={index}
                top={index * height}
                columns={columns}
                tall={tall}
                active={index === Math.max(activeIndex, 0)}
                open={id === openId}
                selected={selected.has(id)}
                selectable={selectable}
                onPress={press}
                onFocusRow={activate}
                onToggle={toggle}
              />
            );
          })}
        </div>
      )}
    </div>
  );
}

function stepInside(row: HTMLElement, from: HTMLElement, by: 1 | -1): void {
  const stops = [row, ...row.querySelectorAll<HTMLElement>('button, a[href], input, [tabindex]')];
  stops[Math.max(0, Math.min(stops.length - 1, stops.indexOf(from) + by))]?.focus();
}
