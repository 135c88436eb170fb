import { useQueries } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { noPages, type Pages, pagesBetween, putAway, receive, type ShownRow, windowOf } from '../ui/paged-rows.ts';
import { pageQuery } from './payout-pages.ts';
import type { PayoutRow } from './payout-wire.ts';
import { askedOf, type PayoutsQuestion } from './payouts-question.ts';

export type ShownPayout = ShownRow<PayoutRow>;

/** Rows around those in sight that are kept ready; what lies further away is put away. */
const AROUND = 50;
const FIRST_SIGHT = { first: 0, last: 30 };

interface Held {
  key: string;
  pages: Pages<PayoutRow>;
}

/**
 * The queue as the person sees it: pages as they scroll, held still while the world moves. However far they scroll, only
 * the pages around what they see are in memory, and only those are asked for again when something changes.
 */
export function usePayouts(question: PayoutsQuestion) {
  const key = JSON.stringify([askedOf(question), question.sort]);
  const [held, setHeld] = useState<Held>({ key, pages: noPages() });
  const [sight, setSight] = useState(FIRST_SIGHT);
  const pages = held.key === key ? held.pages : noPages<PayoutRow>();
  const latest = useRef(pages);
  useEffect(() => {
    latest.current = pages;
  });

  const seen = held.key === key ? sight : FIRST_SIGHT;
  const wanted = pagesBetween(pages, seen.first - AROUND, seen.last + AROUND);
  const reads = useQueries({
    queries: wanted.map((at) => {
      const cursor = pages[at]?.cursor ?? null;
      return pageQuery(question, cursor, () => latest.current.find((page) => page.cursor === cursor));
    }),
  });

  let now = pages;
  reads.forEach(({ data }, index) => {
    if (data) now = receive(now, wanted[index] ?? 0, data);
  });
  now = putAway(now, wanted);
  // Settles in this same render.
  if (held.key !== key || now !== held.pages) setHeld({ key, pages: now });

  const firstRead = now[0]?.read ?? null;
  /** Brings in what waits: the list begins anew, at its top. */
  const show = (): void => {
    setHeld({ key, pages: firstRead ? receive(noPages(), 0, { ...firstRead, complete: true }) : noPages() });
    setSight(FIRST_SIGHT);
  };
  const onSight = useCallback((first: number, last: number) => {
    // In steps, so that not every row scrolled by draws the page anew.
    const step = (row: number): number => Math.floor(row / 20) * 20;
    const next = { first: step(first), last: step(last + 19) };
    setSight((was) => (was.first === next.first && was.last === next.last ? was : next));
  }, []);

  const list = useMemo(() => windowOf(now), [now]);
  const failed = reads.find(({ isError }) => isError);
  const refetch = failed?.refetch;
  return {
    list,
    show,
    onSight,
    pending: list.count === 0 && reads.some(({ isPending }) => isPending),
    error: failed?.error ?? null,
    retry: () => void refetch?.(),
    checkedAt: Math.max(0, ...reads.map(({ dataUpdatedAt }) => dataUpdatedAt)),
  };
}
