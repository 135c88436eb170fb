import type { Risk } from '@countersign/api/src/reconciliation/break.ts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { cx } from '../lib/class-names.ts';
import { useText } from '../lib/i18n.ts';
import { trpc } from '../lib/trpc.ts';
import { useFormat } from '../lib/use-format.ts';
import { paths } from '../paths.ts';
import { MoneyText } from '../ui/money-text.tsx';
import { RiskMark } from '../ui/risk-mark.tsx';
import { Bar } from '../ui/skeleton-rows.tsx';
import { Mark } from '../ui/status-mark.tsx';
import { differenceKey, measureText, ruleText } from './break-words.ts';
import { OtherDifferences } from './difference-text.tsx';
import type { Report, Run } from './reconciliation-wire.ts';
import { classNow, missingSources, openDifferences, sourceNames } from './report-question.ts';

/** The day in four answers: how bad, how much matched, how much is missing, and on what files that rests. */
export function RunTiles({ report }: { report: Report }) {
  const { run } = report;
  return (
    <dl className="grid shrink-0 grid-cols-4 border-b border-line max-md:grid-cols-2">
      <ClassTile report={report} />
      <MatchedTile run={run} />
      <DifferenceTile run={run} />
      <SourcesTile run={run} />
    </dl>
  );
}

/** The tiles while their answers are on the way, of the height they will have. */
export function WaitingTiles() {
  return (
    <div aria-hidden="true" className="grid shrink-0 grid-cols-4 border-b border-line max-md:grid-cols-2">
      {['class', 'matched', 'difference', 'sources'].map((one) => (
        <div key={one} className="flex h-[94px] flex-col gap-3 border-r border-line px-[18px] pt-4.5 last:border-r-0">
          <Bar className="w-24" />
          <Bar className="h-4! w-36" />
          <Bar className="w-40" />
        </div>
      ))}
    </div>
  );
}

interface TileProps {
  title: string;
  main: ReactNode;
  detail: ReactNode;
}

function Tile({ title, main, detail }: TileProps) {
  return (
    <div className="flex min-w-0 flex-col border-r border-line px-[18px] pt-3.5 pb-4 last:border-r-0">
      <dt className="text-xs text-quiet">{title}</dt>
      <dd className="mt-0.5 truncate text-xl font-semibold">{main}</dd>
      <dd className="mt-0.5 line-clamp-3 text-xs text-ink-2">{detail}</dd>
    </div>
  );
}

function ClassTile({ report: { run, counts } }: { report: Report }) {
  const t = useText();
  const risk = classNow(counts, run.fired);
  const title = t('reconciliation.report.classTitle');
  if (run.status !== 'done') {
    return (
      <Tile
        title={title}
        main={
          <span className="inline-flex items-center gap-2 text-high">
            <Mark shape="square" tone="high" size={12} />
            {t('reconciliation.report.classUnknown')}
          </span>
        }
        detail={t('reconciliation.report.classUnknownBody')}
      />
    );
  }
  if (risk === null) {
    // What a missing file would have shown is unknown: such a day is not clear.
    const part = missingSources(run.sources).length > 0;
    return (
      <Tile
        title={title}
        main={
          <span className={cx('inline-flex items-center gap-2', part ? 'text-unsure' : 'text-safe')}>
            <Mark shape={part ? 'half-ring' : 'dot'} tone={part ? 'unsure' : 'safe'} size={12} />
            {t(part ? 'reconciliation.report.classPart' : 'reconciliation.report.classNone')}
          </span>
        }
        detail={t(part ? 'reconciliation.report.classPartBody' : 'reconciliation.report.classNoneBody')}
      />
    );
  }
  return (
    <Tile
      title={title}
      main={<RiskMark risk={risk} size="lg" />}
      detail={<WhyClass run={run} risk={risk} count={counts[risk]} />}
    />
  );
}

