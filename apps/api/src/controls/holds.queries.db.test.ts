import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Actor } from '../core/actor.ts';
import { newUuid, toId } from '../core/ids.ts';
import { payoutCan, readPayout } from '../payouts/payouts.queries.ts';
import { execute } from '../runtime/operation.ts';
import { callBy, NOW, person } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { fundedParty, openOverride, payoutIn, refusalOf, setPayoutsOn } from '../testing/factories.ts';
import { controlState } from './controls.queries.ts';
import { controlHistory, findMerchants, listHolds, previewStop } from './holds.queries.ts';
import { placeHold } from './place-hold.ts';
import { releaseHold } from './release-hold.ts';

let database: TestDatabase;
let ops: Extract<Actor, { kind: 'person' }>;
let viewer: Extract<Actor, { kind: 'person' }>;
let party: { id: string; reference: string };
beforeAll(async () => {
  database = await testDatabase();
  ops = await person(database, 'ops');
  viewer = await person(database, 'viewer');
  party = await fundedParty(database, { EUR: 10_000_000n, USD: 10_000_000n });
});
afterAll(() => database.close());

const hold = async (scope: 'merchant' | 'rail' | 'provider', value: string) =>
  (await execute(database.db, placeHold, callBy(ops), { scope, value, reason: 'a test' })).result.holdId;
const partyId = () => toId('party', party.id);
const all = (actor: Actor = ops) => listHolds(database.db, actor, { which: 'all' });

test('nothing is held in a new installation, and the state says that payouts are on', async () => {
  expect(await controlState(database.db, viewer)).toEqual({
    payouts: {
      name: 'payouts',
      on: true,
      reason: 'Installed.',
      changedBy: 'system',
      changedAt: expect.any(String),
      can: { change: { code: 'permission_missing', params: { permission: 'control:change' } } },
    },
    holds: { count: 0, first: [] },
  });
  expect(await all()).toEqual({ rows: [], nextCursor: null });
});

test('a hold says what waits under it, per currency, and what is on hold by its name', async () => {
  const eur = { party: party.reference };
  const samples = [
    await payoutIn(database, 'queued', eur),
    await payoutIn(database, 'queued', eur),
    await payoutIn(database, 'queued', { ...eur, body: { currency: 'USD', amount_minor: '700', rail: 'ach' } }),
  ];
  await payoutIn(database, 'sending', eur);
  await payoutIn(database, 'in_transit', eur);
  const merchantHold = await hold('merchant', partyId());
  const railHold = await hold('rail', 'ach');
  expect((await listHolds(database.db, viewer, { which: 'open' })).rows).toMatchObject([
    {
      id: railHold,
      scope: 'rail',
      value: 'ach',
      name: null,
      waiting: { count: 1, sums: [{ currency: 'USD', count: 1, amountMinor: '700' }] },
      can: { release: { code: 'permission_missing' } },
    },
    {
      id: merchantHold,
      scope: 'merchant',
      value: partyId(),
      name: party.reference,
      placedBy: ops.label,
      placedAt: NOW.toISOString(),
      released: null,
      waiting: {
        count: 3,
        sums: [
          { currency: 'EUR', count: 2, amountMinor: '25000' },
          { currency: 'USD', count: 1, amountMinor: '700' },
        ],
      },
    },
  ]);
  expect((await controlState(database.db, ops)).holds).toEqual({
    count: 2,
    first: [
      { scope: 'merchant', value: partyId(), name: party.reference },
      { scope: 'rail', value: 'ach', name: null },
    ],
  });

  // Before it is released: one of the three stays stopped by the rail's hold, one by an override.
  await openOverride(database, (samples[0] as (typeof samples)[0]).payout);
  const { rows } = await database.db.query<{ id: string }>(`SELECT id FROM hold WHERE scope = 'merchant'`);
  const preview = () => previewStop(database.db, { of: 'hold', holdId: rows[0]?.id ?? '' }, NOW);
  expect(await preview()).toMatchObject({
    waiting: { count: 3 },
    onTheWire: 1,
    payoutsOn: true,
    goes: { count: 1, sums: [{ currency: 'EUR', count: 1, amountMinor: '12500' }] },
  });
  await setPayoutsOn(database, false);
  expect(await preview()).toMatchObject({ payoutsOn: false });
  await setPayoutsOn(database, true);

  expect(await previewStop(database.db, { of: 'all' }, NOW)).toMatchObject({ waiting: { count: 3 }, onTheWire: 1 });
  // What was sent minutes ago is no longer on the wire: it is lost, and is asked about.
  const late = new Date(NOW.getTime() + 3_600_000);
  expect(await previewStop(database.db, { of: 'all' }, late)).toMatchObject({ onTheWire: 0 });
  const ach = { of: 'scope', scope: { scope: 'rail', value: 'ach' } } as const;
  expect(await previewStop(database.db, ach, NOW)).toMatchObject({ waiting: { count: 1 }, onTheWire: 0 });
  expect(await refusalOf(previewStop(database.db, { of: 'hold', holdId: newUuid() }, NOW))).toBe('not_found');
});

