import { EventEmitter } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { Logger, run, type WorkerEvents } from 'graphile-worker';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newUuid } from '../core/ids.ts';
import { type Db, openDb } from '../runtime/db.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { jobsOf } from '../testing/factories.ts';
import { enqueueSend } from './payout-jobs.ts';

/** The way from a worker to the database, which can be cut and mended. */
interface Line {
  url: string;
  cut(): Promise<void>;
  mend(): Promise<void>;
}

async function openLine(to: string): Promise<Line> {
  const target = new URL(to);
  const sockets = new Set<Socket>();
  const listen = (port: number) =>
    new Promise<Server>((resolve) => {
      const server = createServer((inward) => {
        const outward = connect(Number(target.port), target.hostname);
        for (const [socket, other] of [
          [inward, outward],
          [outward, inward],
        ] as const) {
          sockets.add(socket);
          socket.on('error', () => undefined).on('close', () => other.destroy());
          socket.pipe(other);
        }
      });
      server.listen(port, '127.0.0.1', () => resolve(server));
    });
  let server = await listen(0);
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const url = new URL(to);
  url.hostname = '127.0.0.1';
  url.port = String(port);
  return {
    url: url.toString(),
    cut: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
        sockets.clear();
      }),
    async mend() {
      server = await listen(port);
    },
  };
}

let database: TestDatabase;
let line: Line;
let queue: Db;
beforeAll(async () => {
  database = await testDatabase();
  line = await openLine(database.url);
  queue = openDb(line.url, { max: 4, libraryTypes: true });
});
afterAll(async () => {
  await queue.end();
  await line.cut();
  await database.close();
});

/** A runner as bin/worker.ts makes it, polling faster. */
async function startRunner() {
  const waiting = new Map<string, () => void>();
  const events: WorkerEvents = new EventEmitter();
  const runner = await run({
    pgPool: queue.pool,
    concurrency: 1,
    pollInterval: 20,
    noHandleSignals: true,
    events,
    taskList: {
      'payout.send': async (payload) => waiting.get((payload as { attemptId: string }).attemptId)?.(),
    },
    logger: new Logger(() => () => undefined),
  });
  return {
    runner,
    /** Gives it a job, and resolves when that has run. */
    runs: async (id: string) => {
      const ran = new Promise<void>((resolve) => waiting.set(id, resolve));
      await database.db.transaction((tx) => enqueueSend(tx, id));
      return ran;
    },
    /** Resolves when it has asked for a job in vain so many times. */
    failedPolls: (count: number) =>
      new Promise<void>((resolve) => {
        let failed = 0;
        events.on('worker:getJob:error', () => {
          failed += 1;
          if (failed === count) resolve();
        });
      }),
  };
}

describe('bug class: worker stops polling after the database returns', () => {
  test.each([
    ['for a moment', 1],
    ['for so long that it asked fifty times in vain', 50],
  ])('away %s: the same worker takes the next job by itself', async (_, polls) => {
    const { runner, runs, failedPolls } = await startRunner();
    await runs(newUuid());
    // The queue removes a job that is done a little later; the line is cut between jobs.
    await expect.poll(() => jobsOf(database)).toEqual([]);
    const missed = failedPolls(polls);
    await line.cut();
    await missed;
    const waits = runs(newUuid());
    await line.mend();
    await waits;
    await expect.poll(() => jobsOf(database)).toEqual([]);
    await runner.stop();
  });
});
