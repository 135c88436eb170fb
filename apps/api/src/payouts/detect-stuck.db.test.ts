import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  SECRET_KEY,
  startTestSandbox,
  type TestSandbox,
  WEBHOOK_SECRET,
} from '../../../psp-sandbox/testing/test-sandbox.ts';
import { toId } from '../core/ids.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../core/time.ts';
import type { PspConnector } from '../psp/connector.ts';
import { createStripeConnector } from '../psp/stripe/stripe-connector.ts';
import { openLog } from '../runtime/log.ts';
import { NOW } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import {
  entriesOf,
  fundedParty,
  holdOn,
  jobsOf,
  loseJobs,
  openOverride,
  payoutIn,
  type Sample,
  setPayoutsOn,
  timelineOf,
} from '../testing/factories.ts';
import { IN_FLIGHT_MS } from './attempt.ts';
import { payoutTasks } from './payouts.tasks.ts';

let database: TestDatabase;
let sandbox: TestSandbox;
let stripe: PspConnector;
let party: string;
/** Both clocks: the product's, and the provider's. */
let now = NOW;
const later = (ms: number) => {
  now = new Date(now.getTime() + ms);
};

beforeAll(async () => {
  database = await testDatabase();
  sandbox = await startTestSandbox({ realNow: () => now.getTime() });
  stripe = createStripeConnector({
    secretKey: SECRET_KEY,
    webhookSecret: WEBHOOK_SECRET,
    baseUrl: sandbox.url,
    timeoutMs: 300,
    allowLive: false,
  });
  party = (await fundedParty(database, { EUR: 10_000_000_000n })).reference;
});
afterAll(async () => {
  await sandbox.stop();
  await database.close();
});
beforeEach(async () => {
  await loseJobs(database);
  // The attempts of the tests before are at rest.
  await database.owner.query(
    `UPDATE attempt SET status = 'canceled' WHERE status IN ('ready', 'sending', 'unknown', 'accepted')`,
  );
  await database.owner.query('UPDATE attempt SET next_retry_at = NULL');
});

const tasks = (connector: PspConnector = stripe) =>
  payoutTasks({ db: database.db, clock: () => now, connectors: { stripe: connector }, log: openLog('test', 'silent') });
const detect = () => tasks().detect_stuck_finance_jobs();
const send = ({ attempt }: Sample, connector?: PspConnector) =>
  tasks(connector)['payout.send']({ attemptId: attempt.id });
const check = ({ attempt }: Sample) => tasks()['payout.check']({ attemptId: attempt.id });
const queued = (body: Record<string, unknown> = {}) => payoutIn(database, 'queued', { party, at: now, body });
const debits = async ({ payout }: Sample) => {
  const { movements } = await sandbox.books(`?payout_id=${toId('payout', payout.id)}`);
  return movements.filter(({ direction }) => direction === 'out');
};
const none = {
  ready_unsent: 0,
  lost_on_the_wire: 0,
  unconfirmed_unasked: 0,
  transit_overdue: 0,
  retry_overdue: 0,
};

test('nothing lost, nothing done', async () => {
  await queued();
  expect(await detect()).toEqual(none);
});

test('a send whose job is gone, once its two minutes are over', async () => {
  const sample = await queued();
  await loseJobs(database);
  later(IN_FLIGHT_MS - 1);
  expect(await detect()).toEqual(none);
  later(1);
  expect(await detect()).toEqual({ ...none, ready_unsent: 1 });
  expect(await jobsOf(database)).toMatchObject([{ task: 'payout.send', payload: { attemptId: sample.attempt.id } }]);
  expect(await detect()).toEqual(none);
});

