import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { useText, withTexts } from '../lib/i18n.ts';
import { useShortcut } from '../lib/shortcuts.ts';
import { trpc } from '../lib/trpc.ts';
import { useFormat } from '../lib/use-format.ts';
import { type PayoutsSearch, paths } from '../paths.ts';
import { PageTitle } from '../shell/page-title.tsx';
import { afterPaint } from '../ui/after-paint.ts';
import { DataGrid, type GridHandle } from '../ui/data-grid.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { SkeletonRows } from '../ui/skeleton-rows.tsx';
import { FilterTokens } from './filter-tokens.tsx';
import { NewsPill } from './news-pill.tsx';
import { usePayoutColumns } from './payout-columns.tsx';
import { PayoutsEmpty } from './payouts-empty.tsx';
import { readQuestion, withoutWhere, writeSort } from './payouts-question.ts';
import { PayoutsToolbar } from './payouts-toolbar.tsx';
import { useDeskActs } from './use-desk-acts.ts';
import { useDeskSelection } from './use-desk-selection.ts';
import { useNextAfterAct } from './use-next-after-act.ts';
import { type ShownPayout, usePayouts } from './use-payouts.ts';

const loadPanel = () => withTexts(['collab'], import('./payout-panel.tsx'));
const PayoutPanel = lazy(() => loadPanel().then((file) => ({ default: file.PayoutPanel })));
const RetryPayoutDialog = lazy(() =>
  import('./retry-payout-dialog.tsx').then((file) => ({ default: file.RetryPayoutDialog })),
);
const PayoutGroups = lazy(() => import('./payout-groups.tsx').then((file) => ({ default: file.PayoutGroups })));
const SelectionBar = lazy(() => import('./selection-bar.tsx').then((file) => ({ default: file.SelectionBar })));

