import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Actor } from '../core/actor.ts';
import { toId } from '../core/ids.ts';
import { assignPayout } from '../payouts/assign-payout.ts';
import { retryPayout } from '../payouts/retry-payout.ts';
import type { Db } from '../runtime/db.ts';
import { openLog } from '../runtime/log.ts';
import { execute } from '../runtime/operation.ts';
import { callBy, NOW, person } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { auditRows } from '../testing/expect-audit.ts';
import {
  act,
  attemptsOf,
  fundedParty,
  jobsOf,
  loseJobs,
  payoutIn,
  reread,
  type Sample,
  setPayoutsOn,
  timelineOf,
} from '../testing/factories.ts';
import { ago } from '../testing/payout-samples.ts';
import { bulkTasks, SLICE_ITEMS } from './bulk.tasks.ts';
import { MAX_TRIES } from './bulk.ts';
import { cancelBulk } from './cancel-bulk.ts';
import { pauseBulk } from './pause-bulk.ts';
import { resumeBulk } from './resume-bulk.ts';
import { confirmed, countsOf, failedPayouts, itemOf, itemsOf, runJob, runOf } from './testing/bulk-cases.ts';

let database: TestDatabase;
let ops: Extract<Actor, { kind: 'person' }>;
let party: string;
beforeAll(async () => {
  database = await testDatabase();
  ops = await person(database, 'ops');
  party = (await fundedParty(database, { EUR: 10_000_000_000n })).reference;
});
afterAll(() => database.close());
beforeEach(() => loseJobs(database));

const later = (seconds: number) => new Date(NOW.getTime() + seconds * 1_000);
const many = (count: number) => failedPayouts(database, count, { party });
const outcomes = async (runId: string) => (await itemsOf(database, runId)).map((item) => item.outcome);
const give = (operation: typeof pauseBulk, runId: string) =>
  execute(database.db, operation, callBy(ops), { runId: toId('bulk_run', runId) });

/** A connection to the database whose process dies at its `nth` transaction: before it begins, or just after its commit. */
function dying(nth: number, moment: 'before' | 'after'): Db {
  let count = 0;
  return {
    ...database.db,
    async transaction(work) {
      count += 1;
      if (count > nth || (count === nth && moment === 'before')) throw new Error('the worker died');
      const result = await database.db.transaction(work);
      if (count === nth) throw new Error('the worker died');
      return result;
    },
  };
}

/** What other people do while the worker is at it: each just before the worker's transaction of that number. */
function meanwhile(happenings: Record<number, () => Promise<unknown>>): Db {
  let count = 0;
  return {
    ...database.db,
    async transaction(work) {
      count += 1;
      await happenings[count]?.();
      return database.db.transaction(work);
    },
  };
}

/** The samples in the order in which the run takes them. */
async function inOrder(runId: string, samples: readonly Sample[]): Promise<Sample[]> {
  const items = await itemsOf(database, runId);
  return items.flatMap((item) => samples.find(({ payout }) => payout.id === item.payout_id) ?? []);
}

