import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Actor } from '../core/actor.ts';
import { toId } from '../core/ids.ts';
import { HOUR_MS } from '../core/time.ts';
import { execute } from '../runtime/operation.ts';
import { callBy, JOB, MACHINE, person } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { auditRows } from '../testing/expect-audit.ts';
import {
  footprint,
  jobsOf,
  loseJobs,
  payoutIn,
  refusalOf,
  reread,
  setPayoutsOn,
  timelineOf,
} from '../testing/factories.ts';
import { ago } from '../testing/payout-samples.ts';
import { checkPayout } from './check-payout.ts';
import type { Payout } from './payout.ts';

let database: TestDatabase;
let finance: Extract<Actor, { kind: 'person' }>;
beforeAll(async () => {
  database = await testDatabase();
  finance = await person(database, 'finance');
});
afterAll(() => database.close());

const check = (payout: Payout, call = callBy(finance)) =>
  execute(database.db, checkPayout, call, { payoutId: toId('payout', payout.id) });

test.each(['sending', 'unconfirmed', 'in_transit', 'paid', 'failed', 'returned'] as const)(
  'done: %s was sent once, so the provider can be asked; the payout itself stays as it is',
  async (status) => {
    const { payout, attempt } = await payoutIn(database, status, { at: ago(HOUR_MS) });
    await loseJobs(database);
    await check(payout);
    expect(await jobsOf(database)).toMatchObject([{ task: 'payout.check', payload: { attemptId: attempt.id } }]);
    expect((await reread(database, payout.id)).payout).toEqual(payout);
    expect((await timelineOf(database, payout.id)).at(-1)).toMatchObject({ kind: 'check_requested' });
    expect((await auditRows(database, payout.id)).at(-1)).toMatchObject({
      act: 'payout.check_requested',
      outcome: 'done',
      actor_id: finance.id,
    });
  },
);

test('done while payouts are paused: asking moves no money', async () => {
  const { payout } = await payoutIn(database, 'unconfirmed', { at: ago(HOUR_MS) });
  await setPayoutsOn(database, false);
  try {
    expect(await refusalOf(check(payout))).toBeNull();
  } finally {
    await setPayoutsOn(database, true);
  }
});

test('a check that waits for its time is brought forward, not doubled', async () => {
  const { payout, attempt } = await payoutIn(database, 'unconfirmed');
  const [planned] = (await jobsOf(database, attempt.id)).filter((job) => job.task === 'payout.check');
  await check(payout);
  await check(payout);
  const checks = (await jobsOf(database, attempt.id)).filter((job) => job.task === 'payout.check');
  expect(checks).toHaveLength(1);
  expect(checks[0]?.runAt).not.toEqual(planned?.runAt);
});

test.each(['queued', 'held', 'canceled'] as const)('refused: %s never left us', async (status) => {
  const { payout } = await payoutIn(database, status, { at: ago(HOUR_MS) });
  const before = await footprint(database);
  expect(await refusalOf(check(payout))).toBe('status_forbids');
  expect(await footprint(database)).toEqual(before);
});

test('forbidden', async () => {
  const { payout } = await payoutIn(database, 'unconfirmed', { at: ago(HOUR_MS) });
  for (const actor of [await person(database, 'viewer'), await person(database, 'approver', 'admin'), MACHINE, JOB]) {
    expect(await refusalOf(check(payout, callBy(actor)))).toBe('permission_missing');
  }
});

test('replayed', async () => {
  const { payout } = await payoutIn(database, 'unconfirmed', { at: ago(HOUR_MS) });
  const call = callBy(finance);
  await check(payout, call);
  const lines = await timelineOf(database, payout.id);
  expect((await check(payout, call)).replayed).toBe(true);
  expect(await timelineOf(database, payout.id)).toEqual(lines);
});
