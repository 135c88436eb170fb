import { useMemo } from 'react';
import { useText } from '../lib/i18n.ts';
import { useFormat } from '../lib/use-format.ts';
import type { Column } from '../ui/grid-columns.ts';
import { IdText } from '../ui/id-text.tsx';
import { MoneyText } from '../ui/money-text.tsx';
import { lineKindText } from './file-words.ts';
import type { LineRow } from './settlement-wire.ts';

/** The columns of a file's lines. */
export function useLineColumns(): Column<LineRow>[] {
  const t = useText();
  const format = useFormat();
  return useMemo(
    () => [
      {
        id: 'line',
        header: t('settlement.lines.columns.line'),
        min: 70,
        align: 'end',
        cell: (row) => <span className="text-quiet">{format.count(row.lineNo)}</span>,
      },
      {
        id: 'booked',
        header: t('settlement.lines.columns.booked'),
        min: 136,
        drop: 3,
        cell: (row) => {
          const on = row.bookedOn ?? row.valueOn;
          return on && format.valueDate(on);
        },
      },
      {
        id: 'kind',
        header: t('settlement.lines.columns.kind'),
        min: 100,
        drop: 1,
        cell: (row) => lineKindText(t, row.kind),
      },
      {
        id: 'who',
        header: t('settlement.lines.columns.counterparty'),
        min: 160,
        grow: 1,
        cell: (row) => {
          const words = row.counterparty ?? row.description ?? '';
          return (
            <span className="block truncate" title={words}>
              {words}
            </span>
          );
        },
      },
      {
        id: 'reference',
        header: t('settlement.lines.columns.reference'),
        min: 150,
        drop: 2,
        cell: (row) => {
          const id = row.ourRef ?? row.providerRef ?? row.endToEndId;
          return id && <IdText id={id} className="text-ink-2" />;
        },
      },
      {
        id: 'amount',
        header: t('settlement.lines.columns.amount'),
        min: 140,
        align: 'end',
        cell: (row) => <MoneyText money={row} />,
      },
      {
        id: 'fee',
        header: t('settlement.lines.columns.fee'),
        min: 92,
        align: 'end',
        drop: 5,
        cell: (row) =>
          row.feeMinor === '0' ? null : (
            <MoneyText bare money={{ amountMinor: row.feeMinor, currency: row.currency }} />
          ),
      },
      {
        id: 'net',
        header: t('settlement.lines.columns.net'),
        min: 118,
        align: 'end',
        drop: 4,
        cell: (row) => <MoneyText bare money={{ amountMinor: row.netMinor, currency: row.currency }} />,
      },
    ],
    [t, format],
  );
}
