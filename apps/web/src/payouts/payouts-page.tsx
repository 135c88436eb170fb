import type { PayoutFilter, PayoutSort } from '@countersign/api/src/payouts/payouts.queries.ts';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { useText } from '../lib/i18n.ts';
import { useShortcut } from '../lib/shortcuts.ts';
import { trpc } from '../lib/trpc.ts';
import { type PayoutsSearch, paths } from '../paths.ts';
import { PageTitle } from '../shell/page-title.tsx';
import { DataGrid } from '../ui/data-grid.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { SkeletonRows } from '../ui/skeleton-rows.tsx';
import { NewsPill } from './news-pill.tsx';
import { usePayoutColumns } from './payout-columns.tsx';
import { PayoutsEmpty } from './payouts-empty.tsx';
import { readFilter, readSort, sortOfHeader } from './payouts-question.ts';
import { PayoutsToolbar } from './payouts-toolbar.tsx';
import { type ShownPayout, usePayouts } from './use-payouts.ts';

const loadPanel = () => import('./payout-panel.tsx');
const PayoutPanel = lazy(() => loadPanel().then((file) => ({ default: file.PayoutPanel })));
const RetryPayoutDialog = lazy(() =>
  import('./retry-payout-dialog.tsx').then((file) => ({ default: file.RetryPayoutDialog })),
);

/** The payouts desk: the queue, and the panel of one payout beside it. All of its state is in the address. */
export function PayoutsPage() {
  const t = useText();
  const navigate = useNavigate();
  const search = useSearch({ from: '/shell/payouts' });
  const filter = readFilter(search.filter);
  const sort = readSort(search.sort, filter);
  const text = search.q ?? '';
  const openId = search.panel ?? null;

  const { query, held, show } = usePayouts({ filter, sort, text });
  const counts = useQuery(trpc.payouts.counts.queryOptions()).data;
  const [activeId, setActiveId] = useState<string>();
  const [retrying, setRetrying] = useState<string>();

  const latest = useRef(search);
  useEffect(() => {
    latest.current = search;
  });
  const go = useCallback(
    (change: PayoutsSearch, replace = false) =>
      void navigate({ ...paths.payouts(dropEmpty({ ...latest.current, ...change })), replace }),
    [navigate],
  );
  // Walking through rows with an open panel is one place in the history, not one for each row.
  const open = useCallback((id: string) => go({ panel: id }, latest.current.panel !== undefined), [go]);
  const close = useCallback(() => go({ panel: '' }), [go]);
  const columns = usePayoutColumns(open);

  // The panel's code is fetched when somebody comes near a row: after the first screen, before it is asked for.
  const activate = useCallback((row: ShownPayout | undefined) => {
    setActiveId(row?.id);
    if (row) void loadPanel();
  }, []);

  const target = openId ?? activeId;
  useShortcut('r', 'act', 'payouts.retry.shortcut', target ? () => setRetrying(target) : null);
  useShortcut('o', 'view', 'payouts.panel.openPage', target ? () => void navigate(paths.payout(target)) : null);

  const setFilter = (next: PayoutFilter): void => go({ filter: next, sort: '', panel: '' });
  const setSort = (next: PayoutSort): void => go({ sort: next });

  return (
    <>
      <PageTitle title={t('payouts.title')} detail={counts && t('payouts.open', { count: counts.open })} />
      <PayoutsToolbar filter={filter} text={text} onFilter={setFilter} onText={(q) => go({ q }, true)} />
      <div className="flex min-h-0 flex-1">
        <div className="relative flex min-w-0 flex-1" onPointerEnter={() => void loadPanel()}>
          <DataGrid<ShownPayout>
            label={t('payouts.title')}
            columns={columns}
            rows={held.rows}
            rowId={rowId}
            rowName={rowName}
            total={text || !counts ? undefined : counts[filter]}
            openId={openId}
            onOpen={(row) => open(row.id)}
            onMove={(row) => openId !== null && open(row.id)}
            onActive={activate}
            sort={
              sort === 'stuck_longest' ? null : { column: 'created', direction: sort === 'newest' ? 'desc' : 'asc' }
            }
            onSort={(header) => setSort(sortOfHeader(header))}
            onNearEnd={() => query.hasNextPage && !query.isFetching && void query.fetchNextPage()}
          >
            {query.isError ? (
              <ErrorState error={query.error} onRetry={() => void query.refetch()} />
            ) : query.isPending ? (
              <SkeletonRows rows={18} />
            ) : (
              <PayoutsEmpty
                filter={filter}
                narrowed={text !== ''}
                checkedAt={query.dataUpdatedAt}
                onClear={() => go({ filter: '', q: '', sort: '' })}
              />
            )}
          </DataGrid>
          <NewsPill news={held.news} gone={held.gone} onShow={show} />
        </div>
        {openId !== null && (
          <Suspense>
            <PayoutPanel id={openId} onClose={close} onRetry={() => setRetrying(openId)} />
          </Suspense>
        )}
      </div>
      {retrying && (
        <Suspense>
          <RetryPayoutDialog key={retrying} payoutId={retrying} onClose={() => setRetrying(undefined)} />
        </Suspense>
      )}
    </>
  );
}

const rowId = (row: ShownPayout): string => row.id;
const rowName = (row: ShownPayout): string => row.holder;

function dropEmpty(search: PayoutsSearch): PayoutsSearch {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== ''));
}
