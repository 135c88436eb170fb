import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../apps/api/src/testing/database.ts';
import { auditRows } from '../../apps/api/src/testing/expect-audit.ts';
import { upsertApiKey, upsertPeople, withdrawDemoAccess } from './demo-access.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const NOW = new Date('2026-11-20T10:00:00Z');

async function open() {
  const { rows } = await database.db.query<{ accounts: bigint; keys: bigint }>(
    `SELECT (SELECT count(*) FROM account) AS accounts, (SELECT count(*) FROM api_key WHERE revoked_at IS NULL) AS keys`,
  );
  return rows[0];
}

async function give() {
  await database.owner.transaction(async (tx) => {
    await upsertPeople(tx, 'a demo password', NOW);
    await upsertApiKey(tx, 'csk_demo_0123456789abcdefghij', NOW);
  });
}

test('a start without demo mode closes every demo account and the demo key, on the record, and a later one opens them again', async () => {
  await give();
  expect(await open()).toEqual({ accounts: 7n, keys: 1n });
  expect(await withdrawDemoAccess(database.db, NOW)).toBe(true);
  expect(await open()).toEqual({ accounts: 0n, keys: 0n });
  expect(await withdrawDemoAccess(database.db, NOW)).toBe(false);
  expect((await auditRows(database)).map(({ act }) => act)).toEqual(['demo.withdrawn']);
  await give();
  expect(await open()).toEqual({ accounts: 7n, keys: 1n });
});
