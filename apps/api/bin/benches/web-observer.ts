/** What a page has seen of itself. */
export interface Seen {
  /** The largest contentful paint so far, ms since the navigation. */
  lcp: number;
  /** The sum of the layout shifts that nobody caused. */
  cls: number;
  /** Durations of the interactions since they were last taken, ms: from the input to the next paint. */
  durations: number[];
}

declare global {
  interface Window {
    seen: Seen;
  }
}

/** Runs in the page, before anything else: notes what the browser's own observers say. It stands alone, for it is sent as text. */
export function observe(): void {
  const seen: Seen = { lcp: 0, cls: 0, durations: [] };
  window.seen = seen;
  const watch = (type: string, note: (entry: PerformanceEntry) => void, more = {}): void => {
    new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type, buffered: true, ...more });
  };
  watch('largest-contentful-paint', ({ startTime }) => {
    seen.lcp = startTime;
  });
  watch('layout-shift', (entry) => {
    const { value, hadRecentInput } = entry as PerformanceEntry & { value: number; hadRecentInput: boolean };
    if (!hadRecentInput) seen.cls += value;
  });
  watch(
    'event',
    (entry) => {
      if ((entry as PerformanceEntry & { interactionId?: number }).interactionId) seen.durations.push(entry.duration);
    },
    { durationThreshold: 16 },
  );
}
