import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Navigate, useNavigate, useSearch } from '@tanstack/react-router';
import { Play } from 'lucide-react';
import { lazy, Suspense, useMemo, useState } from 'react';
import { readFailure, whyNot } from '../lib/failure.ts';
import { useText } from '../lib/i18n.ts';
import { trpc } from '../lib/trpc.ts';
import { useFormat } from '../lib/use-format.ts';
import { paths } from '../paths.ts';
import { PageTitle } from '../shell/page-title.tsx';
import { Button } from '../ui/button.tsx';
import { Chip } from '../ui/chip.tsx';
import { DataGrid } from '../ui/data-grid.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { SkeletonRows } from '../ui/skeleton-rows.tsx';
import { ReconciliationTabs } from './reconciliation-tabs.tsx';
import type { RunRow } from './reconciliation-wire.ts';
import { isRunnable, RUNNABLE_LIST, type RunnableKind } from './report-question.ts';
import { useRunColumns } from './run-columns.tsx';

const RunDialog = lazy(() => import('./run-dialog.tsx').then((file) => ({ default: file.RunDialog })));

/** The runs, the latest day first. An address that names a break alone leads on to the run that shows it. */
export function ReconciliationPage() {
  const { panel } = useSearch({ from: '/shell/reconciliation' });
  return panel?.startsWith('br_') ? <FindBreak id={panel} /> : <Runs />;
}

/** Finds the latest run that says something about a break, and opens the break there. */
function FindBreak({ id }: { id: string }) {
  const t = useText();
  const query = useQuery(trpc.reconciliation.break.queryOptions({ id }));
  const run = query.data?.history[0];
  const resolved = query.data?.row.status === 'resolved';
  return (
    <>
      <PageTitle title={t('reconciliation.title')} />
      <ReconciliationTabs />
      {run ? (
        <Navigate {...paths.run(run.runId, { panel: id, ...(resolved ? { filter: 'all' } : {}) })} replace />
      ) : query.isError ? (
        <ErrorState
          error={query.error}
          {...(readFailure(query.error).kind === 'fault' ? { onRetry: () => void query.refetch() } : {})}
        />
      ) : (
        <SkeletonRows rows={10} tall />
      )}
    </>
  );
}

function Runs() {
  const t = useText();
  const format = useFormat();
  const navigate = useNavigate();
  const search = useSearch({ from: '/shell/reconciliation' });
  const kind: RunnableKind | undefined = isRunnable(search.kind) ? search.kind : undefined;
  const query = useInfiniteQuery(
    trpc.reconciliation.runs.infiniteQueryOptions(kind ? { kind } : {}, {
      getNextPageParam: (page) => page.nextCursor ?? undefined,
    }),
  );
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.rows) ?? [], [query.data]);
  const columns = useRunColumns();
  const [asking, setAsking] = useState(false);
  const can = query.data?.pages[0]?.can;
  const show = (next: RunnableKind | undefined): void =>
    void navigate(paths.reconciliation(next ? { kind: next } : {}));

  return (
    <>
      <PageTitle
        title={t('reconciliation.title')}
        detail={<span className="max-xl:hidden">{t('reconciliation.lead')}</span>}
      />
      <ReconciliationTabs>
        <Button
          tone="primary"
          icon={<Play aria-hidden="true" size={13} />}
          whyNot={whyNot(t, can?.run ?? null)}
          busy={can === undefined && query.isPending}
          onClick={() => setAsking(true)}
        >
          {t('reconciliation.run.button')}
        </Button>
      </ReconciliationTabs>
      <div className="flex min-h-[46px] shrink-0 items-center border-b border-line px-4 py-2">
        <fieldset className="flex flex-wrap gap-1.5">
          <legend className="sr-only">{t('reconciliation.runs.filtersLabel')}</legend>
          <Chip label={t('reconciliation.runs.all')} pressed={kind === undefined} onPress={() => show(undefined)} />
          {RUNNABLE_LIST.map((one) => (
            <Chip key={one} label={t(`reconciliation.kinds.${one}`)} pressed={one === kind} onPress={() => show(one)} />
          ))}
        </fieldset>
      </div>
      <div className="flex min-h-0 flex-1">
        <DataGrid<RunRow>
          label={t('reconciliation.title')}
          columns={columns}
          rows={rows}
          // A day that is run again keeps its row, although its latest run is another one.
          rowId={(row) => `${row.on} ${row.kind}`}
          rowName={(row) =>
            t('reconciliation.runs.rowName', {
              kind: t(`reconciliation.kinds.${row.kind}`),
              day: format.valueDate(row.on),
            })
          }
          tall
          onOpen={(row) => void navigate(paths.run(row.id))}
          onNearEnd={() => query.hasNextPage && !query.isFetching && void query.fetchNextPage()}
        >
          {query.isError ? (
            <ErrorState error={query.error} onRetry={() => void query.refetch()} />
          ) : query.isPending ? (
            <SkeletonRows rows={12} tall />
          ) : kind ? (
            <EmptyState
              title={t('reconciliation.runs.emptyKind')}
              action={<Button onClick={() => show(undefined)}>{t('reconciliation.runs.showAll')}</Button>}
            />
          ) : (
            <EmptyState title={t('reconciliation.runs.empty')}>{t('reconciliation.runs.emptyBody')}</EmptyState>
          )}
        </DataGrid>
      </div>
      {asking && (
        <Suspense>
          <RunDialog kind={kind} onRun={(runId) => void navigate(paths.run(runId))} onClose={() => setAsking(false)} />
        </Suspense>
      )}
    </>
  );
}
