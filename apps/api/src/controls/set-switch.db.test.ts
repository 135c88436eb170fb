import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Actor } from '../core/actor.ts';
import { payoutsOn } from '../payouts/payout.store.ts';
import { openLog } from '../runtime/log.ts';
import { execute } from '../runtime/operation.ts';
import { callBy, JOB, MACHINE, NOW, person } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { auditRows } from '../testing/expect-audit.ts';
import { jobsOf, refusalOf, setPayoutsOn } from '../testing/factories.ts';
import { listControls } from './controls.queries.ts';
import { controlsRouter } from './controls.router.ts';
import { setSwitch } from './set-switch.ts';

let database: TestDatabase;
let ops: Extract<Actor, { kind: 'person' }>;
let admin: Extract<Actor, { kind: 'person' }>;
beforeAll(async () => {
  database = await testDatabase();
  ops = await person(database, 'ops');
  admin = await person(database, 'admin');
});
afterAll(() => database.close());
beforeEach(() => setPayoutsOn(database, true));

const flip = (on: boolean, call = callBy(ops), over: Record<string, unknown> = {}) =>
  execute(database.db, setSwitch, call, { name: 'payouts', on, reason: 'the provider is down', ...over });

test('a new installation has its switch on, and says who says so', async () => {
  expect(await listControls(database.db, ops)).toMatchObject([
    { name: 'payouts', on: true, reason: 'Installed.', changedBy: 'system', can: { change: null } },
  ]);
});

test('done: off, with who, why and since when; audited; nothing is given to the worker', async () => {
  const { result } = await flip(false);
  expect(result).toEqual({ name: 'payouts', on: false });
  expect(await payoutsOn(database.db)).toBe(false);
  expect(await listControls(database.db, admin)).toEqual([
    {
      name: 'payouts',
      on: false,
      reason: 'the provider is down',
      changedBy: ops.label,
      changedAt: NOW.toISOString(),
      can: { change: null },
    },
  ]);
  await flip(true, callBy(admin));
  expect(await payoutsOn(database.db)).toBe(true);
  expect(await jobsOf(database)).toEqual([]);
  expect((await auditRows(database, 'payouts')).slice(-2)).toMatchObject([
    {
      act: 'control.changed',
      outcome: 'done',
      actor_id: ops.id,
      before: { on: true },
      after: { on: false },
      reason: 'the provider is down',
    },
    { act: 'control.changed', outcome: 'done', actor_id: admin.id, before: { on: false }, after: { on: true } },
  ]);
});

test('a missing row counts as off, and turning it on makes it', async () => {
  await database.owner.query(`DELETE FROM control_switch`);
  expect(await listControls(database.db, ops)).toMatchObject([{ on: false, changedBy: null, changedAt: null }]);
  await flip(true);
  expect(await payoutsOn(database.db)).toBe(true);
});

describe('refused', () => {
  test('it is so already: nobody puts their name on another’s act', async () => {
    expect(await refusalOf(flip(true))).toBe('status_forbids');
    await flip(false, callBy(admin));
    expect(await refusalOf(flip(false))).toBe('status_forbids');
    expect(await listControls(database.db, ops)).toMatchObject([{ changedBy: admin.label }]);
  });

  test.each([
    [{ reason: 'ab' }],
    [{ reason: '   ' }],
    [{ reason: 'x'.repeat(501) }],
    [{ name: 'everything' }],
    [{ on: 'false' }],
    [{ extra: 1 }],
  ])('malformed: %o', async (over) => {
    expect(await refusalOf(flip(false, callBy(ops), over))).toBe('malformed');
    expect(await payoutsOn(database.db)).toBe(true);
  });

  test('forbidden, with its reason on the row', async () => {
    const viewer = await person(database, 'viewer', 'finance', 'approver');
    for (const actor of [viewer, MACHINE, JOB])
      expect(await refusalOf(flip(false, callBy(actor)))).toBe('permission_missing');
    expect(await payoutsOn(database.db)).toBe(true);
    expect(await listControls(database.db, viewer)).toMatchObject([
      { can: { change: { code: 'permission_missing', params: { permission: 'control:change' } } } },
    ]);
  });
});

test('replayed: turned off once, though somebody turned it on again meanwhile', async () => {
  const call = callBy(ops);
  await flip(false, call);
  await flip(true, callBy(admin));
  expect((await flip(false, call)).replayed).toBe(true);
  expect(await payoutsOn(database.db)).toBe(true);
});

test('raced: two people at once, one does it and the other is told', async () => {
  const codes = await Promise.all([refusalOf(flip(false)), refusalOf(flip(false, callBy(admin)))]);
  expect(codes.sort()).toEqual([null, 'status_forbids'].sort());
});

test('the router carries both', async () => {
  const context = (actor: typeof ops | null) => ({
    db: database.db,
    actor: actor && { ...actor, email: 'ops@example.test' },
    clock: () => NOW,
    request: { requestId: 'req_1', ip: null },
    live: { subscribe: () => () => undefined, close: async () => undefined },
    connectors: {},
    log: openLog('test', 'silent'),
  });
  const caller = controlsRouter.createCaller(context(ops));
  const input = { name: 'payouts', on: false, reason: 'a test' };
  expect(await caller.set({ idempotencyKey: 'a-key-of-8', input })).toEqual({ name: 'payouts', on: false });
  expect(await caller.list()).toMatchObject([{ on: false, changedBy: ops.label }]);
  await expect(controlsRouter.createCaller(context(null)).list()).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
});
