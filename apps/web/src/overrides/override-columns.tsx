import type { OverrideTab } from '@countersign/api/src/overrides/overrides.queries.ts';
import { type ReactNode, useMemo } from 'react';
import { cx } from '../lib/class-names.ts';
import { useText } from '../lib/i18n.ts';
import type { Column } from '../ui/grid-columns.ts';
import { useCellTabIndex } from '../ui/grid-row.tsx';
import { MoneyText } from '../ui/money-text.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import { StatusMark } from '../ui/status-mark.tsx';
import { ExpiryText } from './expiry-text.tsx';
import { OVERRIDE_LOOK } from './override-look.ts';
import type { OverrideRow } from './override-wire.ts';
import { rolesText } from './override-words.ts';

export type ShownOverride = OverrideRow & { gone: boolean };

/** The inbox's columns. */
export function useOverrideColumns(tab: OverrideTab): Column<ShownOverride>[] {
  const t = useText();
  return useMemo(
    () => [
      {
        id: 'what',
        header: t('overrides.columns.what'),
        min: 200,
        grow: 1.4,
        cell: (row) => (
          <TwoLines
            first={
              <span className={cx('font-medium', row.gone && 'text-quiet line-through')}>
                {t(`overrides.kinds.${row.kind}`)}
              </span>
            }
            second={row.reason}
          />
        ),
      },
      {
        id: 'to',
        header: t('overrides.columns.to'),
        min: 160,
        grow: 0.8,
        cell: (row) => <TwoLines first={row.holder} second={row.account} />,
      },
      {
        id: 'amount',
        header: t('overrides.columns.amount'),
        min: 140,
        align: 'end',
        cell: (row) => <MoneyText money={row} />,
      },
      {
        id: 'maker',
        header: t('overrides.columns.maker'),
        min: 140,
        grow: 0.4,
        drop: 2,
        cell: (row) => <TwoLines first={row.maker.name} second={<AskedAt at={row.createdAt} />} />,
      },
      {
        id: 'approvals',
        header: t('overrides.columns.approvals'),
        min: 170,
        drop: 1,
        cell: (row) => (
          <TwoLines
            first={t('overrides.approvalsOf', { given: row.approvals, required: row.approvalsRequired })}
            second={row.seats.map((roles) => rolesText(t, roles)).join(' + ')}
          />
        ),
      },
      {
        id: 'state',
        header: t(tab === 'done' ? 'overrides.columns.closed' : 'overrides.columns.expires'),
        min: 172,
        cell: (row) => <State row={row} />,
      },
    ],
    [t, tab],
  );
}

function TwoLines({ first, second }: { first: ReactNode; second: ReactNode }) {
  return (
    <span className="flex flex-col leading-[18px]">
      <span className="truncate">{first}</span>
      <span className="truncate text-xs text-quiet" title={typeof second === 'string' ? second : undefined}>
        {second}
      </span>
    </span>
  );
}

function AskedAt({ at }: { at: string }) {
  return <RelativeTime at={at} tabIndex={useCellTabIndex()} />;
}

function State({ row }: { row: ShownOverride }) {
  const t = useText();
  const mark = <StatusMark {...OVERRIDE_LOOK[row.status]} label={t(`overrides.status.${row.status}`)} />;
  return (
    <TwoLines
      first={mark}
      second={row.closedAt === null ? <ExpiryText at={row.expiresAt} /> : <AskedAt at={row.closedAt} />}
    />
  );
}
