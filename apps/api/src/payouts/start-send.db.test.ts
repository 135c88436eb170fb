import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newUuid, toId } from '../core/ids.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../core/time.ts';
import { JOB, MACHINE, NOW, person } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { auditRows } from '../testing/expect-audit.ts';
import {
  act,
  footprint,
  jobsOf,
  loseJobs,
  openOverride,
  payoutIn,
  refusalOf,
  reread,
  setPayoutsOn,
  timelineOf,
} from '../testing/factories.ts';
import { ago } from '../testing/payout-samples.ts';
import { IN_FLIGHT_MS } from './attempt.ts';
import { retryPayout } from './retry-payout.ts';
import { startSend } from './start-send.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const start = (attemptId: string, now = NOW) => act(database, startSend, { attemptId }, { now });

test('done: the attempt is marked as sending before anybody calls the provider', async () => {
  const { payout, attempt } = await payoutIn(database, 'queued');
  expect(await start(attempt.id)).toEqual({ step: 'send' });
  const after = await reread(database, payout.id);
  expect(after.attempt).toMatchObject({ status: 'sending', firstSentAt: NOW, lastSentAt: NOW, sendCount: 1 });
  expect(after.payout).toMatchObject({ status: 'sending', version: payout.version + 1, statusAt: NOW });
  expect((await timelineOf(database, payout.id)).at(-1)).toMatchObject({
    kind: 'send_started',
    from: 'queued',
    to: 'sending',
    data: { attemptNo: 1, send: 1, providerKey: attempt.providerKey },
  });
  expect((await auditRows(database, payout.id)).at(-1)).toMatchObject({
    act: 'payout.send_started',
    outcome: 'done',
    actor_id: JOB.id,
  });
});

describe('bug class: lock expires while the job runs, or its worker died: the job runs twice', () => {
  test('while the first is on the wire, the second calls nobody', async () => {
    const { attempt } = await payoutIn(database, 'sending');
    const before = await footprint(database);
    expect(await start(attempt.id, ago(-(IN_FLIGHT_MS - 1)))).toEqual({ step: 'skip', why: 'on_the_wire' });
    expect(await footprint(database)).toEqual(before);
  });

  test('once the first counts as lost, the second sends the same attempt under the same key', async () => {
    const { payout, attempt } = await payoutIn(database, 'sending');
    expect(await start(attempt.id, ago(-IN_FLIGHT_MS))).toEqual({ step: 'send' });
    const after = await reread(database, payout.id);
    expect(after.attempt).toMatchObject({
      id: attempt.id,
      providerKey: attempt.providerKey,
      firstSentAt: NOW,
      sendCount: 2,
    });
  });

  test('two at once: one sends', async () => {
    const { attempt } = await payoutIn(database, 'queued');
    const steps = await Promise.all([start(attempt.id), start(attempt.id)]);
    expect(steps.map((step) => step.step).sort()).toEqual(['send', 'skip']);
  });
});

describe('bug class: retry after the provider forgot the key: a resend that comes too late asks', () => {
  test.each([
    ['well within the window', DAY_MS - HOUR_MS, 'send'],
    ['as long as the call itself ends within the window', DAY_MS - IN_FLIGHT_MS - 1, 'send'],
    ['when the request could arrive after it', DAY_MS - IN_FLIGHT_MS, 'ask'],
    ['after 24 h', DAY_MS, 'ask'],
    ['days later', 5 * DAY_MS, 'ask'],
  ])('%s: %i ms after the first send → %s', async (_, age, step) => {
    const { payout, attempt } = await payoutIn(database, 'sending', { at: ago(age) });
    await loseJobs(database);
    expect(await start(attempt.id)).toEqual({ step });
    const after = await reread(database, payout.id);
    if (step === 'send') return expect(after.attempt).toMatchObject({ status: 'sending', sendCount: 2 });
    expect(after.attempt).toMatchObject({ status: 'unknown', sendCount: 1 });
    expect(after.payout.status).toBe('unconfirmed');
    expect(await jobsOf(database, attempt.id)).toMatchObject([{ task: 'payout.check' }]);
  });

  test('a retry that was fresh when it was clicked, but ran late, asks as well', async () => {
    const { payout, attempt } = await payoutIn(database, 'unconfirmed', { at: ago(DAY_MS - MINUTE_MS) });
    const ops = await person(database, 'ops');
    const { plan } = await act(
      database,
      retryPayout,
      { payoutId: toId('payout', payout.id), version: payout.version },
      { actor: ops },
    );
    expect(plan).toBe('resend_same_key');
    expect(await start(attempt.id, ago(-HOUR_MS))).toEqual({ step: 'ask' });
  });

  test('the kill switch outlasted the window: a first send still goes out, its key was never used', async () => {
    const { attempt } = await payoutIn(database, 'queued', { at: ago(5 * DAY_MS) });
    expect(await start(attempt.id)).toEqual({ step: 'send' });
  });
});

describe('skipped, and nothing changes', () => {
  const skips = async (attemptId: string, why: string) => {
    const before = await footprint(database);
    expect(await start(attemptId)).toEqual({ step: 'skip', why });
    expect(await footprint(database)).toEqual(before);
  };

  test.each([
    ['unconfirmed', 'attempt_unknown'],
    ['in_transit', 'attempt_accepted'],
    ['paid', 'attempt_paid'],
    ['failed', 'attempt_rejected'],
    ['returned', 'attempt_returned'],
    ['held', 'attempt_canceled'],
    ['canceled', 'attempt_canceled'],
  ] as const)('%s: %s', async (status, why) => {
    await skips((await payoutIn(database, status, { at: ago(HOUR_MS) })).attempt.id, why);
  });

  test('the switch is off, first send or not', async () => {
    const { attempt } = await payoutIn(database, 'queued');
    const lost = await payoutIn(database, 'sending', { at: ago(HOUR_MS) });
    await setPayoutsOn(database, false);
    try {
      await skips(attempt.id, 'payouts_paused');
      await skips(lost.attempt.id, 'payouts_paused');
      await database.owner.query(`DELETE FROM control_switch WHERE name = 'payouts'`);
      await skips(attempt.id, 'payouts_paused');
    } finally {
      await database.owner.query(
        `INSERT INTO control_switch (name, "on", reason, changed_by) VALUES ('payouts', true, 'test', 'test')
         ON CONFLICT (name) DO UPDATE SET "on" = true`,
      );
    }
  });

  test('somebody asked for an override meanwhile', async () => {
    const { payout, attempt } = await payoutIn(database, 'queued');
    await openOverride(database, payout);
    await skips(attempt.id, 'override_open');
  });
});

test('refused: there is no such attempt', async () => {
  expect(await refusalOf(start(newUuid()))).toBe('not_found');
  expect(await refusalOf(start('x'))).toBe('malformed');
});

test('forbidden: people and machines send nothing by hand', async () => {
  const { attempt } = await payoutIn(database, 'queued');
  const before = await footprint(database);
  for (const actor of [
    await person(database, 'admin', 'ops', 'finance'),
    { ...MACHINE, scopes: ['payout:send', 'payouts:write'] },
  ]) {
    expect(await refusalOf(act(database, startSend, { attemptId: attempt.id }, { actor }))).toBe('permission_missing');
  }
  expect(await footprint(database)).toEqual(before);
});
