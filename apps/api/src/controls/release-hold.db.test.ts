import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  SECRET_KEY,
  startTestSandbox,
  type TestSandbox,
  WEBHOOK_SECRET,
} from '../../../psp-sandbox/testing/test-sandbox.ts';
import type { Actor } from '../core/actor.ts';
import { newUuid, toId } from '../core/ids.ts';
import { HOUR_MS } from '../core/time.ts';
import { payoutTasks } from '../payouts/payouts.tasks.ts';
import { findLostWork } from '../payouts/sends.queries.ts';
import { createStripeConnector } from '../psp/stripe/stripe-connector.ts';
import { openLog } from '../runtime/log.ts';
import { execute } from '../runtime/operation.ts';
import { callBy, JOB, MACHINE, NOW, person } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { auditRows } from '../testing/expect-audit.ts';
import {
  fundedParty,
  jobsOf,
  loseJobs,
  openOverride,
  payoutIn,
  refusalOf,
  reread,
  type Sample,
  setPayoutsOn,
} from '../testing/factories.ts';
import { ago } from '../testing/payout-samples.ts';
import { placeHold } from './place-hold.ts';
import { releaseHold } from './release-hold.ts';
import { setSwitch } from './set-switch.ts';

let database: TestDatabase;
let sandbox: TestSandbox;
let ops: Extract<Actor, { kind: 'person' }>;
let admin: Extract<Actor, { kind: 'person' }>;
beforeAll(async () => {
  database = await testDatabase();
  sandbox = await startTestSandbox({ realNow: () => NOW.getTime() });
  ops = await person(database, 'ops');
  admin = await person(database, 'admin');
});
beforeEach(async () => {
  await setPayoutsOn(database, true);
  await loseJobs(database);
  await database.owner.query(
    `UPDATE hold SET released_at = now(), released_by = 'test', release_reason = 'a new test' WHERE released_at IS NULL`,
  );
  await database.owner.query(`UPDATE attempt SET status = 'canceled' WHERE status = 'ready'`);
});
afterAll(async () => {
  await sandbox.stop();
  await database.close();
});

const tasks = () =>
  payoutTasks({
    db: database.db,
    clock: () => NOW,
    connectors: {
      stripe: createStripeConnector({
        secretKey: SECRET_KEY,
        webhookSecret: WEBHOOK_SECRET,
        baseUrl: sandbox.url,
        timeoutMs: 2_000,
        allowLive: false,
      }),
    },
    log: openLog('test', 'silent'),
  });
/** Does what the worker does with a job of the queue. */
const work = ({ attempt }: Sample) => tasks()['payout.send']({ attemptId: attempt.id });
const hold = async (scope: 'merchant' | 'rail', value: string) =>
  (await execute(database.db, placeHold, callBy(ops), { scope, value, reason: 'a test' })).result.holdId;
const release = (holdId: string, call = callBy(admin), reason = 'cleared with the bank') =>
  execute(database.db, releaseHold, call, { holdId, reason });
const waits = async (sample: Sample) => {
  await work(sample);
  await loseJobs(database);
  expect(await reread(database, sample.payout.id)).toEqual(sample);
};

test('a payout queued under a hold waits, and is sent by itself once the hold is released', async () => {
  const party = await fundedParty(database);
  const holdId = await hold('merchant', toId('party', party.id));
  const sample = await payoutIn(database, 'queued', { party: party.reference, at: ago(HOUR_MS) });
  await waits(sample);
  expect(await findLostWork(database.db, NOW, 10)).toEqual([]);

  const { result } = await release(holdId);
  expect(result).toEqual({ holdId, sends: 1 });
  expect(await jobsOf(database, sample.attempt.id)).toMatchObject([{ task: 'payout.send' }]);
  expect(await work(sample)).toMatchObject({ step: 'sent', outcome: 'accepted' });
  const books = await sandbox.books(`?payout_id=${toId('payout', sample.payout.id)}`);
  expect(books.movements).toHaveLength(1);
});

test('the kill switch likewise: what waited is given to the worker when it is turned on again', async () => {
  const flip = (on: boolean) =>
    execute(database.db, setSwitch, callBy(ops), { name: 'payouts', on, reason: 'the provider is down' });
  await flip(false);
  const sample = await payoutIn(database, 'queued');
  await waits(sample);
  await flip(true);
  expect(await jobsOf(database, sample.attempt.id)).toMatchObject([{ task: 'payout.send' }]);
  expect((await auditRows(database, 'payouts')).at(-1)).toMatchObject({ after: { on: true, sends: 1 } });
  expect(await work(sample)).toMatchObject({ step: 'sent' });
});

