import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useMemo, useState } from 'react';
import { useText } from '../lib/i18n.ts';
import { useShortcut } from '../lib/shortcuts.ts';
import { trpc } from '../lib/trpc.ts';
import { type FilesSearch, paths } from '../paths.ts';
import { ReconciliationTabs } from '../reconciliation/reconciliation-tabs.tsx';
import { PageTitle } from '../shell/page-title.tsx';
import { Button } from '../ui/button.tsx';
import { Chip } from '../ui/chip.tsx';
import { DataGrid } from '../ui/data-grid.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { SkeletonRows } from '../ui/skeleton-rows.tsx';
import { useFileColumns } from './file-columns.tsx';
import { ImportBand } from './import-band.tsx';
import type { FileRow } from './settlement-wire.ts';

const FilePanel = lazy(() => import('./file-panel.tsx').then((file) => ({ default: file.FilePanel })));

const SOURCES = ['all', 'provider', 'bank'] as const;
type Source = (typeof SOURCES)[number];

/** The settlement files: drop one in, see what came in before. */
export function FilesPage() {
  const t = useText();
  const navigate = useNavigate();
  const search = useSearch({ from: '/shell/reconciliation/files' });
  const source: Source = search.source === 'provider' || search.source === 'bank' ? search.source : 'all';
  const openId = search.panel ?? null;
  const query = useInfiniteQuery(
    trpc.settlement.list.infiniteQueryOptions(source === 'all' ? {} : { source }, {
      getNextPageParam: (page) => page.nextCursor ?? undefined,
    }),
  );
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.rows) ?? [], [query.data]);
  const columns = useFileColumns();
  const [activeId, setActiveId] = useState<string>();

  const go = useCallback(
    (change: FilesSearch, replace = false) => {
      const next = Object.entries({ ...search, ...change }).filter(([, value]) => value !== '');
      void navigate({ ...paths.files(Object.fromEntries(next)), replace });
    },
    [navigate, search],
  );
  const open = useCallback((id: string) => go({ panel: id }, openId !== null), [go, openId]);
  const target = openId ?? activeId;
  useShortcut('o', 'view', 'settlement.panel.openPage', target ? () => void navigate(paths.file(target)) : null);

  return (
    <>
      <PageTitle title={t('settlement.title')} detail={t('settlement.lead')} />
      <ReconciliationTabs />
      <div className="flex min-h-0 flex-1">
        <div className="flex min-w-0 flex-1 flex-col">
          <ImportBand refusal={query.data?.pages[0]?.can.import} onOpen={open} />
          <div className="flex min-h-[46px] shrink-0 items-center border-b border-line px-4 py-2">
            <fieldset className="flex flex-wrap gap-1.5">
              <legend className="sr-only">{t('settlement.sources.label')}</legend>
              {SOURCES.map((one) => (
                <Chip
                  key={one}
                  label={t(`settlement.sources.${one}`)}
                  pressed={one === source}
                  onPress={() => go({ source: one === 'all' ? '' : one, panel: '' })}
                />
              ))}
            </fieldset>
          </div>
          <div className="flex min-h-0 flex-1">
            <DataGrid<FileRow>
              label={t('settlement.title')}
              columns={columns}
              rows={rows}
              rowId={(row) => row.id}
              rowName={(row) => row.filename}
              openId={openId}
              onOpen={(row) => open(row.id)}
              onMove={(row) => openId !== null && open(row.id)}
              onActive={(row) => setActiveId(row?.id)}
              onNearEnd={() => query.hasNextPage && !query.isFetching && void query.fetchNextPage()}
            >
              {query.isError ? (
                <ErrorState error={query.error} onRetry={() => void query.refetch()} />
              ) : query.isPending ? (
                <SkeletonRows rows={10} />
              ) : (
                <FilesEmpty source={source} onClear={() => go({ source: '', panel: '' })} />
              )}
            </DataGrid>
          </div>
        </div>
        {openId !== null && (
          <Suspense>
            <FilePanel id={openId} onClose={() => go({ panel: '' })} />
          </Suspense>
        )}
      </div>
    </>
  );
}

function FilesEmpty({ source, onClear }: { source: Source; onClear: () => void }) {
  const t = useText();
  if (source === 'all')
    return <EmptyState title={t('settlement.empty.title')}>{t('settlement.empty.body')}</EmptyState>;
  return (
    <EmptyState
      title={t('settlement.empty.matchTitle')}
      action={<Button onClick={onClear}>{t('settlement.empty.clear')}</Button>}
    >
      {t('settlement.empty.match')}
    </EmptyState>
  );
}
