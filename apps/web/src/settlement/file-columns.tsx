import { useMemo } from 'react';
import { useLanguage, useText } from '../lib/i18n.ts';
import { useFormat } from '../lib/use-format.ts';
import type { Column } from '../ui/grid-columns.ts';
import { useCellTabIndex } from '../ui/grid-row.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import { formatFileSize } from '../uploads/file-size.ts';
import { formatText, periodText } from './file-words.ts';
import type { FileRow } from './settlement-wire.ts';

/** The columns of the files' list. */
export function useFileColumns(): Column<FileRow>[] {
  const t = useText();
  const format = useFormat();
  const language = useLanguage();
  return useMemo(
    () => [
      {
        id: 'file',
        header: t('settlement.columns.file'),
        min: 200,
        grow: 1,
        cell: (row) => (
          <span className="block truncate" title={row.filename}>
            <span className="font-medium">{row.filename}</span>
            {row.timesReceived > 1 && (
              <span className="text-quiet"> · {t('settlement.times', { count: row.timesReceived })}</span>
            )}
          </span>
        ),
      },
      {
        id: 'source',
        header: t('settlement.columns.source'),
        min: 88,
        drop: 1,
        cell: (row) => t(`settlement.sources.${row.source}`),
      },
      {
        id: 'format',
        header: t('settlement.columns.format'),
        min: 160,
        drop: 3,
        cell: (row) => <span className="text-ink-2">{formatText(t, row.format)}</span>,
      },
      {
        id: 'period',
        header: t('settlement.columns.period'),
        min: 272,
        drop: 4,
        cell: (row) => periodText(t, format, row),
      },
      {
        id: 'lines',
        header: t('settlement.columns.lines'),
        min: 80,
        align: 'end',
        cell: (row) => format.count(row.lineCount),
      },
      {
        id: 'size',
        header: t('settlement.columns.size'),
        min: 92,
        align: 'end',
        drop: 6,
        cell: (row) => <span className="text-quiet">{formatFileSize(row.bytes, language)}</span>,
      },
      {
        id: 'by',
        header: t('settlement.columns.by'),
        min: 132,
        drop: 5,
        cell: (row) => <span className="block truncate text-ink-2">{row.importedBy}</span>,
      },
      {
        id: 'at',
        header: t('settlement.columns.at'),
        min: 116,
        drop: 2,
        cell: (row) => <ImportedAt at={row.importedAt} />,
      },
    ],
    [t, format, language],
  );
}

function ImportedAt({ at }: { at: string }) {
  return (
    <span className="text-quiet">
      <RelativeTime at={at} tabIndex={useCellTabIndex()} />
    </span>
  );
}
