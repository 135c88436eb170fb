import type { Outcome, Planned } from '@countersign/api/src/bulk/bulk.ts';
import { useQueries } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { trpc } from '../lib/trpc.ts';
import type { BulkItem } from './bulk-wire.ts';

/** Which of a run's payouts are shown. */
export interface BulkNarrow {
  outcome?: Outcome;
  planned?: Planned;
  code?: string;
}

const PAGE = 100;
/** Rows around those in sight that are kept ready. */
const AROUND = 40;
/** How long a page that went out of sight may be wanted back without asking again. */
const PUT_AWAY_MS = 10_000;
const FIRST_SIGHT = { first: 0, last: 30 };

/**
 * A run's payouts as they are scrolled to: of its ten thousand, only the pages around what is in sight are asked for, and
 * only those again when something changes. The list itself is frozen, so that a row's place never moves.
 */
export function useBulkItems(runId: string, narrow: BulkNarrow, count: number) {
  const key = JSON.stringify([runId, narrow]);
  const [seen, setSeen] = useState({ key, ...FIRST_SIGHT });
  const sight = seen.key === key ? seen : FIRST_SIGHT;
  const first = Math.floor(Math.max(0, sight.first - AROUND) / PAGE);
  const last = Math.max(first, Math.floor(Math.min(count - 1, sight.last + AROUND) / PAGE));
  const pages = Array.from({ length: last - first + 1 }, (_, at) => first + at);
  const reads = useQueries({
    queries: pages.map((page) => ({
      ...trpc.bulk.items.queryOptions({ id: runId, ...narrow, offset: page * PAGE, limit: PAGE }),
      gcTime: PUT_AWAY_MS,
    })),
  });
  const rows = pages.flatMap<BulkItem | undefined>((page, at) => {
    const size = Math.max(0, Math.min(PAGE, count - page * PAGE));
    const known = reads[at]?.data?.rows ?? [];
    return Array.from({ length: size }, (_, place) => known[place]);
  });
  const onSight = useCallback(
    (from: number, to: number) => {
      // In steps, so that not every row scrolled by draws the page anew.
      const step = (row: number): number => Math.floor(row / 20) * 20;
      const next = { key, first: step(from), last: step(to + 19) };
      setSeen((was) => (was.key === key && was.first === next.first && was.last === next.last ? was : next));
    },
    [key],
  );
  const failed = reads.find(({ isError }) => isError);
  return {
    rows,
    offset: first * PAGE,
    onSight,
    pending: reads.some(({ isPending }) => isPending),
    error: failed?.error ?? null,
    retry: () => void failed?.refetch(),
  };
}
