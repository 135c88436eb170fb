import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  SECRET_KEY,
  startTestSandbox,
  type TestSandbox,
  WEBHOOK_SECRET,
} from '../../../../psp-sandbox/testing/test-sandbox.ts';
import { startWebhookReceiver } from '../../../../psp-sandbox/testing/webhook-receiver.ts';
import type { PayoutInstruction, PayoutQuestion, PspConnector } from '../connector.ts';
import { createStripeConnector, type StripeConnectorOptions } from './stripe-connector.ts';

/** Long enough for a machine under load; only the calls that must time out use the short one. */
const PATIENT_MS = 10_000;
const IMPATIENT_MS = 300;

let sandbox: TestSandbox;
let connector: PspConnector;
let impatient: PspConnector;
beforeAll(async () => {
  sandbox = await startTestSandbox();
  connector = connect(sandbox.url);
  impatient = connect(sandbox.url, { timeoutMs: IMPATIENT_MS });
});
afterAll(() => sandbox.stop());

function connect(baseUrl: string, options: Partial<StripeConnectorOptions> = {}): PspConnector {
  return createStripeConnector({
    secretKey: SECRET_KEY,
    webhookSecret: WEBHOOK_SECRET,
    baseUrl,
    timeoutMs: PATIENT_MS,
    allowLive: false,
    ...options,
  });
}

/** The instruction of an attempt, with a fault of the sandbox when named. */
function instruction(attempt: string, fault?: string): PayoutInstruction {
  return {
    providerKey: `key-${attempt}`,
    attemptId: attempt,
    payoutId: `payout-of-${attempt}`,
    amount: { minor: 12_500n, currency: 'EUR' },
    rail: 'sepa',
    destinationToken: 'ba_1',
    descriptor: 'Acme',
    metadata: fault === undefined ? {} : { sandbox_fault: fault },
  };
}

function question(attemptId: string, providerPayoutId: string | null = null): PayoutQuestion {
  return { attemptId, providerPayoutId, currency: 'EUR', sentAt: new Date(), now: new Date() };
}

async function debits(attempt: string): Promise<number> {
  return (await sandbox.books(`?attempt_id=${attempt}`)).movements.length;
}

