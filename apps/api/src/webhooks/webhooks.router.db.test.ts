import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openLog } from '../runtime/log.ts';
import { NOW, person } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { SETTINGS } from './testing/webhook-samples.ts';
import { webhooksRouter } from './webhooks.router.ts';

type Person = Awaited<ReturnType<typeof person>>;

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const as = (actor: Person | null) =>
  webhooksRouter.createCaller({
    db: database.db,
    actor: actor && { ...actor, email: 'someone@example.test' },
    clock: () => NOW,
    request: { requestId: 'req_1', ip: null },
    live: { subscribe: () => () => undefined, close: async () => undefined },
    log: openLog('test', 'silent'),
    connectors: {},
    webhooks: SETTINGS,
  });
const key = (input: unknown, idempotencyKey = randomUUID()) => ({ idempotencyKey, input }) as never;

test('an endpoint’s life: its secret is told to who made it, and read by nobody afterwards', async () => {
  const admin = as(await person(database, 'admin'));
  const body = { url: 'https://hooks.example.com/', description: 'Shop', types: ['*'] };
  const again = randomUUID();
  const { endpointId, secret, ...rest } = await admin.add(key(body, again));
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/=]{44}$/);
  expect(rest).toEqual({});
  expect(await admin.add(key(body, again))).toEqual({ endpointId, secret });

  const rotated = await admin.rotate(key({ endpointId, version: 1 }));
  expect(rotated.secret).not.toBe(secret);
  expect(await admin.change(key({ endpointId, version: 2, description: 'Shop 2' }))).toEqual({
    endpointId,
    version: 3,
  });
  await admin.test(key({ endpointId }));
  const { rows } = await admin.deliveries({ endpointId });
  expect(rows).toMatchObject([{ type: 'test.ping', status: 'pending', tries: 0 }]);
  const seen = [
    await admin.endpoints(),
    await admin.endpoint({ id: endpointId }),
    await admin.delivery({ id: rows[0]?.id ?? '' }),
  ];
  const text = JSON.stringify(seen);
  for (const hidden of [secret, rotated.secret]) expect(text).not.toContain(hidden.slice(6));
  expect(text).not.toContain('s1.');
  expect(await admin.disable(key({ endpointId, reason: 'a test' }))).toEqual({ endpointId, givenUp: 1 });
});

test('read by who may, and nobody else', async () => {
  for (const role of ['viewer', 'approver'] as const) {
    await expect(as(await person(database, role)).endpoints()).rejects.toMatchObject({ code: 'FORBIDDEN' });
  }
  await expect(as(null).endpoints()).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
  await expect(as(await person(database, 'finance')).endpoints()).resolves.toBeInstanceOf(Array);
});
