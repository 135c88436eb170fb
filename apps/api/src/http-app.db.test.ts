import { hashPassword } from 'better-auth/crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toId } from './core/ids.ts';
import { systemClock } from './core/time.ts';
import { httpApp } from './http-app.ts';
import { addPerson } from './identity/add-person.ts';
import { openAuth } from './identity/auth.ts';
import { openLiveFeed } from './runtime/live.ts';
import { openLog } from './runtime/log.ts';
import { execute } from './runtime/operation.ts';
import { callBy } from './testing/calls.ts';
import { type TestDatabase, testDatabase } from './testing/database.ts';

const ORIGIN = 'http://localhost:4400';
const PASSWORD = 'correct horse battery';

describe('the HTTP surface', () => {
  let database: TestDatabase;
  let live: ReturnType<typeof openLiveFeed>;
  let app: ReturnType<typeof httpApp>;
  let cookie: string;

  beforeAll(async () => {
    database = await testDatabase();
    live = openLiveFeed(database.url);
    const { db } = database;
    app = httpApp({
      db,
      live,
      clock: systemClock,
      log: openLog('test', 'silent'),
      connectors: {},
      auth: openAuth({ db, secret: 'x'.repeat(32), publicUrl: ORIGIN, trustedOrigins: [ORIGIN] }),
      webRoot: null,
    });
    const input = {
      email: 'ops@example.test',
      name: 'Ops',
      roles: ['ops'],
      passwordHash: await hashPassword(PASSWORD),
    };
    await execute(db, addPerson, callBy({ kind: 'cli', id: 'test', label: 'cli' }), input);
    const signedIn = await post('/api/auth/sign-in/email', { email: 'ops@example.test', password: PASSWORD });
    cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
  });
  afterAll(async () => {
    await live.close();
    await database.close();
  });

  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    app.request(`${ORIGIN}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: ORIGIN, host: 'localhost:4400', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const retry = (payoutId: string, headers: Record<string, string> = {}) =>
    post(
      '/trpc/payouts.retry',
      { idempotencyKey: crypto.randomUUID(), input: { payoutId, version: 1 } },
      { cookie, ...headers },
    );

  test('healthz answers for the process, readyz for its parts', async () => {
    expect(await (await app.request('/healthz')).json()).toEqual({ status: 'ok' });
    const ready = await app.request('/readyz');
    expect(ready.status).toBe(503);
    expect(await ready.json()).toEqual({ status: 'unavailable', database: 'ok', worker: 'down', sandbox: 'down' });
  });

  test('nobody reads without signing in', async () => {
    const response = await app.request('/trpc/payouts.counts');
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ error: { data: { refusal: { code: 'not_signed_in' } } } });
  });

  test('a command from another site’s page is refused, cookie or not', async () => {
    const response = await retry(toId('payout', crypto.randomUUID()), { origin: 'https://evil.test' });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ code: 'foreign_origin' });
    expect((await post('/api/auth/sign-out', {}, { cookie, origin: 'https://evil.test' })).status).toBe(403);
  });

  test.each([
    ['an unknown id', toId('payout', '01939b1e-0000-7000-8000-000000000000'), 404, 'not_found'],
    ['an id of another kind', toId('override', '01939b1e-0000-7000-8000-000000000000'), 400, 'malformed'],
    ['no id at all', "'; DROP TABLE payout; --", 400, 'malformed'],
  ])('%s: a refusal with a code, and no stack', async (_, id, status, code) => {
    const response = await retry(id);
    expect(response.status).toBe(status);
    const text = await response.text();
    expect(text).not.toMatch(/\.ts:|node_modules|stack/);
    expect(JSON.parse(text)).toMatchObject({ error: { data: { refusal: { code } } } });
  });

  test('a bug or a fault tells the caller a reference and nothing else', async () => {
    await database.owner.query('ALTER TABLE payout RENAME TO payout_away');
    const response = await app.request('/trpc/payouts.counts', { headers: { cookie } });
    await database.owner.query('ALTER TABLE payout_away RENAME TO payout');
    expect(response.status).toBe(500);
    const body = (await response.json()) as { error: { message: string; data: { requestId: string } } };
    expect(body.error.message).toBe('Something went wrong on our side.');
    expect(body.error.data.requestId).toMatch(/^req_/);
    expect(JSON.stringify(body)).not.toMatch(/payout_away|relation|\.ts/);
  });

  test('malformed JSON and an oversized body are refusals too', async () => {
    expect((await post('/trpc/payouts.retry', '{"idempotencyKey":', { cookie })).status).toBe(400);
    const big = await post('/trpc/payouts.retry', { idempotencyKey: 'x'.repeat(2 * 1024 * 1024) }, { cookie });
    expect(big.status).toBe(413);
  });

  test('unknown paths answer with a problem document', async () => {
    const response = await app.request('/v1/nothing-here');
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
  });

  test('pages about money are not kept by any cache, and the page’s policy allows no inline script', async () => {
    const response = await app.request('/trpc/payouts.counts', { headers: { cookie } });
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('content-security-policy')).not.toContain('unsafe');
  });
});