test('a send whose worker died on the wire: it asks, and the same key goes out again', async () => {
  const sample = await queued();
  const dying: PspConnector = { ...stripe, sendPayout: () => Promise.reject(new Error('the worker died')) };
  await expect(send(sample, dying)).rejects.toThrow('died');
  await loseJobs(database);
  later(IN_FLIGHT_MS);
  expect(await detect()).toEqual({ ...none, lost_on_the_wire: 1 });
  expect(await jobsOf(database)).toMatchObject([{ key: `payout.check:${sample.attempt.id}` }]);
  await loseJobs(database);
  await check(sample);
  expect(await jobsOf(database)).toMatchObject([{ key: `payout.send:${sample.attempt.id}` }]);
  expect(await send(sample)).toMatchObject({ outcome: 'accepted' });
  expect(await debits(sample)).toMatchObject([{ provider_key: sample.attempt.providerKey }]);
});

test('a job that waits is left alone: asking again must not push it to the back', async () => {
  const sample = await queued();
  const [waiting] = await jobsOf(database, sample.attempt.id);
  later(HOUR_MS);
  expect(await detect()).toEqual(none);
  expect(await jobsOf(database, sample.attempt.id)).toEqual([waiting]);
});

test('a job that failed for good, or whose worker died with it, is replaced', async () => {
  const failed = await queued();
  const died = await queued();
  await database.owner.query(`UPDATE graphile_worker._private_jobs SET attempts = max_attempts WHERE key LIKE $1`, [
    `%${failed.attempt.id}`,
  ]);
  later(HOUR_MS);
  await database.owner.query(
    `UPDATE graphile_worker._private_jobs SET locked_at = $2, locked_by = 'dead' WHERE key LIKE $1`,
    [`%${died.attempt.id}`, new Date(now.getTime() - 6 * MINUTE_MS)],
  );
  expect(await detect()).toEqual({ ...none, ready_unsent: 2 });
});

test('while payouts are paused nothing is sent; turned on again, what waited goes out', async () => {
  const fresh = await queued();
  const resend = await payoutIn(database, 'unconfirmed', { party, at: now });
  await database.owner.query(`UPDATE attempt SET status = 'ready' WHERE id = $1`, [resend.attempt.id]);
  await setPayoutsOn(database, false);
  expect(await send(fresh)).toEqual({ step: 'skip', why: 'payouts_paused' });
  await loseJobs(database);
  later(HOUR_MS);
  expect(await detect()).toEqual(none);
  await setPayoutsOn(database, true);
  expect(await detect()).toEqual({ ...none, ready_unsent: 2 });
});

test('a payout that an override is asked for is not sent', async () => {
  const sample = await queued();
  await openOverride(database, sample.payout);
  await loseJobs(database);
  later(HOUR_MS);
  expect(await detect()).toEqual(none);
});

test('unconfirmed without a question planned, at most five times', async () => {
  const sample = await payoutIn(database, 'unconfirmed', { party, at: now });
  await loseJobs(database);
  expect(await detect()).toEqual(none); // planned for a minute later, its job merely late
  await database.owner.query('UPDATE attempt SET next_check_at = NULL WHERE id = $1', [sample.attempt.id]);
  expect(await detect()).toEqual({ ...none, unconfirmed_unasked: 1 });
  expect(await jobsOf(database)).toMatchObject([{ task: 'payout.check' }]);
  await loseJobs(database);
  await database.owner.query('UPDATE attempt SET check_count = 5 WHERE id = $1', [sample.attempt.id]);
  expect(await detect()).toEqual(none);
});

test('a question whose time is long past has lost its job', async () => {
  await payoutIn(database, 'unconfirmed', { party, at: now });
  await loseJobs(database);
  later(12 * MINUTE_MS);
  expect(await detect()).toEqual({ ...none, unconfirmed_unasked: 1 });
});

