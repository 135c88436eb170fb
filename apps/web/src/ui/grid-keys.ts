interface Place {
  /** Index of the active row; -1 when there is none yet. */
  at: number;
  count: number;
  /** Rows that Page Up and Page Down move by. */
  page: number;
}

/** The row that a key moves to, within the list; null for a key that moves nowhere. */
export function goalOfKey(key: string, { at, count, page }: Place): number | null {
  if (count === 0) return null;
  const within = (index: number): number => Math.max(0, Math.min(count - 1, index));
  switch (key) {
    case 'ArrowDown':
      return within(at + 1);
    case 'ArrowUp':
      return within(at - 1);
    case 'PageDown':
      return within(at + page);
    case 'PageUp':
      return within(at - page);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return null;
  }
}
