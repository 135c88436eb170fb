import type { JobHelpers } from 'graphile-worker';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openLog } from '../runtime/log.ts';
import { NOW } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { enqueue } from './enqueue.ts';
import { beat, endBeat, pruneJobRuns, workerAlive } from './job-run.store.ts';
import { listJobRuns } from './jobs.queries.ts';
import { taskList } from './task-list.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(() =>
  database.owner.query('DELETE FROM worker_heartbeat; DELETE FROM graphile_worker._private_jobs; DELETE FROM job_run'),
);

const later = (seconds: number) => new Date(NOW.getTime() + seconds * 1_000);

describe('the history of jobs', () => {
  const helpers = { job: { id: '7', attempts: 1 } } as unknown as JobHelpers;
  const run = (handler: (payload: never, note: (line: string) => void) => Promise<unknown>) => {
    const deps = { db: database.db, clock: () => NOW, log: openLog('test', 'silent') };
    return Promise.resolve(taskList({ sample: handler }, deps).sample?.({ some: 'payload' }, helpers));
  };

  test('keeps a run that is done with start, end, summary and log', async () => {
    await run(async (_, note) => {
      note('looked at 3');
      return { looked: 3 };
    });
    expect(await listJobRuns(database.db, { limit: 5 })).toMatchObject([
      {
        task: 'sample',
        outcome: 'done',
        startedAt: NOW.toISOString(),
        finishedAt: NOW.toISOString(),
        summary: { looked: 3 },
        log: `${NOW.toISOString()} looked at 3`,
        error: null,
      },
    ]);
  });

  test('keeps a run that failed with its reason, and lets the queue run it again', async () => {
    await expect(run(() => Promise.reject(new Error('the provider is on fire')))).rejects.toThrow('on fire');
    expect(await listJobRuns(database.db, { task: 'sample', limit: 5 })).toMatchObject([
      { outcome: 'failed', error: 'the provider is on fire' },
    ]);
  });

  test('is pruned after 90 days', async () => {
    await run(async () => null);
    await pruneJobRuns(database.db, later(90 * 86_400));
    expect(await listJobRuns(database.db, { limit: 5 })).toHaveLength(1);
    await pruneJobRuns(database.db, later(90 * 86_400 + 1));
    expect(await listJobRuns(database.db, { limit: 5 })).toHaveLength(0);
  });
});

describe('a job exists exactly when its transaction commits', () => {
  const jobs = async () => (await database.owner.query('SELECT key FROM graphile_worker._private_jobs')).rows;

  test('rolled back: no job', async () => {
    const failing = database.db.transaction(async (tx) => {
      await enqueue(tx, 'payout.send', { attemptId: crypto.randomUUID() });
      throw new Error('after the enqueue');
    });
    await expect(failing).rejects.toThrow('after the enqueue');
    expect(await jobs()).toHaveLength(0);
  });

  test('asked for twice under one key: one waiting job', async () => {
    for (let i = 0; i < 2; i += 1) {
      await database.db.transaction((tx) =>
        enqueue(tx, 'payout.send', { attemptId: crypto.randomUUID() }, { key: 'same' }),
      );
    }
    expect(await jobs()).toEqual([{ key: 'same' }]);
  });
});

describe('bug class: crash leaves a job locked: a worker that dies', () => {
  const lockedBy = async (key: string) => {
    const { rows } = await database.owner.query<{ locked_by: string | null }>(
      'SELECT locked_by FROM graphile_worker._private_jobs WHERE key = $1',
      [key],
    );
    return rows[0]?.locked_by ?? null;
  };
  const lockedJob = async (key: string, worker: string) => {
    await database.db.transaction((tx) => enqueue(tx, 'payout.send', { attemptId: crypto.randomUUID() }, { key }));
    await database.owner.query(
      'UPDATE graphile_worker._private_jobs SET locked_at = $2, locked_by = $3 WHERE key = $1',
      [key, NOW, worker],
    );
  };

  test('loses its locked jobs to the others after a minute without a beat, and a living one keeps its own', async () => {
    await beat(database.db, ['dead'], NOW, NOW);
    await lockedJob('of the dead', 'dead');
    await lockedJob('of the living', 'living');
    expect(await beat(database.db, ['living'], NOW, later(60))).toBe(0);
    expect(await lockedBy('of the dead')).toBe('dead');
    expect(await beat(database.db, ['living'], NOW, later(61))).toBe(1);
    expect(await lockedBy('of the dead')).toBeNull();
    expect(await lockedBy('of the living')).toBe('living');
  });

  test('is told from one that ended in order', async () => {
    await beat(database.db, ['tidy'], NOW, NOW);
    expect(await workerAlive(database.db, later(29))).toBe(true);
    expect(await workerAlive(database.db, later(31))).toBe(false);
    await endBeat(database.db, ['tidy']);
    expect(await workerAlive(database.db, NOW)).toBe(false);
    expect(await beat(database.db, ['next'], NOW, later(120))).toBe(0);
  });
});
