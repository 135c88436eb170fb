import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { queryClient, trpc } from '../lib/trpc.ts';

const PAGE = 200;

/** A file's lines, page by page as they are scrolled to. They never change, so a page is asked for once. */
export function useLines(fileId: string) {
  const query = useInfiniteQuery({
    queryKey: [...trpc.settlement.lines.queryKey({ fileId }), 'pages'],
    queryFn: ({ pageParam }) =>
      queryClient.fetchQuery(trpc.settlement.lines.queryOptions({ fileId, after: pageParam, limit: PAGE })),
    initialPageParam: 0,
    getNextPageParam: (page) => page.nextAfter ?? undefined,
  });
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.rows) ?? [], [query.data]);
  return { query, rows };
}

/** One line by its number, for an address that leads straight to it. */
export function lineQuery(fileId: string, lineNo: number) {
  return trpc.settlement.lines.queryOptions({ fileId, after: lineNo - 1, limit: 1 });
}
