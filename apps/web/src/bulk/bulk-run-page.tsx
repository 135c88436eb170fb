import type { Outcome, Planned } from '@countersign/api/src/bulk/bulk.ts';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { shortenId } from '../lib/format.ts';
import { useText } from '../lib/i18n.ts';
import { useShortcut } from '../lib/shortcuts.ts';
import { trpc } from '../lib/trpc.ts';
import { useFormat } from '../lib/use-format.ts';
import { paths } from '../paths.ts';
import { PayoutStatusMark } from '../payouts/payout-status.tsx';
import { PageTitle } from '../shell/page-title.tsx';
import { Chip } from '../ui/chip.tsx';
import { DataGrid } from '../ui/data-grid.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { MoneyText } from '../ui/money-text.tsx';
import { SkeletonRows } from '../ui/skeleton-rows.tsx';
import { BulkConfirmCard } from './bulk-confirm-card.tsx';
import { OutcomeGroups, PlannedGroups } from './bulk-groups.tsx';
import { BulkHead } from './bulk-head.tsx';
import { useItemColumns } from './bulk-item-columns.tsx';
import { OUTCOMES } from './bulk-outcomes.ts';
import { BulkEndedCard, BulkRunningCard } from './bulk-run-card.tsx';
import { RunStatus } from './bulk-status.tsx';
import type { BulkDetail, BulkItem } from './bulk-wire.ts';
import { type BulkNarrow, useBulkItems } from './use-bulk-items.ts';

/** While a run should move, it is asked again even when no news comes: a dead worker sends none. */
const LOOK_AGAIN_MS = 5_000;

/** One bulk run: its preview, its progress, and for ever after its report. */
export function BulkRunPage() {
  const t = useText();
  const { id } = useParams({ from: '/shell/bulk/$id' });
  const query = useQuery({
    ...trpc.bulk.detail.queryOptions({ id }),
    refetchInterval: ({ state }) => (state.data && isMoving(state.data) ? LOOK_AGAIN_MS : false),
  });
  const detail = query.data;
  return (
    <>
      <PageTitle title={t('bulk.runTitle', { id: shortenId(id) })} detail={detail && <RunStatus run={detail.run} />} />
      {detail ? (
        <Content key={id} detail={detail} />
      ) : query.isError ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <SkeletonRows />
      )}
    </>
  );
}

function isMoving({ run }: BulkDetail): boolean {
  return run.status === 'running' || run.status === 'canceling';
}

function Content({ detail }: { detail: BulkDetail }) {
  const t = useText();
  const navigate = useNavigate();
  const search = useSearch({ from: '/shell/bulk/$id' });
  const { run } = detail;
  const started = run.confirmedAt !== null;
  const narrow = readNarrow(search);
  const setNarrow = (next: BulkNarrow): void => void navigate({ ...paths.bulkRun(run.id, next), replace: true });
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex max-h-[56vh] shrink-0 border-b border-line">
        <div className="min-w-0 flex-1 overflow-y-auto px-7 py-4">
          <Link
            {...paths.bulkRuns()}
            className="mb-2 inline-flex min-h-6 items-center gap-1.5 text-quiet hover:text-ink"
          >
            <ArrowLeft aria-hidden="true" size={13} />
            {t('bulk.back')}
          </Link>
          <BulkHead detail={detail} />
          <div className="mt-4 flex max-w-[820px] flex-col gap-4">
            {started && run.act !== 'assign' && detail.since.length > 0 && <Since detail={detail} />}
            {started && detail.outcomes.length > 0 && (
              <OutcomeGroups detail={detail} narrow={narrow} onNarrow={setNarrow} />
            )}
            {started ? (
              <details>
                <summary className="cursor-pointer text-quiet hover:text-ink">{t('bulk.preview.said')}</summary>
                <div className="mt-2">
                  <PlannedGroups detail={detail} narrow={narrow} onNarrow={setNarrow} />
                </div>
              </details>
            ) : (
              <PlannedGroups detail={detail} narrow={narrow} onNarrow={setNarrow} />
            )}
          </div>
        </div>
        <Side detail={detail} />
      </div>
      <Items detail={detail} narrow={narrow} onNarrow={setNarrow} />
    </div>
  );
}

/** The decision, the progress or the report; when one follows the other, the focus does not get lost with its button. */
function Side({ detail }: { detail: BulkDetail }) {
  const { run, version } = detail;
  const side = useRef<HTMLElement>(null);
  const before = useRef(version);
  useEffect(() => {
    if (before.current === version) return;
    before.current = version;
    if (document.activeElement === null || document.activeElement === document.body) side.current?.focus();
  }, [version]);
  // To the field or the button, and no further: it is pressed by the person, never by the key that led there.
  const goToConfirm = (): void =>
    side.current?.querySelector<HTMLElement>('form input, form button[type="submit"]')?.focus();
  useShortcut('c', 'act', 'bulk.shortcuts.confirm', run.status === 'previewed' ? goToConfirm : null);
  const ended = run.status === 'done' || run.status === 'canceled' || run.status === 'discarded';
  return (
    <aside
      ref={side}
      tabIndex={-1}
      className="w-[320px] shrink-0 overflow-y-auto border-l border-line bg-paper px-5 py-4 outline-none xl:w-[368px]"
    >
      {ended ? (
        <BulkEndedCard key={version} detail={detail} />
      ) : run.status === 'previewed' ? (
        <BulkConfirmCard key={version} detail={detail} />
      ) : (
        <BulkRunningCard key={version} detail={detail} />
      )}
    </aside>
  );
}

