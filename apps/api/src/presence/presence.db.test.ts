import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { appRouter } from '../app-router.ts';
import type { Actor } from '../core/actor.ts';
import { newUuid, toId } from '../core/ids.ts';
import { openLog } from '../runtime/log.ts';
import { NOW, person } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { auditRows } from '../testing/expect-audit.ts';
import { whoIsHere } from './presence.queries.ts';
import type { Place } from './presence.ts';
import { sayGone, sayHere } from './say-here.ts';

type Person = Extract<Actor, { kind: 'person' }>;
let database: TestDatabase;
let ayse: Person;
let jonas: Person;
let place: Place;
beforeAll(async () => {
  database = await testDatabase();
  ayse = await person(database, 'ops');
  jonas = await person(database, 'finance');
});
afterAll(() => database.close());
beforeEach(() => {
  place = { kind: 'payout', id: newUuid() };
});

const at = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1_000);
const here = (who: Person, seconds: number) => sayHere(database.db, place, who.id, at(seconds));
const who = async (asks: Person, seconds: number) =>
  (await whoIsHere(database.db, place, asks.id, at(seconds))).map(({ name }) => name);

/** What was announced about the place while `work` ran. */
async function announced(work: () => Promise<unknown>): Promise<number> {
  const client = await database.owner.pool.connect();
  let heard = 0;
  const listener = ({ payload }: { payload?: string | undefined }) => {
    const news = JSON.parse(payload ?? '{}') as { topic: string; id: string };
    if (news.topic === 'presence' && news.id === place.id) heard += 1;
  };
  client.on('notification', listener);
  try {
    await client.query('LISTEN countersign_live');
    await work();
    // A later question on the connection is answered after the news that came before it.
    await client.query('SELECT 1');
    return heard;
  } finally {
    await client.query('UNLISTEN *');
    client.off('notification', listener);
    client.release();
  }
}

test('others are seen, oneself is not, and after 45 s of silence nobody', async () => {
  await here(ayse, 0);
  await here(jonas, 10);
  expect(await who(ayse, 20)).toEqual([jonas.label]);
  expect(await who(jonas, 44)).toEqual([ayse.label]);
  expect(await who(jonas, 45)).toEqual([]);
  await here(ayse, 40);
  expect(await who(jonas, 60)).toEqual([ayse.label]);
});

test('another payout is another place, and a disabled person is nowhere', async () => {
  const gone = await person(database, 'ops');
  await here(gone, 0);
  await here(ayse, 0);
  expect(await whoIsHere(database.db, { kind: 'payout', id: newUuid() }, jonas.id, at(1))).toEqual([]);
  await database.owner.query('UPDATE person SET disabled_at = now() WHERE id = $1', [gone.id]);
  expect(await who(jonas, 1)).toEqual([ayse.label]);
});

describe('the others hear', () => {
  test('who comes and who goes, and not each beat', async () => {
    expect(await announced(() => here(ayse, 0))).toBe(1);
    expect(
      await announced(async () => {
        await here(ayse, 20);
        await here(ayse, 40);
        await here(ayse, 60);
      }),
    ).toBe(0);
    expect(await announced(() => here(ayse, 200))).toBe(1);
    expect(await announced(() => sayGone(database.db, place, ayse.id))).toBe(1);
    expect(await announced(() => sayGone(database.db, place, ayse.id))).toBe(0);
    expect(await who(jonas, 201)).toEqual([]);
  });

  test('a beat that was late on its way does not make anybody older', async () => {
    await here(ayse, 30);
    await here(ayse, 10);
    expect(await who(jonas, 74)).toEqual([ayse.label]);
  });
});

test('raced: two tabs of one person come at once, and it is one person', async () => {
  await Promise.all([here(ayse, 0), here(ayse, 0), here(jonas, 0)]);
  expect(await who(jonas, 1)).toEqual([ayse.label]);
});

test('whoever comes clears away what is older than a day', async () => {
  await here(ayse, -25 * 3600);
  const count = async () => {
    const { rows } = await database.owner.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM presence WHERE subject_id = $1',
      [place.id],
    );
    return rows[0]?.count;
  };
  expect(await count()).toBe(1);
  await sayHere(database.db, { kind: 'payout', id: newUuid() }, jonas.id, NOW);
  expect(await count()).toBe(0);
});

test('the router: for whoever may read payouts, answered with who else is here, and never in the audit log', async () => {
  const context = (actor: Person | null) => ({
    db: database.db,
    actor: actor && { ...actor, email: 'one@example.test' },
    clock: () => NOW,
    request: { requestId: 'req_1', ip: null },
    live: { subscribe: () => () => undefined, close: async () => undefined },
    log: openLog('test', 'silent'),
  });
  const caller = (actor: Person | null) => appRouter.createCaller(context(actor) as never).presence;
  const payoutId = toId('payout', place.id);
  const before = await auditRows(database);
  expect(await caller(ayse).here({ payoutId })).toEqual([]);
  expect(await caller(jonas).here({ payoutId })).toEqual(
    [{ id: toId('person', ayse.id), name: ayse.label, initials: 'OD', seenAt: NOW.toISOString() }].map((row) => ({
      ...row,
      initials: expect.any(String),
    })),
  );
  expect(await caller(ayse).who({ payoutId })).toMatchObject([{ name: jonas.label }]);
  await caller(jonas).gone({ payoutId });
  expect(await caller(ayse).who({ payoutId })).toEqual([]);
  expect(await auditRows(database)).toEqual(before);
  await expect(caller(await person(database)).here({ payoutId })).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await expect(caller(null).here({ payoutId })).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
  await expect(caller(ayse).here({ payoutId: 'po_x' })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
});
