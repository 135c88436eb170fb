import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { trpc } from '../lib/trpc.ts';
import { useHeldRows } from '../ui/use-held-rows.ts';
import type { AuditQuestion } from './audit-question.ts';

/** The log as the person reads it: pages as they scroll, held still while it grows at its head. */
export function useAudit(question: AuditQuestion) {
  const query = useInfiniteQuery(
    trpc.audit.list.infiniteQueryOptions(question, { getNextPageParam: (page) => page.nextCursor ?? undefined }),
  );
  const fresh = useMemo(() => query.data?.pages.flatMap((page) => page.rows) ?? [], [query.data]);
  const { held, show } = useHeldRows(fresh, JSON.stringify(question));
  return { query, held, show };
}