test('self-healing, when the webhook never came: in transit past its time the provider is asked, adopted, and the timeline says so', async () => {
  const sample = await queued({ rail: 'instant', amount_minor: '666031' });
  await send(sample);
  await loseJobs(database);
  later(10 * MINUTE_MS);
  expect(await detect()).toEqual(none);
  later(1);
  expect(await detect()).toEqual({ ...none, transit_overdue: 1 });
  later(3 * HOUR_MS);
  await sandbox.advance(1);
  expect(await check(sample)).toMatchObject({ answer: 'found', status: 'paid' });
  expect(await debits(sample)).toHaveLength(1);
  expect(await entriesOf(database, sample.payout.id)).toEqual(['payout_requested', 'payout_paid']);
  expect((await timelineOf(database, sample.payout.id)).at(-1)).toMatchObject({
    kind: 'healed',
    from: 'in_transit',
    to: 'paid',
    data: { status: 'paid' },
  });
  later(DAY_MS);
  expect(await detect()).toEqual(none);
});

test('a scheduled retry whose job was lost gets one, once it is due', async () => {
  const sample = await payoutIn(database, 'failed', { party, at: now });
  const { nextRetryAt } = sample.attempt;
  expect(nextRetryAt).not.toBeNull();
  now = new Date((nextRetryAt?.getTime() ?? 0) - 1);
  await loseJobs(database);
  expect(await detect()).toEqual(none);
  later(1);
  expect(await detect()).toEqual({ ...none, retry_overdue: 1 });
  expect(await jobsOf(database, sample.attempt.id)).toMatchObject([
    { task: 'payout.retry', payload: { payoutId: sample.payout.id, attemptId: sample.attempt.id } },
  ]);
  // It has its job now.
  expect(await detect()).toEqual(none);
});

test('a scheduled retry waits while payouts are off, a hold or an override stands, and goes on after', async () => {
  const sample = await payoutIn(database, 'failed', { party, at: now });
  await loseJobs(database);
  later(HOUR_MS);
  await setPayoutsOn(database, false);
  expect(await detect()).toEqual(none);
  await setPayoutsOn(database, true);
  const hold = await holdOn(database, 'rail', 'sepa');
  expect(await detect()).toEqual(none);
  await database.owner.query(
    `UPDATE hold SET released_at = $2, released_by = 'test', release_reason = 'over' WHERE id = $1`,
    [hold, now],
  );
  const override = await openOverride(database, sample.payout);
  expect(await detect()).toEqual(none);
  await database.owner.query(`UPDATE override_request SET status = 'withdrawn' WHERE id = $1`, [override]);
  expect(await detect()).toEqual({ ...none, retry_overdue: 1 });
});

test('rest and ends are left alone', async () => {
  for (const status of ['paid', 'failed', 'returned', 'held', 'canceled'] as const) {
    await payoutIn(database, status, { party, at: now, code: 'account_closed' });
  }
  await loseJobs(database);
  later(30 * DAY_MS);
  expect(await detect()).toEqual(none);
});

test('bounded: at most 500 a run, the oldest first, the rest in the next', async () => {
  const sample = await queued();
  await loseJobs(database);
  await database.owner.query(
    `WITH more AS (
       INSERT INTO payout (id, kind, party_id, amount_minor, currency, rail, provider, destination, descriptor, metadata,
         status, status_at, requested_by, attempt_count, created_at)
       SELECT uuidv7(), kind, party_id, amount_minor, currency, rail, provider, destination, descriptor, metadata,
         status, status_at, requested_by, 1, created_at
       FROM payout, generate_series(1, 600) WHERE id = $1 RETURNING id)
     INSERT INTO attempt (id, payout_id, no, provider, provider_key, status, requested_by, proof, created_at, queued_at)
     SELECT uuidv7(), id, 1, 'stripe', id, 'ready', 'test', '{}', $2::timestamptz, $2::timestamptz + interval '1 s' FROM more`,
    [sample.payout.id, now],
  );
  later(HOUR_MS);
  expect(await detect()).toEqual({ ...none, ready_unsent: 500 });
  expect((await jobsOf(database)).map((job) => job.key)).toContain(`payout.send:${sample.attempt.id}`);
  expect(await detect()).toEqual({ ...none, ready_unsent: 101 });
  expect(await detect()).toEqual(none);
});
