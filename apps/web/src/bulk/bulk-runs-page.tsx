import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useText } from '../lib/i18n.ts';
import { trpc } from '../lib/trpc.ts';
import { useFormat } from '../lib/use-format.ts';
import { paths } from '../paths.ts';
import { NewsPill } from '../payouts/news-pill.tsx';
import { PageTitle } from '../shell/page-title.tsx';
import { DataGrid } from '../ui/data-grid.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import type { Column } from '../ui/grid-columns.ts';
import { useCellTabIndex } from '../ui/grid-row.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import { SkeletonRows } from '../ui/skeleton-rows.tsx';
import { useHeldRows } from '../ui/use-held-rows.ts';
import { Sums } from './bulk-groups.tsx';
import { RunStatus } from './bulk-status.tsx';
import type { BulkListRow } from './bulk-wire.ts';
import { sumsText } from './bulk-words.ts';

const SUMS_SHOWN = 3;

type ShownRun = BulkListRow & { gone: boolean };

/** Every bulk run, the latest first: what was previewed, what runs, and the reports of what has ended. */
export function BulkRunsPage() {
  const t = useText();
  const navigate = useNavigate();
  const query = useInfiniteQuery(
    trpc.bulk.list.infiniteQueryOptions({}, { getNextPageParam: (page) => page.nextCursor ?? undefined }),
  );
  const fresh = useMemo(() => query.data?.pages.flatMap((page) => page.rows) ?? [], [query.data]);
  const { held, show } = useHeldRows(fresh, 'all');
  const columns = useRunColumns();
  return (
    <>
      <PageTitle title={t('bulk.title')} />
      <div className="relative flex min-h-0 flex-1">
        <DataGrid<ShownRun>
          label={t('bulk.title')}
          columns={columns}
          rows={held.rows}
          rowId={(row) => row.id}
          rowName={(row) => t(`bulk.acts.${row.act}`)}
          onOpen={(row) => void navigate(paths.bulkRun(row.id))}
          onNearEnd={() => query.hasNextPage && !query.isFetching && void query.fetchNextPage()}
        >
          {query.isError ? (
            <ErrorState error={query.error} onRetry={() => void query.refetch()} />
          ) : query.isPending ? (
            <SkeletonRows rows={12} />
          ) : (
            <EmptyState
              title={t('bulk.empty.title')}
              action={
                <Link {...paths.payouts()} className="underline decoration-line-strong underline-offset-2">
                  {t('bulk.empty.go')}
                </Link>
              }
            >
              {t('bulk.empty.lead')}
            </EmptyState>
          )}
        </DataGrid>
        <NewsPill news={held.news} gone={held.gone} onShow={show} />
      </div>
    </>
  );
}

function useRunColumns(): Column<ShownRun>[] {
  const t = useText();
  const format = useFormat();
  return useMemo(
    () => [
      {
        id: 'what',
        header: t('bulk.columns.what'),
        min: 150,
        grow: 0.6,
        cell: (row) => <span className="font-medium">{t(`bulk.acts.${row.act}`)}</span>,
      },
      {
        id: 'count',
        header: t('bulk.columns.count'),
        min: 84,
        align: 'end',
        cell: (row) => <span className="tabular-nums">{format.count(row.runnableCount)}</span>,
      },
      {
        id: 'sums',
        header: t('bulk.columns.sums'),
        min: 380,
        tight: 300,
        grow: 1,
        align: 'end',
        drop: 2,
        cell: (row) => <SumsCell row={row} />,
      },
      {
        id: 'status',
        header: t('bulk.columns.status'),
        min: 260,
        tight: 190,
        grow: 0.6,
        cell: (row) => <StateCell row={row} />,
      },
      {
        id: 'by',
        header: t('bulk.columns.by'),
        min: 130,
        drop: 3,
        cell: (row) => <span className="block truncate">{row.createdBy.name}</span>,
      },
      {
        id: 'created',
        header: t('bulk.columns.created'),
        min: 112,
        drop: 1,
        cell: (row) => <At at={row.createdAt} />,
      },
    ],
    [t, format],
  );
}

/** In a row there is room for three sums; the rest are counted, and said in full on hover and by screen readers. */
function SumsCell({ row }: { row: ShownRun }) {
  const format = useFormat();
  const [shown, more] = [row.sums.slice(0, SUMS_SHOWN), row.sums.length - SUMS_SHOWN];
  return (
    <span className="block truncate" title={more > 0 ? sumsText(row.sums, format.money) : undefined}>
      <Sums sums={shown} oneLine />
      {more > 0 && <span className="ml-2 text-quiet">+{more}</span>}
    </span>
  );
}

function StateCell({ row }: { row: ShownRun }) {
  const t = useText();
  const format = useFormat();
  const { failed } = row.counts;
  const { ended, total } = row.progress;
  const words = [
    ...(row.confirmedAt && ended < total
      ? [t('bulk.run.counts', { ended: format.count(ended), total: format.count(total) })]
      : []),
    ...(failed > 0 ? [`${format.count(failed)} ${t('bulk.outcome.failed')}`] : []),
  ];
  return (
    <span className="flex items-center gap-2">
      <RunStatus run={row} />
      {words.length > 0 && <span className="truncate text-quiet">{words.join(' · ')}</span>}
    </span>
  );
}

function At({ at }: { at: string }) {
  return (
    <span className="text-quiet">
      <RelativeTime at={at} tabIndex={useCellTabIndex()} />
    </span>
  );
}
