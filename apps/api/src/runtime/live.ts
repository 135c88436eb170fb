import pg from 'pg';
import type { Tx } from './db.ts';

/** What consoles can follow. A message says only which thing changed; the console reads it again, with its permissions. */
export const LIVE_TOPICS = [
  'payout',
  'settlement_file',
  'run',
  'break',
  'override',
  'control',
  'bulk_run',
  'view',
  'notification',
  'presence',
  'webhook',
] as const;
export type LiveTopic = (typeof LIVE_TOPICS)[number];

export interface LiveMessage {
  topic: LiveTopic;
  id: string;
}

const CHANNEL = 'countersign_live';

/** Tells every api process, at commit, that something changed. */
export async function announce(tx: Tx, topic: LiveTopic, id: string): Promise<void> {
  await tx.query('SELECT pg_notify($1, $2)', [CHANNEL, JSON.stringify({ topic, id } satisfies LiveMessage)]);
}

export interface LiveFeed {
  /** Calls `listener` for every change; `null` means "news may have been missed: read everything again". */
  subscribe(listener: (message: LiveMessage | null) => void): () => void;
  close(): Promise<void>;
}

const RECONNECT_MS = 1_000;

/** One LISTEN connection a process. It reconnects by itself, and then tells its subscribers that news may have been missed. */
export function openLiveFeed(url: string): LiveFeed {
  const listeners = new Set<(message: LiveMessage | null) => void>();
  const tell = (message: LiveMessage | null) => {
    for (const listener of listeners) listener(message);
  };
  let closed = false;
  let client: pg.Client | null = null;
  let timer: NodeJS.Timeout | undefined;

  async function connect(): Promise<void> {
    const next = new pg.Client({ connectionString: url, application_name: 'countersign-live' });
    next.on('notification', ({ payload }) => payload && tell(JSON.parse(payload) as LiveMessage));
    next.on('error', () => reconnect(next));
    next.on('end', () => reconnect(next));
    client = next;
    try {
      await next.connect();
      await next.query(`LISTEN ${CHANNEL}`);
      tell(null);
    } catch {
      // The database is away; the next try follows in a second, and readiness says so meanwhile.
      reconnect(next);
    }
  }

  function reconnect(from: pg.Client): void {
    if (closed || client !== from) return;
    client = null;
    timer = setTimeout(() => void connect(), RECONNECT_MS);
  }

  void connect();
  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      await client?.end();
    },
  };
}