/** What has become of the payouts that were done: a retry that was made is not yet a payout that was paid. */
function Since({ detail }: { detail: BulkDetail }) {
  const t = useText();
  const format = useFormat();
  return (
    <section>
      <h3 className="pb-1 text-2xs font-medium text-quiet">{t('bulk.report.since')}</h3>
      <ul className="flex flex-wrap gap-x-6 gap-y-1 border-t border-line pt-1.5">
        {detail.since.map(({ key, count, sums }) => (
          <li key={key} className="inline-flex items-baseline gap-2">
            <PayoutStatusMark status={key} />
            <span className="font-medium tabular-nums">{format.count(count)}</span>
            <span className="flex flex-wrap gap-x-3 text-quiet">
              {sums.map((sum) => (
                <MoneyText key={sum.currency} money={sum} />
              ))}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface ItemsProps {
  detail: BulkDetail;
  narrow: BulkNarrow;
  onNarrow: (narrow: BulkNarrow) => void;
}

function Items({ detail, narrow, onNarrow }: ItemsProps) {
  const t = useText();
  const navigate = useNavigate();
  const { run } = detail;
  const started = run.confirmedAt !== null;
  const count = countOf(detail, narrow);
  const items = useBulkItems(run.id, narrow, count);
  const columns = useItemColumns(started);
  const whole = narrow.outcome === undefined && narrow.planned === undefined;
  return (
    <>
      {started && (
        <fieldset className="flex min-h-[42px] shrink-0 flex-wrap items-center gap-1.5 border-b border-line px-4 py-1.5">
          <legend className="sr-only">{t('bulk.filters.label')}</legend>
          <Chip label={t('bulk.filters.all')} count={run.itemCount} pressed={whole} onPress={() => onNarrow({})} />
          {OUTCOMES.map((outcome) => (
            <Chip
              key={outcome}
              label={t(`bulk.outcome.${outcome}`)}
              count={run.counts[outcome]}
              pressed={narrow.outcome === outcome && narrow.code === undefined}
              onPress={() => onNarrow(narrow.outcome === outcome && narrow.code === undefined ? {} : { outcome })}
            />
          ))}
          {narrow.code !== undefined && (
            <Chip label={t('bulk.filters.group')} count={count} pressed onPress={() => onNarrow({})} />
          )}
        </fieldset>
      )}
      <div className="flex min-h-0 flex-1">
        <DataGrid<BulkItem>
          key={JSON.stringify(narrow)}
          label={t('bulk.runTitle', { id: shortenId(run.id) })}
          columns={columns}
          rows={count === 0 ? [] : items.rows}
          offset={count === 0 ? 0 : items.offset}
          extent={count}
          total={count}
          rowId={rowId}
          rowName={rowName}
          onOpen={(row) => void navigate(paths.payout(row.payoutId))}
          onSight={items.onSight}
        >
          {items.error ? (
            <ErrorState error={items.error} onRetry={items.retry} />
          ) : (
            <EmptyState title={t('bulk.empty.itemsTitle')}>{t('bulk.empty.items')}</EmptyState>
          )}
        </DataGrid>
      </div>
    </>
  );
}

const rowId = (row: BulkItem): string => row.payoutId;
const rowName = (row: BulkItem): string => row.holder;

/** How many payouts a narrowing shows: the detail has counted them already. */
function countOf({ run, groups, outcomes }: BulkDetail, { outcome, planned, code }: BulkNarrow): number {
  if (outcome === undefined && planned === undefined) return run.itemCount;
  const of =
    outcome === undefined ? groups.filter(({ key }) => key === planned) : outcomes.filter(({ key }) => key === outcome);
  return of.reduce((sum, group) => (code === undefined || group.code === code ? sum + group.count : sum), 0);
}

/** What an address narrows to; what it does not know shows everything. */
function readNarrow({ outcome, planned, code }: { outcome?: string; planned?: string; code?: string }): BulkNarrow {
  const reason = code === undefined ? {} : { code };
  if (OUTCOMES.some((one) => one === outcome)) return { outcome: outcome as Outcome, ...reason };
  return planned !== undefined && Object.hasOwn(PLANS, planned) ? { planned: planned as Planned, ...reason } : {};
}

const PLANS: Record<Planned, true> = {
  retry_new_attempt: true,
  retry_same_key: true,
  send: true,
  check_first: true,
  check: true,
  assign: true,
  hold: true,
  skipped: true,
};
