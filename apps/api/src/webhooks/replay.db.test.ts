import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { toId } from '../core/ids.ts';
import { execute } from '../runtime/operation.ts';
import { callBy, JOB, MACHINE, NOW, person } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { auditRows } from '../testing/expect-audit.ts';
import { act, jobsOf, loseJobs, refusalOf } from '../testing/factories.ts';
import { deliveryDetail, listDeliveries } from './deliveries.queries.ts';
import { disableEndpoint } from './disable-endpoint.ts';
import { replayDelivery } from './replay-delivery.ts';
import { MAX_REPLAY, replayUndelivered } from './replay-undelivered.ts';
import {
  deliveriesOf,
  endpointAt,
  givenUp,
  rereadDelivery,
  testMessage,
  triedOnce,
  uuidOf,
} from './testing/webhook-samples.ts';

type Person = Awaited<ReturnType<typeof person>>;
const URL = 'https://hooks.example.com/';

let database: TestDatabase;
let ops: Person;
beforeAll(async () => {
  database = await testDatabase();
  ops = await person(database, 'ops');
});
afterAll(() => database.close());
beforeEach(() => loseJobs(database));

const replay = (deliveryId: string, call = callBy(ops)) =>
  execute(database.db, replayDelivery, call, { deliveryId: toId('webhook_delivery', deliveryId) }).then(({ result }) =>
    uuidOf('webhook_delivery', result.deliveryId),
  );

describe('one message again', () => {
  test('done: given up, a delivery of its own with its job, of the same message; audited', async () => {
    const { endpointId } = await endpointAt(database, URL);
    const first = await testMessage(database, endpointId);
    await givenUp(database, first);
    const before = await rereadDelivery(database, first);
    expect(before).toMatchObject({ status: 'given_up', givenUpWhy: 'exhausted', tries: 10 });
    const again = await replay(first);
    expect(await rereadDelivery(database, again)).toMatchObject({
      messageId: before.messageId,
      replayOf: first,
      status: 'pending',
      tries: 0,
      nextTryAt: NOW,
    });
    expect(await rereadDelivery(database, first)).toEqual(before);
    expect(await jobsOf(database, again)).toMatchObject([{ task: 'webhook.deliver', payload: { deliveryId: again } }]);
    expect((await auditRows(database, first)).at(-1)).toMatchObject({
      act: 'webhook.replayed',
      actor_id: ops.id,
      before: { status: 'given_up', tries: 10 },
      after: { deliveredAgainAs: again },
    });
  });

  test('what had arrived can be sent once more', async () => {
    const { endpointId } = await endpointAt(database, URL);
    const first = await testMessage(database, endpointId);
    await triedOnce(database, first, 200);
    expect(await rereadDelivery(database, await replay(first))).toMatchObject({ replayOf: first, status: 'pending' });
  });

  test('what waits after a failed try is tried now, and keeps its place in the schedule', async () => {
    const { endpointId } = await endpointAt(database, URL);
    const id = await testMessage(database, endpointId);
    await triedOnce(database, id, 500);
    await triedOnce(database, id, 500, new Date(NOW.getTime() + 5_000));
    const later = new Date(NOW.getTime() + 60_000);
    expect(await replay(id, callBy(ops, { now: later }))).toBe(id);
    expect(await rereadDelivery(database, id)).toMatchObject({ tries: 2, nextTryAt: later, status: 'pending' });
    const [job, ...others] = await jobsOf(database, id);
    expect(others).toEqual([]);
    // Of the database's clock: at once, not in half an hour.
    const { rows } = await database.owner.query<{ due: boolean }>('SELECT $1::timestamptz <= now() AS due', [
      job?.runAt,
    ]);
    expect(rows).toEqual([{ due: true }]);
  });

  test('refused: on its way already, under way by another, its endpoint disabled, no such delivery', async () => {
    const { endpointId } = await endpointAt(database, URL);
    const waiting = await testMessage(database, endpointId);
    expect(await refusalOf(replay(waiting))).toBe('message_not_deliverable');
    await givenUp(database, waiting);
    await replay(waiting);
    expect(await refusalOf(replay(waiting))).toBe('message_not_deliverable');
    expect((await deliveryDetail(database.db, ops, waiting))?.can.replay).toEqual({ code: 'message_not_deliverable' });
    await act(database, disableEndpoint, { endpointId, reason: 'a test' }, { actor: await person(database, 'admin') });
    expect(await refusalOf(replay(waiting))).toBe('endpoint_disabled');
    expect(await refusalOf(replay(crypto.randomUUID()))).toBe('not_found');
  });

  test('forbidden', async () => {
    const { endpointId } = await endpointAt(database, URL);
    const id = await testMessage(database, endpointId);
    await givenUp(database, id);
    const finance = await person(database, 'finance', 'approver', 'viewer');
    for (const actor of [finance, MACHINE, JOB]) {
      expect(await refusalOf(replay(id, callBy(actor)))).toBe('permission_missing');
    }
    expect((await deliveryDetail(database.db, finance, id))?.can.replay?.code).toBe('permission_missing');
  });

  test('replayed under its key: one delivery', async () => {
    const { endpointId, id: endpoint } = await endpointAt(database, URL);
    const id = await testMessage(database, endpointId);
    await givenUp(database, id);
    const call = callBy(ops);
    expect(await replay(id, call)).toBe(await replay(id, call));
    expect(await deliveriesOf(database, endpoint)).toHaveLength(2);
  });

  test('raced: two people at once, it goes out once', async () => {
    const { endpointId, id: endpoint } = await endpointAt(database, URL);
    const id = await testMessage(database, endpointId);
    await givenUp(database, id);
    const codes = await Promise.all([refusalOf(replay(id)), refusalOf(replay(id, callBy(ops)))]);
    expect(codes.sort()).toEqual([null, 'message_not_deliverable'].sort());
    expect(await deliveriesOf(database, endpoint)).toHaveLength(2);
  });
});

