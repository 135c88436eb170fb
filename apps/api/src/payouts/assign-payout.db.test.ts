import { afterAll, beforeAll, expect, test } from 'vitest';
import { toId } from '../core/ids.ts';
import { execute } from '../runtime/operation.ts';
import { callBy, JOB, MACHINE, person } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { auditRows } from '../testing/expect-audit.ts';
import { act, payoutIn, refusalOf, reread, timelineOf } from '../testing/factories.ts';
import { assignPayout } from './assign-payout.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

test('done: taken, taken over, given back; the version that decisions rest on stays', async () => {
  const [ops, finance] = [await person(database, 'ops'), await person(database, 'finance')];
  const { payout } = await payoutIn(database, 'failed');
  const assign = (actor: typeof ops, to: string) =>
    act(database, assignPayout, { payoutId: toId('payout', payout.id), to }, { actor });
  await assign(ops, 'me');
  expect((await reread(database, payout.id)).payout).toEqual({ ...payout, assigneeId: ops.id });
  await assign(finance, 'me');
  expect((await reread(database, payout.id)).payout).toEqual({ ...payout, assigneeId: finance.id });
  await assign(ops, 'nobody');
  expect((await reread(database, payout.id)).payout).toEqual(payout);
  expect((await timelineOf(database, payout.id)).slice(-3).map((line) => [line.kind, line.data.to])).toEqual([
    ['assigned', ops.label],
    ['assigned', finance.label],
    ['assigned', null],
  ]);
  expect((await auditRows(database, payout.id)).slice(-3)).toMatchObject([
    { act: 'payout.assigned', before: { assigneeId: null }, after: { assigneeId: ops.id } },
    { act: 'payout.assigned', before: { assigneeId: ops.id }, after: { assigneeId: finance.id } },
    { act: 'payout.assigned', before: { assigneeId: finance.id }, after: { assigneeId: null } },
  ]);
});

test('refused: no such payout; not a target', async () => {
  const actor = await person(database, 'ops');
  const missing = { payoutId: 'po_01kfh1v9c5fr0s2ph9b4w2zq6n', to: 'me' };
  expect(await refusalOf(act(database, assignPayout, missing, { actor }))).toBe('not_found');
  expect(await refusalOf(act(database, assignPayout, { ...missing, to: 'somebody' }, { actor }))).toBe('malformed');
});

test('forbidden', async () => {
  const { payout } = await payoutIn(database, 'failed');
  const input = { payoutId: toId('payout', payout.id), to: 'me' };
  for (const actor of [await person(database, 'viewer', 'approver', 'admin'), MACHINE, JOB]) {
    expect(await refusalOf(act(database, assignPayout, input, { actor }))).toBe('permission_missing');
  }
  expect((await reread(database, payout.id)).payout.assigneeId).toBeNull();
});

test('replayed: taken once, though another took it over meanwhile', async () => {
  const [ops, other] = [await person(database, 'ops'), await person(database, 'ops')];
  const { payout } = await payoutIn(database, 'failed');
  const input = { payoutId: toId('payout', payout.id), to: 'me' };
  const call = callBy(ops);
  await execute(database.db, assignPayout, call, input);
  await act(database, assignPayout, input, { actor: other });
  expect((await execute(database.db, assignPayout, call, input)).replayed).toBe(true);
  expect((await reread(database, payout.id)).payout.assigneeId).toBe(other.id);
});
