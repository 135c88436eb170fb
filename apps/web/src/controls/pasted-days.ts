/** What a pasted list of days says: the days, and the lines in which there was none. */
export interface PastedDays {
  days: string[];
  unread: string[];
}

/** Reads days from pasted lines (`2027-01-01`, or `01.01.2027` as banks in Europe print it). Each day once, in order. */
export function readPastedDays(pasted: string): PastedDays {
  const days = new Set<string>();
  const unread: string[] = [];
  for (const line of pasted.split(/\r?\n/)) {
    if (line.trim() === '') continue;
    const found = [...line.matchAll(/\b(\d{4})-(\d{2})-(\d{2})\b|\b(\d{2})\.(\d{2})\.(\d{4})\b/g)].map(
      ([, year, month, day, dottedDay, dottedMonth, dottedYear]) =>
        year ? `${year}-${month}-${day}` : `${dottedYear}-${dottedMonth}-${dottedDay}`,
    );
    const real = found.filter(isRealDay);
    for (const day of real) days.add(day);
    if (real.length === 0 || real.length < found.length) unread.push(line.trim());
  }
  return { days: [...days].sort(), unread };
}

function isRealDay(day: string): boolean {
  const at = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day);
}
