import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { migrate, schemaSql } from './migrate.ts';

const COLUMNS = `
  SELECT table_name, column_name, data_type, is_nullable, coalesce(column_default, '') AS column_default
  FROM information_schema.columns WHERE table_schema = $1 AND table_name NOT LIKE '\\_prisma%'
  ORDER BY table_name, column_name`;
const INDEXES = `SELECT tablename, indexname FROM pg_indexes WHERE schemaname = $1 AND tablename NOT LIKE '\\_prisma%' ORDER BY 1, 2`;

describe('migrations', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database.close());

  test('build exactly what schema.prisma says: no drift of columns, and none of its indexes missing', async () => {
    const sql = (await schemaSql(database.url)).replaceAll('"public"', '"drift"');
    await database.owner.transaction(async (tx) => {
      await tx.client.query('CREATE SCHEMA drift; SET LOCAL search_path = drift;');
      await tx.client.query(sql.replaceAll('CREATE SCHEMA IF NOT EXISTS "drift";', ''));
    });
    const read = async (text: string, schema: string) =>
      (await database.owner.query(text, [schema])).rows.map((row) => JSON.stringify(row).replaceAll('drift.', ''));
    expect(await read(COLUMNS, 'public')).toEqual(await read(COLUMNS, 'drift'));
    expect(await read(INDEXES, 'public')).toEqual(expect.arrayContaining(await read(INDEXES, 'drift')));
  });

  test('run again find nothing left to do', async () => {
    expect(await migrate(database.url)).toEqual([]);
  });

  test('leave the session in UTC, as the role that cannot rewrite history', async () => {
    const { rows } = await database.db.query(`SELECT current_user::text AS who, current_setting('TimeZone') AS zone`);
    expect(rows).toEqual([{ who: 'countersign_app', zone: 'UTC' }]);
  });

  test.each([
    'audit_event',
    'journal_entry',
    'posting',
    'payout_event',
    'settlement_line',
    'settlement_statement',
    'override_decision',
    'override_policy',
    'evidence_file',
  ])('%s: the application may not update, delete or truncate it, and even its owner is stopped', async (table) => {
    for (const change of [`UPDATE ${table} SET ctid = ctid`, `DELETE FROM ${table}`, `TRUNCATE ${table}`]) {
      await expect(database.db.query(change.replace('ctid = ctid', `${await anyColumn(table)}`))).rejects.toThrow(
        'permission denied',
      );
    }
    await expect(database.owner.query(`TRUNCATE ${table} CASCADE`)).rejects.toThrow('append-only');
  });

  async function anyColumn(table: string): Promise<string> {
    const { rows } = await database.owner.query<{ column_name: string }>(
      'SELECT column_name FROM information_schema.columns WHERE table_name = $1 ORDER BY ordinal_position LIMIT 1',
      [table],
    );
    return `${rows[0]?.column_name} = ${rows[0]?.column_name}`;
  }
});
