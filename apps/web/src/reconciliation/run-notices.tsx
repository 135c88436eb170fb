import { Link } from '@tanstack/react-router';
import { useText } from '../lib/i18n.ts';
import { paths } from '../paths.ts';
import { Mark } from '../ui/status-mark.tsx';
import type { Report } from './reconciliation-wire.ts';

/** What must be known before anything on the page is believed: that the run failed, or that it is not the latest. */
export function RunNotices({ report: { run, latestRunId } }: { report: Report }) {
  const t = useText();
  return (
    <>
      {run.status === 'failed' && (
        <div role="alert" className="shrink-0 border-b border-line bg-high-soft px-4 py-2.5 text-high">
          <p className="flex items-center gap-2 font-semibold">
            <Mark shape="square" tone="high" />
            {t('reconciliation.report.failedTitle')}
          </p>
          {run.error && <p className="mt-0.5 pl-[17px] break-words">{run.error}</p>}
        </div>
      )}
      <div role="status">
        {latestRunId && (
          <p className="flex shrink-0 flex-wrap items-center gap-x-2 border-b border-line bg-sunken px-4 py-1.5 text-ink-2">
            {t('reconciliation.report.later')}
            <Link
              {...paths.run(latestRunId)}
              className="text-ink underline decoration-line-strong underline-offset-2 hover:decoration-current"
            >
              {t('reconciliation.report.showLater')}
            </Link>
          </p>
        )}
      </div>
    </>
  );
}
