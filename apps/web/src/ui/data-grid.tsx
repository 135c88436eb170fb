// biome-ignore-all lint/a11y/useSemanticElements: rows that are not in the document cannot be a <table>'s
// biome-ignore-all lint/a11y/useFocusableInteractive: the rows hold the grid's one tab stop
import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual';
import {
  type KeyboardEvent,
  type ReactNode,
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
  const width = useWidth(scroller);
  const density = useSetting(densitySetting);
  const height = ROW_PX[density][tall ? 'tall' : 'short'];
  const selectable = props.onSelect !== undefined;
  const columns = useMemo(
    () => fittingColumns(props.columns, (width || Number.POSITIVE_INFINITY) - (selectable ? 34 : 0)),
    [props.columns, width, selectable],
  );

  const { activeIndex, setActiveId } = useActive(rows, rowId, openId);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 10,
    scrollMargin: HEADER_PX,
    scrollPaddingStart: HEADER_PX,
    // The active row stays in the document when it is scrolled out of sight: focus must not fall to the body.
    rangeExtractor: useCallback(
      (range: Range) => {
        const seen = defaultRangeExtractor(range);
        return activeIndex < 0 || seen.includes(activeIndex) ? seen : [...seen, activeIndex].sort((a, b) => a - b);
      },
      [activeIndex],
    ),
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the virtualizer is told anew when the height changes
  useEffect(() => virtualizer.measure(), [height]);

  const items = virtualizer.getVirtualItems();
  const lastSeen = items.at(-1)?.index ?? 0;
  const near = rows.length > 0 && lastSeen >= rows.length - NEAR_END_ROWS;
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
    virtualizer.scrollToIndex(goal, { align: 'auto' });
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
        <div role="rowgroup" className="relative" style={{ height: virtualizer.getTotalSize() }}>
          {items.map((item) => {
            const row = rows[item.index];
            if (row === undefined) return null;
            const id = rowId(row);
            return (
              <GridRow
                key={id}
                row={row}
                id={id}
                name={props.rowName(row)}
                index={item.index}
                top={item.start - HEADER_PX}
                columns={columns}
                tall={tall}
                active={item.index === Math.max(activeIndex, 0)}
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
function useFocusBack(scroller: React.RefObject<HTMLElement | null>, openId: string | null): void {
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

function useWidth(element: React.RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const target = element.current;
    if (!target) return;
    setWidth(target.clientWidth);
    const observer = new ResizeObserver(() => setWidth(target.clientWidth));
    observer.observe(target);
    return () => observer.disconnect();
  }, [element]);
  return width;
}
