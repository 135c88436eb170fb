import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Actor } from '../core/actor.ts';
import { toId } from '../core/ids.ts';
import { listNotifications, unreadCount } from '../notifications/notifications.queries.ts';
import { execute } from '../runtime/operation.ts';
import { callBy, JOB, MACHINE, NOW, person } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { auditRows } from '../testing/expect-audit.ts';
import { act, payoutIn, refusalOf, reread, type Sample, timelineOf } from '../testing/factories.ts';
import { assignPayout } from './assign-payout.ts';

type Person = Extract<Actor, { kind: 'person' }>;
let database: TestDatabase;
let ops: Person;
let finance: Person;
let payout: Sample['payout'];
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  [ops, finance] = [await person(database, 'ops'), await person(database, 'finance')];
  ({ payout } = await payoutIn(database, 'failed'));
});

const inputOf = (to: Person | null, of = payout) => ({
  payoutId: toId('payout', of.id),
  assigneeId: to && toId('person', to.id),
});
const assign = (actor: Actor, to: Person | null, of = payout, now = NOW) =>
  act(database, assignPayout, inputOf(to, of), { actor, now });
const newsOf = async (of: Person) => (await listNotifications(database.db, of.id, { limit: 10 })).rows;

test('done: taken, given to another, given back; the version that decisions rest on stays', async () => {
  await assign(ops, ops);
  expect((await reread(database, payout.id)).payout).toEqual({ ...payout, assigneeId: ops.id });
  await assign(ops, finance);
  expect((await reread(database, payout.id)).payout).toEqual({ ...payout, assigneeId: finance.id });
  await assign(finance, null);
  expect((await reread(database, payout.id)).payout).toEqual(payout);
  expect((await timelineOf(database, payout.id)).slice(-3).map(({ kind, data }) => [kind, data])).toEqual([
    ['assigned', { to: ops.label, toId: toId('person', ops.id) }],
    ['assigned', { to: finance.label, toId: toId('person', finance.id) }],
    ['assigned', { to: null }],
  ]);
  expect((await auditRows(database, payout.id)).slice(-3)).toMatchObject([
    { act: 'payout.assigned', before: { assigneeId: null }, after: { assigneeId: ops.id } },
    { act: 'payout.assigned', before: { assigneeId: ops.id }, after: { assigneeId: finance.id } },
    { act: 'payout.assigned', before: { assigneeId: finance.id }, after: { assigneeId: null } },
  ]);
});

test('to whom it is already: nothing happens, and nobody is told', async () => {
  await assign(ops, finance);
  const before = [await timelineOf(database, payout.id), await auditRows(database, payout.id)];
  expect(await assign(ops, finance)).toEqual({
    payoutId: toId('payout', payout.id),
    assigneeId: toId('person', finance.id),
  });
  expect([await timelineOf(database, payout.id), await auditRows(database, payout.id)]).toEqual(before);
  expect(await newsOf(finance)).toHaveLength(1);
});

describe('who is told', () => {
  test('whoever it is given to, with whose act it was and what for; nobody for oneself', async () => {
    await assign(ops, ops);
    expect(await newsOf(ops)).toEqual([]);
    await assign(ops, finance);
    expect(await newsOf(finance)).toMatchObject([
      {
        kind: 'assigned',
        payoutId: toId('payout', payout.id),
        by: ops.label,
        data: { holder: 'Anna Schmidt', amountMinor: '12500', currency: 'EUR' },
        at: NOW.toISOString(),
        read: false,
      },
    ]);
  });

  test('many given in a row by one hand are one line that counts', async () => {
    const others = [(await payoutIn(database, 'failed')).payout, (await payoutIn(database, 'queued')).payout];
    const after = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000);
    await assign(ops, finance);
    await assign(ops, finance, others[0], after(1));
    expect(await newsOf(finance)).toMatchObject([
      { payoutId: toId('payout', others[0]?.id ?? ''), data: { count: 2 }, at: after(1).toISOString() },
    ]);
    expect(await unreadCount(database.db, finance.id)).toBe(1);
    // Six minutes later, or by another, is other news.
    await assign(ops, finance, others[1], after(7));
    const another = await person(database, 'ops');
    await assign(another, null, others[1], after(7));
    await assign(another, finance, others[1], after(7));
    expect((await newsOf(finance)).map((row) => row.data.count)).toEqual([undefined, undefined, 2]);
  });
});

describe('refused', () => {
  test('no such payout; not a person', async () => {
    const missing = { ...inputOf(ops), payoutId: 'po_01kfh1v9c5fr0s2ph9b4w2zq6n' };
    expect(await refusalOf(act(database, assignPayout, missing, { actor: ops }))).toBe('not_found');
    for (const assigneeId of ['me', undefined, toId('payout', ops.id)]) {
      expect(await refusalOf(act(database, assignPayout, { ...missing, assigneeId }, { actor: ops }))).toBe(
        'malformed',
      );
    }
  });

  test('to somebody who may not look after payouts, is disabled, or was never here', async () => {
    const disabled = await person(database, 'ops');
    await database.owner.query('UPDATE person SET disabled_at = now() WHERE id = $1', [disabled.id]);
    const stranger: Person = { ...ops, id: '01930000-0000-7000-8000-0000000000b1' };
    for (const to of [await person(database, 'viewer', 'approver', 'admin'), disabled, stranger]) {
      expect(await refusalOf(assign(ops, to))).toBe('person_unknown');
      expect(await newsOf(to)).toEqual([]);
    }
    expect((await reread(database, payout.id)).payout).toEqual(payout);
    expect((await auditRows(database, payout.id)).at(-1)).toMatchObject({
      act: 'payout.assigned',
      refusal_code: 'person_unknown',
    });
  });
});

test('forbidden', async () => {
  for (const actor of [await person(database, 'viewer', 'approver', 'admin'), MACHINE, JOB]) {
    expect(await refusalOf(assign(actor, ops))).toBe('permission_missing');
  }
  expect((await reread(database, payout.id)).payout.assigneeId).toBeNull();
  expect(await newsOf(ops)).toEqual([]);
});

test('replayed: given once, though another took it over meanwhile', async () => {
  const call = callBy(ops);
  await execute(database.db, assignPayout, call, inputOf(finance));
  await assign(ops, ops);
  expect((await execute(database.db, assignPayout, call, inputOf(finance))).replayed).toBe(true);
  expect((await reread(database, payout.id)).payout.assigneeId).toBe(ops.id);
  expect(await newsOf(finance)).toHaveLength(1);
});

test('raced: two take it at once; the later one takes it from the first, and the log says so', async () => {
  const other = await person(database, 'ops');
  await Promise.all([assign(ops, ops), assign(other, other)]);
  const [first, second] = (await auditRows(database, payout.id)).slice(-2);
  expect(first?.before).toEqual({ assigneeId: null });
  expect(second?.before).toEqual(first?.after);
  expect((await reread(database, payout.id)).payout.assigneeId).toBe(second?.actor_id);
});