test('fail closed: without a readable switch nothing is sent, and a release gives nothing to the worker', async () => {
  const holdId = await hold('rail', 'sepa');
  const sample = await payoutIn(database, 'queued');
  await loseJobs(database);
  await database.owner.query('DELETE FROM control_switch');
  expect((await release(holdId)).result.sends).toBe(0);
  expect(await work(sample)).toMatchObject({ step: 'skip', why: 'payouts_paused' });

  await database.owner.query('ALTER TABLE control_switch RENAME TO control_switch_gone');
  try {
    await expect(work(sample)).rejects.toThrow(/control_switch/);
    expect(await reread(database, sample.payout.id)).toEqual(sample);
  } finally {
    await database.owner.query('ALTER TABLE control_switch_gone RENAME TO control_switch');
    await database.owner.query(
      `INSERT INTO control_switch (name, "on", reason, changed_by) VALUES ('payouts', true, 'test', 'test')`,
    );
  }
  await database.owner.query('ALTER TABLE hold RENAME TO hold_gone');
  try {
    await expect(work(sample)).rejects.toThrow(/hold/);
    expect(await reread(database, sample.payout.id)).toEqual(sample);
  } finally {
    await database.owner.query('ALTER TABLE hold_gone RENAME TO hold');
  }
});

test('what something else stops as well goes on waiting', async () => {
  const party = await fundedParty(database);
  const byMerchant = await hold('merchant', toId('party', party.id));
  await hold('rail', 'ach');
  const alsoHeld = await payoutIn(database, 'queued', { party: party.reference, body: { rail: 'ach' } });
  const contested = await payoutIn(database, 'queued', { party: party.reference });
  await openOverride(database, contested.payout);
  const free = await payoutIn(database, 'queued', { party: party.reference });
  await loseJobs(database);
  expect((await release(byMerchant)).result.sends).toBe(1);
  expect(await jobsOf(database)).toMatchObject([{ payload: { attemptId: free.attempt.id } }]);
  await waits(alsoHeld);
  await waits(contested);
});

test('done: kept with who, why and when; audited', async () => {
  const holdId = await hold('rail', 'wire');
  await release(holdId);
  const { rows } = await database.db.query('SELECT * FROM hold ORDER BY placed_at DESC, id DESC LIMIT 1');
  expect(rows).toMatchObject([
    { released_by: admin.label, released_at: NOW, release_reason: 'cleared with the bank', placed_by: ops.label },
  ]);
  expect((await auditRows(database)).at(-1)).toMatchObject({
    act: 'hold.released',
    outcome: 'done',
    actor_id: admin.id,
    before: { scope: 'rail', value: 'wire', reason: 'a test', placedBy: ops.label },
    after: { sends: 0 },
    reason: 'cleared with the bank',
  });
});

test('refused: released already, unknown, or without a reason', async () => {
  const holdId = await hold('rail', 'wire');
  expect(await refusalOf(release(holdId, callBy(ops), 'ab'))).toBe('malformed');
  expect(await refusalOf(release(toId('hold', newUuid())))).toBe('not_found');
  await release(holdId);
  expect(await refusalOf(release(holdId, callBy(ops)))).toBe('hold_released');
});

test('forbidden', async () => {
  const holdId = await hold('rail', 'wire');
  const others = await person(database, 'viewer', 'finance', 'approver');
  for (const actor of [others, MACHINE, JOB])
    expect(await refusalOf(release(holdId, callBy(actor)))).toBe('permission_missing');
  expect(await refusalOf(release(holdId))).toBeNull();
});

test('replayed: released once, though somebody placed a new one meanwhile', async () => {
  const holdId = await hold('rail', 'wire');
  const call = callBy(admin);
  await release(holdId, call);
  await hold('rail', 'wire');
  expect((await release(holdId, call)).replayed).toBe(true);
  const { rows } = await database.db.query('SELECT 1 FROM hold WHERE released_at IS NULL');
  expect(rows).toHaveLength(1);
});

test('raced: two people at once, one releases it and the other is told', async () => {
  const holdId = await hold('rail', 'wire');
  const codes = await Promise.all([refusalOf(release(holdId)), refusalOf(release(holdId, callBy(ops)))]);
  expect(new Set(codes)).toEqual(new Set([null, 'hold_released']));
});

test('raced with the worker: the payout is sent at most once, and never lost', async () => {
  for (let round = 0; round < 5; round += 1) {
    const holdId = await hold('rail', 'sepa');
    const sample = await payoutIn(database, 'queued');
    await loseJobs(database);
    await Promise.all([release(holdId), work(sample)]);
    for (const _ of await jobsOf(database, sample.attempt.id)) await work(sample);
    const after = await reread(database, sample.payout.id);
    expect(after.attempt).toMatchObject({ status: 'accepted', sendCount: 1 });
  }
});
