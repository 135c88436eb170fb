import type { ReportFilter } from '@countersign/api/src/reconciliation/reconciliation.queries.ts';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { readFailure } from '../lib/failure.ts';
import { useText } from '../lib/i18n.ts';
import { trpc } from '../lib/trpc.ts';
import { useFormat } from '../lib/use-format.ts';
import { paths, type RunSearch } from '../paths.ts';
import { NewsPill } from '../payouts/news-pill.tsx';
import { PageTitle } from '../shell/page-title.tsx';
import { DataGrid } from '../ui/data-grid.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { SkeletonRows } from '../ui/skeleton-rows.tsx';
import { useHeldRows } from '../ui/use-held-rows.ts';
import { type ShownBreak, useBreakColumns } from './break-columns.tsx';
import { BreaksEmpty } from './breaks-empty.tsx';
import type { Run } from './reconciliation-wire.ts';
import { isBalanceKind, readFilter } from './report-question.ts';
import { RunNotices } from './run-notices.tsx';
import { RunTiles, WaitingTiles } from './run-tiles.tsx';
import { RunToolbar } from './run-toolbar.tsx';
import { refreshReconciliation } from './use-break-command.ts';

const loadPanel = () => import('./break-panel.tsx');
const BreakPanel = lazy(() => loadPanel().then((file) => ({ default: file.BreakPanel })));
const RetryPayoutDialog = lazy(() =>
  import('../payouts/retry-payout-dialog.tsx').then((file) => ({ default: file.RetryPayoutDialog })),
);

/** The report of one run: the day in four tiles, its breaks, and the panel of one. All of its state is in the address. */
export function RunPage() {
  const t = useText();
  const navigate = useNavigate();
  const { runId } = useParams({ from: '/shell/reconciliation/$runId' });
  const search = useSearch({ from: '/shell/reconciliation/$runId' });
  const filter = readFilter(search.filter);
  const openId = search.panel ?? null;
  const [retrying, setRetrying] = useState<string>();

  const report = useQuery(trpc.reconciliation.report.queryOptions({ id: runId }));
  const query = useInfiniteQuery(
    trpc.reconciliation.breaks.infiniteQueryOptions(
      { runId, filter },
      { getNextPageParam: (page) => page.nextCursor ?? undefined },
    ),
  );
  const fresh = useMemo(() => query.data?.pages.flatMap((page) => page.rows) ?? [], [query.data]);
  const { held, show } = useHeldRows(fresh, `${runId} ${filter}`);
  const columns = useBreakColumns(fresh, report.data !== undefined && isBalanceKind(report.data.run.kind));

  const latest = useRef(search);
  useEffect(() => {
    latest.current = search;
  });
  const go = useCallback(
    (change: RunSearch, replace = false, run = runId) => {
      const next = Object.entries({ ...latest.current, ...change }).filter(([, value]) => value !== '');
      void navigate({ ...paths.run(run, Object.fromEntries(next)), replace });
    },
    [navigate, runId],
  );
  // Walking through rows with an open panel is one place in the history, not one for each row.
  const open = useCallback((id: string) => go({ panel: id }, latest.current.panel !== undefined), [go]);
  const close = useCallback(() => go({ panel: '' }), [go]);
  const setFilter = (next: ReportFilter): void => go({ filter: next === 'open' ? '' : next, panel: '' });

  if (report.isError) return <NoReport error={report.error} onRetry={() => void report.refetch()} />;
  return (
    <>
      <RunTitle run={report.data?.run} />
      {report.data ? <RunNotices report={report.data} /> : null}
      {report.data ? <RunTiles report={report.data} /> : <WaitingTiles />}
      <RunToolbar report={report.data} filter={filter} onFilter={setFilter} onRun={(next) => go({}, false, next)} />
      <div className="flex min-h-0 flex-1">
        <div className="relative flex min-w-0 flex-1" onPointerEnter={() => void loadPanel()}>
          <DataGrid<ShownBreak>
            label={t('reconciliation.report.filtersLabel')}
            columns={columns}
            rows={held.rows}
            rowId={rowId}
            rowName={(row) => t(`reconciliation.types.${row.type}`)}
            total={report.data?.counts[filter]}
            tall
            openId={openId}
            onOpen={(row) => open(row.id)}
            onMove={(row) => openId !== null && open(row.id)}
            onNearEnd={() => query.hasNextPage && !query.isFetching && void query.fetchNextPage()}
          >
            {query.isError ? (
              <ErrorState error={query.error} onRetry={() => void query.refetch()} />
            ) : query.isPending || !report.data ? (
              <SkeletonRows rows={8} tall />
            ) : (
              <BreaksEmpty
                report={report.data}
                filter={filter}
                checkedAt={query.dataUpdatedAt}
                onAll={() => setFilter('all')}
              />
            )}
          </DataGrid>
          <NewsPill news={held.news} gone={held.gone} onShow={show} />
        </div>
        {openId !== null && (
          <Suspense>
            <BreakPanel id={openId} onClose={close} onRetry={setRetrying} />
          </Suspense>
        )}
      </div>
      {retrying && (
        <Suspense>
          <RetryPayoutDialog
            key={retrying}
            payoutId={retrying}
            onClose={() => {
              setRetrying(undefined);
              // What is recommended for a break follows from what its payout allows.
              void refreshReconciliation();
            }}
          />
        </Suspense>
      )}
    </>
  );
}

const rowId = (row: ShownBreak): string => row.id;

function RunTitle({ run }: { run: Run | undefined }) {
  const t = useText();
  const format = useFormat();
  if (!run) return <PageTitle title={t('reconciliation.title')} />;
  const title = `${t(`reconciliation.kinds.${run.kind}`)} · ${t(`reconciliation.compares.${run.kind}`)}`;
  const by = t('reconciliation.report.startedBy', { who: run.startedBy, when: format.instant(run.startedAt) });
  return (
    <PageTitle
      title={title}
      detail={
        <>
          {format.valueDate(run.on)} <span className="max-xl:hidden">· {by}</span>
        </>
      }
    />
  );
}

function NoReport({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const t = useText();
  return (
    <>
      <PageTitle title={t('reconciliation.title')} />
      <ErrorState error={error} {...(readFailure(error).kind === 'fault' ? { onRetry } : {})} />
    </>
  );
}
