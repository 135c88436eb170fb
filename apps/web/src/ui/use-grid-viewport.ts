import { type RefObject, useCallback, useLayoutEffect, useState } from 'react';
import type { Viewport } from './grid-window.ts';

const HEADER_PX = 30;

/** How wide the grid is, and which part of its rows is in sight. `look` reads where it is scrolled to now. */
export function useGridViewport(scroller: RefObject<HTMLElement | null>) {
  const [width, setWidth] = useState(0);
  const [viewport, setViewport] = useState<Viewport>({ scrollTop: 0, height: 0 });
  const look = useCallback(() => {
    const target = scroller.current;
    if (!target) return;
    const { scrollTop } = target;
    const height = target.clientHeight - HEADER_PX;
    // The same place again draws nothing.
    setViewport((was) => (was.scrollTop === scrollTop && was.height === height ? was : { scrollTop, height }));
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
