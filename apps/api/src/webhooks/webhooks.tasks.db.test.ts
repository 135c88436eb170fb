import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newUuid, toId } from '../core/ids.ts';
import { systemClock } from '../core/time.ts';
import { execute } from '../runtime/operation.ts';
import { callBy, NOW, person } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { auditRows } from '../testing/expect-audit.ts';
import { act, jobsOf, loseJobs, payoutIn } from '../testing/factories.ts';
import { deliveryDetail } from './deliveries.queries.ts';
import { MAX_TRIES, TRY_DELAYS_MS } from './delivery.ts';
import { disableEndpoint } from './disable-endpoint.ts';
import { postMessage } from './post-message.ts';
import { replayDelivery } from './replay-delivery.ts';
import { rotateSecret } from './rotate-secret.ts';
import { openSeal } from './seal.ts';
import { type Receiver, startReceiver } from './testing/receiver.ts';
import {
  deliveriesOf,
  endpointAt,
  rereadDelivery,
  rereadEndpoint,
  SETTINGS,
  tasksAt,
  testMessage,
  triedOnce,
} from './testing/webhook-samples.ts';
import type { WebhookTaskDeps } from './webhooks.tasks.ts';

type Person = Awaited<ReturnType<typeof person>>;

/** The real sender against a real receiver over HTTP; only the clock is ours. */
let database: TestDatabase;
let receiver: Receiver;
let admin: Person;
let ops: Person;
let now = NOW;
beforeAll(async () => {
  database = await testDatabase();
  receiver = await startReceiver();
  admin = await person(database, 'admin');
  ops = await person(database, 'ops');
});
afterAll(async () => {
  await receiver.stop();
  await database.close();
});
beforeEach(async () => {
  now = NOW;
  receiver.received.length = 0;
  receiver.behave(() => ({ status: 200 }));
  await loseJobs(database);
});

const later = (ms: number) => {
  now = new Date(now.getTime() + ms);
};
const deliver = (deliveryId: string, over: Partial<WebhookTaskDeps> = {}) =>
  tasksAt(database, () => now, over)['webhook.deliver']({ deliveryId });
/** With a shorter patience than the worker's. */
const hasty: WebhookTaskDeps['post'] = (post) => postMessage({ ...post, timeoutMs: 100 });
const headersOf = (i: number) => receiver.received[i]?.headers as Record<string, string>;
const setUp = async (types?: readonly string[]) => {
  const endpoint = await endpointAt(database, receiver.url, types, now);
  return { ...endpoint, deliveryId: await testMessage(database, endpoint.endpointId, now) };
};

describe('delivered', () => {
  test('a payout’s move arrives signed: the official library verifies it; kept with what was answered, audited', async () => {
    now = systemClock();
    const { id, secret } = await endpointAt(database, receiver.url, ['payout.paid'], now);
    const { payout } = await payoutIn(database, 'paid', { at: now });
    const [delivery] = await deliveriesOf(database, id);
    receiver.behave(() => ({ status: 201, body: 'thanks' }));
    expect(await deliver(delivery?.id ?? '')).toEqual({
      step: 'tried',
      said: '201',
      status: 'delivered',
      nextTryAt: null,
    });

    const [received] = receiver.received;
    const message = new Webhook(secret).verify(received?.body ?? '', headersOf(0));
    expect(message).toMatchObject({
      type: 'payout.paid',
      data: { id: toId('payout', payout.id), status: 'paid', previous_status: 'sending', version: payout.version },
    });
    expect(headersOf(0)).toMatchObject({
      'webhook-id': toId('webhook_message', delivery?.messageId ?? ''),
      'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
      'content-type': 'application/json',
    });
    expect(await rereadDelivery(database, delivery?.id ?? '')).toMatchObject({
      status: 'delivered',
      tries: 1,
      deliveredAt: now,
      nextTryAt: null,
    });
    const detail = await deliveryDetail(database.db, ops, delivery?.id ?? '');
    expect(detail?.body).toBe(received?.body);
    expect(detail?.tries).toMatchObject([
      { no: 1, statusCode: 201, response: 'thanks', error: null, url: receiver.url, at: now.toISOString() },
    ]);
    expect(detail?.tries[0]?.headers['webhook-signature']).toBe(headersOf(0)['webhook-signature']);
    expect(await auditRows(database, delivery?.id)).toMatchObject([{ act: 'webhook.delivered', outcome: 'done' }]);
  });

  test('the job again: posts nothing', async () => {
    const { deliveryId } = await setUp();
    await deliver(deliveryId);
    expect(await deliver(deliveryId)).toEqual({ step: 'skip', why: 'delivered' });
    expect(receiver.received).toHaveLength(1);
    expect(await deliver(newUuid())).toEqual({ step: 'skip', why: 'no_such_delivery' });
  });

  test('no transaction is open while the receiver answers', async () => {
    const { deliveryId } = await setUp();
    const open: bigint[] = [];
    const watching: WebhookTaskDeps['post'] = async (post) => {
      const { rows } = await database.owner.query<{ open: bigint }>(
        `SELECT count(*) AS open FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'`,
      );
      open.push(rows[0]?.open ?? -1n);
      return postMessage(post);
    };
    await deliver(deliveryId, { post: watching });
    expect(open).toEqual([0n]);
    expect(receiver.received).toHaveLength(1);
  });

  test('after a rotation two signatures go out for a day: who has either secret can read it', async () => {
    now = systemClock();
    const { endpointId, id, secret } = await endpointAt(database, receiver.url, ['*'], now);
    const call = callBy(admin, { now });
    const { result } = await execute(database.db, rotateSecret(SETTINGS), call, { endpointId, version: 1 });
    const fresh = SETTINGS.seal.open(result.secretSealed, id);
    await deliver(await testMessage(database, endpointId, now));
    const body = receiver.received[0]?.body ?? '';
    for (const known of [secret, fresh]) expect(new Webhook(known).verify(body, headersOf(0))).toBeTruthy();
    expect(headersOf(0)['webhook-signature']?.split(' ')).toHaveLength(2);
  });
});

