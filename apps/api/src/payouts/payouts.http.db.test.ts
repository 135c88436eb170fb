import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newUuid, parseId, toId } from '../core/ids.ts';
import { insertApiKey } from '../identity/api-key.store.ts';
import { mintApiKey } from '../identity/api-key.ts';
import { openDb } from '../runtime/db.ts';
import type { Problem } from '../runtime/http.ts';
import { claimKey } from '../runtime/idempotency.store.ts';
import { openLog } from '../runtime/log.ts';
import { NOW } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { footprint, fundedParty, payoutIn, requestBody, walletMinor } from '../testing/factories.ts';
import { ago } from '../testing/payout-samples.ts';
import { payoutResource } from './payout-resource.ts';
import { payoutsHttp } from './payouts.http.ts';

let database: TestDatabase;
let app: ReturnType<typeof payoutsHttp>;
let keyId: string;
let party: Awaited<ReturnType<typeof fundedParty>>;
const SECRET = mintApiKey('test');
const READER = mintApiKey('reader');
const log = openLog('test', 'silent');

beforeAll(async () => {
  database = await testDatabase();
  app = payoutsHttp({ db: database.db, clock: () => NOW, log });
  const key = { name: 'shop', expiresAt: null, now: NOW };
  keyId = await insertApiKey(database.db, SECRET, { ...key, scopes: ['payouts:write', 'payouts:read'] });
  await insertApiKey(database.db, READER, { ...key, scopes: ['payouts:read'] });
});
afterAll(() => database.close());
beforeEach(async () => {
  party = await fundedParty(database, { EUR: 100_000n, KWD: 100_000n });
});

interface Over {
  body?: BodyInit;
  headers?: Record<string, string | null>;
}
const post = (json: unknown, { body, headers = {} }: Over = {}) => {
  const all: Record<string, string | null> = {
    authorization: `Bearer ${SECRET}`,
    'content-type': 'application/json',
    'idempotency-key': `"${newUuid()}"`,
    ...headers,
  };
  return app.request('/v1/payouts', {
    method: 'POST',
    body: body ?? JSON.stringify(json),
    headers: Object.entries(all).filter((header): header is [string, string] => header[1] !== null),
  });
};
const get = (id: string, secret: string | null = SECRET) =>
  app.request(`/v1/payouts/${id}`, { headers: secret ? { authorization: `Bearer ${secret}` } : {} });

/** An error answer is a problem document that says its code and gives nothing of the inside away. */
async function problemIn(response: Response, status: number, code: string): Promise<Problem> {
  const text = await response.text();
  expect([response.status, text]).toEqual([status, expect.stringContaining(`"code":"${code}"`)]);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(text).not.toMatch(/\.ts:|node_modules|at async|SELECT|INSERT/);
  const problem = JSON.parse(text) as Problem;
  expect(problem).toMatchObject({ type: `urn:countersign:problem:${code}`, status, title: expect.any(String) });
  expect(problem.instance).toMatch(/^urn:countersign:request:req_/);
  return problem;
}
const unchanged = async (work: () => Promise<unknown>) => {
  const before = await footprint(database);
  await work();
  expect(await footprint(database)).toEqual(before);
};

