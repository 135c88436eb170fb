import { useQuery } from '@tanstack/react-query';
import { trpc } from '../lib/trpc.ts';

/** How many breaks are open, for the navigation; undefined while that is unknown. */
export function useOpenBreakCount(): number | undefined {
  return useQuery(trpc.reconciliation.counts.queryOptions()).data?.open;
}
