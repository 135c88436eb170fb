import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Role } from '../core/actor.ts';
import { toId } from '../core/ids.ts';
import { person } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { listPeople } from './people.queries.ts';

let database: TestDatabase;
const ids = new Map<string, string>();
beforeAll(async () => {
  database = await testDatabase();
  const add = async (name: string, ...roles: Role[]) => {
    const { id } = await person(database, ...roles);
    await database.owner.query('UPDATE person SET name = $2 WHERE id = $1', [id, name]);
    ids.set(name, id);
  };
  await add('Ayşe Yılmaz', 'ops', 'admin');
  await add('İbrahim Işık', 'approver');
  await add('Şule Çağlayan', 'finance');
  await add('Deniz Öztürk', 'viewer');
  await add('No Role');
  await add('Gone Ops', 'ops');
  await database.owner.query('UPDATE person SET disabled_at = now() WHERE id = $1', [ids.get('Gone Ops')]);
});
afterAll(() => database.close());

const names = async (...[permission, text, limit = 100]: [Parameters<typeof listPeople>[1], string?, number?]) =>
  (await listPeople(database.db, permission, { text, limit })).map(({ name }) => name);

test('who may look after payouts, and who may be named', async () => {
  expect(await names('payout:assign')).toEqual(['Ayşe Yılmaz', 'Şule Çağlayan']);
  expect(await names('payout:read')).toEqual(['Ayşe Yılmaz', 'Deniz Öztürk', 'İbrahim Işık', 'Şule Çağlayan']);
});

test('with all of their roles', async () => {
  expect((await listPeople(database.db, 'payout:assign', { limit: 1 }))[0]).toEqual({
    id: toId('person', ids.get('Ayşe Yılmaz') ?? ''),
    name: 'Ayşe Yılmaz',
    initials: 'AY',
    roles: ['admin', 'ops'],
  });
});

test('found by what is typed, on any keyboard', async () => {
  expect(await names('payout:read', 'isi')).toEqual(['İbrahim Işık']);
  expect(await names('payout:read', 'ibra')).toEqual(['İbrahim Işık']);
  expect(await names('payout:read', 'sule')).toEqual(['Şule Çağlayan']);
  expect(await names('payout:assign', 'ibra')).toEqual([]);
  expect(await names('payout:read', '%')).toEqual([]);
  expect(await names('payout:read', undefined, 2)).toHaveLength(2);
});
