import type { Rail } from '@countersign/api/src/payouts/payout.ts';
import { type ReactNode, useMemo } from 'react';
import { type Text, useText } from '../lib/i18n.ts';
import type { Column } from '../ui/grid-columns.ts';
import { useCellTabIndex } from '../ui/grid-row.tsx';
import { IdText } from '../ui/id-text.tsx';
import { MoneyText } from '../ui/money-text.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import { type ColumnId, readColumns } from './column-choice.ts';
import { failureCodeText } from './failure-code.ts';
import { providerName } from './payout-look.ts';
import { PayoutStatusMark } from './payout-status.tsx';
import { StuckBadge } from './stuck-badge.tsx';
import type { ShownPayout } from './use-payouts.ts';

type Made = Omit<Column<ShownPayout>, 'id' | 'header' | 'sortable'>;

/**
 * The queue's columns, those that the address names and in its order. Where room is short the least needed go first; who
 * is paid, how much, and what needs attention never do.
 */
export function usePayoutColumns(chosen: string | undefined, onOpen: (id: string) => void): Column<ShownPayout>[] {
  const t = useText();
  return useMemo(() => {
    const made = columns(t, onOpen);
    return readColumns(chosen).map((id) => ({
      id,
      header: t(`payouts.columns.${id}`),
      // The provider's id is in no order that the queue is kept in.
      sortable: id !== 'providerId',
      ...made[id],
    }));
  }, [t, chosen, onOpen]);
}

function columns(t: Text, onOpen: (id: string) => void): Record<ColumnId, Made> {
  return {
    id: {
      min: 110,
      drop: 2,
      needed: true,
      sortBy: 'created',
      cell: (row) => <IdText id={row.id} className={row.gone ? 'text-quiet line-through' : ''} />,
    },
    payee: { min: 150, tight: 108, grow: 1, cell: (row) => <Words>{row.holder}</Words> },
    merchant: { min: 140, tight: 100, grow: 0.8, drop: 7, cell: (row) => <Words quiet>{row.party.name}</Words> },
    amount: { min: 138, tight: 124, align: 'end', cell: (row) => <MoneyText money={row} /> },
    status: {
      min: 112,
      drop: 1,
      needed: true,
      cell: (row) =>
        row.gone ? (
          <span className="text-quiet">{t('payouts.changed.goneRow')}</span>
        ) : (
          <PayoutStatusMark status={row.status} />
        ),
    },
    attention: {
      min: 272,
      tight: 130,
      grow: 1.4,
      sortBy: 'since',
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
    rail: {
      min: 84,
      drop: 5,
      cell: (row) => <span className="text-ink-2">{t(`payouts.rails.${row.rail as Rail}`)}</span>,
    },
    provider: {
      min: 88,
      drop: 9,
      cell: (row) => <span className="text-ink-2">{providerName(row.provider)}</span>,
    },
    providerId: {
      min: 128,
      drop: 10,
      cell: (row) => row.providerPayoutId && <IdText id={row.providerPayoutId} className="text-ink-2" />,
    },
    reference: { min: 130, drop: 8, cell: (row) => <Words quiet>{row.merchantReference}</Words> },
    code: {
      min: 150,
      drop: 8,
      cell: (row) => row.failureCode && <Words quiet>{failureCodeText(t, row.failureCode)}</Words>,
    },
    currency: { min: 84, drop: 11, cell: (row) => <span className="text-ink-2">{row.currency}</span> },
    owner: { min: 116, drop: 6, cell: (row) => <Words quiet>{row.assignee?.name}</Words> },
    created: { min: 124, drop: 4, cell: (row) => <At at={row.createdAt} /> },
    since: { min: 124, drop: 4, cell: (row) => <At at={row.statusAt} /> },
    deadline: { min: 124, drop: 6, cell: (row) => row.stuck && <At at={row.stuck.limitAt} /> },
  };
}

function Words({ children, quiet = false }: { children: ReactNode; quiet?: boolean }) {
  if (!children) return null;
  return (
    <span
      className={quiet ? 'block truncate text-ink-2' : 'block truncate'}
      title={typeof children === 'string' ? children : undefined}
    >
      {children}
    </span>
  );
}

function At({ at }: { at: string }) {
  return (
    <span className="text-quiet">
      <RelativeTime at={at} tabIndex={useCellTabIndex()} />
    </span>
  );
}
