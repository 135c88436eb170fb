/** Every column that the desk can show, in the order of the menu. */
export const COLUMNS = [
  'id',
  'payee',
  'merchant',
  'amount',
  'currency',
  'status',
  'attention',
  'code',
  'rail',
  'provider',
  'providerId',
  'reference',
  'owner',
  'created',
  'since',
  'deadline',
] as const;
export type ColumnId = (typeof COLUMNS)[number];

/** What is shown when nobody has chosen. */
export const USUAL: readonly ColumnId[] = ['id', 'payee', 'amount', 'status', 'attention', 'rail', 'owner', 'created'];
/** Without these a row does not say what would be acted on. */
export const FIXED: ReadonlySet<ColumnId> = new Set(['payee', 'amount']);

/** The columns that an address names, in its order. What nobody knows is left out; the fixed ones are always there. */
export function readColumns(text: string | undefined): ColumnId[] {
  if (!text) return [...USUAL];
  const named = text.split(',').flatMap((name) => COLUMNS.find((one) => one === name) ?? []);
  const chosen = [...new Set(named)];
  return [...[...FIXED].filter((id) => !chosen.includes(id)), ...chosen];
}

/** The address's words for columns; empty for the usual ones. */
export function writeColumns(columns: readonly ColumnId[]): string {
  return columns.join() === USUAL.join() ? '' : columns.join();
}

/** Shows a column, or takes it away; one that comes goes before the first that follows it in the menu. */
export function toggleColumn(columns: readonly ColumnId[], id: ColumnId): ColumnId[] {
  if (columns.includes(id)) return FIXED.has(id) ? [...columns] : columns.filter((one) => one !== id);
  const place = columns.findIndex((one) => COLUMNS.indexOf(one) > COLUMNS.indexOf(id));
  return place < 0 ? [...columns, id] : columns.toSpliced(place, 0, id);
}

/** Moves a column one place to the left (-1) or to the right (1), where there is one. */
export function moveColumn(columns: readonly ColumnId[], id: ColumnId, by: -1 | 1): ColumnId[] {
  const at = columns.indexOf(id);
  const goal = at + by;
  if (at < 0 || goal < 0 || goal >= columns.length) return [...columns];
  return columns.toSpliced(at, 1).toSpliced(goal, 0, id);
}