describe('tried again', () => {
  test('one id, one body, a timestamp of its own; by the schedule, until it arrives', async () => {
    const { deliveryId, id } = await setUp();
    receiver.behave(() => ({ status: 500, body: 'no' }));
    expect(await deliver(deliveryId)).toMatchObject({ said: '500', status: 'pending' });
    expect(await rereadDelivery(database, deliveryId)).toMatchObject({
      tries: 1,
      nextTryAt: new Date(NOW.getTime() + TRY_DELAYS_MS[0]),
    });
    expect(await rereadEndpoint(database, id)).toMatchObject({ failingSince: NOW });
    expect(await jobsOf(database, deliveryId)).toMatchObject([
      { task: 'webhook.deliver', runAt: new Date(NOW.getTime() + TRY_DELAYS_MS[0]) },
    ]);
    later(TRY_DELAYS_MS[0]);
    await deliver(deliveryId);
    later(TRY_DELAYS_MS[1]);
    receiver.behave(() => ({ status: 200 }));
    expect(await deliver(deliveryId)).toMatchObject({ status: 'delivered' });
    expect(await rereadEndpoint(database, id)).toMatchObject({ failingSince: null });
    const ids = receiver.received.map((one) => one.headers['webhook-id']);
    expect(new Set(ids).size).toBe(1);
    expect(new Set(receiver.received.map((one) => one.body)).size).toBe(1);
    const times = receiver.received.map((one) => Number(one.headers['webhook-timestamp']));
    expect(times.map((time) => time - (times[0] ?? 0))).toEqual([0, 5, 305]);
  });

  test('a job that comes too early: posts nothing', async () => {
    const { deliveryId } = await setUp();
    await triedOnce(database, deliveryId, 500);
    later(TRY_DELAYS_MS[0]);
    await triedOnce(database, deliveryId, 500, now);
    expect(await deliver(deliveryId)).toEqual({ step: 'skip', why: 'not_due' });
    expect(receiver.received).toEqual([]);
  });

  test('ten times, then given up and audited', async () => {
    const { deliveryId } = await setUp();
    receiver.behave(() => ({ status: 404 }));
    for (const delay of [0, ...TRY_DELAYS_MS]) {
      later(delay);
      await deliver(deliveryId);
    }
    expect(receiver.received).toHaveLength(MAX_TRIES);
    expect(await rereadDelivery(database, deliveryId)).toMatchObject({ status: 'given_up', givenUpWhy: 'exhausted' });
    expect((await auditRows(database, deliveryId)).map((row) => row.act)).toEqual(['webhook.given_up']);
    expect(await deliver(deliveryId)).toEqual({ step: 'skip', why: 'given_up' });
  });

  test.each([
    ['silence', () => 'silence' as const, 'timeout'],
    ['a connection that is cut', () => 'hang_up' as const, 'connection_lost'],
    ['a redirect, which is not followed', () => ({ status: 302, headers: { location: '/other' } }), '302'],
  ])('after %s', async (_, behaviour, said) => {
    const { deliveryId } = await setUp();
    receiver.behave(behaviour);
    expect(await deliver(deliveryId, { post: hasty })).toMatchObject({ said, status: 'pending' });
    expect(receiver.received.map(({ path }) => path)).toEqual(['/hooks']);
  });

  test('an answer without end: 4 KB of it are kept', async () => {
    const { deliveryId } = await setUp();
    receiver.behave(() => ({ status: 500, endless: true }));
    await deliver(deliveryId);
    expect((await deliveryDetail(database.db, ops, deliveryId))?.tries[0]?.response).toHaveLength(4_096);
  });

  test('not before the receiver asked for it (Retry-After)', async () => {
    const { deliveryId } = await setUp();
    receiver.behave(() => ({ status: 429, headers: { 'retry-after': '3600' } }));
    await deliver(deliveryId);
    expect(await rereadDelivery(database, deliveryId)).toMatchObject({
      nextTryAt: new Date(NOW.getTime() + 3_600_000),
    });
  });

  test('replayed after it was given up: the same webhook-id', async () => {
    const { deliveryId } = await setUp();
    receiver.behave(() => ({ status: 500 }));
    for (const delay of [0, ...TRY_DELAYS_MS]) {
      later(delay);
      await deliver(deliveryId);
    }
    receiver.behave(() => ({ status: 200 }));
    const input = { deliveryId: toId('webhook_delivery', deliveryId) };
    await act(database, replayDelivery, input, { actor: ops, now });
    const endpoint = (await rereadDelivery(database, deliveryId)).endpointId;
    const again = (await deliveriesOf(database, endpoint)).at(-1);
    expect(await deliver(again?.id ?? '')).toMatchObject({ status: 'delivered' });
    expect(new Set(receiver.received.map((one) => one.headers['webhook-id'])).size).toBe(1);
  });
});

