import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toId } from '../core/ids.ts';
import { execute, type Operation } from '../runtime/operation.ts';
import { callBy, JOB, MACHINE, NOW, person } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { auditRows } from '../testing/expect-audit.ts';
import { jobsOf, refusalOf } from '../testing/factories.ts';
import { addEndpoint } from './add-endpoint.ts';
import { changeEndpoint } from './change-endpoint.ts';
import { disableEndpoint } from './disable-endpoint.ts';
import { SECRET_OVERLAP_MS, secretsInForce } from './endpoint.ts';
import { endpointDetail, listEndpoints } from './endpoints.queries.ts';
import { rotateSecret } from './rotate-secret.ts';
import { sendTest } from './send-test.ts';
import {
  deliveriesOf,
  endpointAt,
  rereadEndpoint,
  SETTINGS,
  testMessage,
  triedOnce,
  uuidOf,
} from './testing/webhook-samples.ts';

type Person = Awaited<ReturnType<typeof person>>;

const URL = 'https://hooks.example.com/countersign';
const STRICT = { ...SETTINGS, allowLocal: false };

let database: TestDatabase;
let admin: Person;
let ops: Person;
beforeAll(async () => {
  database = await testDatabase();
  admin = await person(database, 'admin');
  ops = await person(database, 'ops');
});
afterAll(() => database.close());

const run = <I, R>(operation: Operation<I, R>, input: unknown, call = callBy(admin)) =>
  execute(database.db, operation, call, input).then(({ result }) => result);
const add = (over: Record<string, unknown> = {}, call = callBy(admin)) =>
  run(addEndpoint(STRICT), { url: URL, description: 'The shop', types: ['*'], ...over }, call);
const secretOf = async (id: string) => SETTINGS.seal.open((await rereadEndpoint(database, id)).secretSealed, id);
const endpointCount = async () => (await database.db.query('SELECT 1 FROM webhook_endpoint')).rowCount;

describe('adding an endpoint', () => {
  test('done: enabled, audited without its secret, which is stored sealed and nowhere else', async () => {
    const call = callBy(admin);
    const { endpointId, secretSealed } = await add({ types: ['payout.failed', 'payout.paid'] }, call);
    const id = uuidOf('webhook_endpoint', endpointId);
    const secret = SETTINGS.seal.open(secretSealed, id);
    expect(secret).toMatch(/^whsec_/);
    expect(await rereadEndpoint(database, id)).toMatchObject({
      url: URL,
      description: 'The shop',
      types: ['payout.paid', 'payout.failed'],
      status: 'enabled',
      createdBy: admin.label,
      version: 1,
    });
    expect(await auditRows(database, id)).toMatchObject([
      { act: 'webhook_endpoint.added', outcome: 'done', actor_id: admin.id, after: { url: URL } },
    ]);
    const bare = secret.slice('whsec_'.length);
    const { rows } = await database.owner.query<{ kept: string }>(
      `SELECT coalesce(string_agg(t, ' '), '') AS kept FROM (
         SELECT to_jsonb(e)::text AS t FROM webhook_endpoint e UNION ALL SELECT to_jsonb(a)::text FROM audit_event a
         UNION ALL SELECT to_jsonb(k)::text FROM idempotency_key k) all_rows`,
    );
    expect(rows[0]?.kept).toContain(secretSealed);
    expect(rows[0]?.kept).not.toContain(bare);
  });

  test.each([
    [{ url: 'http://example.com/' }, 'url_refused'],
    [{ url: 'https://10.0.0.1/' }, 'url_refused'],
    [{ url: 'http://localhost:9000/' }, 'url_refused'],
    [{ url: 'https://me:pw@example.com/' }, 'url_refused'],
    [{ url: 'hooks' }, 'url_refused'],
    [{ url: '' }, 'malformed'],
    [{ url: `https://example.com/${'x'.repeat(2_000)}` }, 'malformed'],
    [{ types: [] }, 'malformed'],
    [{ types: ['payout.everything'] }, 'malformed'],
    [{ types: ['*', 'payout.paid'] }, 'malformed'],
    [{ description: 'x'.repeat(201) }, 'malformed'],
    [{ secret: 'whsec_mine' }, 'malformed'],
  ])('refused: %o: %s', async (over, code) => {
    const before = await endpointCount();
    expect(await refusalOf(add(over))).toBe(code);
    expect(await endpointCount()).toBe(before);
  });

  test('forbidden to everyone but admins', async () => {
    const others = await person(database, 'ops', 'finance', 'approver', 'viewer');
    for (const actor of [others, MACHINE, JOB]) {
      expect(await refusalOf(add({}, callBy(actor)))).toBe('permission_missing');
    }
  });

  test('replayed: one endpoint, and the same secret again for the one who lost the answer', async () => {
    const call = callBy(admin);
    const first = await add({}, call);
    const before = await endpointCount();
    expect(await add({}, call)).toEqual(first);
    expect(await endpointCount()).toBe(before);
  });
});

