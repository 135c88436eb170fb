import { afterAll, beforeAll, expect, it } from 'vitest';
import { newUuid, parseId } from '../core/ids.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { payoutIn } from '../testing/factories.ts';
import { auditEvent, listAudit } from './audit.queries.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  await payoutIn(database, 'held');
});
afterAll(() => database.close());

it('gives one event as the list shows it, by its id', async () => {
  const { rows } = await listAudit(database.db, { act: 'payout.held', limit: 10 });
  const [listed] = rows;
  const uuid = parseId('audit_event', listed?.id ?? '');
  expect(uuid).not.toBeNull();
  expect(await auditEvent(database.db, uuid ?? '')).toEqual(listed);
  expect(listed).toMatchObject({ outcome: 'done', before: { status: 'queued' }, after: { status: 'held' } });
});

it('gives null for an id that names no event', async () => {
  expect(await auditEvent(database.db, newUuid())).toBeNull();
});
