import { useSyncExternalStore } from 'react';

/*
 * One clock for every relative time on the screen: it ticks once a second while somebody looks, so a hundred rows cost
 * one timer. Components read it rounded to the step they show, and only render when that changes.
 */

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let now = Date.now();

function tick(): void {
  now = Date.now();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === undefined) {
    now = Date.now();
    timer = setInterval(tick, 1_000);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** The present, in steps of `stepMs` (a second by default; a minute is enough for what is hours old). */
export function useNow(stepMs = 1_000): Date {
  const step = useSyncExternalStore(subscribe, () => Math.floor(now / stepMs) * stepMs);
  // Rounding down would show an instant of this very second as lying ahead.
  return new Date(stepMs <= 1_000 ? Math.max(step, now) : step);
}
