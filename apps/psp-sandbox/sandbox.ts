import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { createApp } from './app.ts';
import { createClock } from './clock.ts';
import { openDatabase } from './database.ts';
import { createIdempotency } from './idempotency.ts';
import type { Pace } from './payout.ts';
import { type FaultSchedule, keepSchedule } from './schedule.ts';
import { createScheduler } from './scheduler.ts';
import type { WebhookSettings } from './webhooks.ts';

export interface SandboxSettings {
  /** 0 takes any free port. */
  port: number;
  /** Folder of the books; made when it is not there. */
  dataFolder: string;
  secretKey: string;
  webhooks: WebhookSettings;
  pace: Pace;
  /** How long the fault `webhook_late` waits, in milliseconds. */
  lateMs: number;
  /** How long the fault `slow_answer` waits, in milliseconds. */
  slowMs: number;
  /** Faults by rate from the start on; null leaves what an earlier start was told. */
  schedule: FaultSchedule | null;
  /** Real time in Unix milliseconds, on which the sandbox's clock runs. */
  realNow: () => number;
}

/** A running sandbox. */
interface Sandbox {
  /** `http://127.0.0.1:<port>` */
  url: string;
  /** Ends open connections and closes the books; what was due stays due for the next start. */
  stop(): Promise<void>;
}

/**
 * Starts the sandbox on loopback. Rejects when the port is taken (`EADDRINUSE`) or the books cannot be opened; then
 * nothing is left running.
 */
export async function startSandbox(settings: SandboxSettings): Promise<Sandbox> {
  const db = openDatabase(settings.dataFolder);
  if (settings.schedule) keepSchedule(db, settings.schedule);
  const stopping = new AbortController();
  const clock = createClock(db, settings.realNow);
  const scheduler = createScheduler(db, clock, settings, stopping.signal);
  const { pace, lateMs, slowMs, secretKey } = settings;
  const execution = { db, clock, pace, lateMs, slowMs, stop: stopping.signal };
  const app = createApp({ execution, scheduler, secretKey, idempotency: createIdempotency(db, clock) });
  const server = createAdaptorServer({ fetch: app.fetch, overrideGlobalObjects: false });
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(settings.port, '127.0.0.1', resolve);
    });
  } catch (error) {
    db.close();
    throw error;
  }
  scheduler.wake();
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      stopping.abort();
      const closed = new Promise((resolve) => server.close(resolve));
      if ('closeAllConnections' in server) server.closeAllConnections();
      await closed;
      await scheduler.idle();
      db.close();
    },
  };
}
