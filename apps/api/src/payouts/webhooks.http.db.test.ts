import Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newUuid, toId } from '../core/ids.ts';
import { createStripeConnector } from '../psp/stripe/stripe-connector.ts';
import { openDb } from '../runtime/db.ts';
import { openLog } from '../runtime/log.ts';
import { NOW } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { entriesOf, footprint, payoutIn, reread, type Sample } from '../testing/factories.ts';
import { webhooksHttp } from './webhooks.http.ts';

const SECRET = 'whsec_of_the_tests';
const connectors = {
  // The real connector: it verifies the signatures, and calls nobody here.
  stripe: createStripeConnector({ secretKey: 'sk_test_x', webhookSecret: SECRET, timeoutMs: 1_000, allowLive: false }),
};
const log = openLog('test', 'silent');

let database: TestDatabase;
let app: ReturnType<typeof webhooksHttp>;
beforeAll(async () => {
  database = await testDatabase();
  app = webhooksHttp({ db: database.db, clock: () => NOW, log, connectors });
});
afterAll(() => database.close());

/** An event as Stripe would push it about an attempt. */
function stripeEvent({ attempt }: Sample, type: string, over: Record<string, unknown> = {}, secondsAgo = 0) {
  return {
    id: `evt_${newUuid()}`,
    object: 'event',
    type,
    created: NOW.getTime() / 1000 - secondsAgo,
    data: {
      object: {
        id: `po_${attempt.id}`,
        object: 'payout',
        status: type.split('.')[1],
        failure_code: null,
        metadata: { attempt_id: toId('attempt', attempt.id) },
        ...over,
      },
    },
  };
}
const signature = (body: string, over: { secret?: string; timestamp?: number } = {}) =>
  Stripe.webhooks.generateTestHeaderString({ payload: body, secret: SECRET, timestamp: NOW.getTime() / 1000, ...over });
const push = (event: unknown, header?: string | null, path = '/webhooks/stripe') => {
  const body = typeof event === 'string' ? event : JSON.stringify(event);
  const signed = header === undefined ? signature(body) : header;
  return app.request(path, { method: 'POST', body, headers: signed === null ? {} : { 'stripe-signature': signed } });
};
const outcomeOf = async (event: { id: string }) => {
  const { rows } = await database.db.query<{ outcome: string; times_received: number; raw: string }>(
    'SELECT outcome, times_received, raw FROM provider_event WHERE provider_event_id = $1',
    [event.id],
  );
  return rows[0];
};

describe('kept', () => {
  test('200, stored with its raw body, and followed', async () => {
    const sample = await payoutIn(database, 'sending');
    const event = stripeEvent(sample, 'payout.paid');
    const response = await push(event);
    expect([response.status, await response.json()]).toEqual([200, { received: true }]);
    expect(await outcomeOf(event)).toEqual({ outcome: 'applied', times_received: 1, raw: JSON.stringify(event) });
    expect((await reread(database, sample.payout.id)).payout).toMatchObject({
      status: 'paid',
      providerPayoutId: `po_${sample.attempt.id}`,
    });
  });

  test('a bare uuid in the metadata names its attempt too; anything else names nobody', async () => {
    const sample = await payoutIn(database, 'sending');
    for (const attempt_id of [toId('payout', sample.attempt.id), 'x', '']) {
      const event = stripeEvent(sample, 'payout.paid', { metadata: { attempt_id } });
      expect((await push(event)).status).toBe(200);
      expect((await outcomeOf(event))?.outcome).toBe('unmatched');
    }
    const event = stripeEvent(sample, 'payout.paid', { metadata: { attempt_id: sample.attempt.id } });
    await push(event);
    expect((await outcomeOf(event))?.outcome).toBe('applied');
  });

  test('bad input: events about a foreign payout are kept, and answered 200 so that they stop coming', async () => {
    const sample = await payoutIn(database, 'in_transit');
    const foreign = stripeEvent(sample, 'payout.paid', { id: 'po_of_the_dashboard', metadata: {} });
    const balance = { ...stripeEvent(sample, 'balance.available'), data: { object: { object: 'balance' } } };
    expect([(await push(foreign)).status, (await push(balance)).status]).toEqual([200, 200]);
    expect([(await outcomeOf(foreign))?.outcome, (await outcomeOf(balance))?.outcome]).toEqual([
      'unmatched',
      'ignored',
    ]);
    expect((await reread(database, sample.payout.id)).payout).toEqual(sample.payout);
  });
});

test('bad input: an unknown type, about a payout of ours in a state that nobody knows, is kept and changes nothing', async () => {
  const sample = await payoutIn(database, 'in_transit');
  const provider = { id: sample.attempt.providerPayoutId, status: 'exploded' };
  for (const type of ['payout.exploded', 'transfer.reversed', '__proto__']) {
    const event = stripeEvent(sample, type, provider);
    const response = await push(event);
    expect([response.status, await response.json()]).toEqual([200, { received: true }]);
    // The provider has the payout, and it is not over: that is known already.
    expect((await outcomeOf(event))?.outcome).toBe('stale');
  }
  expect((await reread(database, sample.payout.id)).payout).toEqual(sample.payout);
});

