import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';

interface ListInMemory<Row> {
  rows: readonly (Row | undefined)[];
  offset: number;
  count: number;
  rowId: (row: Row) => string;
  openId: string | null;
  scroller: RefObject<HTMLElement | null>;
}

interface Active {
  id: string | null;
  index: number;
}

/**
 * The row that keys act on. It is remembered by its id, so that rows arriving above do not move it; a vanished one gives
 * its place, and one that was scrolled out of memory keeps it. A row that is moved to before it is there is focused when
 * it comes.
 */
export function useActiveRow<Row>({ rows, offset, count, rowId, openId, scroller }: ListInMemory<Row>) {
  const [active, change] = useState<Active>({ id: openId, index: -1 });
  const idAt = (index: number): string | null => {
    const row = rows[index - offset];
    return row === undefined ? null : rowId(row);
  };
  const found = active.id === null ? -1 : rows.findIndex((row) => row !== undefined && rowId(row) === active.id);
  const activeIndex = found >= 0 ? offset + found : Math.min(active.index, count - 1);
  const activeId = found >= 0 ? active.id : idAt(activeIndex);

  const latest = useRef({ idAt });
  useEffect(() => {
    latest.current = { idAt };
    // Where it is now is where its place is looked for when it vanishes.
    if (found >= 0 && active.index !== activeIndex) change({ id: active.id, index: activeIndex });
  });

  const wantsFocus = useRef(false);
  useLayoutEffect(() => {
    if (!wantsFocus.current || activeId === null) return;
    const element = rowElement(scroller.current, activeId);
    if (!element) return;
    wantsFocus.current = false;
    element.focus({ preventScroll: true });
  });
  useFocusBack(scroller, openId);

  const setActive = useCallback((index: number, focus: boolean) => {
    wantsFocus.current = focus;
    const id = latest.current.idAt(index);
    change((was) => (was.id === id && was.index === index ? was : { id, index }));
  }, []);
  return { activeIndex, setActive };
}

function rowElement(grid: HTMLElement | null, id: string): HTMLElement | null {
  return grid?.querySelector<HTMLElement>(`[data-row="${CSS.escape(id)}"]`) ?? null;
}

/** When the panel closes, the focus that was in it goes back to its row. */
function useFocusBack(scroller: RefObject<HTMLElement | null>, openId: string | null): void {
  const before = useRef(openId);
  useEffect(() => {
    const closed = openId === null ? before.current : null;
    before.current = openId;
    if (closed === null || (document.activeElement && document.activeElement !== document.body)) return;
    rowElement(scroller.current, closed)?.focus();
  }, [openId, scroller]);
}
