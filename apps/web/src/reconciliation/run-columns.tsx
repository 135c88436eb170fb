import { type ReactNode, useMemo } from 'react';
import { useText } from '../lib/i18n.ts';
import { useFormat } from '../lib/use-format.ts';
import type { Column } from '../ui/grid-columns.ts';
import { useCellTabIndex } from '../ui/grid-row.tsx';
import { MoneyText } from '../ui/money-text.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import { RiskMark } from '../ui/risk-mark.tsx';
import { StatusMark } from '../ui/status-mark.tsx';
import { OtherDifferences } from './difference-text.tsx';
import type { RunRow } from './reconciliation-wire.ts';
import { classNow, missingSources, openDifferences } from './report-question.ts';

const WORST_FIRST = ['HIGH', 'MED', 'LOW'] as const;
const RISK_WORD = { LOW: 'low', MED: 'med', HIGH: 'high' } as const;

/** The columns of the runs list: one row for a day and kind, told by its latest run. */
export function useRunColumns(): Column<RunRow>[] {
  const t = useText();
  return useMemo(
    () => [
      { id: 'day', header: t('reconciliation.runs.columns.day'), min: 144, cell: (row) => <Day row={row} /> },
      {
        id: 'kind',
        header: t('reconciliation.runs.columns.kind'),
        min: 162,
        grow: 1,
        cell: (row) => (
          <TwoLines
            first={<span className="font-medium">{t(`reconciliation.kinds.${row.kind}`)}</span>}
            second={t(`reconciliation.compares.${row.kind}`)}
          />
        ),
      },
      { id: 'risk', header: t('reconciliation.runs.columns.risk'), min: 94, cell: (row) => <DayClass row={row} /> },
      {
        id: 'matched',
        header: t('reconciliation.runs.columns.matched'),
        min: 96,
        align: 'end',
        cell: (row) => <Matched row={row} />,
      },
      { id: 'open', header: t('reconciliation.runs.columns.open'), min: 200, cell: (row) => <OpenBreaks row={row} /> },
      {
        id: 'difference',
        header: t('reconciliation.runs.columns.difference'),
        min: 190,
        align: 'end',
        drop: 2,
        cell: (row) => <Difference row={row} />,
      },
      {
        id: 'status',
        header: t('reconciliation.runs.columns.status'),
        min: 118,
        cell: (row) => <RunState row={row} />,
      },
      {
        id: 'by',
        header: t('reconciliation.runs.columns.by'),
        min: 160,
        drop: 3,
        cell: (row) => (
          <TwoLines
            first={<span title={row.startedBy}>{row.startedBy}</span>}
            second={<StartedAt at={row.startedAt} />}
          />
        ),
      },
    ],
    [t],
  );
}

function TwoLines({ first, second }: { first: ReactNode; second: ReactNode }) {
  return (
    <span className="flex flex-col leading-[18px]">
      <span className="truncate">{first}</span>
      {second && (
        <span className="truncate text-xs text-quiet" title={typeof second === 'string' ? second : undefined}>
          {second}
        </span>
      )}
    </span>
  );
}

function Day({ row }: { row: RunRow }) {
  const t = useText();
  const format = useFormat();
  return (
    <TwoLines
      first={format.valueDate(row.on)}
      second={row.runs > 1 && t('reconciliation.runs.times', { count: row.runs })}
    />
  );
}

/** A failed run says nothing about its day: it is unknown, never clear. */
function DayClass({ row }: { row: RunRow }) {
  const t = useText();
  if (row.status !== 'done') return <span className="text-quiet">{t('reconciliation.runs.unknown')}</span>;
  const risk = classNow(row.open, row.fired);
  if (risk) return <RiskMark risk={risk} />;
  // What a missing file would have shown is unknown: such a day is not clear.
  if (missingSources(row.sources).length > 0) {
    return <StatusMark shape="half-ring" tone="unsure" label={t('reconciliation.runs.partClass')} />;
  }
  return <StatusMark shape="dot" tone="safe" label={t('reconciliation.runs.noClass')} />;
}

function Matched({ row }: { row: RunRow }) {
  const format = useFormat();
  if (row.status !== 'done') return <span className="text-quiet">–</span>;
  return (
    <TwoLines
      first={`${format.count(row.matched)} / ${format.count(row.compared)}`}
      second={row.compared > 0 && format.share(row.matched / row.compared)}
    />
  );
}

function OpenBreaks({ row }: { row: RunRow }) {
  const t = useText();
  const format = useFormat();
  if (row.status !== 'done') return <span className="text-quiet">–</span>;
  const shown = WORST_FIRST.filter((risk) => row.open[risk] > 0);
  if (shown.length === 0) return <span className="text-quiet">{t('reconciliation.runs.noBreaks')}</span>;
  const all = shown.reduce((sum, risk) => sum + row.open[risk], 0);
  const byClass = shown.map((risk) => `${format.count(row.open[risk])} ${t(`common.risk.${RISK_WORD[risk]}`)}`);
  return <TwoLines first={format.count(all)} second={byClass.join(' · ')} />;
}

function Difference({ row }: { row: RunRow }) {
  const t = useText();
  if (row.status !== 'done') return <span className="text-quiet">–</span>;
  const [first] = openDifferences(row.totals);
  if (!first) return <span className="text-quiet">{t('reconciliation.runs.noDifference')}</span>;
  return <TwoLines first={<MoneyText money={first} signed />} second={<OtherDifferences totals={row.totals} />} />;
}

function RunState({ row }: { row: RunRow }) {
  const t = useText();
  const missing = missingSources(row.sources).map((name) => t(`reconciliation.sources.${name}`));
  if (row.status === 'failed') {
    return (
      <TwoLines
        first={
          <span className="font-medium text-high">
            <StatusMark shape="square" tone="high" label={t('reconciliation.runs.status.failed')} />
          </span>
        }
        second={
          <span title={row.error ?? undefined} className="text-high">
            {row.error}
          </span>
        }
      />
    );
  }
  return (
    <TwoLines
      first={
        <StatusMark
          shape={row.status === 'running' ? 'dotted-ring' : missing.length > 0 ? 'half-ring' : 'dot'}
          tone={row.status === 'running' ? 'moving' : missing.length > 0 ? 'unsure' : 'safe'}
          label={t(`reconciliation.runs.status.${row.status}`)}
        />
      }
      second={
        missing.length > 0 && (
          <span title={missing.join(', ')}>{t('reconciliation.runs.missing', { sources: missing.join(', ') })}</span>
        )
      }
    />
  );
}

function StartedAt({ at }: { at: string }) {
  return <RelativeTime at={at} tabIndex={useCellTabIndex()} />;
}