describe('POST /v1/payouts', () => {
  test('201 with the payout, where to read it, and the money gone from the wallet', async () => {
    const response = await post(requestBody(party.reference, { reference: 'INV-1' }));
    expect(response.status).toBe(201);
    const body = payoutResource.parse(await response.json());
    expect(body).toMatchObject({
      object: 'payout',
      status: 'queued',
      amount_minor: '12500',
      reference: 'INV-1',
      party: toId('party', party.id),
    });
    expect(response.headers.get('location')).toBe(`/v1/payouts/${body.id}`);
    expect(response.headers.get('idempotent-replayed')).toBeNull();
    expect(await walletMinor(database, party.id)).toBe(87_500n);
    expect(await (await get(body.id)).json()).toEqual(body);
  });

  test('replayed: the same answer byte for byte, marked, and nothing happens again', async () => {
    const headers = { 'idempotency-key': `"${newUuid()}"` };
    const body = requestBody(party.reference, { metadata: { zeta: '1', alpha: '2', ğ: '3' } });
    const first = await post(body, { headers });
    const text = await first.text();
    await unchanged(async () => {
      // Members in another order, and the bare form of the key, are the same request.
      const reordered = Object.fromEntries(Object.entries(body).reverse());
      const again = await post(reordered, { headers: { 'idempotency-key': headers['idempotency-key'].slice(1, -1) } });
      expect(again.status).toBe(201);
      expect(again.headers.get('idempotent-replayed')).toBe('true');
      expect(await again.text()).toBe(text);
    });
  });

  test('422 when the key was used with another body; the first payout stands', async () => {
    const headers = { 'idempotency-key': newUuid() };
    await post(requestBody(party.reference), { headers });
    await unchanged(async () => {
      await problemIn(
        await post(requestBody(party.reference, { amount_minor: '1' }), { headers }),
        422,
        'idempotency_key_reused',
      );
    });
  });

  test('409 while a request with the key is being processed, with when to repeat it; afterwards it goes through', async () => {
    const key = newUuid();
    const other = openDb(database.url, { max: 1 });
    try {
      await other.transaction(async (tx) => {
        await claimKey(tx, { actor: `machine:${keyId}`, key, operation: 'payouts.request', inputHash: '' });
        const response = await post(requestBody(party.reference), { headers: { 'idempotency-key': key } });
        expect(response.headers.get('retry-after')).toBe('1');
        await problemIn(response, 409, 'idempotency_key_in_flight');
      });
    } finally {
      await other.end();
    }
    expect((await post(requestBody(party.reference), { headers: { 'idempotency-key': key } })).status).toBe(201);
  });

  test('raced: a network retry under one key is one payout', async () => {
    const headers = { 'idempotency-key': newUuid() };
    const statuses = await Promise.all(
      Array.from({ length: 5 }, async () => (await post(requestBody(party.reference), { headers })).status),
    );
    expect(statuses).toContain(201);
    expect(statuses.filter((status) => status !== 201 && status !== 409)).toEqual([]);
    expect(await walletMinor(database, party.id)).toBe(87_500n);
  });

  test('a refusal frees the key: mended and sent again, it goes through', async () => {
    const headers = { 'idempotency-key': newUuid() };
    await problemIn(
      await post(requestBody(party.reference, { amount_minor: '999999' }), { headers }),
      422,
      'insufficient_balance',
    );
    expect((await post(requestBody(party.reference), { headers })).status).toBe(201);
  });

  const big = 'x'.repeat(64 * 1024);
  const nested = `${'['.repeat(30_000)}${']'.repeat(30_000)}`;
  test.each<[string, Over, number, string]>([
    ['no key', { headers: { authorization: null } }, 401, 'not_signed_in'],
    ['an unknown key', { headers: { authorization: `Bearer ${mintApiKey('test')}` } }, 401, 'not_signed_in'],
    ['a key of another scheme', { headers: { authorization: `Basic ${SECRET}` } }, 401, 'not_signed_in'],
    ['a key without the scope', { headers: { authorization: `Bearer ${READER}` } }, 403, 'permission_missing'],
    ['no Idempotency-Key', { headers: { 'idempotency-key': null } }, 400, 'idempotency_key_missing'],
    ['an empty Idempotency-Key', { headers: { 'idempotency-key': '' } }, 400, 'idempotency_key_missing'],
    ['a malformed Idempotency-Key', { headers: { 'idempotency-key': 'two words' } }, 400, 'idempotency_key_malformed'],
    ['another content type', { headers: { 'content-type': 'text/plain' } }, 415, 'unsupported_media_type'],
    [
      'a form',
      { body: new URLSearchParams({ party: 'x' }), headers: { 'content-type': null } },
      415,
      'unsupported_media_type',
    ],
    ['malformed JSON', { body: '{"party": ' }, 400, 'malformed'],
    ['no body', { body: '' }, 400, 'malformed'],
    ['JSON that is no object', { body: '[1]' }, 400, 'malformed'],
    ['null', { body: 'null' }, 400, 'malformed'],
    ['very deep JSON', { body: nested }, 400, 'malformed'],
    ['very deep JSON in a known field', { body: `{"metadata":${nested}}` }, 400, 'malformed'],
    ['a body over 64 KiB', { body: JSON.stringify({ party: big }) }, 413, 'too_large'],
    ['bytes that are no UTF-8', { body: new Uint8Array([0x7b, 0xff, 0xfe, 0x7d]) }, 400, 'malformed'],
  ])('%s', async (_, over, status, code) => {
    await unchanged(async () => {
      const response = await post(requestBody(party.reference), over);
      if (status === 401) expect(response.headers.get('www-authenticate')).toContain('Bearer');
      await problemIn(response, status, code);
    });
  });

  test.each<[string, Record<string, unknown>, number, string]>([
    ['an amount of 0', { amount_minor: '0' }, 422, 'amount_not_positive'],
    ['a negative amount', { amount_minor: '-12500' }, 422, 'amount_not_positive'],
    ['beyond 2^53', { amount_minor: '9007199254740992' }, 422, 'amount_too_large'],
    ['beyond 2^63', { amount_minor: '9223372036854775808' }, 422, 'amount_too_large'],
    ['a JSON number', { amount_minor: 12500 }, 400, 'malformed'],
    ['decimals', { amount_minor: '125.00' }, 400, 'malformed'],
    ['an unknown currency', { currency: 'XTS' }, 422, 'unknown_currency'],
    ['a KWD amount that banks cannot pay', { currency: 'KWD', amount_minor: '12345' }, 422, 'wrong_decimals'],
    ['an unknown party', { party: 'nobody' }, 422, 'party_unknown'],
    ['an unknown party id', { party: 'pa_01kfh1v9c5fr0s2ph9b4w2zq6n' }, 422, 'party_unknown'],
    ['more than the wallet holds', { amount_minor: '100001' }, 422, 'insufficient_balance'],
    ['an unknown rail', { rail: 'pigeon' }, 400, 'malformed'],
    ['an unknown field', { priority: 'high' }, 400, 'malformed'],
    ['a missing field', { destination: undefined }, 400, 'malformed'],
    ['a NUL', { descriptor: 'a\u0000b' }, 400, 'malformed'],
    ['a NUL in an unknown field’s name', { 'a\u0000b': 1 }, 400, 'malformed'],
    ['half a character', { metadata: { k: '\ud800' } }, 400, 'malformed'],
    ['half a character in a metadata name', { metadata: { '\ud800': 'v' } }, 400, 'malformed'],
  ])('%s', async (_, over, status, code) => {
    await unchanged(async () => {
      await problemIn(await post(requestBody(party.reference, over)), status, code);
    });
  });

  test('409 on a reference that names another payout', async () => {
    await post(requestBody(party.reference, { reference: 'INV-2' }));
    await unchanged(async () => {
      await problemIn(await post(requestBody(party.reference, { reference: 'INV-2' })), 409, 'duplicate_reference');
    });
  });

  test('a problem names the field, and quotes no more than it must', async () => {
    const { params } = await problemIn(await post(requestBody(party.reference, { rail: 'pigeon' })), 400, 'malformed');
    expect(params?.field).toBe('rail');
  });

  test('a fault is a 500 that tells nothing, and the same key goes through once it has passed', async () => {
    const broken = openDb('postgres://nobody:secret@127.0.0.1:1/none', { max: 1 });
    const down = payoutsHttp({ db: broken, clock: () => NOW, log });
    const response = await down.request('/v1/payouts', {
      method: 'POST',
      headers: { authorization: `Bearer ${SECRET}`, 'content-type': 'application/json', 'idempotency-key': 'k' },
      body: '{}',
    });
    await problemIn(response, 500, 'internal');
    await broken.end();
  });
});