describe('done', () => {
  test('mixed outcomes: each payout through its own verb, as the person who confirmed, under a key of its own', async () => {
    const poor = (await fundedParty(database, { EUR: 12_500n })).reference;
    const [fine] = (await many(1)) as [Sample];
    const [changed] = (await many(1)) as [Sample];
    const broke = await payoutIn(database, 'failed', { party: poor, at: ago(3_600_000) });
    const lost = await payoutIn(database, 'unconfirmed', { party, at: ago(3_600_000) });
    const old = await payoutIn(database, 'unconfirmed', { party, at: ago(2 * 86_400_000) });
    const paid = await payoutIn(database, 'paid', { party });
    const runId = await confirmed(database, ops, 'retry', [fine, changed, broke, lost, old, paid]);
    // A colleague retries one of them meanwhile, and a wallet is emptied.
    const ops2 = await person(database, 'ops');
    await act(
      database,
      retryPayout,
      { payoutId: toId('payout', changed.payout.id), version: changed.payout.version },
      { actor: ops2 },
    );
    await payoutIn(database, 'queued', { party: poor });

    expect(await runJob(database, runId)).toMatchObject({ step: 'finished', done: 3, skipped: 1, failed: 1 });
    const endOf = async (sample: Sample) => {
      const { outcome, outcome_code } = await itemOf(database, runId, sample);
      return [outcome, outcome_code];
    };
    expect(await endOf(fine)).toEqual(['done', 'new_attempt']);
    expect(await endOf(lost)).toEqual(['done', 'resend_same_key']);
    expect(await endOf(old)).toEqual(['done', 'ask_provider']);
    expect(await endOf(changed)).toEqual(['skipped', 'version_conflict']);
    expect(await endOf(broke)).toEqual(['failed', 'insufficient_balance']);
    expect(await endOf(paid)).toEqual(['skipped', 'already_paid']);
    expect(await runOf(database, runId)).toMatchObject({
      status: 'done',
      done_count: 3,
      skipped_count: 2,
      failed_count: 1,
      finished_at: NOW,
      leased_by: null,
    });
    const { kept, counted } = await countsOf(database, runId);
    expect(kept).toEqual(counted);

    expect((await reread(database, fine.payout.id)).payout).toMatchObject({ status: 'queued', lastRetriedBy: ops.id });
    expect((await timelineOf(database, fine.payout.id)).at(-1)).toMatchObject({ kind: 'retry_requested' });
    expect(await attemptsOf(database, changed.payout.id)).toHaveLength(2);
    expect((await auditRows(database, fine.payout.id)).at(-1)).toMatchObject({
      act: 'payout.retried',
      outcome: 'done',
      actor_id: ops.id,
    });
    expect((await auditRows(database, broke.payout.id)).at(-1)).toMatchObject({
      act: 'payout.retried',
      outcome: 'refused',
      refusal_code: 'insufficient_balance',
    });
    expect((await auditRows(database, runId)).at(-1)).toMatchObject({
      act: 'bulk.finished',
      actor_id: 'bulk.run',
      before: { status: 'running' },
      after: { status: 'done', done: 3, skipped: 2, failed: 1, canceled: 0 },
    });
  });

  test('ask the provider, assign, hold', async () => {
    const colleague = await person(database, 'ops');
    const lost = await payoutIn(database, 'unconfirmed', { party, at: ago(3_600_000) });
    await loseJobs(database);
    await runJob(database, await confirmed(database, ops, 'check', [lost]));
    expect((await jobsOf(database, lost.attempt.id)).map((job) => job.task)).toEqual(['payout.check']);

    const queued = await payoutIn(database, 'queued', { party });
    const assigneeId = toId('person', colleague.id);
    await runJob(database, await confirmed(database, ops, 'assign', [queued], { assigneeId }));
    expect((await reread(database, queued.payout.id)).payout.assigneeId).toBe(colleague.id);
    await runJob(database, await confirmed(database, ops, 'assign', [queued], { assigneeId: null }));
    expect((await reread(database, queued.payout.id)).payout.assigneeId).toBeNull();

    await runJob(database, await confirmed(database, ops, 'hold', [queued], { reason: 'looks odd' }));
    expect((await reread(database, queued.payout.id)).payout).toMatchObject({
      status: 'held',
      holdReason: 'looks odd',
    });
  });

  test.each(['retry', 'check', 'assign', 'hold'] as const)(
    '%s: a payout that changed since the preview is skipped and reported, and not touched',
    async (name) => {
      const sample = await payoutIn(database, name === 'hold' ? 'queued' : 'unconfirmed', {
        party,
        at: ago(3_600_000),
      });
      const input = { assign: { assigneeId: toId('person', ops.id) }, hold: { reason: 'looks odd' } };
      const runId = await confirmed(database, ops, name, [sample], input[name as keyof typeof input]);
      await database.owner.query('UPDATE payout SET version = version + 1 WHERE id = $1', [sample.payout.id]);
      const before = await reread(database, sample.payout.id);
      await runJob(database, runId);
      expect(await itemOf(database, runId, sample)).toMatchObject({
        outcome: 'skipped',
        outcome_code: 'version_conflict',
      });
      expect(await reread(database, sample.payout.id)).toEqual(before);
      expect(await runOf(database, runId)).toMatchObject({ status: 'done', skipped_count: 1 });
    },
  );

  test('assigning one meanwhile is no change: it is retried', async () => {
    const [sample] = (await many(1)) as [Sample];
    const runId = await confirmed(database, ops, 'retry', [sample]);
    const input = { payoutId: toId('payout', sample.payout.id), assigneeId: toId('person', ops.id) };
    await act(database, assignPayout, input, { actor: ops });
    await runJob(database, runId);
    expect(await outcomes(runId)).toEqual(['done']);
  });

  test('a long run gives its place to other jobs, and comes back to it', async () => {
    const samples = await many(3);
    const runId = await confirmed(database, ops, 'retry', samples);
    await loseJobs(database);
    // By the clock: each look at it is six seconds later.
    let seconds = 0;
    const clock = () => {
      seconds += 6;
      return later(seconds);
    };
    expect(await runJob(database, runId, { clock })).toMatchObject({ step: 'handed_over' });
    expect(await jobsOf(database, runId)).toMatchObject([{ task: 'bulk.run', payload: { runId } }]);
    expect((await runOf(database, runId)).leased_by).toBeNull();
    for (let slices = 0; (await runOf(database, runId)).status === 'running'; slices += 1) {
      expect(slices).toBeLessThan(10);
      await runJob(database, runId, { clock });
    }
    expect(await outcomes(runId)).toEqual(['done', 'done', 'done']);
    expect(SLICE_ITEMS).toBeGreaterThanOrEqual(50);
  });

  test('when payouts are paused in the middle, the rest fails with that reason and sends nothing', async () => {
    const samples = await many(2);
    const runId = await confirmed(database, ops, 'retry', samples);
    // Two transactions an item: its command, and its outcome.
    const db = meanwhile({ 3: () => setPayoutsOn(database, false) });
    try {
      await runJob(database, runId, { db });
    } finally {
      await setPayoutsOn(database, true);
    }
    expect((await itemsOf(database, runId)).map((item) => [item.outcome, item.outcome_code])).toEqual([
      ['done', 'new_attempt'],
      ['failed', 'payouts_paused'],
    ]);
  });
});

