import type { ReportFilter } from '@countersign/api/src/reconciliation/reconciliation.queries.ts';
import { useText } from '../lib/i18n.ts';
import { useNow } from '../lib/now.ts';
import { useFormat } from '../lib/use-format.ts';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import type { Report } from './reconciliation-wire.ts';
import { missingSources } from './report-question.ts';

interface BreaksEmptyProps {
  report: Report;
  filter: ReportFilter;
  /** When the server last said so, ms since the epoch. */
  checkedAt: number;
  onAll: () => void;
}

/** "Everything matched", "all resolved", "nothing with this filter" and "it failed" are four different things. */
export function BreaksEmpty({ report: { run, counts }, filter, checkedAt, onAll }: BreaksEmptyProps) {
  const t = useText();
  const format = useFormat();
  const age = format.relative(new Date(checkedAt), useNow());
  if (run.status !== 'done') {
    return <EmptyState title={t('reconciliation.empty.failedTitle')}>{t('reconciliation.empty.failed')}</EmptyState>;
  }
  if (counts.all === 0) return <NoBreaks run={run} />;
  const resolved = filter === 'open' || (counts.open === 0 && filter !== 'cleared' && filter !== 'accepted');
  return (
    <EmptyState
      title={t(resolved ? 'reconciliation.empty.openTitle' : 'reconciliation.empty.matchTitle')}
      action={<Button onClick={onAll}>{t('reconciliation.empty.show')}</Button>}
    >
      {resolved ? t('reconciliation.empty.open', { age }) : t('reconciliation.empty.match')}
    </EmptyState>
  );
}

function NoBreaks({ run }: { run: Report['run'] }) {
  const t = useText();
  const format = useFormat();
  const missing = missingSources(run.sources).map((name) => t(`reconciliation.sources.${name}`));
  const whole = run.matched === run.compared && missing.length === 0;
  const words =
    run.compared === 0
      ? t('reconciliation.empty.nothing')
      : run.matched === run.compared
        ? t('reconciliation.empty.clear', { count: run.compared })
        : t('reconciliation.empty.part', { matched: format.count(run.matched), compared: format.count(run.compared) });
  return (
    <EmptyState title={t(whole ? 'reconciliation.empty.clearTitle' : 'reconciliation.empty.partTitle')}>
      {words}
      {missing.length > 0 && (
        <p className="mt-1">{t('reconciliation.empty.missing', { sources: missing.join(', ') })}</p>
      )}
    </EmptyState>
  );
}