describe('changing an endpoint', () => {
  const change = (input: Record<string, unknown>, call = callBy(admin)) => run(changeEndpoint(STRICT), input, call);

  test('done: what is said changes, the rest stays, and the secret with it', async () => {
    const { endpointId, id, secret } = await endpointAt(database, URL);
    await change({ endpointId, version: 1, description: 'Renamed', types: ['payout.paid'] });
    expect(await rereadEndpoint(database, id)).toMatchObject({
      url: URL,
      description: 'Renamed',
      types: ['payout.paid'],
      version: 2,
    });
    expect(await secretOf(id)).toBe(secret);
    expect((await auditRows(database, id)).at(-1)).toMatchObject({
      act: 'webhook_endpoint.changed',
      before: { types: ['*'], description: '' },
      after: { types: ['payout.paid'], description: 'Renamed' },
    });
  });

  test('refused: nothing to change, a private address, an older version, enabling what is enabled', async () => {
    const { endpointId } = await endpointAt(database, URL);
    expect(await refusalOf(change({ endpointId, version: 1 }))).toBe('malformed');
    expect(await refusalOf(change({ endpointId, version: 1, url: 'https://192.168.0.1/' }))).toBe('url_refused');
    expect(await refusalOf(change({ endpointId, version: 2, description: 'x' }))).toBe('version_conflict');
    expect(await refusalOf(change({ endpointId, version: 1, enable: true }))).toBe('status_forbids');
    const nowhere = toId('webhook_endpoint', crypto.randomUUID());
    expect(await refusalOf(change({ endpointId: nowhere, version: 1, description: 'x' }))).toBe('not_found');
    expect(await refusalOf(change({ endpointId, version: 1, description: 'x' }, callBy(ops)))).toBe(
      'permission_missing',
    );
  });

  test('raced: two people at once, one change', async () => {
    const { endpointId } = await endpointAt(database, URL);
    const codes = await Promise.all(
      ['one', 'two'].map((description) => refusalOf(change({ endpointId, version: 1, description }))),
    );
    expect(codes.sort()).toEqual([null, 'version_conflict'].sort());
  });
});

describe('disabling and enabling', () => {
  const disable = (endpointId: string, call = callBy(admin)) =>
    run(disableEndpoint, { endpointId, reason: 'the shop is closed' }, call);

  test('done: what waits is given up, and nothing is promised to it any more', async () => {
    const { endpointId, id } = await endpointAt(database, URL);
    const delivered = await testMessage(database, endpointId);
    await triedOnce(database, delivered, 200);
    await triedOnce(database, await testMessage(database, endpointId), 500);
    await testMessage(database, endpointId);
    expect(await disable(endpointId)).toEqual({ endpointId, givenUp: 2 });
    expect((await deliveriesOf(database, id)).map((d) => [d.status, d.givenUpWhy])).toEqual([
      ['delivered', null],
      ['given_up', 'endpoint_disabled'],
      ['given_up', 'endpoint_disabled'],
    ]);
    expect((await auditRows(database, id)).at(-1)).toMatchObject({
      act: 'webhook_endpoint.disabled',
      reason: 'the shop is closed',
      after: { status: 'disabled', givenUp: 2 },
    });
    expect(await refusalOf(disable(endpointId))).toBe('endpoint_disabled');
    expect(await refusalOf(run(sendTest, { endpointId }, callBy(ops)))).toBe('endpoint_disabled');
  });

  test('enabled again: it begins anew', async () => {
    const { endpointId, id } = await endpointAt(database, URL);
    await triedOnce(database, await testMessage(database, endpointId), 500);
    await disable(endpointId);
    expect(await rereadEndpoint(database, id)).toMatchObject({ failingSince: NOW, version: 2 });
    await run(changeEndpoint(STRICT), { endpointId, version: 2, enable: true });
    expect(await rereadEndpoint(database, id)).toMatchObject({
      status: 'enabled',
      statusReason: null,
      failingSince: null,
    });
  });

  test('forbidden, with its reason on the row', async () => {
    const { endpointId, id } = await endpointAt(database, URL);
    expect(await refusalOf(disable(endpointId, callBy(ops)))).toBe('permission_missing');
    const missing = { code: 'permission_missing', params: { permission: 'webhook:manage' } };
    expect(await endpointDetail(database.db, ops, id, NOW)).toMatchObject({
      can: { change: missing, disable: missing, rotate: missing, test: null, replay: { code: 'nothing_undelivered' } },
    });
  });

  test('raced: two people at once, one does it', async () => {
    const { endpointId } = await endpointAt(database, URL);
    const codes = await Promise.all([refusalOf(disable(endpointId)), refusalOf(disable(endpointId))]);
    expect(codes.sort()).toEqual([null, 'endpoint_disabled'].sort());
  });
});

