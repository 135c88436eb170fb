import { Logger, runOnce } from 'graphile-worker';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newUuid } from '../core/ids.ts';
import { type Db, openDb } from '../runtime/db.ts';
import { openLog } from '../runtime/log.ts';
import { NOW } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { jobsOf, loseJobs } from '../testing/factories.ts';
import { enqueueCheck, enqueueLost, enqueueSend } from './payout-jobs.ts';
import { taskList } from './task-list.ts';

let database: TestDatabase;
/** As bin/worker.ts opens it. */
let queue: Db;
beforeAll(async () => {
  database = await testDatabase();
  queue = openDb(database.url, { max: 3, libraryTypes: true });
});
afterAll(async () => {
  await queue.end();
  await database.close();
});
beforeEach(() => loseJobs(database));

const SOON = new Date(Date.now() + 3_600_000);

describe('enqueue', () => {
  test('a job exists exactly when its transaction commits', async () => {
    const id = newUuid();
    const crash = database.db.transaction(async (tx) => {
      await enqueueSend(tx, id);
      throw new Error('the process died');
    });
    await expect(crash).rejects.toThrow('died');
    expect(await jobsOf(database)).toEqual([]);
    await database.db.transaction((tx) => enqueueSend(tx, id));
    expect(await jobsOf(database)).toMatchObject([
      { task: 'payout.send', key: `payout.send:${id}`, payload: { attemptId: id } },
    ]);
  });

  test('one waiting job a key: the newer time replaces the older', async () => {
    const id = newUuid();
    await database.db.transaction((tx) => enqueueCheck(tx, id, SOON));
    await database.db.transaction((tx) => enqueueCheck(tx, id));
    const [only, ...others] = await jobsOf(database);
    expect(others).toEqual([]);
    expect(only?.runAt.getTime()).toBeLessThan(SOON.getTime());
  });

  test('many at once, in one statement; one that waits keeps its place', async () => {
    const [waiting, lost, check] = [newUuid(), newUuid(), newUuid()];
    await database.db.transaction((tx) => enqueueCheck(tx, waiting, SOON));
    await database.db.transaction((tx) => enqueueLost(tx, { sends: [lost], checks: [waiting, check], retries: [] }));
    const runAt = new Map((await jobsOf(database)).map((job) => [job.key, job.runAt]));
    expect([...runAt.keys()].sort()).toEqual(
      [`payout.check:${check}`, `payout.check:${waiting}`, `payout.send:${lost}`].sort(),
    );
    expect(runAt.get(`payout.check:${waiting}`)).toEqual(SOON);
    await database.db.transaction((tx) => enqueueLost(tx, { sends: [], checks: [], retries: [] }));
  });
});

describe('the worker, under the application’s own role', () => {
  const run = (handler: (payload: { attemptId: string }) => Promise<unknown>) =>
    runOnce({
      pgPool: queue.pool,
      logger: new Logger(() => () => undefined),
      noHandleSignals: true,
      taskList: taskList(
        { 'payout.send': handler },
        { db: database.db, clock: () => NOW, log: openLog('test', 'silent') },
      ),
    });
  const runsOf = async () => {
    const { rows } = await database.db.query('SELECT task, outcome, summary, error FROM job_run ORDER BY id');
    return rows;
  };

  test('takes a job, runs it, keeps the run, and removes the job', async () => {
    const id = newUuid();
    const seen: string[] = [];
    await database.db.transaction((tx) => enqueueSend(tx, id));
    await run(async ({ attemptId }) => {
      seen.push(attemptId);
      return { step: 'sent' };
    });
    expect(seen).toEqual([id]);
    expect(await jobsOf(database)).toEqual([]);
    expect(await runsOf()).toEqual([{ task: 'payout.send', outcome: 'done', summary: { step: 'sent' }, error: null }]);
  });

  test('a job that fails is kept for later, with its error in the history', async () => {
    await database.db.transaction((tx) => enqueueSend(tx, newUuid()));
    await run(async () => {
      throw new Error('no answer');
    });
    // The queue writes a failure down after the run has ended.
    await expect
      .poll(async () => {
        const { rows } = await database.owner.query(
          'SELECT attempts, last_error, locked_at, run_at > created_at AS later FROM graphile_worker.jobs',
        );
        return rows;
      })
      .toEqual([{ attempts: 1, last_error: 'no answer', locked_at: null, later: true }]);
    expect((await runsOf()).at(-1)).toMatchObject({ outcome: 'failed', error: 'no answer' });
  });
});