describe('bug class: twice, late and out of order, through HTTP', () => {
  test('twice, and ten times at once: one event, one entry', async () => {
    const sample = await payoutIn(database, 'sending');
    const event = stripeEvent(sample, 'payout.failed', { failure_code: 'account_closed' });
    await push(event);
    const responses = await Promise.all(Array.from({ length: 10 }, () => push(event)));
    expect(responses.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
    expect(await outcomeOf(event)).toMatchObject({ outcome: 'applied', times_received: 11 });
    expect(await entriesOf(database, sample.payout.id)).toEqual(['payout_requested', 'payout_failed']);
  });

  test('the final event first, the earlier ones after it', async () => {
    const sample = await payoutIn(database, 'sending');
    const events = [
      stripeEvent(sample, 'payout.paid', {}, 0),
      stripeEvent(sample, 'payout.updated', { status: 'in_transit' }, 5),
      stripeEvent(sample, 'payout.created', { status: 'pending' }, 10),
    ];
    for (const event of events) await push(event);
    expect((await Promise.all(events.map(outcomeOf))).map((kept) => kept?.outcome)).toEqual([
      'applied',
      'stale',
      'stale',
    ]);
    expect((await reread(database, sample.payout.id)).payout.status).toBe('paid');
    expect(await entriesOf(database, sample.payout.id)).toEqual(['payout_requested', 'payout_paid']);
  });

  test('paid, then failed: a return; the same two in the other order end as failed, with the money in the wallet', async () => {
    for (const [reversed, status, entries] of [
      [false, 'returned', ['payout_requested', 'payout_paid', 'payout_returned']],
      [true, 'failed', ['payout_requested', 'payout_failed']],
    ] as const) {
      const sample = await payoutIn(database, 'in_transit');
      const provider = { id: sample.attempt.providerPayoutId };
      const paid = stripeEvent(sample, 'payout.paid', provider, 60);
      const failed = stripeEvent(sample, 'payout.failed', { ...provider, failure_code: 'no_account' }, 0);
      for (const event of reversed ? [failed, paid] : [paid, failed]) await push(event);
      expect((await reread(database, sample.payout.id)).payout).toMatchObject({ status, failureCode: 'no_account' });
      expect(await entriesOf(database, sample.payout.id)).toEqual(entries);
    }
  });

  test('before the send’s own answer was recorded', async () => {
    const sample = await payoutIn(database, 'sending');
    await push(stripeEvent(sample, 'payout.created', { status: 'pending' }));
    expect((await reread(database, sample.payout.id)).payout.status).toBe('in_transit');
  });
});

describe('refused, and nothing is kept', () => {
  const refuses = async (response: Response | Promise<Response>, status: number, code: string) => {
    const text = await (await response).text();
    expect([(await response).status, JSON.parse(text)]).toEqual([status, expect.objectContaining({ code, status })]);
    expect((await response).headers.get('content-type')).toBe('application/problem+json');
    expect(text).not.toMatch(/\.ts:|node_modules|at async|whsec/);
  };

  test('bad input: signatures: none, another secret, another body, an old timestamp, nonsense', async () => {
    const sample = await payoutIn(database, 'in_transit');
    const event = stripeEvent(sample, 'payout.paid');
    const body = JSON.stringify(event);
    const before = await footprint(database);
    for (const header of [
      null,
      '',
      'nonsense',
      signature(body, { secret: 'whsec_somebody_elses' }),
      signature(body, { timestamp: NOW.getTime() / 1000 - 600 }),
      signature(`${body} `),
    ]) {
      await refuses(push(body, header), 400, 'malformed');
    }
    expect(await footprint(database)).toEqual(before);
  });

  test('signed, but no event: not JSON, no object, without an id', async () => {
    const before = await footprint(database);
    for (const body of ['', 'null', '[]', '{"object":"event"', '{"object":"event","type":"payout.paid"}']) {
      await refuses(push(body), 400, 'malformed');
    }
    expect(await footprint(database)).toEqual(before);
  });

  test('more than 256 KiB, whether it says so or not', async () => {
    const huge = JSON.stringify({ object: 'event', padding: 'x'.repeat(256 * 1024) });
    await refuses(push(huge), 413, 'too_large');
    const stream = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(huge));
        controller.close();
      },
    });
    const request = new Request('http://localhost/webhooks/stripe', {
      method: 'POST',
      body: stream,
      duplex: 'half',
      headers: { 'stripe-signature': signature(huge), 'transfer-encoding': 'chunked' },
    } as RequestInit);
    await refuses(app.request(request), 413, 'too_large');
  });

  test('another provider', async () => {
    for (const provider of ['paypal', 'constructor', '__proto__']) {
      await refuses(push('{}', undefined, `/webhooks/${provider}`), 404, 'not_found');
    }
  });

  test('while the database is down: 500, so that the provider sends it again', async () => {
    const sample = await payoutIn(database, 'in_transit');
    const broken = openDb('postgres://nobody:secret@127.0.0.1:1/none', { max: 1 });
    const down = webhooksHttp({ db: broken, clock: () => NOW, log, connectors });
    const body = JSON.stringify(stripeEvent(sample, 'payout.paid'));
    const headers = { 'stripe-signature': signature(body) };
    await refuses(down.request('/webhooks/stripe', { method: 'POST', body, headers }), 500, 'internal');
    await broken.end();
  });
});
