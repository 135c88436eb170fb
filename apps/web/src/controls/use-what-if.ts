import type { StuckRules } from '@countersign/api/src/payouts/stuck-policy.ts';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { trpc } from '../lib/trpc.ts';

/** How long changing rests before the open payouts are counted anew. */
const REST_MS = 250;

/** What a draft would do, asked whenever changing it rests. Null asks nothing. */
export function useWhatIf(draft: StuckRules | null) {
  const [asked, setAsked] = useState(draft);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(draft), draft ? REST_MS : 0);
    return () => clearTimeout(timer);
  }, [draft]);
  const query = useQuery({
    ...trpc.stuckPolicy.whatIf.queryOptions({ rules: asked ?? EMPTY }),
    enabled: asked !== null,
    placeholderData: keepPreviousData,
    gcTime: 0,
  });
  return {
    answer: asked ? query.data : undefined,
    error: asked && query.isError ? query.error : null,
    /** Whether the answer is about this very draft. */
    current: asked === draft && query.isSuccess && !query.isPlaceholderData && !query.isFetching,
    retry: () => void query.refetch(),
  };
}

/** Never sent: a query that is not enabled needs an input all the same. */
const EMPTY = { limits: {}, calendars: {}, railCalendar: {} } as unknown as StuckRules;
