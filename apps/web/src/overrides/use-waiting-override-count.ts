import { useQuery } from '@tanstack/react-query';
import { useMay } from '../lib/session.ts';
import { trpc } from '../lib/trpc.ts';

/** How many overrides wait for this person to decide; for those who decide none, how many wait for anybody. */
export function useWaitingOverrideCount(): number | undefined {
  const may = useMay();
  const counts = useQuery(trpc.overrides.counts.queryOptions()).data;
  return may('override:decide') ? counts?.for_me : counts?.waiting;
}
