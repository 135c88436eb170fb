import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Actor } from '../core/actor.ts';
import { newUuid, parseId, toId } from '../core/ids.ts';
import { startSend } from '../payouts/start-send.ts';
import { execute } from '../runtime/operation.ts';
import { callBy, JOB, MACHINE, NOW, person } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { auditRows } from '../testing/expect-audit.ts';
import { act, footprint, fundedParty, payoutIn, refusalOf, reread } from '../testing/factories.ts';
import { findHold } from './hold.store.ts';
import type { HoldScope } from './hold.ts';
import { placeHold } from './place-hold.ts';

let database: TestDatabase;
let ops: Extract<Actor, { kind: 'person' }>;
let admin: Extract<Actor, { kind: 'person' }>;
beforeAll(async () => {
  database = await testDatabase();
  ops = await person(database, 'ops');
  admin = await person(database, 'admin');
});
afterEach(() =>
  database.owner.query(
    `UPDATE hold SET released_at = now(), released_by = 'test', release_reason = 'after a test' WHERE released_at IS NULL`,
  ),
);
afterAll(() => database.close());

const place = (scope: HoldScope, value: string, call = callBy(ops), reason = 'the bank called') =>
  execute(database.db, placeHold, call, { scope, value, reason });
const openHolds = async () =>
  (await database.db.query<{ scope: string }>('SELECT scope FROM hold WHERE released_at IS NULL')).rows;

test('done: the hold is kept with who, why and since when, and audited by the merchant’s name', async () => {
  const party = await fundedParty(database);
  const { result } = await place('merchant', toId('party', party.id));
  const id = parseId('hold', result.holdId) ?? '';
  expect(await findHold(database.db, id)).toEqual({
    id,
    scope: 'merchant',
    value: party.id,
    reason: 'the bank called',
    placedBy: ops.label,
    placedById: ops.id,
    placedAt: NOW,
    releasedBy: null,
    releasedAt: null,
    releaseReason: null,
  });
  expect(await auditRows(database, id)).toMatchObject([
    {
      act: 'hold.placed',
      outcome: 'done',
      actor_id: ops.id,
      subject_kind: 'hold',
      after: { scope: 'merchant', value: toId('party', party.id), name: party.reference },
      reason: 'the bank called',
    },
  ]);
});

test.each(['merchant', 'rail', 'provider'] as const)(
  'a hold on a %s stops the next send of what is queued',
  async (scope) => {
    const party = await fundedParty(database);
    const { payout, attempt } = await payoutIn(database, 'queued', { party: party.reference });
    await place(scope, { merchant: toId('party', party.id), rail: 'sepa', provider: 'stripe' }[scope]);
    expect(await act(database, startSend, { attemptId: attempt.id })).toEqual({ step: 'skip', why: `${scope}_held` });
    expect(await reread(database, payout.id)).toEqual({ payout, attempt });
  },
);

test('what it is not on goes out', async () => {
  const [held, free] = [await fundedParty(database), await fundedParty(database)];
  await place('merchant', toId('party', held.id));
  await place('rail', 'ach');
  const { attempt } = await payoutIn(database, 'queued', { party: free.reference });
  expect(await act(database, startSend, { attemptId: attempt.id })).toEqual({ step: 'send' });
});

test('a payout can be asked for under a hold, and waits', async () => {
  const party = await fundedParty(database);
  await place('merchant', toId('party', party.id));
  const { payout, attempt } = await payoutIn(database, 'queued', { party: party.reference });
  await act(database, startSend, { attemptId: attempt.id });
  expect(await reread(database, payout.id)).toEqual({ payout, attempt });
});

test('refused: it is held already, nobody knows the merchant, or the words are missing', async () => {
  await place('rail', 'wire');
  const before = await footprint(database);
  expect(await refusalOf(place('rail', 'wire', callBy(admin)))).toBe('already_held');
  expect(await refusalOf(place('merchant', toId('party', newUuid())))).toBe('party_unknown');
  for (const [scope, value] of [
    ['rail', 'pigeon'],
    ['provider', 'paypal'],
    ['merchant', 'nordlicht'],
    ['merchant', toId('payout', newUuid())],
    ['everything', 'x'],
  ] as const) {
    expect(await refusalOf(place(scope as HoldScope, value))).toBe('malformed');
  }
  for (const reason of ['ab', '   ', 'x'.repeat(501)])
    expect(await refusalOf(place('rail', 'local', callBy(ops), reason))).toBe('malformed');
  expect(await footprint(database)).toEqual(before);
  expect(await openHolds()).toEqual([{ scope: 'rail' }]);
});

test('what was released may be held again', async () => {
  await place('rail', 'wire');
  await database.owner.query(`UPDATE hold SET released_at = now(), released_by = 'x', release_reason = 'over'
    WHERE released_at IS NULL`);
  expect(await refusalOf(place('rail', 'wire'))).toBeNull();
});

test('forbidden', async () => {
  const others = await person(database, 'viewer', 'finance', 'approver');
  for (const actor of [others, MACHINE, JOB])
    expect(await refusalOf(place('rail', 'wire', callBy(actor)))).toBe('permission_missing');
  expect(await openHolds()).toEqual([]);
});

test('replayed: one hold, the same answer', async () => {
  const call = callBy(ops);
  const first = await place('rail', 'wire', call);
  expect(await place('rail', 'wire', call)).toEqual({ result: first.result, replayed: true });
  expect(await openHolds()).toHaveLength(1);
});

test('raced: two people at once, one places it and the other is told', async () => {
  const codes = await Promise.all([refusalOf(place('rail', 'wire')), refusalOf(place('rail', 'wire', callBy(admin)))]);
  expect(new Set(codes)).toEqual(new Set([null, 'already_held']));
  expect(await openHolds()).toHaveLength(1);
});
