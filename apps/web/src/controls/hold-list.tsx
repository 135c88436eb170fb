import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Hand } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { whyNot } from '../lib/failure.ts';
import { useText } from '../lib/i18n.ts';
import { useNow } from '../lib/now.ts';
import { trpc } from '../lib/trpc.ts';
import { useFormat } from '../lib/use-format.ts';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { MoneyText } from '../ui/money-text.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import { SkeletonRows } from '../ui/skeleton-rows.tsx';
import { Mark } from '../ui/status-mark.tsx';
import type { HoldRow } from './controls-wire.ts';
import { heldName } from './held-name.ts';

const loadPlace = () => import('./place-hold-dialog.tsx');
const PlaceHoldDialog = lazy(() => loadPlace().then((file) => ({ default: file.PlaceHoldDialog })));
const loadRelease = () => import('./release-hold-dialog.tsx');
const ReleaseHoldDialog = lazy(() => loadRelease().then((file) => ({ default: file.ReleaseHoldDialog })));

/** What waits under a hold changes with every payout; it is counted again this often. */
const RECOUNT_MS = 15_000;

/** The open holds, with what waits under each, and the way to place and release them. */
export function HoldList() {
  const t = useText();
  const [placing, setPlacing] = useState(false);
  const [releasing, setReleasing] = useState<HoldRow | null>(null);
  const may = useQuery(trpc.controls.state.queryOptions()).data?.payouts.can.change ?? null;
  const query = useInfiniteQuery({
    ...trpc.controls.holds.infiniteQueryOptions(
      { which: 'open' },
      { getNextPageParam: (page) => page.nextCursor ?? undefined },
    ),
    refetchInterval: RECOUNT_MS,
  });
  const rows = query.data?.pages.flatMap((page) => page.rows) ?? [];
  return (
    <section aria-labelledby="holds-title">
      <div className="mb-2 flex items-end gap-4">
        <div className="min-w-0 flex-1">
          <h2 id="holds-title" className="text-md font-semibold">
            {t('controls.holds.title')}
          </h2>
          <p className="text-sm text-quiet">{t('controls.holds.lead')}</p>
        </div>
        <span onPointerEnter={() => void loadPlace()}>
          <Button whyNot={whyNot(t, may)} onClick={() => setPlacing(true)}>
            {t('controls.holds.place')}
          </Button>
        </span>
      </div>
      {query.isError ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : query.isPending ? (
        <SkeletonRows rows={3} tall />
      ) : rows.length === 0 ? (
        <NoHolds checkedAt={query.dataUpdatedAt} />
      ) : (
        <HoldTable rows={rows} onRelease={setReleasing} />
      )}
      {query.hasNextPage && (
        <Button className="mt-2" busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t('controls.history.older')}
        </Button>
      )}
      <Suspense>
        {placing && <PlaceHoldDialog onClose={() => setPlacing(false)} />}
        {releasing && <ReleaseHoldDialog key={releasing.id} hold={releasing} onClose={() => setReleasing(null)} />}
      </Suspense>
    </section>
  );
}

function NoHolds({ checkedAt }: { checkedAt: number }) {
  const t = useText();
  const format = useFormat();
  const now = useNow();
  return (
    <div className="rounded-lg border border-dashed border-line-strong [&>div]:py-8">
      <EmptyState icon={<Hand aria-hidden="true" size={20} />} title={t('controls.holds.emptyTitle')}>
        {t('controls.holds.empty', { age: format.relative(new Date(checkedAt), now) })}
      </EmptyState>
    </div>
  );
}

function HoldTable({ rows, onRelease }: { rows: readonly HoldRow[]; onRelease: (hold: HoldRow) => void }) {
  const t = useText();
  const head = 'px-3 font-medium';
  return (
    <div className="overflow-x-auto rounded-lg border border-line">
      <table className="w-full text-left text-sm">
        <caption className="sr-only">{t('controls.holds.title')}</caption>
        <thead>
          <tr className="h-8 border-b border-line text-xs text-quiet">
            <th scope="col" className={head}>
              {t('controls.holds.columns.what')}
            </th>
            <th scope="col" className={head}>
              {t('controls.holds.columns.why')}
            </th>
            <th scope="col" className={head}>
              {t('controls.holds.columns.since')}
            </th>
            <th scope="col" className={`${head} text-right`}>
              {t('controls.holds.columns.waiting')}
            </th>
            <th scope="col">
              <span className="sr-only">{t('controls.holds.release')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((hold) => (
            <tr key={hold.id} className="border-b border-line align-top last:border-b-0">
              <th scope="row" className="px-3 py-2 font-normal">
                <span className="flex items-center gap-2 font-medium">
                  <Mark shape="open-square" tone="med" />
                  {heldName(t, hold)}
                </span>
                <span className="block pl-[17px] text-quiet">{t(`controls.holds.scope.${hold.scope}`)}</span>
              </th>
              <td className="max-w-[320px] px-3 py-2 wrap-anywhere">{hold.reason}</td>
              <td className="px-3 py-2">
                <span className="block">{hold.placedBy}</span>
                <span className="text-quiet">
                  <RelativeTime at={hold.placedAt} />
                </span>
              </td>
              <td className="px-3 py-2 text-right">
                <WaitingUnder hold={hold} />
              </td>
              <td className="px-3 py-1.5 text-right">
                <span onPointerEnter={() => void loadRelease()}>
                  <Button whyNot={whyNot(t, hold.can.release)} onClick={() => onRelease(hold)}>
                    {t('controls.holds.release')}
                  </Button>
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function WaitingUnder({ hold }: { hold: HoldRow }) {
  const t = useText();
  if (!hold.waiting || hold.waiting.count === 0)
    return <span className="text-quiet">{t('controls.holds.waitingNone')}</span>;
  return (
    <>
      <span className="block">{t('controls.holds.waiting', { count: hold.waiting.count })}</span>
      {hold.waiting.sums.map((sum) => (
        <MoneyText key={sum.currency} money={sum} className="block text-ink-2" />
      ))}
    </>
  );
}