/** The payouts desk: the queue, and the panel of one payout beside it. All of its state is in the address. */
export function PayoutsPage() {
  const t = useText();
  const format = useFormat();
  const navigate = useNavigate();
  const search = useSearch({ from: '/shell/payouts' });
  const asked = useMemo(() => readQuestion(search), [search]);
  // What was pressed is seen at once; the list follows when that is drawn.
  const question = useDeferredValue(asked);
  const openId = search.panel ?? null;
  const panelId = useDeferredValue(openId);
  const grid = useRef<GridHandle>(null);

  const { list, show: showNews, onSight, pending, error, retry, checkedAt } = usePayouts(question);
  const counts = useQuery(trpc.payouts.counts.queryOptions()).data;
  const desk = useDeskSelection(question, list.rows);
  const [active, setActive] = useState<ShownPayout>();
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
  const show = useCallback((id: string) => go({ panel: id }, latest.current.panel !== undefined), [go]);
  const hide = useCallback(() => go({ panel: '' }), [go]);
  const { open, close, follow, following } = useFollowingPanel(openId, show, hide);
  const columns = usePayoutColumns(search.cols, open);
  usePanelFetchedAhead(list.count > 0);

  // What the keys are about: the payout in the panel, else the active row.
  const current = openId === null ? active : list.rows.find((row) => row?.id === openId);
  const target = (): string | undefined => following.current ?? openId ?? active?.id;
  const some = openId !== null || active !== undefined;
  useNextAfterAct(openId === null ? active?.id : undefined, (id) => grid.current?.focusAfter(id));
  const acts = useDeskActs({ question, selection: desk.selection, row: current, openId, target, onRetry: setRetrying });
  useShortcut('o', 'view', 'payouts.panel.openPage', some ? () => void navigate(paths.payout(target() ?? '')) : null);
  useShortcut(
    'Escape',
    'list',
    'payouts.selection.shortcuts.clear',
    desk.selection.kind !== 'none' && openId === null ? desk.clear : null,
  );

  const { merchants, names } = useNames(list.rows);
  const narrowed = Object.keys(question.where).length > 0;
  const total = narrowed ? undefined : counts?.[question.filter];
  return (
    <>
      <PageTitle
        title={t('payouts.title')}
        detail={
          counts && t('payouts.open', { count: format.count(counts.open.count) + (counts.open.exact ? '' : '+') })
        }
      />
      <PayoutsToolbar
        question={asked}
        search={search}
        merchants={merchants}
        names={names}
        onChange={go}
        onDown={() => grid.current?.focusRow()}
      />
      <FilterTokens question={asked} names={names} onChange={go} />
      <div className="flex min-h-0 flex-1">
        {question.grouped ? (
          <Suspense fallback={<SkeletonRows rows={8} tall />}>
            <PayoutGroups question={question} onOpen={go} />
          </Suspense>
        ) : (
          <div className="relative flex min-w-0 flex-1">
            <DataGrid<ShownPayout>
              ref={grid}
              label={t('payouts.title')}
              columns={columns}
              rows={list.rows}
              offset={list.offset}
              extent={list.count}
              rowId={rowId}
              rowName={rowName}
              total={total?.exact ? total.count : undefined}
              openId={panelId}
              onOpen={(row) => open(row.id)}
              onMove={(row) => follow(row.id)}
              onActive={setActive}
              selected={desk.ids}
              onSelect={desk.onSelect}
              sort={{ column: question.sort.by, direction: question.sort.direction }}
              onSort={({ column, direction }) =>
                go({ sort: writeSort({ by: column as typeof question.sort.by, direction }), panel: '' })
              }
              onSight={onSight}
              padded={desk.selection.kind !== 'none'}
            >
              {error ? (
                <ErrorState error={error} onRetry={retry} />
              ) : pending ? (
                <SkeletonRows rows={18} />
              ) : (
                <PayoutsEmpty
                  filter={question.filter}
                  narrowed={narrowed}
                  checkedAt={checkedAt}
                  onClear={() => go({ ...withoutWhere(), filter: '', sort: '' })}
                />
              )}
            </DataGrid>
            <NewsPill
              news={list.news}
              gone={list.gone}
              failed={error !== null && list.count > 0}
              onRetry={retry}
              onShow={() => {
                showNews();
                grid.current?.scrollToTop();
              }}
            />
            {desk.selection.kind !== 'none' && (
              <Suspense>
                <SelectionBar
                  selection={desk.selection}
                  matching={desk.matching}
                  acts={acts}
                  keys={openId === null}
                  onSelectMatching={desk.selectMatching}
                  onClear={desk.clear}
                />
              </Suspense>
            )}
          </div>
        )}
        {panelId !== null && (
          <Suspense>
            <PayoutPanel id={panelId} onClose={close} onRetry={() => setRetrying(panelId)} />
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

/** The panel's code is fetched when nothing else is to do: after the first screen, before it is asked for. */
function usePanelFetchedAhead(ready: boolean): void {
  useEffect(() => {
    if (!ready) return;
    const wait = globalThis.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 200));
    wait(() => void loadPanel());
  }, [ready]);
}

/** How long the keys rest before an open panel follows them: walking through rows reads none of them on the way. */
const FOLLOW_MS = 60;

function useFollowingPanel(openId: string | null, show: (id: string) => void, hide: () => void) {
  const callOff = useRef<() => void>(undefined);
  /** The payout that the panel is about to show: keys are about it already. */
  const following = useRef<string | null>(null);
  // Another panel, or none: what was on the way is no longer wanted.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the panel that is open is what was called for
  useEffect(
    () => () => {
      callOff.current?.();
      following.current = null;
    },
    [openId],
  );
  const open = useCallback(
    (id: string): void => {
      callOff.current?.();
      following.current = id;
      callOff.current = afterPaint(() => show(id));
    },
    [show],
  );
  const close = useCallback((): void => {
    callOff.current?.();
    following.current = null;
    callOff.current = afterPaint(hide);
  }, [hide]);
  const follow = (id: string): void => {
    if (openId === null) return;
    callOff.current?.();
    following.current = id;
    const timer = setTimeout(() => show(id), FOLLOW_MS);
    callOff.current = () => clearTimeout(timer);
  };
  return { open, close, follow, following };
}

/** The merchants of the rows in memory, and the names of everybody in them. */
function useNames(rows: readonly (ShownPayout | undefined)[]) {
  return useMemo(() => {
    const merchants = new Map<string, string>();
    const names = new Map<string, string>();
    for (const row of rows) {
      if (!row) continue;
      merchants.set(row.party.id, row.party.name);
      names.set(row.party.id, row.party.name);
      if (row.assignee) names.set(row.assignee.id, row.assignee.name);
    }
    return { merchants, names };
  }, [rows]);
}