describe('GET /v1/payouts/{id}', () => {
  test('200 with the payout as it is now, without the destination’s token', async () => {
    const { payout } = await payoutIn(database, 'failed', {
      party: party.reference,
      at: ago(1_000),
      code: 'account_closed',
    });
    const response = await get(toId('payout', payout.id), READER);
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    const text = await response.text();
    expect(payoutResource.parse(JSON.parse(text))).toMatchObject({
      status: 'failed',
      failure_code: 'account_closed',
      expected_by: expect.any(String),
    });
    expect(text).not.toContain('ba_1');
  });

  test.each([
    ['an unknown id', 'po_01kfh1v9c5fr0s2ph9b4w2zq6n'],
    ['an id of another kind', 'pa_01kfh1v9c5fr0s2ph9b4w2zq6n'],
    ['no id', 'x'],
    ['SQL', "po_' OR 1=1 --"],
    ['a NUL', '%00'],
  ])('404: %s', async (_, id) => {
    await problemIn(await get(id), 404, 'not_found');
  });

  test('401 and 403', async () => {
    const { payout } = await payoutIn(database, 'queued', { party: party.reference });
    const id = toId('payout', payout.id);
    await problemIn(await get(id, null), 401, 'not_signed_in');
    const writer = mintApiKey('writer');
    await insertApiKey(database.db, writer, { name: 'w', scopes: ['payouts:write'], expiresAt: null, now: NOW });
    await problemIn(await get(id, writer), 403, 'permission_missing');
  });
});

