import { useInfiniteQuery } from '@tanstack/react-query';
import { useText } from '../lib/i18n.ts';
import { trpc } from '../lib/trpc.ts';
import { Button } from '../ui/button.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import { SkeletonRows } from '../ui/skeleton-rows.tsx';
import { ChangeList } from './change-list.tsx';

/** Every version there was: who, when, why, and what it changed. */
export function PolicyVersions() {
  const t = useText();
  const query = useInfiniteQuery(
    trpc.stuckPolicy.versions.infiniteQueryOptions({}, { getNextPageParam: (page) => page.nextCursor ?? undefined }),
  );
  return (
    <section aria-labelledby="versions-title">
      <h2 id="versions-title" className="mb-2 text-md font-semibold">
        {t('controls.policy.versions.title')}
      </h2>
      {query.isError ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : query.isPending ? (
        <SkeletonRows rows={3} tall />
      ) : (
        <ol className="flex flex-col gap-4">
          {query.data.pages
            .flatMap((page) => page.rows)
            .map(({ version, note, by, at, changes }) => (
              <li key={version}>
                <p className="mb-1 flex flex-wrap items-baseline gap-x-2 text-sm">
                  <strong className="font-medium">{t('controls.policy.versions.version', { version })}</strong>
                  <span className="text-ink-2">{by}</span>
                  <span className="text-quiet">
                    <RelativeTime at={at} />
                  </span>
                  <span className="wrap-anywhere">· {note}</span>
                </p>
                {changes ? (
                  <ChangeList changes={changes} caption={t('controls.policy.versions.version', { version })} />
                ) : (
                  <p className="text-sm text-quiet">{t('controls.policy.versions.first')}</p>
                )}
              </li>
            ))}
        </ol>
      )}
      {query.hasNextPage && (
        <Button className="mt-3" busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t('controls.policy.versions.older')}
        </Button>
      )}
    </section>
  );
}
