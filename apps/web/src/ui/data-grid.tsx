// biome-ignore-all lint/a11y/useSemanticElements: rows that are not in the document cannot be a <table>'s
// biome-ignore-all lint/a11y/useFocusableInteractive: the rows hold the grid's one tab stop
import {
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useSetting } from '../lib/setting.ts';
import { useShortcut } from '../lib/shortcuts.ts';
import { densitySetting } from '../lib/theme.ts';
import { type Column, fittingColumns, tracks } from './grid-columns.ts';
import { GridHeader, type GridSort } from './grid-header.tsx';
import { goalOfKey } from './grid-keys.ts';
import { GridRow } from './grid-row.tsx';
import { rowsInWindow, scrollFor, type Viewport } from './grid-window.ts';

export interface DataGridProps<Row> {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
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
  onSelect?: (selected: ReadonlySet<string>) => void;
  sort?: GridSort | null;
  onSort?: (sort: GridSort) => void;
  /** The end of what is loaded comes near. */
  onNearEnd?: () => void;
  /** Instead of rows, when there are none: an empty state, an error, skeletons. */
  children?: ReactNode;
}

const HEADER_PX = 30;
const ROW_PX = { compact: { short: 34, tall: 44 }, comfortable: { short: 40, tall: 50 } } as const;
const NEAR_END_ROWS = 20;
const NONE: ReadonlySet<string> = new Set();

/**
 * A list of any length: only the rows in sight are in the document. One tab stop (roving tabindex); arrows, Home, End,
 * Page keys and j/k move, Enter opens, x selects, Right goes to the controls inside the row and Left back.
 */
export function DataGrid<Row>(props: DataGridProps<Row>) {
  const { rows, rowId, tall = false, openId = null, selected = NONE, onNearEnd } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const { width, viewport, look } = useViewport(scroller);
  const density = useSetting(densitySetting);
  const height = ROW_PX[density][tall ? 'tall' : 'short'];
  const selectable = props.onSelect !== undefined;
  const columns = useMemo(
    () => fittingColumns(props.columns, (width || Number.POSITIVE_INFINITY) - (selectable ? 34 : 0)),
    [props.columns, width, selectable],
  );

  const { activeIndex, setActiveId } = useActive(rows, rowId, openId);
  const indexes = rowsInWindow(viewport, { rowPx: height, count: rows.length }, activeIndex);
  const near = rows.length > 0 && (viewport.scrollTop + viewport.height) / height >= rows.length - NEAR_END_ROWS;
  // biome-ignore lint/correctness/useExhaustiveDependencies: every longer list is asked about once
  useEffect(() => {
    if (near) onNearEnd?.();
  }, [near, rows.length]);

  const wantsFocus = useRef<string | null>(null);
  useLayoutEffect(() => {
    if (wantsFocus.current === null) return;
    const element = scroller.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(wantsFocus.current)}"]`);
    if (!element) return;
    wantsFocus.current = null;
    element.focus({ preventScroll: true });
  });

  const latest = useRef({ ...props, activeIndex });
  useEffect(() => {
    latest.current = { ...props, activeIndex };
  });

  const moveTo = (index: number): void => {
    const goal = Math.max(0, Math.min(rows.length - 1, index));
    const row = rows[goal];
    if (row === undefined) return;
    wantsFocus.current = rowId(row);
    setActiveId(rowId(row));
    if (scroller.current) scroller.current.scrollTop = scrollFor(goal, viewport, height);
    look();
    props.onMove?.(row);
  };
  const toggle = useCallback((id: string) => {
    const { selected: chosen = NONE, onSelect } = latest.current;
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    onSelect?.(next);
  }, []);
  const press = useCallback(
    (id: string) => {
      const row = latest.current.rows.find((one) => latest.current.rowId(one) === id);
      setActiveId(id);
      if (row !== undefined) latest.current.onOpen?.(row);
    },
    [setActiveId],
  );
  const active = rows[activeIndex];
  useEffect(() => latest.current.onActive?.(active), [active]);
  useFocusBack(scroller, openId);

  useShortcut('j', 'list', 'common.grid.moveDown', rows.length > 0 ? () => moveTo(activeIndex + 1) : null);
  useShortcut('k', 'list', 'common.grid.moveUp', rows.length > 0 ? () => moveTo(activeIndex - 1) : null);
  useShortcut('x', 'list', 'common.grid.select', selectable && active ? () => toggle(rowId(active)) : null);

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (!(event.target instanceof HTMLElement) || event.altKey || event.ctrlKey || event.metaKey) return;
    const row = event.target.closest<HTMLElement>('[data-row]');
    if (!row) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / height) - 2);
    const goal = goalOfKey(event.key, { at: activeIndex, count: rows.length, page });
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (goal !== null) moveTo(goal);
    else if (step !== 0) stepInside(row, event.target, step);
    else if (event.key === 'Enter' && event.target === row && active !== undefined) props.onOpen?.(active);
    else return;
    event.preventDefault();
  };

  return (
    <div
      ref={scroller}
      role="grid"
      aria-label={props.label}
      aria-rowcount={props.total === undefined ? (onNearEnd ? -1 : rows.length + 1) : props.total + 1}
      aria-multiselectable={selectable || undefined}
      onKeyDown={onKeyDown}
      onScroll={look}
      style={{ ['--tracks' as string]: tracks(columns, selectable) }}
      className="relative min-h-0 min-w-0 flex-1 overflow-x-hidden overflow-y-auto bg-panel"
    >
      <GridHeader columns={columns} selectable={selectable} sort={props.sort ?? null} onSort={props.onSort} />
      {rows.length === 0 ? (
        <div role="row">
          <div role="gridcell" aria-colspan={columns.length}>
            {props.children}
          </div>
        </div>
      ) : (
        <div role="rowgroup" className="relative" style={{ height: rows.length * height }}>
          {indexes.map((index) => {
            const row = rows[index];
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
                onFocusRow={setActiveId}
                onToggle={toggle}
              />
            );
          })}
        </div>
      )}
    </div>
  );
}