const servers: { close(): void }[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A provider that behaves as no sandbox should: `listener` answers every request. */
async function badProvider(
  listener: RequestListener,
): Promise<{ url: string; requests: () => number; connections: () => number }> {
  let requests = 0;
  let connections = 0;
  const server = createServer((request, response) => {
    requests += 1;
    listener(request, response);
  });
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push({
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: () => requests,
    connections: () => connections,
  };
}

describe('sendPayout', () => {
  it('accepted: the provider has it, with our ids', async () => {
    const outcome = await connector.sendPayout(instruction('sent'));
    expect(outcome).toMatchObject({
      kind: 'accepted',
      providerPayoutId: expect.stringMatching(/^po_/),
      status: 'pending',
      raw: {
        amount: 12_500,
        currency: 'eur',
        metadata: { payout_id: 'payout-of-sent', attempt_id: 'sent' },
        statement_descriptor: 'Acme',
      },
    });
  });

  it.each([
    ['reject_balance_insufficient', 'balance_insufficient'],
    ['reject_account_closed', 'account_closed'],
    ['reject_rate_limit', 'rate_limit'],
    ['reject_payouts_not_allowed', 'payouts_not_allowed'],
  ])('rejected: %s', async (fault, code) => {
    expect(await connector.sendPayout(instruction(fault, fault))).toMatchObject({ kind: 'rejected', code });
    expect(await debits(fault)).toBe(0);
  });

  it.each([
    ['timeout_before', 'timeout', 0],
    ['timeout_after', 'timeout', 1],
    ['connection_dropped_before', 'connection_lost', 0],
    ['connection_dropped_after', 'connection_lost', 1],
    ['garbled_answer', 'server_error', 1],
  ])('unknown: %s; the same key sent again pays once', async (fault, reason, moved) => {
    expect(await impatient.sendPayout(instruction(fault, fault))).toMatchObject({ kind: 'unknown', reason });
    expect(await debits(fault)).toBe(moved);
    expect(await connector.sendPayout(instruction(fault, fault))).toMatchObject({ kind: 'accepted' });
    expect(await debits(fault)).toBe(1);
  });

  it.each(['server_error_before', 'server_error_after'])('unknown: %s stays so for its key', async (fault) => {
    for (let send = 0; send < 2; send += 1) {
      expect(await connector.sendPayout(instruction(fault, fault))).toMatchObject({
        kind: 'unknown',
        reason: 'server_error',
        message: expect.stringContaining('HTTP 500'),
      });
    }
  });

  it('unknown: another request with the key is executing', async () => {
    const slow = instruction('slow', 'slow_answer');
    expect(await impatient.sendPayout(slow)).toMatchObject({ kind: 'unknown', reason: 'timeout' });
    expect(await connector.sendPayout(slow)).toMatchObject({
      kind: 'unknown',
      reason: 'server_error',
      message: expect.stringContaining('idempotency_key_in_use'),
    });
  });

  it('unknown, not rejected: the key was used with other parameters', async () => {
    const first = instruction('reused');
    await connector.sendPayout(first);
    const other = { ...first, amount: { minor: 12_501n, currency: 'EUR' as const } };
    expect(await connector.sendPayout(other)).toMatchObject({ kind: 'unknown', reason: 'server_error' });
    expect(await connector.findPayout(question('reused'))).toMatchObject({ kind: 'found' });
  });

  it('rejected: our key is not the provider’s', async () => {
    const stranger = connect(sandbox.url, { secretKey: 'sk_test_wrong' });
    expect(await stranger.sendPayout(instruction('stranger'))).toMatchObject({
      kind: 'rejected',
      code: 'authentication_failed',
    });
  });

  it('rejected without a request: an amount that is no exact number', async () => {
    const provider = await badProvider((_request, response) => response.end('{}'));
    const huge = { ...instruction('huge'), amount: { minor: 9_007_199_254_740_992n, currency: 'IDR' as const } };
    expect(await connect(provider.url).sendPayout(huge)).toMatchObject({ kind: 'rejected', code: 'amount_too_large' });
    expect(provider.requests()).toBe(0);
  });

  it('not_sent: nobody listens', async () => {
    const gone = await startTestSandbox();
    await gone.stop();
    expect(await connect(gone.url).sendPayout(instruction('refused'))).toMatchObject({
      kind: 'not_sent',
      reason: 'connection_refused',
    });
  });

  it('asks once: a reset connection is not sent again behind our back', async () => {
    const provider = await badProvider((request) => request.socket.resetAndDestroy());
    expect(await connect(provider.url).sendPayout(instruction('reset'))).toMatchObject({
      kind: 'unknown',
      reason: 'connection_lost',
    });
    expect(provider.requests()).toBe(1);
  });

  it('opens a connection for each call: one that went stale would look like a lost answer', async () => {
    const provider = await badProvider((_request, response) => response.end('{}'));
    const once = connect(provider.url);
    await once.sendPayout(instruction('stale'));
    await once.sendPayout(instruction('stale'));
    expect(provider.connections()).toBe(2);
  });

  it('unknown: a proxy’s 502 in JSON does not pass for success', async () => {
    const provider = await badProvider((_request, response) => {
      response.writeHead(502, { 'Content-Type': 'application/json' }).end('{"message":"Bad Gateway"}');
    });
    expect(await connect(provider.url).sendPayout(instruction('proxy'))).toMatchObject({
      kind: 'unknown',
      reason: 'server_error',
    });
  });

  it('unknown: an answer that only drips ends at the deadline', async () => {
    const drips: NodeJS.Timeout[] = [];
    const provider = await badProvider((_request, response) => {
      response.writeHead(200, { 'Content-Type': 'application/json' });
      drips.push(setInterval(() => response.write(' '), 10));
    });
    const hurried = connect(provider.url, { timeoutMs: 60 });
    expect(await hurried.sendPayout(instruction('drip'))).toMatchObject({ kind: 'unknown', reason: 'timeout' });
    drips.forEach(clearInterval);
  });
});

describe('findPayout', () => {
  it('found by its attempt, when the answer to the send was lost', async () => {
    await impatient.sendPayout(instruction('lost', 'timeout_after'));
    expect(await connector.findPayout(question('lost'))).toMatchObject({
      kind: 'found',
      status: 'pending',
      code: null,
      raw: { metadata: { attempt_id: 'lost' } },
    });
  });

  it('found by its id, with the failure code, however old it is', async () => {
    const created = Math.floor(Date.now() / 1000) - 30 * 86_400;
    const row = { id: 'po_old', amount: 5, currency: 'eur', status: 'failed', created, moved: true };
    const metadata = { attempt_id: 'old' };
    await sandbox.own('/__sandbox/load', { payouts: [{ ...row, metadata, failure_code: 'no_account' }] });
    expect(await connector.findPayout(question('old', 'po_old'))).toMatchObject({
      kind: 'found',
      providerPayoutId: 'po_old',
      status: 'failed',
      code: 'no_account',
    });
  });

  it('found in the list when the id is not known to the provider', async () => {
    await connector.sendPayout(instruction('renamed'));
    expect(await connector.findPayout(question('renamed', 'po_unknown'))).toMatchObject({ kind: 'found' });
  });

  it('found although the provider’s clock is ahead of ours', async () => {
    await sandbox.advance(3_600_000);
    await connector.sendPayout(instruction('ahead'));
    expect(await connector.findPayout(question('ahead'))).toMatchObject({ kind: 'found' });
  });

  it('absent only after every page was read', async () => {
    const many = await startTestSandbox();
    try {
      const created = Math.floor(Date.now() / 1000);
      const payouts = Array.from({ length: 250 }, (_, n) => ({
        id: `po_${n}`,
        amount: 5,
        currency: 'eur',
        status: 'paid',
        created: created - 60,
        moved: true,
        metadata: { attempt_id: `other-${n}` },
      }));
      const old = { ...payouts[0], id: 'po_before', created: created - 3_600 };
      await many.own('/__sandbox/load', { payouts: [...payouts, old] });
      const asked = question('nowhere');
      expect(await connect(many.url).findPayout(asked)).toEqual({
        kind: 'absent',
        scanned: 250,
        from: new Date(asked.sentAt.getTime() - 600_000),
        to: asked.now,
      });
      expect(await connect(many.url).findPayout(question('other-0'))).toMatchObject({ kind: 'found' });
    } finally {
      await many.stop();
    }
  });

  it('no_answer: the payout of that id belongs to another attempt', async () => {
    const outcome = await connector.sendPayout(instruction('owner'));
    const id = outcome.kind === 'accepted' ? outcome.providerPayoutId : '';
    expect(await connector.findPayout(question('thief', id))).toMatchObject({ kind: 'no_answer' });
  });

  it.each<[string, RequestListener]>([
    ['an error', (_request, response) => response.writeHead(500).end('{"error":{"type":"api_error","message":"x"}}')],
    ['a 502 in JSON', (_request, response) => response.writeHead(502).end('{"message":"Bad Gateway"}')],
    ['an empty object', (_request, response) => response.end('{}')],
    ['null', (_request, response) => response.end('null')],
    [
      'more promised, nothing given',
      (_request, response) => response.end('{"object":"list","data":[],"has_more":true}'),
    ],
    ['no word on more', (_request, response) => response.end('{"object":"list","data":[]}')],
    [
      'rows that are no payouts',
      (_request, r) => r.end('{"object":"list","data":[{"object":"charge"}],"has_more":false}'),
    ],
    ['silence', () => undefined],
    ['a reset', (request) => request.socket.resetAndDestroy()],
  ])('no_answer, never absent: %s', async (_name, listener) => {
    const provider = await badProvider(listener);
    const asking = connect(provider.url, { timeoutMs: IMPATIENT_MS });
    expect(await asking.findPayout(question('x'))).toMatchObject({ kind: 'no_answer' });
    expect(provider.requests()).toBe(1);
  });

  it('no_answer: a page in the middle fails', async () => {
    const row = { object: 'payout', id: 'po_1', status: 'paid', metadata: {} };
    const provider = await badProvider((request, response) => {
      if (request.url?.includes('starting_after=po_1')) response.writeHead(500).end('{"error":{"type":"api_error"}}');
      else response.end(JSON.stringify({ object: 'list', data: [row], has_more: true }));
    });
    expect(await connect(provider.url).findPayout(question('x'))).toMatchObject({ kind: 'no_answer' });
    expect(provider.requests()).toBe(2);
  });
});

it('reads the webhooks that the sandbox signs', async () => {
  const receiver = await startWebhookReceiver();
  const telling = await startTestSandbox({ webhookUrl: receiver.url });
  try {
    const reader = connect(telling.url);
    await reader.sendPayout(instruction('told'));
    const [webhook] = await receiver.first(1);
    const { rawBody = '', signature } = webhook ?? {};
    expect(reader.readWebhook(rawBody, signature, new Date())).toMatchObject({
      type: 'payout.created',
      attemptId: 'told',
      status: 'pending',
      providerPayoutId: expect.stringMatching(/^po_/),
    });
    expect(reader.readWebhook(rawBody, signature, new Date(Date.now() + 301_000))).toBeNull();
  } finally {
    await telling.stop();
    await receiver.close();
  }
});

it('ping: whether the provider can be used now', async () => {
  expect(await connector.ping()).toBe(true);
  expect(await connect(sandbox.url, { secretKey: 'sk_test_wrong' }).ping()).toBe(false);
  const silent = await badProvider(() => undefined);
  expect(await connect(silent.url, { timeoutMs: IMPATIENT_MS }).ping()).toBe(false);
});

describe('keys and addresses', () => {
  const options = { webhookSecret: 'whsec', timeoutMs: 1_000 };

  it.each(['sk_live_1', 'rk_live_1'])(
    'refuses %s unless live is allowed, and never sends it elsewhere',
    (secretKey) => {
      expect(() => createStripeConnector({ ...options, secretKey, allowLive: false })).toThrow('ALLOW_LIVE=true');
      expect(createStripeConnector({ ...options, secretKey, allowLive: true }).provider).toBe('stripe');
      expect(() =>
        createStripeConnector({ ...options, secretKey, allowLive: true, baseUrl: 'http://127.0.0.1:4410' }),
      ).toThrow('never sent anywhere but to Stripe');
    },
  );

  it('refuses an empty key, and an address that is none', () => {
    expect(() => createStripeConnector({ ...options, secretKey: '', allowLive: false })).toThrow('empty');
    for (const baseUrl of ['sandbox', 'ftp://127.0.0.1']) {
      expect(() => createStripeConnector({ ...options, secretKey: 'sk_test_1', allowLive: false, baseUrl })).toThrow(
        'http or https URL',
      );
    }
  });
});
