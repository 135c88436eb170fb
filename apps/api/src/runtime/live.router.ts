import { tracked } from '@trpc/server';
import { type IdKind, toId } from '../core/ids.ts';
import type { LiveMessage, LiveTopic } from './live.ts';
import { following, router } from './trpc.ts';

/** What the console's one stream carries: a change, or "read everything again". */
export type LiveNews =
  | { kind: 'changed'; topic: LiveMessage['topic']; id: string }
  | { kind: 'reread' }
  | { kind: 'heartbeat' };

const QUEUE_LIMIT = 1_000;

/** How often the stream says that it is alive when nothing happens, so that the age on the screen is honest. */
const HEARTBEAT_MS = 15_000;

export const liveRouter = router({
  /**
   * One stream a tab. It says only what changed; the console reads it again. After a reconnect (or when a slow reader's queue
   * overflows) it says "reread": nothing is lost, because nothing is carried.
   */
  changes: following('payout:read').subscription(async function* ({ ctx, signal }) {
    let queue: LiveNews[] = [{ kind: 'reread' }];
    let wake: () => void = () => undefined;
    const push = (message: LiveMessage | null) => {
      if (message === null || queue.length >= QUEUE_LIMIT) queue = [{ kind: 'reread' }];
      else queue.push({ kind: 'changed', topic: message.topic, id: publicId(message) });
      wake();
    };
    const unsubscribe = ctx.live.subscribe(push);
    signal?.addEventListener('abort', () => wake(), { once: true });
    let sequence = 0;
    try {
      while (!signal?.aborted) {
        const news = queue.shift();
        if (news) {
          sequence += 1;
          yield tracked(String(sequence), news);
          continue;
        }
        await new Promise<void>((resolve) => {
          const silence = setTimeout(() => {
            queue.push({ kind: 'heartbeat' });
            resolve();
          }, HEARTBEAT_MS);
          wake = () => {
            clearTimeout(silence);
            resolve();
          };
        });
      }
    } finally {
      unsubscribe();
    }
  }),
});

const ID_KINDS: Record<LiveTopic, IdKind | null> = {
  payout: 'payout',
  settlement_file: 'file',
  run: 'run',
  break: 'break',
  override: 'override',
  control: null,
  bulk_run: 'bulk_run',
  view: 'view',
  notification: 'person',
  presence: 'payout',
  webhook: 'webhook_endpoint',
};

/** The id as people know it; a switch goes by its name. */
function publicId({ topic, id }: LiveMessage): string {
  const kind = ID_KINDS[topic];
  return kind ? toId(kind, id) : id;
}