describe('paused and canceled in the middle', () => {
  test('pause: the item on its way is finished, the next is not begun; resumed, it goes on where it was', async () => {
    const samples = await many(3);
    const runId = await confirmed(database, ops, 'retry', samples);
    await loseJobs(database);
    const db = meanwhile({ 1: () => give(pauseBulk, runId) });
    expect(await runJob(database, runId, { db })).toMatchObject({ step: 'paused', done: 1 });
    expect(await outcomes(runId)).toEqual(['done', null, null]);
    expect(await jobsOf(database, runId)).toEqual([]);
    await give(resumeBulk, runId);
    expect(await runJob(database, runId)).toMatchObject({ step: 'finished', done: 2 });
    expect(await outcomes(runId)).toEqual(['done', 'done', 'done']);
    for (const { payout } of samples) expect(await attemptsOf(database, payout.id)).toHaveLength(2);
  });

  test('paused and resumed before the worker has looked up: it notices nothing, and no second one is needed', async () => {
    const runId = await confirmed(database, ops, 'retry', await many(2));
    const db = meanwhile({
      1: async () => {
        await give(pauseBulk, runId);
        await give(resumeBulk, runId);
      },
    });
    expect(await runJob(database, runId, { db })).toMatchObject({ step: 'finished', done: 2 });
  });

  test('resumed just when the worker stops for the pause: it is given to a worker again', async () => {
    const runId = await confirmed(database, ops, 'retry', await many(2));
    await loseJobs(database);
    // An item's command and its outcome are a transaction each; the third gives the run back.
    const db = meanwhile({
      1: () => give(pauseBulk, runId),
      3: async () => {
        await give(resumeBulk, runId);
        expect(await runJob(database, runId)).toEqual({ step: 'not_taken' });
        await loseJobs(database);
      },
    });
    expect(await runJob(database, runId, { db })).toMatchObject({ step: 'paused', done: 1 });
    expect(await jobsOf(database, runId)).toMatchObject([{ task: 'bulk.run' }]);
    await runJob(database, runId);
    expect(await outcomes(runId)).toEqual(['done', 'done']);
  });

  test('cancel: the item on its way is finished, the rest is canceled', async () => {
    const samples = await many(3);
    const runId = await confirmed(database, ops, 'retry', samples);
    const db = meanwhile({ 1: () => give(cancelBulk, runId) });
    expect(await runJob(database, runId, { db })).toMatchObject({ step: 'finished', done: 1 });
    expect(await outcomes(runId)).toEqual(['done', 'canceled', 'canceled']);
    expect(await runOf(database, runId)).toMatchObject({ status: 'canceled', done_count: 1, canceled_count: 2 });
    const [, second] = await inOrder(runId, samples);
    expect(await attemptsOf(database, second?.payout.id ?? '')).toHaveLength(1);
  });

  test('cancel after the last item was done: it is done, not canceled', async () => {
    const runId = await confirmed(database, ops, 'retry', await many(1));
    await runJob(database, runId, { db: meanwhile({ 2: () => give(cancelBulk, runId) }) });
    expect(await runOf(database, runId)).toMatchObject({ status: 'done', done_count: 1, canceled_count: 0 });
  });
});