/** The active row is remembered by its id, so that rows arriving above do not move it; a vanished one gives its place. */
function useActive<Row>(rows: readonly Row[], rowId: (row: Row) => string, openId: string | null) {
  const [activeId, setActiveId] = useState<string | null>(openId);
  const lastIndex = useRef(-1);
  const found = activeId === null ? -1 : rows.findIndex((row) => rowId(row) === activeId);
  const activeIndex = found >= 0 || activeId === null ? found : Math.min(lastIndex.current, rows.length - 1);
  useEffect(() => {
    lastIndex.current = activeIndex;
  });
  return { activeIndex, setActiveId };
}

/** When the panel closes, the focus that was in it goes back to its row. */
function useFocusBack(scroller: RefObject<HTMLElement | null>, openId: string | null): void {
  const before = useRef(openId);
  useEffect(() => {
    const closed = openId === null ? before.current : null;
    before.current = openId;
    if (closed === null || (document.activeElement && document.activeElement !== document.body)) return;
    scroller.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(closed)}"]`)?.focus();
  }, [openId, scroller]);
}

function stepInside(row: HTMLElement, from: HTMLElement, by: 1 | -1): void {
  const stops = [row, ...row.querySelectorAll<HTMLElement>('button, a[href], input, [tabindex]')];
  stops[Math.max(0, Math.min(stops.length - 1, stops.indexOf(from) + by))]?.focus();
}

/** How wide the grid is, and which part of its rows is in sight. `look` reads where it is scrolled to now. */
function useViewport(scroller: RefObject<HTMLElement | null>) {
  const [width, setWidth] = useState(0);
  const [viewport, setViewport] = useState<Viewport>({ scrollTop: 0, height: 0 });
  const look = useCallback(() => {
    const target = scroller.current;
    if (target) setViewport({ scrollTop: target.scrollTop, height: target.clientHeight - HEADER_PX });
  }, [scroller]);
  useLayoutEffect(() => {
    const target = scroller.current;
    if (!target) return;
    const measure = (): void => {
      setWidth(target.clientWidth);
      look();
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(target);
    return () => observer.disconnect();
  }, [scroller, look]);
  return { width, viewport, look };
}
