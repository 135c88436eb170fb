export interface Held<Row> {
  rows: (Row & { gone: boolean })[];
  /** Rows that would come in between what is shown. */
  news: number;
  /** Shown rows that no longer belong here. */
  gone: number;
  /** Rows that were loaded behind the last one: they move nothing, so they are shown at once. */
  appended: number;
}

/**
 * Rows never jump under the cursor: what is shown keeps its order, each row with its latest values; what has left stays
 * in its place, marked; what is new waits to be asked for. `shown` is what the person sees, `fresh` what the server
 * says now, both in the list's order.
 */
export function holdRows<Row extends { id: string }>(shown: readonly Row[], fresh: readonly Row[]): Held<Row> {
  const latest = new Map(fresh.map((row) => [row.id, row]));
  const known = new Set(shown.map((row) => row.id));
  const rows = shown.map((row) => {
    const now = latest.get(row.id);
    return now ? { ...now, gone: false } : { ...row, gone: true };
  });
  const lastKnown = fresh.findLastIndex((row) => known.has(row.id));
  const appended = fresh.slice(lastKnown + 1).map((row) => ({ ...row, gone: false }));
  return {
    rows: [...rows, ...appended],
    news: fresh.slice(0, lastKnown + 1).filter((row) => !known.has(row.id)).length,
    gone: rows.filter((row) => row.gone).length,
    appended: appended.length,
  };
}