describe('bug class: the worker dies in the middle of a bulk run', () => {
  test.each([
    ['before the command of the second item', 3, 'before'],
    ['between the second item’s command and its outcome', 3, 'after'],
    ['before the outcome is written', 4, 'before'],
    ['just after the outcome', 4, 'after'],
  ] as const)('%s: the run goes on, and nothing is done twice', async (_, nth, moment) => {
    const samples = await many(3);
    const runId = await confirmed(database, ops, 'retry', samples);
    await loseJobs(database);
    await expect(runJob(database, runId, { db: dying(nth, moment) })).rejects.toThrow('died');
    // Its lease is not over: another worker leaves it alone.
    expect(await runJob(database, runId)).toEqual({ step: 'not_taken' });
    const tasks = bulkTasks({ db: database.db, clock: () => later(31), log: openLog('test', 'silent') });
    expect(await tasks['bulk.find_lost']()).toEqual({ found: 1 });
    expect(await jobsOf(database, runId)).toMatchObject([{ task: 'bulk.run', payload: { runId } }]);
    expect(await tasks['bulk.run']({ runId })).toMatchObject({ step: 'finished' });
    expect(await outcomes(runId)).toEqual(['done', 'done', 'done']);
    for (const { payout } of samples) {
      expect(await attemptsOf(database, payout.id)).toEqual([
        { no: 1, status: 'rejected' },
        { no: 2, status: 'ready' },
      ]);
      const retried = (await auditRows(database, payout.id)).filter((row) => row.act === 'payout.retried');
      expect(retried).toMatchObject([{ outcome: 'done' }]);
    }
    expect(await tasks['bulk.find_lost']()).toEqual({ found: 0 });
  });

  test('and then the rest is canceled: what was carried out without an outcome is done, not canceled', async () => {
    const samples = await many(3);
    const runId = await confirmed(database, ops, 'retry', samples);
    await expect(runJob(database, runId, { db: dying(3, 'after') })).rejects.toThrow('died');
    await give(cancelBulk, runId);
    await runJob(database, runId, { clock: () => later(31) });
    expect(await outcomes(runId)).toEqual(['done', 'done', 'canceled']);
    const [, second] = await inOrder(runId, samples);
    expect(await attemptsOf(database, second?.payout.id ?? '')).toHaveLength(2);
    const { kept, counted } = await countsOf(database, runId);
    expect(kept).toEqual(counted);
  });

  test('a paused or ended run is nobody’s loss', async () => {
    const paused = await confirmed(database, ops, 'retry', await many(1));
    await give(pauseBulk, paused);
    await runJob(database, await confirmed(database, ops, 'retry', await many(1)));
    const tasks = bulkTasks({ db: database.db, clock: () => later(3_600), log: openLog('test', 'silent') });
    expect(await tasks['bulk.find_lost']()).toEqual({ found: 0 });
  });
});

describe('bug class: the lease expires while the job runs', () => {
  test('two workers on one item: it is carried out once, and each writes the truth', async () => {
    const samples = await many(2);
    const runId = await confirmed(database, ops, 'retry', samples);
    await loseJobs(database);
    // The first worker is slow inside the first item's transaction; meanwhile its lease runs out and a second one comes.
    let count = 0;
    const slow: Db = {
      ...database.db,
      transaction: (work) =>
        database.db.transaction(async (tx) => {
          count += 1;
          const result = await work(tx);
          if (count === 1) {
            expect(await runJob(database, runId, { clock: () => later(31) })).toMatchObject({ step: 'busy', done: 0 });
            expect(await jobsOf(database, runId)).toMatchObject([{ runAt: later(36) }]);
          }
          return result;
        }),
    };
    // It writes its outcome, sees that the run is not its own any more, and stops.
    expect(await runJob(database, runId, { db: slow })).toMatchObject({ step: 'taken_over', done: 1 });
    expect(await runJob(database, runId, { clock: () => later(36) })).toMatchObject({ step: 'finished', done: 1 });
    expect(await outcomes(runId)).toEqual(['done', 'done']);
    for (const { payout } of samples) expect(await attemptsOf(database, payout.id)).toHaveLength(2);
  });

  test('raced: four workers at once, each payout is retried once', async () => {
    const samples = await many(12);
    const runId = await confirmed(database, ops, 'retry', samples);
    // Each believes that the others are long dead.
    const steps = await Promise.all([0, 40, 80, 120].map((s) => runJob(database, runId, { clock: () => later(s) })));
    for (let at = 160; (await runOf(database, runId)).status === 'running'; at += 40) {
      expect(at).toBeLessThan(2_000);
      await runJob(database, runId, { clock: () => later(at) });
    }
    expect(steps).toHaveLength(4);
    for (const { payout } of samples) {
      expect(await attemptsOf(database, payout.id)).toHaveLength(2);
      const done = (await auditRows(database, payout.id)).filter(
        (row) => row.act === 'payout.retried' && row.outcome === 'done',
      );
      expect(done).toHaveLength(1);
    }
    expect(new Set(await outcomes(runId))).toEqual(new Set(['done']));
    const { kept, counted } = await countsOf(database, runId);
    expect(kept).toEqual(counted);
  });
});

