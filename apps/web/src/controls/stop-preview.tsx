import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useText } from '../lib/i18n.ts';
import { trpc } from '../lib/trpc.ts';
import { ErrorState } from '../ui/error-state.tsx';
import { Bar } from '../ui/skeleton-rows.tsx';
import type { StopPreview as Preview } from './controls-wire.ts';
import { StopSums } from './stop-sums.tsx';

/** The numbers move while the dialog is open: they are counted again this often. */
const RECOUNT_MS = 5_000;

type Asked = Parameters<typeof trpc.controls.preview.queryOptions>[0];

/** What a stop or a release would do, counted now. `children` gets the numbers once they are there. */
export function StopPreview({ asked, children }: { asked: Asked; children: (preview: Preview) => ReactNode }) {
  const t = useText();
  const query = useQuery({ ...trpc.controls.preview.queryOptions(asked), refetchInterval: RECOUNT_MS, staleTime: 0 });
  if (query.data) return <div aria-live="polite">{children(query.data)}</div>;
  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <div role="status" aria-label={t('common.loading')} className="flex flex-col gap-2 py-1">
      <Bar className="w-56" />
      <Bar className="w-40" />
    </div>
  );
}

/** What would stop: how many are queued, with their sums. */
export function StopsNow({ preview }: { preview: Preview }) {
  const t = useText();
  const { count, sums } = preview.waiting;
  return (
    <div className="rounded-md border border-line bg-sunken px-3 py-2 text-sm">
      <p className="font-medium">
        {count === 0 ? t('controls.preview.nothingStops') : t('controls.preview.willWait', { count })}
      </p>
      <StopSums sums={sums} />
    </div>
  );
}

/** What would be sent, with its sums; what goes on waiting for something else; and whether anything is sent at all. */
export function GoesNow({ preview, resumes = false }: { preview: Preview; resumes?: boolean }) {
  const t = useText();
  const { waiting, goes, payoutsOn } = preview;
  const off = !payoutsOn && !resumes;
  const goOnWaiting = waiting.count - goes.count;
  return (
    <div className="rounded-md border border-line bg-sunken px-3 py-2 text-sm">
      <p className="font-medium">
        {waiting.count === 0
          ? t('controls.preview.goesNothing')
          : off
            ? t('controls.preview.waits', { count: waiting.count })
            : t('controls.preview.goes', { count: goes.count })}
      </p>
      <StopSums sums={off ? waiting.sums : goes.sums} />
      {goOnWaiting > 0 && !off && (
        <p className="mt-1 text-ink-2">{t('controls.preview.alsoStopped', { count: goOnWaiting })}</p>
      )}
      {off && <p className="mt-1 text-high">{t('controls.preview.paused')}</p>}
    </div>
  );
}
