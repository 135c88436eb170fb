import { hashPassword } from 'better-auth/crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toId } from '../core/ids.ts';
import { HOUR_MS } from '../core/time.ts';
import { httpApp } from '../http-app.ts';
import { addPerson } from '../identity/add-person.ts';
import { openAuth } from '../identity/auth.ts';
import { openLiveFeed } from '../runtime/live.ts';
import { openLog } from '../runtime/log.ts';
import { execute } from '../runtime/operation.ts';
import { callBy } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { auditRows } from '../testing/expect-audit.ts';
import { attemptsOf, footprint, payoutIn, reread } from '../testing/factories.ts';
import type { Payout } from './payout.ts';

// What people and networks do to a retry, through the HTTP that the console speaks, signed in for real. What providers send
// is in webhooks.http.db.test.ts.

const ORIGIN = 'http://localhost:4400';
const PASSWORD = 'correct horse battery';

let database: TestDatabase;
let live: ReturnType<typeof openLiveFeed>;
let app: ReturnType<typeof httpApp>;
let ada: string;
let bea: string;

beforeAll(async () => {
  database = await testDatabase();
  live = openLiveFeed(database.url);
  const { db } = database;
  app = httpApp({
    db,
    live,
    clock: () => new Date(),
    log: openLog('test', 'silent'),
    connectors: {},
    auth: openAuth({ db, secret: 'x'.repeat(32), publicUrl: ORIGIN, trustedOrigins: [ORIGIN] }),
    webRoot: null,
  });
  const passwordHash = await hashPassword(PASSWORD);
  const signIn = async (name: string) => {
    const email = `${name}@example.test`;
    const cli = { kind: 'cli' as const, id: 'test', label: 'cli' };
    await execute(db, addPerson, callBy(cli), { email, name, roles: ['ops'], passwordHash });
    const signedIn = await post('/api/auth/sign-in/email', { email, password: PASSWORD }, '');
    return signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
  };
  ada = await signIn('ada');
  bea = await signIn('bea');
});
afterAll(async () => {
  await live.close();
  await database.close();
});

const post = (path: string, body: unknown, cookie: string) =>
  app.request(`${ORIGIN}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: ORIGIN, host: 'localhost:4400', cookie },
    body: JSON.stringify(body),
  });
const retry = async (payout: Payout, cookie: string, idempotencyKey: string = crypto.randomUUID(), version = 0) => {
  const input = { payoutId: toId('payout', payout.id), version: version || payout.version };
  const response = await post('/trpc/payouts.retry', { idempotencyKey, input }, cookie);
  const body = (await response.json()) as {
    result?: { data: { attemptNo: number } };
    error?: { data: { refusal: { code: string } } };
  };
  return { status: response.status, result: body.result?.data, code: body.error?.data.refusal.code ?? null };
};
const failed = async () => (await payoutIn(database, 'failed', { at: new Date(Date.now() - HOUR_MS) })).payout;
const ONE_NEW = [
  { no: 1, status: 'rejected' },
  { no: 2, status: 'ready' },
];

describe('bad input: a retry', () => {
  test('two operators on one payout: one retries, the other is told that it changed, and nothing is sent twice', async () => {
    const payout = await failed();
    const answers = await Promise.all([retry(payout, ada), retry(payout, bea)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(answers.map(({ code }) => code)).toContain('version_conflict');
    expect(await attemptsOf(database, payout.id)).toEqual(ONE_NEW);
    const outcomes = (await auditRows(database, payout.id)).filter(({ act }) => act === 'payout.retried');
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['done', 'refused']);
    expect(new Set(outcomes.map(({ actor_id }) => actor_id)).size).toBe(2);
  });

  test('a double click: both carry the dialog’s one key, one retry is made', async () => {
    const payout = await failed();
    const key = crypto.randomUUID();
    const answers = await Promise.all([retry(payout, ada, key), retry(payout, ada, key)]);
    for (const { status, code } of answers) {
      expect([200, 409]).toContain(status);
      if (status === 409) expect(code).toBe('idempotency_key_in_flight');
    }
    expect(answers.map(({ status }) => status)).toContain(200);
    expect(await attemptsOf(database, payout.id)).toEqual(ONE_NEW);
  });

  test('the request again with the same key, after its answer was lost: the same answer, nothing more', async () => {
    const payout = await failed();
    const key = crypto.randomUUID();
    const first = await retry(payout, ada, key);
    const before = await footprint(database);
    expect(await retry(payout, ada, key)).toEqual(first);
    expect(first).toMatchObject({ status: 200, result: { attemptNo: 2 } });
    expect(await footprint(database)).toEqual(before);
  });

  test('another body under the same key is refused, and does nothing', async () => {
    const [payout, other] = [await failed(), await failed()];
    const key = crypto.randomUUID();
    await retry(payout, ada, key);
    const before = await footprint(database);
    expect(await retry(other, ada, key)).toMatchObject({ status: 422, code: 'idempotency_key_reused' });
    expect(await retry(payout, ada, key, payout.version + 1)).toMatchObject({ code: 'idempotency_key_reused' });
    expect(await footprint(database)).toEqual(before);
    // Somebody else's key of the same name is their own.
    expect(await retry(other, bea, key)).toMatchObject({ status: 200 });
  });

  test('an old tab with a stale version is refused and told to look again', async () => {
    const payout = await failed();
    await retry(payout, ada);
    const now = await reread(database, payout.id);
    const before = await footprint(database);
    expect(await retry(payout, bea)).toMatchObject({ status: 409, code: 'version_conflict' });
    expect(await retry(payout, bea, undefined, payout.version + 100)).toMatchObject({ code: 'version_conflict' });
    expect(await footprint(database)).toEqual(before);
    expect((await reread(database, payout.id)).payout).toEqual(now.payout);
  });

  test.each([
    ['no key', { input: {} }],
    ['a key of one letter', { idempotencyKey: 'x', input: {} }],
    ['a key with a line break', { idempotencyKey: 'aaaaaaaa\nbbbbbbbb', input: {} }],
    ['no input', { idempotencyKey: 'aaaaaaaaaaaa' }],
    ['a version that is none', { idempotencyKey: 'aaaaaaaaaaab', input: { payoutId: 'po_x', version: 1.5 } }],
    ['a job’s input', { idempotencyKey: 'aaaaaaaaaaac', input: { automatic: { attemptId: crypto.randomUUID() } } }],
  ])('%s: malformed', async (_, body) => {
    const before = await footprint(database);
    const response = await post('/trpc/payouts.retry', body, ada);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { data: { refusal: { code: 'malformed' } } } });
    expect(await footprint(database)).toEqual(before);
  });
});