describe('the person in whose name it runs', () => {
  test.each([
    ['loses the role', (id: string) => database.owner.query(`DELETE FROM person_role WHERE person_id = $1`, [id])],
    ['is disabled', (id: string) => database.owner.query('UPDATE person SET disabled_at = now() WHERE id = $1', [id])],
  ])('%s in the middle: the rest is skipped, and said why', async (_, happens) => {
    const actor = await person(database, 'ops');
    const samples = await many(3);
    const runId = await confirmed(database, actor, 'retry', samples);
    await runJob(database, runId, { db: meanwhile({ 1: () => happens(actor.id) }) });
    expect((await itemsOf(database, runId)).map((item) => [item.outcome, item.outcome_code])).toEqual([
      ['done', 'new_attempt'],
      ['skipped', 'permission_missing'],
      ['skipped', 'permission_missing'],
    ]);
    expect(await runOf(database, runId)).toMatchObject({ status: 'done', done_count: 1, skipped_count: 2 });
    const [, , last] = await inOrder(runId, samples);
    expect(await attemptsOf(database, last?.payout.id ?? '')).toHaveLength(1);
  });

  test('signs out, or their session ends: the run goes on, for it was confirmed', async () => {
    const actor = await person(database, 'ops');
    const sessionId = crypto.randomUUID();
    await database.owner.query(
      `INSERT INTO session (id, person_id, token, expires_at, created_at, updated_at)
       VALUES ($1, $2, $3, $4, $4, $4)`,
      [sessionId, actor.id, `token ${sessionId}`, later(-60)],
    );
    const runId = await confirmed(database, { ...actor, sessionId }, 'retry', await many(3));
    const ends = meanwhile({ 1: () => database.owner.query('DELETE FROM session WHERE id = $1', [sessionId]) });
    expect(await runJob(database, runId, { db: ends })).toMatchObject({ step: 'finished', done: 3 });
  });
});

describe('an error of ours', () => {
  /** Breaks the retry of one payout inside the database, as a bug would. */
  const breaking = async (sample: Sample) => {
    await database.owner.query(`
      CREATE FUNCTION break_one() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN RAISE EXCEPTION 'a bug'; END $$;
      CREATE TRIGGER break_one BEFORE UPDATE ON payout FOR EACH ROW WHEN (OLD.id = '${sample.payout.id}')
      EXECUTE FUNCTION break_one()`);
    return () => database.owner.query('DROP FUNCTION break_one() CASCADE');
  };

  test('is tried again under the same key, then given up, and the rest goes on', async () => {
    const samples = await many(3);
    const runId = await confirmed(database, ops, 'retry', samples);
    const [, second] = await inOrder(runId, samples);
    const mend = await breaking(second as Sample);
    for (let tries = 1; tries < MAX_TRIES; tries += 1) {
      await expect(runJob(database, runId)).rejects.toThrow('a bug');
      // The lease is given back, so that the queue's own next try need not wait for it.
      expect((await runOf(database, runId)).leased_by).toBeNull();
    }
    expect(await runJob(database, runId)).toMatchObject({ step: 'finished', done: 1, failed: 1 });
    expect((await itemsOf(database, runId)).map((item) => [item.outcome, item.outcome_code])).toEqual([
      ['done', 'new_attempt'],
      ['failed', 'fault'],
      ['done', 'new_attempt'],
    ]);
    await mend();
  });

  test('that passes leaves no trace', async () => {
    const samples = await many(2);
    const runId = await confirmed(database, ops, 'retry', samples);
    const mend = await breaking(samples[0] as Sample);
    await expect(runJob(database, runId)).rejects.toThrow('a bug');
    await mend();
    await runJob(database, runId);
    expect(await outcomes(runId)).toEqual(['done', 'done']);
  });
});
