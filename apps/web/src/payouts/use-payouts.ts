import type { PayoutFilter, PayoutSort } from '@countersign/api/src/payouts/payouts.queries.ts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { trpc } from '../lib/trpc.ts';
import { useHeldRows } from '../ui/use-held-rows.ts';
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
