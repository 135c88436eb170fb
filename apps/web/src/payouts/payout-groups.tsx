import { useQuery } from '@tanstack/react-query';
import { RotateCw } from 'lucide-react';
import { useCallback, useMemo, useState } from 'react';
import { useStartBulk } from '../bulk/use-start-bulk.ts';
import { useText } from '../lib/i18n.ts';
import { useNow } from '../lib/now.ts';
import { useShortcut } from '../lib/shortcuts.ts';
import { trpc } from '../lib/trpc.ts';
import { useFormat } from '../lib/use-format.ts';
import type { PayoutsSearch } from '../paths.ts';
import { Button } from '../ui/button.tsx';
import { DataGrid } from '../ui/data-grid.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import type { Column } from '../ui/grid-columns.ts';
import { useCellTabIndex } from '../ui/grid-row.tsx';
import { MoneyText } from '../ui/money-text.tsx';
import { SkeletonRows } from '../ui/skeleton-rows.tsx';
import { failureCodeText } from './failure-code.ts';
import { groupId, groupSearch, groupSelection, type PayoutGroup } from './payout-group.ts';
import { providerName } from './payout-look.ts';
import { askedOf, type PayoutsQuestion } from './payouts-question.ts';
import { NOTHING } from './selection.ts';
import { useSelectionActs } from './use-selection-acts.ts';

const STEP_MS = 10_000;
/** Sums that fit into a row; the others are in its title and in the rows. */
const SUMS_SHOWN = 3;

interface PayoutGroupsProps {
  question: PayoutsQuestion;
  onOpen: (change: PayoutsSearch) => void;
}

/** The queue folded: what happened, to how many, since when, and one act for all of them. */
export function PayoutGroups({ question, onOpen }: PayoutGroupsProps) {
  const t = useText();
  const format = useFormat();
  const now = useNow(STEP_MS);
  const query = useQuery(trpc.payouts.groups.queryOptions(askedOf(question)));
  const [active, setActive] = useState<PayoutGroup>();
  const { whyNot } = useSelectionActs(question, question.ignored.length > 0 ? ALL : NOTHING);
  const bulk = useStartBulk();
  const { start } = bulk;
  const act = useCallback(
    (what: 'retry' | 'check', group: PayoutGroup) => void start(what, groupSelection(question.filter, group)),
    [start, question.filter],
  );
  const open = useCallback((group: PayoutGroup) => onOpen(groupSearch(question, group)), [onOpen, question]);
  useShortcut('r', 'act', 'payouts.groups.retryShortcut', active && !whyNot.retry ? () => act('retry', active) : null);
  useShortcut('c', 'act', 'payouts.groups.checkShortcut', active && !whyNot.check ? () => act('check', active) : null);

  const columns = useMemo<Column<PayoutGroup>[]>(
    () => [
      {
        id: 'count',
        header: t('payouts.groups.columns.count'),
        min: 84,
        align: 'end',
        cell: ({ count }) => (
          <span className="font-semibold">
            {format.count(count.count)}
            {!count.exact && '+'}
          </span>
        ),
      },
      {
        id: 'what',
        header: t('payouts.groups.columns.what'),
        min: 250,
        tight: 180,
        grow: 1.2,
        cell: (group) => (
          <span className="block min-w-0">
            <span className="block truncate">
              {t(`payouts.stuck.cause.${group.cause}`, { provider: providerName(group.provider) })}
              {group.code && <span className="text-ink-2"> · {failureCodeText(t, group.code)}</span>}
            </span>
            <span className="block truncate text-2xs text-quiet">
              {providerName(group.provider)} · {t('payouts.groups.since', { when: format.instant(group.oldestSince) })}
            </span>
          </span>
        ),
      },
      {
        id: 'sums',
        header: t('payouts.groups.columns.sums'),
        min: 260,
        tight: 150,
        grow: 1.4,
        drop: 1,
        needed: true,
        cell: ({ sums }) => (
          <span
            className="flex max-h-10 flex-wrap gap-x-3 overflow-hidden"
            title={sums.map((sum) => format.money(sum)).join(' · ')}
          >
            {sums.slice(0, SUMS_SHOWN).map((sum) => (
              <MoneyText key={sum.currency} money={sum} />
            ))}
            {sums.length > SUMS_SHOWN && <span className="text-quiet">+{sums.length - SUMS_SHOWN}</span>}
          </span>
        ),
      },
      {
        id: 'acts',
        header: t('payouts.groups.columns.acts'),
        // A reason on a button's face takes room, and is not cut off.
        min: whyNot.retry || whyNot.check ? 440 : 308,
        cell: (group) => <GroupActs group={group} busy={bulk.busy} whyNot={whyNot} act={act} />,
      },
    ],
    [t, format, act, bulk.busy, whyNot],
  );

  const groups = query.data?.groups ?? [];
  return (
    <div className="relative flex min-w-0 flex-1 flex-col">
      <DataGrid<PayoutGroup>
        label={t('payouts.groups.label')}
        columns={columns}
        rows={groups}
        rowId={groupId}
        rowName={groupId}
        tall
        onOpen={open}
        onActive={setActive}
      >
        {query.isError ? (
          <ErrorState error={query.error} onRetry={() => void query.refetch()} />
        ) : query.isPending ? (
          <SkeletonRows rows={8} tall />
        ) : (
          <EmptyState title={t('payouts.groups.none')}>
            {t('payouts.groups.noneHint', { age: format.relative(new Date(query.dataUpdatedAt), now) })}
          </EmptyState>
        )}
      </DataGrid>
      {query.data?.truncated && (
        <p className="border-t border-line px-4 py-1.5 text-xs text-quiet">{t('payouts.groups.truncated')}</p>
      )}
    </div>
  );
}

const ALL = { kind: 'matching', count: { count: 1, exact: true } } as const;

interface GroupActsProps {
  group: PayoutGroup;
  busy: boolean;
  whyNot: ReturnType<typeof useSelectionActs>['whyNot'];
  act: (what: 'retry' | 'check', group: PayoutGroup) => void;
}

function GroupActs({ group, busy, whyNot, act }: GroupActsProps) {
  const t = useText();
  const tabIndex = useCellTabIndex();
  return (
    <span className="flex gap-2">
      <Button
        tabIndex={tabIndex}
        busy={busy}
        icon={<RotateCw aria-hidden="true" size={13} />}
        whyNot={whyNot.retry}
        onClick={() => act('retry', group)}
      >
        {t('payouts.groups.retry')}
      </Button>
      <Button tabIndex={tabIndex} busy={busy} whyNot={whyNot.check} onClick={() => act('check', group)}>
        {t('payouts.groups.check', { provider: providerName(group.provider) })}
      </Button>
    </span>
  );
}
