import { useMemo } from 'react';
import { useText } from '../lib/i18n.ts';
import { failureCodeText } from '../payouts/failure-code.ts';
import { PayoutStatusMark } from '../payouts/payout-status.tsx';
import type { Column } from '../ui/grid-columns.ts';
import { IdText } from '../ui/id-text.tsx';
import { MoneyText } from '../ui/money-text.tsx';
import { OutcomeMark, PlannedMark } from './bulk-groups.tsx';
import type { BulkItem } from './bulk-wire.ts';
import { codeText } from './bulk-words.ts';

/** The columns of a run's payouts: what was planned, what became of it, and how the payout is now. */
export function useItemColumns(started: boolean): Column<BulkItem>[] {
  const t = useText();
  return useMemo(() => {
    const withWhy = (mark: React.ReactNode, code: string | null) => (
      <span className="flex items-center gap-2">
        {mark}
        {code && <span className="truncate text-quiet">{codeText(t, code)}</span>}
      </span>
    );
    const columns: Column<BulkItem>[] = [
      {
        id: 'payout',
        header: t('bulk.columns.payout'),
        min: 110,
        drop: 3,
        cell: (row) => <IdText id={row.payoutId} />,
      },
      {
        id: 'to',
        header: t('bulk.columns.to'),
        min: 150,
        tight: 110,
        grow: 1,
        cell: (row) => (
          <span className="block truncate" title={row.holder}>
            {row.holder}
          </span>
        ),
      },
      {
        id: 'amount',
        header: t('bulk.columns.amount'),
        min: 138,
        align: 'end',
        cell: (row) => <MoneyText money={row} />,
      },
      {
        id: 'planned',
        header: t('bulk.columns.planned'),
        min: started ? 168 : 300,
        tight: started ? 150 : 200,
        grow: started ? 0 : 1,
        ...(started ? { drop: 2 } : {}),
        cell: (row) => withWhy(<PlannedMark planned={row.planned} />, started ? null : row.plannedCode),
      },
    ];
    if (started) {
      columns.push({
        id: 'outcome',
        header: t('bulk.columns.outcome'),
        min: 240,
        tight: 190,
        grow: 1,
        cell: (row) => withWhy(<OutcomeMark outcome={row.outcome ?? 'waiting'} />, row.outcomeCode),
      });
    }
    columns.push({
      id: 'now',
      header: t('bulk.columns.now'),
      min: 190,
      tight: 112,
      grow: 0.5,
      drop: 1,
      needed: true,
      cell: (row) => (
        <span className="flex items-center gap-2">
          <PayoutStatusMark status={row.status} />
          {row.failureCode && <span className="truncate text-quiet">{failureCodeText(t, row.failureCode)}</span>}
        </span>
      ),
    });
    return columns;
  }, [t, started]);
}
