import type { Count } from '@countersign/api/src/payouts/payout-list.ts';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { trpc } from '../lib/trpc.ts';
import { askedOf, type PayoutsQuestion } from './payouts-question.ts';
import { follow, NOTHING, type Selection, select } from './selection.ts';
import type { ShownPayout } from './use-payouts.ts';

const NO_IDS: ReadonlySet<string> = new Set();

/**
 * What is selected on the desk. It belongs to the question: another filter begins without one, another order keeps it. It
 * outlives what scrolls away and what changes meanwhile.
 */
export function useDeskSelection(question: PayoutsQuestion, rows: readonly (ShownPayout | undefined)[]) {
  const asked = askedOf(question);
  const key = JSON.stringify(asked);
  const [held, setHeld] = useState<{ key: string; selection: Selection<ShownPayout> }>({ key, selection: NOTHING });
  const known = held.key === key ? held.selection : NOTHING;
  const selection = useMemo(() => follow(known, rows), [known, rows]);
  // Both settle in this same render.
  if (held.key !== key || selection !== held.selection) setHeld({ key, selection });

  const latest = useRef(rows);
  useEffect(() => {
    latest.current = rows;
  });
  const onSelect = useCallback((chosen: readonly ShownPayout[], on: boolean) => {
    const inMemory = latest.current.filter((row) => row !== undefined);
    setHeld((was) => ({ ...was, selection: select(was.selection, chosen, on, inMemory) }));
  }, []);
  const clear = useCallback(() => setHeld((was) => ({ ...was, selection: NOTHING })), []);
  const selectMatching = useCallback(
    (count: Count) => setHeld((was) => ({ ...was, selection: { kind: 'matching', count } })),
    [],
  );
  // How many "all of these" are is asked when somebody begins to select, not with every list.
  const matching = useQuery(trpc.payouts.matching.queryOptions(asked, { enabled: selection.kind !== 'none' })).data;
  const current: Selection<ShownPayout> =
    selection.kind === 'matching' && matching ? { kind: 'matching', count: matching } : selection;
  const ids = useMemo(() => {
    if (selection.kind === 'none') return NO_IDS;
    if (selection.kind === 'some') return new Set(selection.rows.keys());
    return new Set(rows.flatMap((row) => (row && !row.gone ? [row.id] : [])));
  }, [selection, rows]);
  return { selection: current, ids, matching, onSelect, clear, selectMatching };
}
