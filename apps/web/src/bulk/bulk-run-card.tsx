import { Link } from '@tanstack/react-router';
import { Pause, Play, RotateCw, X } from 'lucide-react';
import { useText } from '../lib/i18n.ts';
import { useShortcut } from '../lib/shortcuts.ts';
import { paths } from '../paths.ts';
import { Button } from '../ui/button.tsx';
import { CommandFailure } from '../ui/command-failure.tsx';
import { IdText } from '../ui/id-text.tsx';
import { Mark } from '../ui/status-mark.tsx';
import { BulkProgress } from './bulk-progress.tsx';
import type { BulkDetail } from './bulk-wire.ts';
import { useMoveBulk, useRetryFailed } from './use-bulk-command.ts';

/** While it runs: how far it is, what it waits for, and the brakes. */
export function BulkRunningCard({ detail }: { detail: BulkDetail }) {
  const t = useText();
  const { run } = detail;
  const { progress } = run;
  const pause = useMoveBulk(detail, 'pause');
  const resume = useMoveBulk(detail, 'resume');
  const cancel = useMoveBulk(detail, 'cancel');
  const paused = run.status === 'paused';
  return (
    <div className="flex flex-col gap-3">
      <BulkProgress detail={detail} />
      <p className="text-ink-2">
        {t(paused ? 'bulk.run.pausedLead' : run.status === 'canceling' ? 'bulk.run.cancelingLead' : 'bulk.run.ownWay')}
      </p>
      {detail.waitsForWorker && (
        <p className="flex items-baseline gap-2 text-med">
          <Mark shape="half-ring" tone="med" />
          {t('bulk.run.waits')}
        </p>
      )}
      <div className="flex flex-wrap gap-2">
        {paused ? (
          <Button
            tone="primary"
            icon={<Play aria-hidden="true" size={14} />}
            busy={resume.busy}
            whyNot={resume.whyNot}
            onClick={resume.press}
          >
            {t('bulk.run.resume')}
          </Button>
        ) : (
          <Button
            icon={<Pause aria-hidden="true" size={14} />}
            busy={pause.busy}
            whyNot={pause.whyNot}
            onClick={pause.press}
          >
            {t('bulk.run.pause')}
          </Button>
        )}
        <Button
          tone="danger"
          icon={<X aria-hidden="true" size={14} />}
          busy={cancel.busy}
          whyNot={cancel.whyNot}
          onClick={cancel.press}
        >
          {t('bulk.run.cancel', { count: progress.total - progress.ended })}
        </Button>
      </div>
      <CommandFailure error={pause.error ?? resume.error ?? cancel.error} />
    </div>
  );
}

/** When it is over: what came of it in numbers, and the way on for what failed. */
export function BulkEndedCard({ detail }: { detail: BulkDetail }) {
  const t = useText();
  const retry = useRetryFailed(detail);
  // It begins with a preview, so the key fires nothing.
  useShortcut('r', 'act', 'bulk.shortcuts.retry', retry.whyNot || retry.busy ? null : retry.press);
  return (
    <div className="flex flex-col gap-3">
      {detail.run.status !== 'discarded' && (
        <>
          <BulkProgress detail={detail} />
          <div>
            <Button
              className="w-full"
              kbd="r"
              tone={retry.whyNot ? 'secondary' : 'primary'}
              icon={<RotateCw aria-hidden="true" size={14} />}
              busy={retry.busy}
              whyNot={retry.whyNot}
              onClick={retry.press}
            >
              {retry.whyNot
                ? t('bulk.report.retryFailedNone')
                : t('bulk.report.retryFailed', { count: detail.failedCount })}
            </Button>
          </div>
          <p className="text-xs text-quiet">{t('bulk.report.retryFailedHint')}</p>
        </>
      )}
      {detail.childIds.length > 0 && (
        <p className="text-ink-2">
          {t('bulk.report.again')}{' '}
          {detail.childIds.map((id) => (
            <RunLink key={id} id={id} />
          ))}
        </p>
      )}
      <CommandFailure error={retry.error} />
    </div>
  );
}

export function RunLink({ id }: { id: string }) {
  return (
    <Link
      {...paths.bulkRun(id)}
      className="mr-2 rounded-xs [&_code]:underline [&_code]:decoration-line-strong [&_code]:underline-offset-2 hover:[&_code]:decoration-current"
    >
      <IdText id={id} />
    </Link>
  );
}
