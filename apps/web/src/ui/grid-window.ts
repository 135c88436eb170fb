export interface Viewport {
  scrollTop: number;
  /** Height of what is seen of the rows, without the header. */
  height: number;
}

interface RowsOf {
  rowPx: number;
  count: number;
}

/** Rows kept ready above and below what is seen, so that a quick scroll meets rows and not paper. */
const AHEAD = 6;

/**
 * The indexes of the rows that belong into the document: those in sight, some around them, and `keep` (the active row,
 * whose focus must not be lost when it is scrolled away). Rows are of one height, so this is a division.
 */
export function rowsInWindow({ scrollTop, height }: Viewport, { rowPx, count }: RowsOf, keep: number): number[] {
  const first = Math.max(0, Math.floor(scrollTop / rowPx) - AHEAD);
  const last = Math.min(count - 1, Math.ceil((scrollTop + height) / rowPx) + AHEAD);
  const indexes = Array.from({ length: Math.max(0, last - first + 1) }, (_, step) => first + step);
  if (keep < 0 || keep >= count || (keep >= first && keep <= last)) return indexes;
  return keep < first ? [keep, ...indexes] : [...indexes, keep];
}

/** Where to scroll so that a row is in sight; where it is already, nowhere else. */
export function scrollFor(index: number, { scrollTop, height }: Viewport, rowPx: number): number {
  const top = index * rowPx;
  if (top < scrollTop) return top;
  return top + rowPx > scrollTop + height ? top + rowPx - height : scrollTop;
}