describe('everything that has not arrived since then', () => {
  const replayAll = (endpointId: string, since: Date, call = callBy(ops)) =>
    execute(database.db, replayUndelivered, call, { endpointId, since: since.toISOString() }).then(
      ({ result }) => result,
    );
  const hour = 3_600_000;
  const hoursAgo = (hours: number) => new Date(NOW.getTime() - hours * hour);

  test('done: given up and failing, each message once; not what arrived, nor what is on its way, nor what is older', async () => {
    const { endpointId, id: endpoint } = await endpointAt(database, URL);
    const older = await testMessage(database, endpointId, hoursAgo(30));
    await givenUp(database, older);
    const arrived = await testMessage(database, endpointId, hoursAgo(3));
    await triedOnce(database, arrived, 200, hoursAgo(3));
    const lost = await testMessage(database, endpointId, hoursAgo(3));
    await givenUp(database, lost);
    const arrivedLater = await testMessage(database, endpointId, hoursAgo(3));
    await givenUp(database, arrivedLater);
    await triedOnce(database, await replay(arrivedLater), 200);
    const lostTwice = await testMessage(database, endpointId, hoursAgo(3));
    await givenUp(database, lostTwice);
    const lostAgain = await replay(lostTwice);
    await givenUp(database, lostAgain);
    const failing = await testMessage(database, endpointId, hoursAgo(1));
    await triedOnce(database, failing, 500, hoursAgo(1));
    const fresh = await testMessage(database, endpointId);
    await loseJobs(database);

    expect(await replayAll(endpointId, hoursAgo(24))).toEqual({ endpointId, replayed: 3, more: false });
    const replays = (await deliveriesOf(database, endpoint)).filter((d) => d.replayOf && d.tries === 0);
    expect(replays.map((d) => d.replayOf).sort()).toEqual([lost, lostAgain].sort());
    expect(await rereadDelivery(database, failing)).toMatchObject({ nextTryAt: NOW, tries: 1 });
    const expected = [...replays.map((d) => d.id), failing].map((id) => `webhook.deliver:${id}`);
    expect((await jobsOf(database)).map(({ key }) => key).sort()).toEqual(expected.sort());
    expect(await rereadDelivery(database, fresh)).toMatchObject({ tries: 0 });
    expect((await auditRows(database, endpoint)).at(-1)).toMatchObject({
      act: 'webhook.replayed',
      after: { deliveredAgain: 2, triedNow: 1 },
    });
    // Asked again: what failed once and is being tried may be hurried, and nothing goes out twice.
    await triedOnce(database, failing, 200);
    expect(await refusalOf(replayAll(endpointId, hoursAgo(24)))).toBe('nothing_undelivered');
    expect(await replayAll(endpointId, hoursAgo(48))).toMatchObject({ replayed: 1 });
  });

  test(`bounded: ${MAX_REPLAY} at a time, oldest first, and it says that there are more`, async () => {
    const { endpointId, id: endpoint } = await endpointAt(database, URL);
    await database.owner.query(
      `WITH message AS (
         INSERT INTO webhook_message (id, type, payload, created_at)
         SELECT gen_random_uuid(), 'test.ping', '{}', $2::timestamptz + n * interval '1 ms'
         FROM generate_series(1, $3::int) n RETURNING id, created_at)
       INSERT INTO webhook_delivery (id, endpoint_id, message_id, status, tries, given_up_why, created_at)
       SELECT gen_random_uuid(), $1, id, 'given_up', 10, 'exhausted', created_at FROM message`,
      [endpoint, hoursAgo(2), MAX_REPLAY + 5],
    );
    expect(await replayAll(endpointId, hoursAgo(3))).toMatchObject({ replayed: MAX_REPLAY, more: true });
    expect(await replayAll(endpointId, hoursAgo(3))).toMatchObject({ replayed: 5, more: false });
    expect(await refusalOf(replayAll(endpointId, hoursAgo(3)))).toBe('nothing_undelivered');
    expect(await jobsOf(database)).toHaveLength(MAX_REPLAY + 5);
  });

  test('refused, forbidden, replayed, raced', async () => {
    const { endpointId, id: endpoint } = await endpointAt(database, URL);
    expect(await refusalOf(replayAll(endpointId, hoursAgo(1)))).toBe('nothing_undelivered');
    await givenUp(database, await testMessage(database, endpointId));
    const finance = await person(database, 'finance');
    expect(await refusalOf(replayAll(endpointId, hoursAgo(1), callBy(finance)))).toBe('permission_missing');
    const codes = await Promise.all(
      [ops, ops].map((actor) => refusalOf(replayAll(endpointId, hoursAgo(1), callBy(actor)))),
    );
    expect(codes.sort()).toEqual([null, 'nothing_undelivered'].sort());
    expect(await deliveriesOf(database, endpoint)).toHaveLength(2);
    await act(database, disableEndpoint, { endpointId, reason: 'a test' }, { actor: await person(database, 'admin') });
    expect(await refusalOf(replayAll(endpointId, hoursAgo(1)))).toBe('endpoint_disabled');
  });
});

