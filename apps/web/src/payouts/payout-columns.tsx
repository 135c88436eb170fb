import type { Rail } from '@countersign/api/src/payouts/payout.ts';
import { useMemo } from 'react';
import { useText } from '../lib/i18n.ts';
import type { Column } from '../ui/grid-columns.ts';
import { useCellTabIndex } from '../ui/grid-row.tsx';
import { IdText } from '../ui/id-text.tsx';
import { MoneyText } from '../ui/money-text.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import { PayoutStatusMark } from './payout-status.tsx';
import { StuckBadge } from './stuck-badge.tsx';
import type { ShownPayout } from './use-payouts.ts';

/** The queue's columns; the least needed go first when the panel takes their room. */
export function usePayoutColumns(onOpen: (id: string) => void): Column<ShownPayout>[] {
  const t = useText();
  return useMemo(
    () => [
      {
        id: 'id',
        header: t('payouts.columns.id'),
        min: 110,
        drop: 2,
        cell: (row) => <IdText id={row.id} className={row.gone ? 'text-quiet line-through' : ''} />,
      },
      {
        id: 'to',
        header: t('payouts.columns.to'),
        min: 150,
        grow: 1,
        cell: (row) => (
          <span className="block truncate" title={row.holder}>
            {row.holder}
          </span>
        ),
      },
      {
        id: 'amount',
        header: t('payouts.columns.amount'),
        min: 138,
        align: 'end',
        cell: (row) => <MoneyText money={row} />,
      },
      {
        id: 'status',
        header: t('payouts.columns.status'),
        min: 112,
        cell: (row) =>
          row.gone ? (
            <span className="text-quiet">{t('payouts.changed.goneRow')}</span>
          ) : (
            <PayoutStatusMark status={row.status} />
          ),
      },
      {
        id: 'attention',
        header: t('payouts.columns.attention'),
        min: 272,
        grow: 1.3,
        drop: 3,
        cell: (row) =>
          row.stuck && (
            <StuckBadge
              stuck={row.stuck}
              provider={row.provider}
              rail={row.rail as Rail}
              onPress={() => onOpen(row.id)}
            />
          ),
      },
      {
        id: 'rail',
        header: t('payouts.columns.rail'),
        min: 84,
        drop: 5,
        cell: (row) => <span className="text-ink-2">{t(`payouts.rails.${row.rail as Rail}`)}</span>,
      },
      {
        id: 'assignee',
        header: t('payouts.columns.assignee'),
        min: 116,
        drop: 6,
        cell: (row) => row.assignee && <span className="block truncate text-ink-2">{row.assignee.name}</span>,
      },
      {
        id: 'created',
        header: t('payouts.columns.created'),
        min: 112,
        drop: 4,
        sortable: true,
        cell: (row) => <CreatedAt at={row.createdAt} />,
      },
    ],
    [t, onOpen],
  );
}

function CreatedAt({ at }: { at: string }) {
  return (
    <span className="text-quiet">
      <RelativeTime at={at} tabIndex={useCellTabIndex()} />
    </span>
  );
}
