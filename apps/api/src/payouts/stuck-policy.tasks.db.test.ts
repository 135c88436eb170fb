import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { newUuid } from '../core/ids.ts';
import { JOB, MACHINE, NOW, person } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { auditRows } from '../testing/expect-audit.ts';
import { act, fundedParty, payoutIn, refusalOf, reread, timelineOf } from '../testing/factories.ts';
import { changedRules } from '../testing/stuck-rules.ts';
import { applyStuckPolicy } from './apply-stuck-policy.ts';
import { changeStuckPolicy } from './change-stuck-policy.ts';
import { findPayout } from './payout.store.ts';
import { PAYOUT_STATUSES } from './payout.ts';
import { startSend } from './start-send.ts';
import { deadlines } from './stuck.ts';
import { policyInForce, policyVersions } from './stuck-policy.queries.ts';
import { currentStuckPolicy } from './stuck-policy.store.ts';
import { stuckPolicyTasks } from './stuck-policy.tasks.ts';

let database: TestDatabase;
let party: string;
let minutes = 20;
beforeAll(async () => {
  database = await testDatabase();
  party = (await fundedParty(database)).reference;
});
beforeEach(() => apply());
afterAll(() => database.close());

const apply = () => stuckPolicyTasks({ db: database.db, clock: () => NOW })['stuck_policy.apply']();
/** Puts another version in force; each is different from the last. */
const change = async () => {
  minutes += 1;
  const rules = changedRules((all) => {
    for (const limits of Object.values(all.limits)) {
      for (const rule of Object.values(limits)) {
        rule.expected = { minutes: 1 };
        rule.stuck = { minutes };
      }
    }
  });
  const { version } = await currentStuckPolicy(database.db);
  const input = { baseVersion: version, rules, note: 'a test' };
  return act(database, changeStuckPolicy, input, { actor: await person(database, 'admin') });
};
const sample = (status: (typeof PAYOUT_STATUSES)[number]) => payoutIn(database, status, { party });

test('open payouts get the deadlines of the new version; what rests keeps its own; nothing else of them changes', async () => {
  const before = [];
  for (const status of PAYOUT_STATUSES) before.push(await sample(status));
  const { version } = await change();
  expect((await policyInForce(database.db, JOB)).behind).toBe(7);
  expect(await apply()).toEqual({ applied: 7 });
  const policy = await currentStuckPolicy(database.db);
  for (const { payout } of before) {
    const rests = payout.status === 'paid' || payout.status === 'canceled';
    expect(await findPayout(database.db, payout.id)).toEqual(
      rests
        ? payout
        : {
            ...payout,
            ...deadlines(policy, payout.rail, payout.status, payout.statusAt),
            stuckPolicyVersion: version,
          },
    );
  }
  expect((await policyInForce(database.db, JOB)).behind).toBe(0);
  expect((await auditRows(database, String(version))).at(-1)).toMatchObject({
    act: 'stuck_policy.applied',
    outcome: 'done',
    actor_id: 'stuck_policy.apply',
    after: { version, payouts: 7 },
  });
});

test('it writes nothing into the timelines, and running again does nothing', async () => {
  const { payout } = await sample('queued');
  await change();
  const lines = await timelineOf(database, payout.id);
  await apply();
  expect(await apply()).toEqual({ applied: 0 });
  expect(await timelineOf(database, payout.id)).toEqual(lines);
});

test('a worker that died half-way leaves the rest to the next run', async () => {
  const samples = [await sample('queued'), await sample('queued'), await sample('queued')];
  const { version } = await change();
  const [first] = samples;
  expect(await act(database, applyStuckPolicy, { payoutIds: [first?.payout.id], last: false })).toEqual({ applied: 1 });
  expect((await policyInForce(database.db, JOB)).behind).toBeGreaterThanOrEqual(2);
  await apply();
  for (const { payout } of samples)
    expect((await findPayout(database.db, payout.id))?.stuckPolicyVersion).toBe(version);
});

test('a payout that moves while the job runs has the deadlines of where it is', async () => {
  for (let round = 0; round < 5; round += 1) {
    const { payout, attempt } = await sample('queued');
    const { version } = await change();
    await Promise.all([apply(), act(database, startSend, { attemptId: attempt.id })]);
    const after = (await reread(database, payout.id)).payout;
    expect(after).toMatchObject({ status: 'sending', stuckPolicyVersion: version });
    const policy = await currentStuckPolicy(database.db);
    expect(after).toMatchObject(deadlines(policy, after.rail, 'sending', after.statusAt));
  }
});

test('forbidden to people and machines; unknown payouts are none', async () => {
  const everything = await person(database, 'viewer', 'ops', 'finance', 'approver', 'admin');
  for (const actor of [everything, MACHINE])
    expect(await refusalOf(act(database, applyStuckPolicy, { payoutIds: [], last: true }, { actor }))).toBe(
      'permission_missing',
    );
  expect(await act(database, applyStuckPolicy, { payoutIds: [newUuid()], last: true })).toEqual({ applied: 0 });
});

test('the history says who changed what and why, newest first, page by page', async () => {
  for (let n = 0; n < 22; n += 1) await change();
  const first = await policyVersions(database.db, {});
  const second = await policyVersions(database.db, { cursor: first.nextCursor ?? 0 });
  const versions = [...first.rows, ...second.rows].map(({ version }) => version);
  expect(versions).toEqual(Array.from({ length: versions.length }, (_, at) => versions.length - at));
  expect(first.rows).toHaveLength(20);
  expect(first.rows[19]?.changes).toMatchObject([{ kind: 'limit', status: 'queued' }, {}, {}, {}, {}, {}, {}]);
  expect(second.nextCursor).toBeNull();
  expect(second.rows.at(-1)).toMatchObject({ version: 1, by: 'system', note: 'Installed.', changes: null });
});
