import type { PayoutFilter, PayoutSort } from '@countersign/api/src/payouts/payouts.queries.ts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { trpc } from '../lib/trpc.ts';
import { type Held, holdRows } from './hold-rows.ts';
import type { PayoutRow } from './payout-wire.ts';

export type ShownPayout = PayoutRow & { gone: boolean };

export interface PayoutQuestion {
  filter: PayoutFilter;
  sort: PayoutSort;
  text: string;
}

/** The queue as the person sees it: pages as they scroll, held still while the world moves. */
export function usePayouts({ filter, sort, text }: PayoutQuestion) {
  const query = useInfiniteQuery(
    trpc.payouts.list.infiniteQueryOptions(
      { filter, sort, ...(text ? { text } : {}) },
      { getNextPageParam: (page) => page.nextCursor ?? undefined },
    ),
  );
  const fresh = useMemo(() => query.data?.pages.flatMap((page) => page.rows) ?? [], [query.data]);
  const key = `${filter} ${sort} ${text}`;
  const { held, show } = useHeldRows(fresh, key);
  return { query, held, show };
}

function useHeldRows(fresh: readonly PayoutRow[], key: string): { held: Held<PayoutRow>; show: () => void } {
  const [shown, setShown] = useState<{ key: string; rows: readonly PayoutRow[] }>({ key, rows: fresh });
  const rows = shown.key === key ? shown.rows : [];
  const held = useMemo(() => holdRows(rows, fresh), [rows, fresh]);
  // Another question starts anew; a further page joins what is shown. Both settle in this same render.
  if (shown.key !== key || held.appended > 0) setShown({ key, rows: held.rows });
  return { held, show: () => setShown({ key, rows: fresh }) };
}
