import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Actor } from '../core/actor.ts';
import { execute } from '../runtime/operation.ts';
import { callBy, JOB, MACHINE, NOW, person } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { auditRows } from '../testing/expect-audit.ts';
import { act, jobsOf, loseJobs, payoutIn, refusalOf, reread } from '../testing/factories.ts';
import { ago } from '../testing/payout-samples.ts';
import { changedRules } from '../testing/stuck-rules.ts';
import { changeStuckPolicy } from './change-stuck-policy.ts';
import { startSend } from './start-send.ts';
import { currentStuckPolicy } from './stuck-policy.store.ts';
import { FIRST_STUCK_POLICY, type StuckRules } from './stuck-policy.ts';

let database: TestDatabase;
let admin: Extract<Actor, { kind: 'person' }>;
let other: Extract<Actor, { kind: 'person' }>;
beforeAll(async () => {
  database = await testDatabase();
  admin = await person(database, 'admin');
  other = await person(database, 'admin');
});
afterAll(() => database.close());

const version = async () => (await currentStuckPolicy(database.db)).version;
/** The first policy with another limit for payouts that wait to be sent by SEPA. */
const waiting = (minutes: number): StuckRules =>
  changedRules((rules) => {
    rules.limits.sepa.queued = { expected: { minutes: 1 }, stuck: { minutes } };
  });
const change = async (rules: unknown, call = callBy(admin), over: Record<string, unknown> = {}) =>
  execute(database.db, changeStuckPolicy, call, {
    baseVersion: await version(),
    rules,
    note: 'SEPA is quicker now',
    ...over,
  });

test('a new installation begins with the policy of the code', async () => {
  expect(await currentStuckPolicy(database.db)).toEqual(FIRST_STUCK_POLICY);
});

test('done: the next version is in force with who and why, audited with what it changed, and its job waits', async () => {
  const base = await version();
  const { result } = await change(waiting(20));
  expect(result).toEqual({ version: base + 1 });
  expect(await currentStuckPolicy(database.db)).toEqual({ version: base + 1, rules: waiting(20) });
  const { rows } = await database.db.query('SELECT * FROM stuck_policy WHERE version = $1', [base + 1]);
  expect(rows).toMatchObject([{ note: 'SEPA is quicker now', created_by: admin.label, created_at: NOW }]);
  expect(await auditRows(database, String(base + 1))).toMatchObject([
    {
      act: 'stuck_policy.changed',
      outcome: 'done',
      actor_id: admin.id,
      subject_kind: 'stuck_policy',
      before: {
        version: base,
        limits: { sepa: { queued: { expected: { minutes: 2 }, stuck: { minutes: 15 } } } },
      },
      after: {
        version: base + 1,
        limits: { sepa: { queued: { expected: { minutes: 1 }, stuck: { minutes: 20 } } } },
      },
      reason: 'SEPA is quicker now',
    },
  ]);
  expect(await jobsOf(database, 'stuck_policy.apply')).toMatchObject([{ task: 'stuck_policy.apply' }]);
});

test('every move from then on takes its deadlines from it, and says so', async () => {
  await change(waiting(25));
  const { payout, attempt } = await payoutIn(database, 'queued');
  expect(payout).toMatchObject({ stuckAt: ago(-25 * 60_000), stuckPolicyVersion: await version() });
  await act(database, startSend, { attemptId: attempt.id });
  const moved = await reread(database, payout.id);
  expect(moved.payout).toMatchObject({ stuckAt: ago(-15 * 60_000), stuckPolicyVersion: await version() });
});

test('refused: changed meanwhile, nothing new, no note, or faulty', async () => {
  const [before, base] = [await currentStuckPolicy(database.db), await version()];
  expect(await refusalOf(change(waiting(30), callBy(admin), { baseVersion: base - 1 }))).toBe('version_conflict');
  expect(await refusalOf(change(waiting(30), callBy(admin), { baseVersion: base + 1 }))).toBe('version_conflict');
  expect(await refusalOf(change(before.rules))).toBe('nothing_changed');
  expect(await refusalOf(change(waiting(30), callBy(admin), { note: ' ' }))).toBe('malformed');
  for (const rules of [
    waiting(0),
    waiting(0.5),
    {},
    { ...waiting(30), extra: 1 },
    { ...waiting(30), limits: { ...waiting(30).limits, pigeon: {} } },
    { ...waiting(30), limits: { ...waiting(30).limits, sepa: { queued: { expected: { hours: 1 }, stuck: {} } } } },
    { ...waiting(30), calendars: { t2: ['2027-02-30'], fed: [] } },
  ]) {
    expect(await refusalOf(change(rules))).toBe('malformed');
  }
  expect(await currentStuckPolicy(database.db)).toEqual(before);
});

test('a version is never edited, not even by whoever owns the database’s tables', async () => {
  await expect(database.owner.query(`UPDATE stuck_policy SET note = 'x'`)).rejects.toThrow(/append-only/);
  await expect(database.db.query('DELETE FROM stuck_policy')).rejects.toThrow(/permission denied|append-only/);
});

test('forbidden to everybody but administrators', async () => {
  const base = await version();
  const others = await person(database, 'viewer', 'ops', 'finance', 'approver');
  for (const actor of [others, MACHINE, JOB])
    expect(await refusalOf(change(waiting(40), callBy(actor)))).toBe('permission_missing');
  expect(await version()).toBe(base);
});

test('replayed: one version, the same answer', async () => {
  const [call, baseVersion] = [callBy(admin), await version()];
  const first = await change(waiting(45), call, { baseVersion });
  expect(await change(waiting(45), call, { baseVersion })).toEqual({ result: first.result, replayed: true });
  expect(await version()).toBe(baseVersion + 1);
});

test('raced: two administrators at once, one saves and the other is told to look again', async () => {
  for (let round = 0; round < 5; round += 1) {
    await loseJobs(database);
    const baseVersion = await version();
    const codes = await Promise.all([
      refusalOf(change(waiting(50 + round), callBy(admin), { baseVersion })),
      refusalOf(change(waiting(60 + round), callBy(other), { baseVersion })),
    ]);
    expect(new Set(codes)).toEqual(new Set([null, 'version_conflict']));
    expect(await version()).toBe(baseVersion + 1);
  }
});
