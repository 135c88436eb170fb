import { EventEmitter } from 'node:events';
import { Logger, run, type WorkerEvents } from 'graphile-worker';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDb } from '../runtime/db.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { enqueue } from './enqueue.ts';
import { beat } from './job-run.store.ts';
import { lockHolders } from './lock-holders.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const later = (seconds: number) => new Date(Date.now() + seconds * 1_000);

/** A real runner that has taken a job and does not come back from it, as when its process is killed. */
async function aRunnerInTheMiddleOfAJob() {
  const queue = openDb(database.url, { max: 4, libraryTypes: true });
  const events: WorkerEvents = new EventEmitter();
  const holders = lockHolders(events);
  const taken = Promise.withResolvers<void>();
  const over = Promise.withResolvers<void>();
  const runner = await run({
    pgPool: queue.pool,
    noHandleSignals: true,
    logger: new Logger(() => () => undefined),
    events,
    concurrency: 2,
    taskList: {
      'payout.send': () => {
        taken.resolve();
        return over.promise;
      },
    },
  });
  await database.db.transaction((tx) =>
    enqueue(tx, 'payout.send', { attemptId: crypto.randomUUID() }, { key: 'in the middle' }),
  );
  await taken.promise;
  return {
    holders,
    async end() {
      over.resolve();
      await runner.stop();
      await queue.end();
    },
  };
}

const lockedBy = async () => {
  const { rows } = await database.owner.query<{ locked_by: string | null }>(
    `SELECT locked_by FROM graphile_worker._private_jobs WHERE key = 'in the middle'`,
  );
  return rows[0]?.locked_by ?? null;
};

test('crash leaves a job locked: a real runner’s locks are under the names that its heartbeat says', async () => {
  const dead = await aRunnerInTheMiddleOfAJob();
  try {
    expect(dead.holders).toContain(await lockedBy());
    await beat(database.db, dead.holders, new Date(), new Date());
    expect(await beat(database.db, ['living'], new Date(), later(50))).toBe(0);
    expect(await lockedBy()).not.toBeNull();
    expect(await beat(database.db, ['living'], new Date(), later(70))).toBe(1);
    expect(await lockedBy()).toBeNull();
  } finally {
    await dead.end();
  }
});

test('crash leaves a job locked: also one that died before its first heartbeat, and never one that lives', async () => {
  const runner = await aRunnerInTheMiddleOfAJob();
  try {
    expect(await beat(database.db, ['living', ...runner.holders], new Date(), later(70))).toBe(0);
    expect(await lockedBy()).not.toBeNull();
    await database.owner.query('DELETE FROM worker_heartbeat');
    expect(await beat(database.db, ['living'], new Date(), later(50))).toBe(0);
    expect(await beat(database.db, ['living'], new Date(), later(70))).toBe(1);
    expect(await lockedBy()).toBeNull();
  } finally {
    await runner.end();
  }
});
