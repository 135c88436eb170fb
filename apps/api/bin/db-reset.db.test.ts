import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDb } from '../src/runtime/db.ts';
import { type TestDatabase, testDatabase } from '../src/testing/database.ts';

const script = fileURLToPath(new URL('db-reset.ts', import.meta.url));

let database: TestDatabase;
beforeEach(async () => {
  database = await testDatabase();
  await database.owner.query(`INSERT INTO party (id, kind, name, reference, country)
    VALUES ('019b8d2b-8c00-7571-9dcb-915cb8e6fc00', 'merchant', 'A', 'a', 'DE')`);
});
afterEach(() => database.close());

function reset(url: string, ...args: string[]): Promise<{ code: number; said: string }> {
  return new Promise((resolve) => {
    const options = { env: { ...process.env, DATABASE_URL: url } };
    execFile(process.execPath, ['--disable-warning=ExperimentalWarning', script, ...args], options, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, said: out + err }),
    );
  });
}

const parties = async () => (await database.owner.query('SELECT 1 FROM party')).rowCount;

it('refuses to empty a database of one’s own without --yes, and does not show its password', async () => {
  const { code, said } = await reset(database.url);
  expect(code).toBe(1);
  expect(said).toContain('--yes');
  expect(said).toContain(new URL(database.url).pathname);
  expect(said).not.toContain(new URL(database.url).password);
  expect(await parties()).toBe(1);
});

it('empties it with --yes, and leaves it ready for the application', async () => {
  expect(await reset(database.url, '--yes')).toMatchObject({ code: 0 });
  expect(await parties()).toBe(0);
  const app = openDb(database.url, { max: 1 });
  try {
    expect((await app.query('SELECT name FROM control_switch')).rows).toEqual([{ name: 'payouts' }]);
    expect((await app.query('SELECT count(*) FROM graphile_worker.jobs')).rows).toEqual([{ count: 0n }]);
  } finally {
    await app.end();
  }
});

it('refuses while the product runs on it', async () => {
  const api = openDb(database.url, { max: 1, applicationName: 'countersign-api' });
  try {
    await api.query('SELECT 1');
    const { code, said } = await reset(database.url, '--yes');
    expect(code).toBe(1);
    expect(said).toContain('stop it first');
    expect(await parties()).toBe(1);
  } finally {
    await api.end();
  }
});

it.each([
  ['an unknown option', ['--force'], /--force/],
  ['a server that is not there', ['--yes'], /no PostgreSQL answers there/],
])('says in one sentence: %s', async (_name, args, sentence) => {
  const { code, said } = await reset('postgresql://u:secret@127.0.0.1:1/x', ...args);
  expect(code).toBe(1);
  expect(said).toMatch(sentence);
  expect(said).not.toContain('secret');
  expect(said).not.toMatch(/\n\s+at /);
});