describe('wanted no more', () => {
  test('410 disables the endpoint, gives up what waits for it, and is audited as what the receiver said', async () => {
    const { deliveryId, endpointId, id } = await setUp();
    const waiting = await testMessage(database, endpointId);
    receiver.behave(() => ({ status: 410 }));
    expect(await deliver(deliveryId)).toMatchObject({ said: '410', status: 'given_up' });
    expect(await rereadEndpoint(database, id)).toMatchObject({ status: 'disabled', statusReason: 'gone', version: 2 });
    expect((await deliveriesOf(database, id)).map((d) => [d.status, d.givenUpWhy])).toEqual([
      ['given_up', 'gone'],
      ['given_up', 'gone'],
    ]);
    expect(await deliver(waiting)).toEqual({ step: 'skip', why: 'given_up' });
    expect(receiver.received).toHaveLength(1);
    expect((await auditRows(database, id)).at(-1)).toMatchObject({
      act: 'webhook_endpoint.disabled',
      reason: 'gone',
      actor_id: 'webhook.deliver',
    });
  });

  test('a delivery written in the moment in which its endpoint was disabled: nothing is sent', async () => {
    const { deliveryId, endpointId, id } = await setUp();
    await act(database, disableEndpoint, { endpointId, reason: 'a test' }, { actor: admin });
    await database.owner.query(
      `UPDATE webhook_delivery SET status = 'pending', next_try_at = $2, given_up_why = NULL WHERE id = $1`,
      [deliveryId, NOW],
    );
    expect(await deliver(deliveryId)).toEqual({ step: 'given_up', givenUp: 1 });
    expect(receiver.received).toEqual([]);
    expect((await deliveriesOf(database, id)).map((d) => d.givenUpWhy)).toEqual(['endpoint_disabled']);
  });

  test('disabled while the receiver still answers: what arrived has arrived, what did not stays given up', async () => {
    for (const [status, after] of [
      [200, { status: 'delivered', givenUpWhy: null }],
      [500, { status: 'given_up', givenUpWhy: 'endpoint_disabled' }],
    ] as const) {
      const { deliveryId, endpointId } = await setUp();
      const meanwhile: WebhookTaskDeps['post'] = async () => {
        await act(database, disableEndpoint, { endpointId, reason: 'a test' }, { actor: admin });
        return { kind: 'answered', status, retryAfter: null, response: '' };
      };
      await deliver(deliveryId, { post: meanwhile });
      expect(await rereadDelivery(database, deliveryId)).toMatchObject({ ...after, tries: 1, nextTryAt: null });
    }
  });
});

