import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { type Db, openDb } from '../runtime/db.ts';
import { migrate } from '../runtime/migrate.ts';

const TEMPLATE = 'countersign_template';

/** A database of a test's own, cloned from the migrated template. */
export interface TestDatabase {
  url: string;
  /** As the application runs: role, time zone, grants. */
  db: Db;
  /** As the owner: what someone with a superuser's shell could do. */
  owner: Db;
  close(): Promise<void>;
}

/** Migrates the template once a run. Called by vitest's global set-up and by the end-to-end set-up. */
export async function prepareTemplate(adminUrl: string): Promise<void> {
  await admin(adminUrl, async (client) => {
    await client.query(`DROP DATABASE IF EXISTS ${TEMPLATE} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${TEMPLATE}`);
  });
  await migrate(withDatabase(adminUrl, TEMPLATE));
}

/** Clones the template. Use in beforeAll, and `close` in afterAll. Throws when the global set-up did not run. */
export async function testDatabase(): Promise<TestDatabase> {
  const adminUrl = process.env.TEST_DATABASE_URL;
  if (!adminUrl)
    throw new Error('TEST_DATABASE_URL is not set: run through vitest, whose global set-up starts PostgreSQL.');
  const name = `t_${randomBytes(6).toString('hex')}`;
  await admin(adminUrl, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`));
  const url = withDatabase(adminUrl, name);
  const db = openDb(url, { max: 8, applicationName: 'test' });
  const owner = openDb(url, { max: 2, applicationName: 'test-owner', asOwner: true });
  return {
    url,
    db,
    owner,
    async close() {
      await Promise.all([db.end(), owner.end()]);
      await admin(adminUrl, (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
    },
  };
}

function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.toString();
}

async function admin(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    // Cloning needs the template free of sessions, and two clones at once exclude each other: one at a time.
    await client.query("SELECT pg_advisory_lock(hashtext('countersign:template'))");
    await work(client);
  } finally {
    await client.end();
  }
}
