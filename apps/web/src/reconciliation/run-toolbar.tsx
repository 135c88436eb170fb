import type { ReportFilter } from '@countersign/api/src/reconciliation/reconciliation.queries.ts';
import { Link } from '@tanstack/react-router';
import { ArrowLeft, Play } from 'lucide-react';
import { whyNot } from '../lib/failure.ts';
import { useText } from '../lib/i18n.ts';
import { paths } from '../paths.ts';
import { Button } from '../ui/button.tsx';
import { Chip } from '../ui/chip.tsx';
import type { Report } from './reconciliation-wire.ts';
import { isRunnable } from './report-question.ts';
import { useRunReconciliation } from './use-break-command.ts';

const OPEN: readonly ReportFilter[] = ['open', 'HIGH', 'MED', 'LOW', 'old'];
const CLOSED: readonly ReportFilter[] = ['cleared', 'accepted', 'all'];

interface RunToolbarProps {
  report: Report | undefined;
  filter: ReportFilter;
  onFilter: (filter: ReportFilter) => void;
  onRun: (runId: string) => void;
}

/** The way back, the chips with their counts as they stand now, and the run again. */
export function RunToolbar({ report, filter, onFilter, onRun }: RunToolbarProps) {
  const t = useText();
  const again = useRunReconciliation(onRun);
  const kind = report?.run.kind;
  const chip = (one: ReportFilter) => (
    <Chip
      key={one}
      label={t(`reconciliation.report.filters.${one}`)}
      count={report?.counts[one]}
      pressed={one === filter}
      onPress={() => onFilter(one)}
    />
  );
  return (
    <div className="flex min-h-[50px] shrink-0 items-center gap-3 border-b border-line px-4 py-2">
      <Link
        {...paths.reconciliation()}
        title={t('reconciliation.report.back')}
        className="-ml-1 inline-flex size-7 shrink-0 items-center justify-center rounded-md text-quiet hover:bg-sunken hover:text-ink"
      >
        <ArrowLeft aria-hidden="true" size={14} />
        <span className="sr-only">{t('reconciliation.report.back')}</span>
      </Link>
      <fieldset className="flex min-w-0 flex-1 flex-wrap items-center gap-1.5">
        <legend className="sr-only">{t('reconciliation.report.filtersLabel')}</legend>
        {OPEN.map(chip)}
        <span aria-hidden="true" className="mx-1 h-4 w-px bg-line-strong max-xl:hidden" />
        {CLOSED.map(chip)}
      </fieldset>
      <Button
        tone="primary"
        icon={<Play aria-hidden="true" size={13} />}
        whyNot={whyNot(t, report?.can.run ?? null)}
        busy={again.busy || report === undefined}
        onClick={() => isRunnable(kind) && report && again.start(kind, report.run.on)}
      >
        {t('reconciliation.run.again')}
      </Button>
    </div>
  );
}
