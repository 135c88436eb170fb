import { useInfiniteQuery } from '@tanstack/react-query';
import { type Text, useText } from '../lib/i18n.ts';
import { trpc } from '../lib/trpc.ts';
import { Button } from '../ui/button.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import { SkeletonRows } from '../ui/skeleton-rows.tsx';
import { Mark } from '../ui/status-mark.tsx';
import type { ControlChange } from './controls-wire.ts';
import { heldName } from './held-name.ts';

/** Who stopped and released what, why and when. */
export function ControlHistory() {
  const t = useText();
  const query = useInfiniteQuery(
    trpc.controls.history.infiniteQueryOptions({}, { getNextPageParam: (page) => page.nextCursor ?? undefined }),
  );
  const rows = query.data?.pages.flatMap((page) => page.rows) ?? [];
  return (
    <section aria-labelledby="history-title">
      <h2 id="history-title" className="text-md font-semibold">
        {t('controls.history.title')}
      </h2>
      <p className="mb-2 text-sm text-quiet">{t('controls.history.lead')}</p>
      {query.isError ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : query.isPending ? (
        <SkeletonRows rows={4} />
      ) : rows.length === 0 ? (
        <p className="text-sm text-quiet">{t('controls.history.none')}</p>
      ) : (
        <ol className="border-t border-line text-sm">
          {rows.map((change) => (
            <li key={change.id} className="flex min-h-9 items-baseline gap-3 border-b border-line py-1.5">
              <Look change={change} />
              <span className="w-64 shrink-0 font-medium wrap-anywhere">{changeText(t, change)}</span>
              <span className="min-w-0 flex-1 text-ink-2 wrap-anywhere">{change.reason}</span>
              <span className="w-40 shrink-0 truncate text-right text-ink-2">{change.by}</span>
              <span className="w-28 shrink-0 text-right text-quiet">
                <RelativeTime at={change.at} />
              </span>
            </li>
          ))}
        </ol>
      )}
      {query.hasNextPage && (
        <Button className="mt-2" busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t('controls.history.older')}
        </Button>
      )}
    </section>
  );
}

function Look({ change }: { change: ControlChange }) {
  if (change.act === 'control.changed')
    return <Mark shape={change.on ? 'dot' : 'square'} tone={change.on ? 'safe' : 'high'} />;
  return (
    <Mark
      shape={change.act === 'hold.placed' ? 'open-square' : 'ring'}
      tone={change.act === 'hold.placed' ? 'med' : 'quiet'}
    />
  );
}

function changeText(t: Text, { act, on, held }: ControlChange): string {
  if (act === 'control.changed') return t(on ? 'controls.history.on' : 'controls.history.off');
  const what = held ? heldName(t, held) : t('controls.history.gone');
  return t(act === 'hold.placed' ? 'controls.history.placed' : 'controls.history.released', { what });
}
