import type { LiveTopic } from '@countersign/api/src/runtime/live.ts';
import { useSyncExternalStore } from 'react';
import type { openLiveStream } from './live-stream.ts';
import { queryClient, trpc } from './trpc.ts';

export interface LiveState {
  status: 'connecting' | 'live' | 'lost';
  /** When the server was last heard, in ms since the epoch; null before the first word. */
  heardAt: number | null;
}

/** What a change of a thing makes old: the routers of the api that read it. Everything but presence is in the audit log as well. */
const STALE_AFTER: Record<LiveTopic, readonly string[]> = {
  // A bulk run's report shows how its payouts are now.
  payout: ['payouts', 'bulk'],
  settlement_file: ['settlement', 'reconciliation'],
  run: ['reconciliation'],
  break: ['reconciliation', 'payouts'],
  override: ['overrides', 'payouts', 'reconciliation'],
  control: ['payouts', 'controls', 'stuckPolicy'],
  bulk_run: ['bulk'],
  view: ['views'],
  notification: ['notifications'],
  presence: ['presence'],
  webhook: ['webhooks'],
};

/** Events come in bursts; what they make old is asked for again at most this often. */
const GATHER_MS = 250;

let state: LiveState = { status: 'connecting', heardAt: null };
const listeners = new Set<() => void>();
const waiting = new Set<LiveTopic>();
let gathering: ReturnType<typeof setTimeout> | undefined;

function change(next: Partial<LiveState>): void {
  state = { ...state, ...next };
  for (const listener of listeners) listener();
}

function refresh(): void {
  gathering = undefined;
  const topics = [...waiting];
  waiting.clear();
  const routers = new Set(topics.flatMap((topic) => STALE_AFTER[topic]));
  if (topics.some((topic) => topic !== 'presence')) routers.add('audit');
  for (const router of routers) void queryClient.invalidateQueries({ queryKey: [[router]] });
}

function myId(): string | undefined {
  return queryClient.getQueryData(trpc.session.me.queryKey())?.person.id;
}

/** The age of what is on the screen, and whether it is being followed. */
export function useLive(): LiveState {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => state,
  );
}

const listener: Parameters<typeof openLiveStream>[0] = {
  onStarted() {
    change({ status: 'live', heardAt: Date.now() });
  },
  onNews(news) {
    change({ status: 'live', heardAt: Date.now() });
    if (news.kind === 'changed') {
      // Everybody hears that somebody was told something; it concerns only that person.
      if (news.topic === 'notification' && news.id !== myId()) return;
      waiting.add(news.topic);
      gathering ??= setTimeout(refresh, GATHER_MS);
    } else if (news.kind === 'reread') void queryClient.invalidateQueries();
  },
  onLost() {
    change({ status: state.heardAt === null ? 'connecting' : 'lost' });
  },
};

/**
 * Follows the server: one stream for the whole tab. Whatever was missed while the line was down is unknown, so the server
 * begins every (re)connection with "reread", and all of it is old. Started by the shell; returns what stops it.
 */
export function startLive(): () => void {
  let stopped = false;
  let close: (() => void) | undefined;
  // The stream's code follows the first screen instead of coming before it.
  void import('./live-stream.ts').then((file) => {
    if (!stopped) close = file.openLiveStream(listener);
  });
  // An answer to any question is news of the server too.
  const unsubscribe = queryClient.getQueryCache().subscribe((event) => {
    if (event.type === 'updated' && event.action.type === 'success') change({ heardAt: Date.now() });
  });
  return () => {
    stopped = true;
    close?.();
    unsubscribe();
    clearTimeout(gathering);
    gathering = undefined;
    waiting.clear();
    change({ status: 'connecting', heardAt: null });
  };
}