/** Which rules gave the day its class: those of its worst breaks, and those about the day as a whole. */
function WhyClass({ run, risk, count }: { run: Run; risk: Risk; count: number }) {
  const t = useText();
  const format = useFormat();
  const worst = useQuery({
    ...trpc.reconciliation.breaks.queryOptions({ runId: run.id, filter: risk, limit: 50 }),
    enabled: count > 0,
  }).data;
  const rules = [...new Set(worst?.rows.map((row) => ruleText(t, row.rule)))];
  const ofDay = run.fired.filter((fired) => fired.risk === risk);
  const own = rules.length > 0 ? [t('reconciliation.report.classOf', { count, rules: rules.join(', ') })] : [];
  const currencies = ofDay.flatMap(({ inputs }) => inputs.currency ?? []).join(', ');
  const [day] = ofDay;
  const short = day ? [t('reconciliation.report.dayRule', { rule: ruleText(t, day.rule), currencies })] : [];
  const whole = ofDay.map((fired) =>
    [ruleText(t, fired.rule), measureText(t, format, fired)].filter(Boolean).join(': '),
  );
  return <span title={[...own, ...whole].join(' · ')}>{[...own, ...short].join(' · ')}</span>;
}

function MatchedTile({ run }: { run: Run }) {
  const t = useText();
  const format = useFormat();
  const title = t('reconciliation.report.matchedTitle');
  if (run.status !== 'done') return <Tile title={title} main="–" detail="" />;
  const rules = (Object.keys(RULES) as (keyof typeof RULES)[])
    .filter((rule) => (run.byRule[rule] ?? 0) > 0)
    .map((rule) => t(`reconciliation.report.matchRules.${rule}`, { count: run.byRule[rule] ?? 0 }));
  const share =
    run.compared > 0 ? [format.share(run.matched / run.compared)] : [t('reconciliation.report.matchedNone')];
  return (
    <Tile
      title={title}
      main={`${format.count(run.matched)} / ${format.count(run.compared)}`}
      detail={[...share, ...rules].join(' · ')}
    />
  );
}

const RULES: Record<keyof Run['byRule'], true> = {
  provider_reference: true,
  our_reference: true,
  amount_date_counterparty: true,
  sum: true,
};

function DifferenceTile({ run }: { run: Run }) {
  const t = useText();
  const title = t(`reconciliation.report.${differenceKey(run.kind)}`);
  if (run.status !== 'done') return <Tile title={title} main="–" detail="" />;
  const [first] = openDifferences(run.totals);
  if (!first) {
    return (
      <Tile
        title={title}
        main={t('reconciliation.report.differenceNone')}
        detail={t('reconciliation.report.differenceNoneBody')}
      />
    );
  }
  return (
    <Tile
      title={title}
      main={<MoneyText money={first} signed className="[&>span]:font-normal" />}
      detail={<OtherDifferences totals={run.totals} />}
    />
  );
}

function SourcesTile({ run }: { run: Run }) {
  const t = useText();
  const all = sourceNames(run.sources);
  const missing = missingSources(run.sources);
  const names = (list: typeof all) => list.map((name) => t(`reconciliation.sources.${name}`)).join(', ');
  const title = t('reconciliation.report.sourcesTitle');
  if (all.length === 0) return <Tile title={title} main="–" detail="" />;
  if (missing.length === 0) {
    return <Tile title={title} main={t('reconciliation.report.sourcesAll')} detail={names(all)} />;
  }
  return (
    <Tile
      title={title}
      main={
        <span className="inline-flex items-center gap-2 text-unsure">
          <Mark shape="half-ring" tone="unsure" size={12} />
          {t('reconciliation.report.sourcesSome', { present: all.length - missing.length, all: all.length })}
        </span>
      }
      detail={
        <>
          {t('reconciliation.report.sourcesMissing', { sources: names(missing) })} ·{' '}
          <Link
            {...paths.files()}
            className="underline decoration-line-strong underline-offset-2 hover:decoration-current"
          >
            {t('reconciliation.report.import')}
          </Link>
        </>
      }
    />
  );
}