describe('the log of an endpoint', () => {
  test('page by page, newest first, by what became of them', async () => {
    const { endpointId, id: endpoint } = await endpointAt(database, URL);
    const ids: string[] = [];
    for (const status of [200, 500, 200, 500, 500]) {
      const id = await testMessage(database, endpointId);
      await triedOnce(database, id, status);
      ids.unshift(toId('webhook_delivery', id));
    }
    await givenUp(database, uuidOf('webhook_delivery', ids[0] ?? ''));
    const list = async (filter: Parameters<typeof listDeliveries>[1]['filter'], limit = 2) => {
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await listDeliveries(database.db, { endpointId: endpoint, filter, cursor, limit });
        expect(page.rows.length).toBeLessThanOrEqual(limit);
        seen.push(...page.rows.map((row) => row.id));
        cursor = page.nextCursor ?? undefined;
      } while (cursor);
      return seen;
    };
    // Made in one millisecond: their ids break the tie, and are of one order with it.
    expect(await list('all')).toEqual(ids);
    expect(await list('delivered')).toEqual([ids[2], ids[4]]);
    expect(await list('given_up')).toEqual([ids[0]]);
    expect(await list('failing')).toEqual([ids[1], ids[3]]);
    expect(await list('all', 5)).toEqual(ids);
    const nonsense = await listDeliveries(database.db, { endpointId: endpoint, filter: 'all', cursor: 'x', limit: 9 });
    expect(nonsense.rows).toHaveLength(5);
  });
});
