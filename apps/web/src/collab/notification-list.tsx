import { initialsOf } from '@countersign/api/src/core/person-name.ts';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { inferOutput } from '@trpc/tanstack-react-query';
import type { RefObject } from 'react';
import { cx } from '../lib/class-names.ts';
import { mintCommandKey } from '../lib/command-key.ts';
import { readFailure } from '../lib/failure.ts';
import { useText } from '../lib/i18n.ts';
import { useNow } from '../lib/now.ts';
import { queryClient, trpc } from '../lib/trpc.ts';
import { useFormat } from '../lib/use-format.ts';
import { paths } from '../paths.ts';
import { Button } from '../ui/button.tsx';
import { CommandFailure } from '../ui/command-failure.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { Floating } from '../ui/floating.tsx';
import { Bar } from '../ui/skeleton-rows.tsx';
import { Face } from './face.tsx';

type Notification = inferOutput<typeof trpc.notifications.list>['rows'][number];

interface NotificationListProps {
  anchor: RefObject<HTMLElement | null>;
  unread: number;
  onClose: () => void;
}

/** What one was told, the latest first; each leads to what it is about, and is read by going there. */
export function NotificationList({ anchor, unread, onClose }: NotificationListProps) {
  const t = useText();
  const query = useInfiniteQuery(
    trpc.notifications.list.infiniteQueryOptions(
      { limit: 20 },
      { getNextPageParam: (page) => page.nextCursor ?? undefined },
    ),
  );
  const read = useMutation(
    trpc.notifications.markRead.mutationOptions({
      onSettled: () => queryClient.invalidateQueries(trpc.notifications.pathFilter()),
    }),
  );
  const markRead = (ids: 'all' | string[]): void => read.mutate({ idempotencyKey: mintCommandKey(), input: { ids } });
  const rows = query.data?.pages.flatMap((page) => page.rows);
  return (
    <Floating
      label={t('collab.bell.title')}
      anchor={anchor}
      align="end"
      onClose={onClose}
      className="w-[380px] max-w-[calc(100vw-16px)]"
    >
      <div className="flex min-h-11 items-center gap-2 border-b border-line px-3.5 py-1.5">
        <h2 className="flex-1 text-sm">{t('collab.bell.title')}</h2>
        {unread > 0 && (
          <Button tone="ghost" busy={read.isPending} onClick={() => markRead('all')}>
            {t('collab.bell.readAll')}
          </Button>
        )}
      </div>
      <div className="max-h-[min(480px,70vh)] overflow-y-auto">
        {rows ? (
          rows.length > 0 ? (
            <ul>
              {rows.map((row) => (
                <li key={row.id} className="border-b border-line last:border-b-0">
                  <Item
                    row={row}
                    onFollow={() => {
                      if (!row.read) markRead([row.id]);
                      onClose();
                    }}
                  />
                </li>
              ))}
            </ul>
          ) : (
            <div className="px-6 py-8 text-center">
              <p className="font-medium">{t('collab.bell.none')}</p>
              <p className="mt-1 text-quiet">{t('collab.bell.noneBody')}</p>
            </div>
          )
        ) : query.isError ? (
          <ErrorState
            error={query.error}
            {...(readFailure(query.error).kind === 'fault' ? { onRetry: () => void query.refetch() } : {})}
          />
        ) : (
          <div role="status" aria-label={t('common.loading')} className="flex flex-col gap-3 px-3.5 py-4">
            <Bar className="w-48" />
            <Bar className="w-64" />
          </div>
        )}
        {query.hasNextPage && (
          <div className="flex justify-center border-t border-line p-2">
            <Button tone="ghost" busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              {t('collab.bell.more')}
            </Button>
          </div>
        )}
      </div>
      <div className="px-3.5 empty:hidden">
        <CommandFailure error={read.error} />
      </div>
    </Floating>
  );
}

function Item({ row, onFollow }: { row: Notification; onFollow: () => void }) {
  const t = useText();
  const format = useFormat();
  const now = useNow();
  const { kind, by, data } = row;
  const count = data.count ?? 1;
  const title =
    kind === 'mention'
      ? t('collab.bell.mention', { name: by })
      : count > 1
        ? t('collab.bell.assignedMany', { name: by, count })
        : t('collab.bell.assigned', { name: by });
  const about = t('collab.bell.about', { money: format.money(data), holder: data.holder });
  // Many at once have no one payout to go to: they are what is one's own.
  const to = count > 1 ? paths.payouts({ filter: 'mine' }) : paths.payouts({ filter: 'all', panel: row.payoutId });
  return (
    <Link {...to} onClick={onFollow} className="flex gap-2.5 px-3.5 py-2.5 -outline-offset-2 hover:bg-sunken">
      <Face initials={initialsOf(by)} />
      <span className="min-w-0 flex-1">
        <span className="flex items-baseline gap-2">
          <span className={cx('min-w-0 truncate', !row.read && 'font-semibold')}>{title}</span>
          <time dateTime={row.at} title={format.instant(row.at)} className="ml-auto shrink-0 text-xs text-quiet">
            {format.relative(row.at, now)}
          </time>
          {!row.read && (
            <span className="size-2 shrink-0 self-center rounded-full bg-focus">
              <span className="sr-only">{t('collab.bell.unread')}</span>
            </span>
          )}
        </span>
        {data.excerpt && <span className="line-clamp-2 block break-words text-ink-2">{data.excerpt}</span>}
        <span className="block truncate text-xs text-quiet">{count > 1 ? t('collab.bell.yours') : about}</span>
      </span>
    </Link>
  );
}
