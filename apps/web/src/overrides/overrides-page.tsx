import type { OverrideTab } from '@countersign/api/src/overrides/overrides.queries.ts';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useMemo } from 'react';
import { useText } from '../lib/i18n.ts';
import { useMay } from '../lib/session.ts';
import { trpc } from '../lib/trpc.ts';
import { paths } from '../paths.ts';
import { NewsPill } from '../payouts/news-pill.tsx';
import { PageTitle } from '../shell/page-title.tsx';
import { Chip } from '../ui/chip.tsx';
import { DataGrid } from '../ui/data-grid.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { SkeletonRows } from '../ui/skeleton-rows.tsx';
import { useHeldRows } from '../ui/use-held-rows.ts';
import { type ShownOverride, useOverrideColumns } from './override-columns.tsx';
import { OverridesEmpty } from './overrides-empty.tsx';
import { OVERRIDE_TABS, readTab } from './overrides-question.ts';

const RequestOverrideDialog = lazy(() =>
  import('./request-override-dialog.tsx').then((file) => ({ default: file.RequestOverrideDialog })),
);

/** The inbox: overrides by what they wait for. Opening one leads to the page on which it is decided. */
export function OverridesPage() {
  const t = useText();
  const navigate = useNavigate();
  const may = useMay();
  const search = useSearch({ from: '/shell/overrides' });
  const decides = may('override:decide');
  const tab = readTab(search.filter, decides);
  const counts = useQuery(trpc.overrides.counts.queryOptions()).data;
  const query = useInfiniteQuery(
    trpc.overrides.list.infiniteQueryOptions({ tab }, { getNextPageParam: (page) => page.nextCursor ?? undefined }),
  );
  const fresh = useMemo(() => query.data?.pages.flatMap((page) => page.rows) ?? [], [query.data]);
  const { held, show } = useHeldRows(fresh, tab);
  const columns = useOverrideColumns(tab);
  const subject = search.subject?.startsWith('po_') ? search.subject : null;
  const setTab = (next: OverrideTab): void => void navigate(paths.overrides({ filter: next }));

  return (
    <>
      <PageTitle
        title={t('overrides.title')}
        detail={decides && counts ? t('overrides.waitingForYou', { count: counts.for_me }) : undefined}
      />
      <div className="flex min-h-[50px] shrink-0 items-center border-b border-line px-4 py-2">
        <fieldset className="flex flex-wrap gap-1.5">
          <legend className="sr-only">{t('overrides.filtersLabel')}</legend>
          {OVERRIDE_TABS.map((one) => (
            <Chip
              key={one}
              label={t(`overrides.filters.${one}`)}
              count={counts?.[one]}
              pressed={one === tab}
              onPress={() => setTab(one)}
            />
          ))}
        </fieldset>
      </div>
      <div className="relative flex min-h-0 flex-1">
        <DataGrid<ShownOverride>
          label={t('overrides.title')}
          columns={columns}
          rows={held.rows}
          rowId={(row) => row.id}
          rowName={(row) => `${t(`overrides.kinds.${row.kind}`)}, ${row.holder}`}
          total={counts?.[tab]}
          tall
          onOpen={(row) => void navigate(paths.override(row.id))}
          onNearEnd={() => query.hasNextPage && !query.isFetching && void query.fetchNextPage()}
        >
          {query.isError ? (
            <ErrorState error={query.error} onRetry={() => void query.refetch()} />
          ) : query.isPending ? (
            <SkeletonRows rows={12} tall />
          ) : (
            <OverridesEmpty tab={tab} decides={decides} checkedAt={query.dataUpdatedAt} />
          )}
        </DataGrid>
        <NewsPill news={held.news} gone={held.gone} onShow={show} />
      </div>
      {subject && (
        <Suspense>
          <RequestOverrideDialog
            payoutId={subject}
            onClose={() =>
              void navigate({ ...paths.overrides(search.filter ? { filter: search.filter } : {}), replace: true })
            }
          />
        </Suspense>
      )}
    </>
  );
}
