import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import { lazy, Suspense, useCallback } from 'react';
import { useText } from '../lib/i18n.ts';
import { trpc } from '../lib/trpc.ts';
import { useFormat } from '../lib/use-format.ts';
import { paths } from '../paths.ts';
import { PageTitle } from '../shell/page-title.tsx';
import { DataGrid } from '../ui/data-grid.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { SkeletonRows } from '../ui/skeleton-rows.tsx';
import { formatText, periodText } from './file-words.ts';
import { useLineColumns } from './line-columns.tsx';
import type { LineRow } from './settlement-wire.ts';
import { useLines } from './use-lines.ts';

const LinePanel = lazy(() => import('./line-panel.tsx').then((file) => ({ default: file.LinePanel })));

/** A file's lines in its own order, each with the line as it stands in the file. */
export function FilePage() {
  const t = useText();
  const format = useFormat();
  const navigate = useNavigate();
  const { fileId } = useParams({ from: '/shell/reconciliation/files/$fileId' });
  const search = useSearch({ from: '/shell/reconciliation/files/$fileId' });
  const openNo = /^[1-9]\d{0,8}$/.test(search.panel ?? '') ? Number(search.panel) : null;
  const file = useQuery(trpc.settlement.file.queryOptions({ id: fileId }));
  const { query, rows } = useLines(fileId);
  const columns = useLineColumns();
  const open = useCallback(
    (row: LineRow) => void navigate({ ...paths.file(fileId, { panel: String(row.lineNo) }), replace: openNo !== null }),
    [navigate, fileId, openNo],
  );
  const failed = file.error ?? query.error;

  return (
    <>
      <PageTitle title={file.data?.filename ?? t('settlement.title')} detail={fileId} />
      <div className="flex min-h-[42px] shrink-0 flex-wrap items-center gap-x-4 border-b border-line px-4">
        <Link {...paths.files()} className="inline-flex min-h-6 items-center gap-1.5 text-quiet hover:text-ink">
          <ArrowLeft aria-hidden="true" size={13} />
          {t('settlement.lines.back')}
        </Link>
        {file.data && (
          <p className="text-ink-2">
            {formatText(t, file.data.format)} · {periodText(t, format, file.data)}
          </p>
        )}
      </div>
      <div className="flex min-h-0 flex-1">
        <DataGrid<LineRow>
          label={file.data?.filename ?? t('settlement.title')}
          columns={columns}
          rows={rows}
          rowId={(row) => String(row.lineNo)}
          rowName={(row) => t('settlement.lines.panel', { line: row.lineNo })}
          total={file.data?.lineCount}
          openId={openNo === null ? null : String(openNo)}
          onOpen={open}
          onMove={(row) => openNo !== null && open(row)}
          onNearEnd={() => query.hasNextPage && !query.isFetching && void query.fetchNextPage()}
        >
          {failed ? (
            <ErrorState
              error={failed}
              onRetry={() => {
                void file.refetch();
                void query.refetch();
              }}
            />
          ) : query.isPending ? (
            <SkeletonRows rows={18} />
          ) : (
            <EmptyState title={t('settlement.lines.emptyTitle')}>{t('settlement.lines.empty')}</EmptyState>
          )}
        </DataGrid>
        {openNo !== null && (
          <Suspense>
            <LinePanel
              fileId={fileId}
              lineNo={openNo}
              known={rows.find((row) => row.lineNo === openNo)}
              onClose={() => void navigate(paths.file(fileId))}
            />
          </Suspense>
        )}
      </div>
    </>
  );
}
