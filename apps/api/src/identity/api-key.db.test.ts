import { afterAll, beforeAll, expect, test } from 'vitest';
import { MINUTE_MS } from '../core/time.ts';
import { NOW } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { ago } from '../testing/payout-samples.ts';
import { actorOfApiKey, insertApiKey } from './api-key.store.ts';
import { mintApiKey } from './api-key.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const newKey = async (over: { expiresAt?: Date } = {}) => {
  const secret = mintApiKey('test');
  const id = await insertApiKey(database.db, secret, {
    name: 'shop',
    scopes: ['payouts:write'],
    expiresAt: over.expiresAt ?? null,
    now: ago(MINUTE_MS),
  });
  return { id, secret };
};
const actorOf = (secret: string, now = NOW) => actorOfApiKey(database.db, `Bearer ${secret}`, now);
const lastUsed = async (id: string) => {
  const { rows } = await database.db.query<{ last_used_at: Date | null }>(
    'SELECT last_used_at FROM api_key WHERE id = $1',
    [id],
  );
  return rows[0]?.last_used_at ?? null;
};

test('a key is its machine, with its scopes; the secret itself is nowhere in the table', async () => {
  const { id, secret } = await newKey();
  expect(await actorOf(secret)).toEqual({ kind: 'machine', id, label: 'shop', scopes: ['payouts:write'] });
  const { rows } = await database.db.query<{ row: string }>('SELECT api_key::text AS row FROM api_key WHERE id = $1', [
    id,
  ]);
  expect(rows[0]?.row).not.toContain(secret);
});

test('nobody: unknown, expired, revoked, missing', async () => {
  expect(await actorOf(mintApiKey('test'))).toBeNull();
  expect(await actorOf((await newKey({ expiresAt: NOW })).secret)).toBeNull();
  expect(await actorOfApiKey(database.db, undefined, NOW)).toBeNull();
  const revoked = await newKey();
  await database.owner.query('UPDATE api_key SET revoked_at = $2 WHERE id = $1', [revoked.id, ago(1)]);
  expect(await actorOf(revoked.secret)).toBeNull();
  expect(await lastUsed(revoked.id)).toBeNull();
});

test('its last use is noted at most once a minute', async () => {
  const { id, secret } = await newKey();
  await actorOf(secret);
  expect(await lastUsed(id)).toEqual(NOW);
  await actorOf(secret, ago(-MINUTE_MS + 1));
  expect(await lastUsed(id)).toEqual(NOW);
  await actorOf(secret, ago(-MINUTE_MS));
  expect(await lastUsed(id)).toEqual(ago(-MINUTE_MS));
});

test('stored twice, a secret stays one key', async () => {
  const { id, secret } = await newKey();
  const again = await insertApiKey(database.db, secret, {
    name: 'shop 2',
    scopes: ['payouts:read'],
    expiresAt: null,
    now: NOW,
  });
  expect(again).toBe(id);
  expect(await actorOf(secret)).toMatchObject({ id, label: 'shop 2', scopes: ['payouts:write'] });
});