test('a payout that a hold stops says so, and its badge does not send people to the retry', async () => {
  const later = new Date(NOW.getTime() + 3_600_000);
  const { rows } = await database.db.query<{ id: string }>(
    `SELECT id FROM payout WHERE party_id = $1 AND status = 'queued'`,
    [party.id],
  );
  expect(rows).toHaveLength(3);
  for (const { id } of rows) {
    const read = await readPayout(database.db, id, later);
    if (!read) throw new Error(`payout ${id} is not there`);
    expect(payoutCan(read, ops).retry).toMatchObject({ code: 'scope_held' });
    expect(read.stuck).toMatchObject({ cause: 'never_sent', next: 'release_hold', policyVersion: 1 });
  }
});

test('a released hold stays in the list and the history; the open ones leave it', async () => {
  const { rows } = await listHolds(database.db, ops, { which: 'open' });
  for (const row of rows) {
    expect(row.can.release).toBeNull();
    await execute(database.db, releaseHold, callBy(ops), { holdId: row.id, reason: 'over' });
  }
  expect((await listHolds(database.db, ops, { which: 'open' })).rows).toEqual([]);
  expect((await all()).rows).toMatchObject([
    { waiting: null, released: { by: ops.label, reason: 'over' }, can: { release: { code: 'hold_released' } } },
    { waiting: null, released: { by: ops.label, reason: 'over' } },
  ]);
  expect((await controlHistory(database.db, {})).rows).toMatchObject([
    { act: 'hold.released', by: ops.label, reason: 'over', held: { scope: 'merchant', name: party.reference } },
    { act: 'hold.released', held: { scope: 'rail', value: 'ach' } },
    { act: 'hold.placed', on: null, held: { scope: 'rail', value: 'ach', name: null } },
    { act: 'hold.placed', reason: 'a test', held: { scope: 'merchant', value: partyId() } },
  ]);
});

test('pages by keyset, and a cursor of nothing ends the list', async () => {
  for (let n = 0; n < 52; n += 1) {
    const id = await hold('rail', 'local');
    await execute(database.db, releaseHold, callBy(ops), { holdId: id, reason: 'over' });
  }
  const first = await all();
  const second = await listHolds(database.db, ops, { which: 'all', cursor: first.nextCursor ?? '' });
  expect([first.rows.length, second.rows.length, second.nextCursor]).toEqual([50, 4, null]);
  expect(new Set([...first.rows, ...second.rows].map(({ id }) => id)).size).toBe(54);
  expect((await listHolds(database.db, ops, { which: 'all', cursor: 'nonsense' })).rows).toHaveLength(50);
  const history = await controlHistory(database.db, {});
  const older = await controlHistory(database.db, { cursor: history.nextCursor ?? '' });
  expect(older.rows.every(({ id }) => Number(id) < Number(history.rows.at(-1)?.id))).toBe(true);
  expect((await controlHistory(database.db, { cursor: "1'; --" })).rows).toHaveLength(50);
});

test('merchants are found by a part of their name or reference, or by their id, and say whether they are held', async () => {
  await hold('merchant', partyId());
  const expected = [{ id: partyId(), name: party.reference, reference: party.reference, country: 'DE', held: true }];
  expect(await findMerchants(database.db, party.reference.slice(4).toUpperCase())).toEqual(expected);
  expect(await findMerchants(database.db, partyId())).toEqual(expected);
  expect(await findMerchants(database.db, '%')).toEqual([]);
});
