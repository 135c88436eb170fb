import { useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useEffect, useRef } from 'react';
import { useText } from '../lib/i18n.ts';
import { type AuditSearch, paths } from '../paths.ts';
import { PageTitle } from '../shell/page-title.tsx';
import { Button } from '../ui/button.tsx';
import { DataGrid } from '../ui/data-grid.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { SkeletonRows } from '../ui/skeleton-rows.tsx';
import { UpdatePill } from '../ui/update-pill.tsx';
import { useAuditColumns } from './audit-columns.tsx';
import { type AuditQuestion, readQuestion } from './audit-question.ts';
import { AuditToolbar } from './audit-toolbar.tsx';
import type { AuditRow } from './audit-wire.ts';
import { actText } from './audit-words.ts';
import { useAudit } from './use-audit.ts';

const AuditPanel = lazy(() => import('./audit-panel.tsx').then((file) => ({ default: file.AuditPanel })));

/** The audit log: what was done and what was refused, by whom, in order. All of its state is in the address. */
export function AuditPage() {
  const t = useText();
  const navigate = useNavigate();
  const search = useSearch({ from: '/shell/audit' });
  const question = readQuestion(search);
  const openId = search.panel ?? null;
  const { query, held, show } = useAudit(question);
  const columns = useAuditColumns();

  // Words reach the address after a rest; what changed meanwhile must not be lost.
  const latest = useRef(search);
  useEffect(() => {
    latest.current = search;
  });
  const go = useCallback(
    (change: AuditSearch, replace = false) =>
      void navigate({ ...paths.audit(dropEmpty({ ...latest.current, ...change })), replace }),
    [navigate],
  );
  // Walking through rows with an open panel is one place in the history, not one for each row.
  const open = useCallback((row: AuditRow) => go({ panel: row.id }, openId !== null), [go, openId]);
  const clear = (): void => void navigate(paths.audit());
  const words = held.news > 0 ? `${t('audit.changed', { count: held.news })} · ${t('audit.show')}` : null;

  return (
    <>
      <PageTitle title={t('audit.title')} detail={t('audit.lead')} />
      <AuditToolbar
        question={question}
        onChange={(change, typed) => go({ panel: '', ...change }, typed)}
        onClear={clear}
      />
      <div className="relative flex min-h-0 flex-1">
        <DataGrid<AuditRow>
          label={t('audit.title')}
          columns={columns}
          rows={held.rows}
          rowId={(row) => row.id}
          rowName={(row) => `${actText(t, row.act)}, ${row.actor.label}`}
          openId={openId}
          onOpen={open}
          onMove={(row) => openId !== null && open(row)}
          onNearEnd={() => query.hasNextPage && !query.isFetching && void query.fetchNextPage()}
        >
          {query.isError ? (
            <ErrorState error={query.error} onRetry={() => void query.refetch()} />
          ) : query.isPending ? (
            <SkeletonRows rows={18} />
          ) : (
            <AuditEmpty question={question} onClear={clear} />
          )}
        </DataGrid>
        <UpdatePill words={words} onShow={show} />
        {openId !== null && (
          <Suspense>
            <AuditPanel
              id={openId}
              known={held.rows.find((row) => row.id === openId)}
              onClose={() => go({ panel: '' })}
            />
          </Suspense>
        )}
      </div>
    </>
  );
}

/** An empty log and a filter that nothing fits are different things. */
function AuditEmpty({ question, onClear }: { question: AuditQuestion; onClear: () => void }) {
  const t = useText();
  const filters = Object.keys(question).length;
  if (filters === 0) return <EmptyState title={t('audit.empty.title')}>{t('audit.empty.body')}</EmptyState>;
  return (
    <EmptyState
      title={t('audit.empty.matchTitle')}
      action={<Button onClick={onClear}>{t('audit.empty.clear')}</Button>}
    >
      {filters === 1 && question.subject !== undefined
        ? t('audit.empty.subject', { id: question.subject })
        : t('audit.empty.match')}
    </EmptyState>
  );
}

function dropEmpty(search: AuditSearch): AuditSearch {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== ''));
}