describe('rotating the secret', () => {
  const rotate = (endpointId: string, version: number, call = callBy(admin)) =>
    run(rotateSecret(SETTINGS), { endpointId, version }, call);

  test('done: the old one stays in force for a day, and no longer', async () => {
    const { endpointId, id, secret } = await endpointAt(database, URL);
    const { secretSealed, previousUntil } = await rotate(endpointId, 1);
    const fresh = SETTINGS.seal.open(secretSealed, id);
    expect(fresh).not.toBe(secret);
    expect(previousUntil).toBe(new Date(NOW.getTime() + SECRET_OVERLAP_MS).toISOString());
    const endpoint = await rereadEndpoint(database, id);
    const inForce = (ms: number) =>
      secretsInForce(endpoint, new Date(NOW.getTime() + ms)).map((sealed) => SETTINGS.seal.open(sealed, id));
    expect(inForce(SECRET_OVERLAP_MS - 1)).toEqual([fresh, secret]);
    expect(inForce(SECRET_OVERLAP_MS)).toEqual([fresh]);
    const audited = JSON.stringify(await auditRows(database, id));
    expect(audited).not.toContain(fresh.slice(6));
    expect(audited).toContain('webhook_endpoint.secret_rotated');
  });

  test('twice: the first of the three is out at once', async () => {
    const { endpointId, id, secret } = await endpointAt(database, URL);
    await rotate(endpointId, 1);
    await rotate(endpointId, 2);
    const endpoint = await rereadEndpoint(database, id);
    const open = secretsInForce(endpoint, NOW).map((sealed) => SETTINGS.seal.open(sealed, id));
    expect(open).toHaveLength(2);
    expect(open).not.toContain(secret);
  });

  test('refused, forbidden, replayed, raced', async () => {
    const { endpointId, id } = await endpointAt(database, URL);
    expect(await refusalOf(rotate(endpointId, 7))).toBe('version_conflict');
    expect(await refusalOf(rotate(endpointId, 1, callBy(ops)))).toBe('permission_missing');
    const call = callBy(admin);
    const [one, two] = await Promise.all([refusalOf(rotate(endpointId, 1, call)), refusalOf(rotate(endpointId, 1))]);
    expect([one, two].sort()).toEqual([null, 'version_conflict'].sort());
    expect((await rereadEndpoint(database, id)).version).toBe(2);
    const again = callBy(admin);
    const first = await rotate(endpointId, 2, again);
    expect(await rotate(endpointId, 2, again)).toEqual(first);
    expect((await rereadEndpoint(database, id)).version).toBe(3);
  });
});

describe('a test message', () => {
  test('done: goes to that endpoint whatever it follows; audited', async () => {
    const { endpointId, id } = await endpointAt(database, URL, ['payout.paid']);
    const other = await endpointAt(database, URL);
    const deliveryId = await testMessage(database, endpointId);
    expect((await deliveriesOf(database, id)).map((d) => d.id)).toEqual([deliveryId]);
    expect(await deliveriesOf(database, other.id)).toEqual([]);
    expect(await jobsOf(database, deliveryId)).toMatchObject([{ task: 'webhook.deliver', payload: { deliveryId } }]);
    expect((await auditRows(database, id)).at(-1)).toMatchObject({ act: 'webhook.test_sent', outcome: 'done' });
  });

  test('forbidden, replayed', async () => {
    const { endpointId, id } = await endpointAt(database, URL);
    const finance = await person(database, 'finance');
    expect(await refusalOf(run(sendTest, { endpointId }, callBy(finance)))).toBe('permission_missing');
    const call = callBy(ops);
    expect(await run(sendTest, { endpointId }, call)).toEqual(await run(sendTest, { endpointId }, call));
    expect(await deliveriesOf(database, id)).toHaveLength(1);
  });
});

test('the list says how each endpoint does', async () => {
  const { endpointId, id } = await endpointAt(database, URL);
  const fresh = await endpointDetail(database.db, admin, id, NOW);
  expect(fresh).toMatchObject({ last: null, day: { tried: 0, delivered: 0 }, failing: 0, givenUp: 0, gone: false });
  const earlier = new Date(NOW.getTime() - 25 * 3_600_000);
  await triedOnce(database, await testMessage(database, endpointId, earlier), 200, earlier);
  for (const status of [200, 200, 200, 503]) {
    await triedOnce(database, await testMessage(database, endpointId), status);
  }
  const row = (await listEndpoints(database.db, ops, NOW)).find((one) => one.id === endpointId);
  expect(row).toMatchObject({
    day: { tried: 4, delivered: 3 },
    failing: 1,
    givenUp: 0,
    failingSince: NOW.toISOString(),
    last: { statusCode: 503, error: null, status: 'pending' },
    can: { replay: null, test: null },
  });
  expect(JSON.stringify(row)).not.toContain('s1.');
});