describe('GET /v1/openapi.json', () => {
  interface Document {
    openapi: string;
    paths: Record<
      string,
      Record<
        string,
        {
          responses: Record<string, { description: string; content?: object }>;
          security: object[];
          parameters?: { in: string; name: string; required: boolean }[];
        }
      >
    >;
    components: {
      schemas: Record<string, { properties: Record<string, { enum?: string[] }>; required: string[] }>;
      securitySchemes: object;
    };
  }

  test('is public, OpenAPI 3.1, and complete: header, security, problem schema, every error’s code under its status', async () => {
    const response = await app.request('/v1/openapi.json');
    expect(response.status).toBe(200);
    const document = (await response.json()) as Document;
    expect(document.openapi).toBe('3.1.0');
    expect(document.components.securitySchemes).toMatchObject({ apiKey: { type: 'http', scheme: 'bearer' } });
    expect(document.components.schemas.Problem?.properties.code?.enum).toContain('idempotency_key_reused');
    expect(document.components.schemas.Payout?.required).toContain('amount_minor');
    const create = document.paths['/v1/payouts']?.post;
    expect(create?.security).toEqual([{ apiKey: ['payouts:write'] }]);
    expect(create?.parameters).toContainEqual(
      expect.objectContaining({ in: 'header', name: 'Idempotency-Key', required: true }),
    );
    expect(Object.keys(create?.responses ?? {})).toEqual([
      '201',
      '400',
      '401',
      '403',
      '409',
      '413',
      '415',
      '422',
      '500',
    ]);
    expect(create?.responses[400]?.description).toContain('`idempotency_key_missing`');
    expect(create?.responses[422]?.description).toContain('`idempotency_key_reused`');
    expect(create?.responses[409]?.description).toContain('`idempotency_key_in_flight`');
    for (const [status, { content }] of Object.entries(create?.responses ?? {})) {
      expect(Object.keys(content ?? {})).toEqual([status === '201' ? 'application/json' : 'application/problem+json']);
    }
    expect(Object.keys(document.paths['/v1/payouts/{id}']?.get?.responses ?? {})).toEqual([
      '200',
      '401',
      '403',
      '404',
      '500',
    ]);
  });

  test('the answer that a machine got is what the document promises', async () => {
    const created = (await (await post(requestBody(party.reference))).json()) as Record<string, unknown>;
    const document = (await (await app.request('/v1/openapi.json')).json()) as Document;
    expect(Object.keys(created).sort()).toEqual([...(document.components.schemas.Payout?.required ?? [])].sort());
    expect(parseId('payout', String(created.id))).not.toBeNull();
  });
});
