import type { AppRouter } from '@countersign/api/src/app-router.ts';
import type { LiveNews } from '@countersign/api/src/runtime/live.router.ts';
import { createTRPCClient, httpSubscriptionLink } from '@trpc/client';

interface LiveListener {
  onStarted: () => void;
  onNews: (news: LiveNews) => void;
  onLost: () => void;
}

/** Opens the tab's one stream of news. It reconnects by itself; returns what closes it. */
export function openLiveStream({ onStarted, onNews, onLost }: LiveListener): () => void {
  const client = createTRPCClient<AppRouter>({ links: [httpSubscriptionLink({ url: '/trpc' })] });
  const stream = client.live.changes.subscribe(undefined, {
    onStarted,
    onData: ({ data }) => onNews(data),
    onConnectionStateChange({ state }) {
      if (state === 'connecting') onLost();
    },
    onError: onLost,
  });
  return () => stream.unsubscribe();
}
