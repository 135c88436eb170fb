import { useMemo, useState } from 'react';
import { type Held, holdRows } from './hold-rows.ts';

/**
 * A list that holds still while the world moves (holdRows). `key` names the question: another one starts anew; a further
 * page joins what is shown. `show` brings in what waits.
 */
export function useHeldRows<Row extends { id: string }>(
  fresh: readonly Row[],
  key: string,
): { held: Held<Row>; show: () => void } {
  const [shown, setShown] = useState<{ key: string; rows: readonly Row[] }>({ key, rows: fresh });
  const rows = shown.key === key ? shown.rows : [];
  const held = useMemo(() => holdRows(rows, fresh), [rows, fresh]);
  // Both settle in this same render.
  if (shown.key !== key || held.appended > 0) setShown({ key, rows: held.rows });
  return { held, show: () => setShown({ key, rows: fresh }) };
}