describe('bug class: the worker dies between the receiver and the record', () => {
  test('the job runs again: it arrives at least once, always under one id', async () => {
    const { deliveryId } = await setUp();
    const dying: WebhookTaskDeps['post'] = async (post) => {
      await postMessage(post);
      throw new Error('the worker died');
    };
    await expect(deliver(deliveryId, { post: dying })).rejects.toThrow('died');
    expect(await rereadDelivery(database, deliveryId)).toMatchObject({ status: 'pending', tries: 0 });
    expect(await jobsOf(database, deliveryId)).toHaveLength(1);
    expect(await deliver(deliveryId)).toMatchObject({ status: 'delivered' });
    expect(receiver.received).toHaveLength(2);
    expect(new Set(receiver.received.map((one) => one.headers['webhook-id'])).size).toBe(1);
  });

  test('two workers at one delivery: both tries are kept, and what has arrived stays so', async () => {
    const { deliveryId } = await setUp();
    let first = true;
    receiver.behave(() => {
      const status = first ? 200 : 500;
      first = false;
      return { status };
    });
    await Promise.all([deliver(deliveryId), deliver(deliveryId)]);
    expect(await rereadDelivery(database, deliveryId)).toMatchObject({
      status: 'delivered',
      tries: 2,
      nextTryAt: null,
    });
    expect((await auditRows(database, deliveryId)).map((row) => row.act)).toEqual(['webhook.delivered']);
  });
});

describe('a secret that does not open', () => {
  test('is told as such, nothing is sent unsigned, and a rotation mends it', async () => {
    const { deliveryId, endpointId } = await setUp();
    const webhooks = { ...SETTINGS, seal: openSeal('another secret of at least 32 characters') };
    expect(await deliver(deliveryId, { webhooks })).toMatchObject({ said: 'secret_unreadable', status: 'pending' });
    expect(receiver.received).toEqual([]);
    const call = callBy(admin, { now });
    await execute(database.db, rotateSecret(webhooks), call, { endpointId, version: 1 });
    later(TRY_DELAYS_MS[0]);
    expect(await deliver(deliveryId, { webhooks })).toMatchObject({ status: 'delivered' });
    // The old one, which does not open, signs nothing.
    expect(headersOf(0)['webhook-signature']?.split(' ')).toHaveLength(1);
  });
});

describe('webhook.sweep', () => {
  const sweep = () => tasksAt(database, () => now)['webhook.sweep']();

  test('gives what has lost its job a new one, and leaves the rest alone', async () => {
    await sweep();
    await loseJobs(database);
    const { deliveryId: lost, endpointId } = await setUp();
    await loseJobs(database);
    const waiting = await testMessage(database, endpointId);
    const delivered = await testMessage(database, endpointId);
    await deliver(delivered);
    // Not overdue yet: its job may just be late.
    later(120_000);
    expect(await sweep()).toEqual({ lost: 0 });
    later(1);
    expect(await sweep()).toEqual({ lost: 1 });
    expect((await jobsOf(database)).map(({ key }) => key)).toEqual(
      expect.arrayContaining([`webhook.deliver:${lost}`, `webhook.deliver:${waiting}`]),
    );
    expect(await sweep()).toEqual({ lost: 0 });
    expect(await deliver(lost)).toMatchObject({ status: 'delivered' });
  });

  test('a job that a dead worker holds, or that ran out of attempts, counts as lost', async () => {
    await tasksAt(database, () => new Date(NOW.getTime() + 3_600_000))['webhook.sweep']();
    const { deliveryId: held } = await setUp();
    const { deliveryId: worn } = await setUp();
    const key = (id: string) => `webhook.deliver:${id}`;
    later(360_000);
    await database.owner.query(
      `UPDATE graphile_worker._private_jobs SET locked_at = $2, locked_by = 'dead' WHERE key = $1`,
      [key(held), NOW],
    );
    await database.owner.query('UPDATE graphile_worker._private_jobs SET attempts = max_attempts WHERE key = $1', [
      key(worn),
    ]);
    expect(await sweep()).toEqual({ lost: 2 });
    expect(await sweep()).toEqual({ lost: 0 });
  });
});
