import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openDb } from '../src/runtime/db.ts';
import { defaultDataDir, startEmbeddedPostgres } from '../src/runtime/embedded-postgres.ts';
import { migrate } from '../src/runtime/migrate.ts';
import { exitWith } from './config.ts';
import { databaseFault } from './supervise.ts';

// `npm run db:reset`: empties the database, so that the next `npm start` begins anew. A database of one's own, given by
// DATABASE_URL, is emptied only when told so with --yes.

/** The product runs on the database that is to be emptied. */
class InUse extends Error {
  override readonly name = 'InUse';
}

const root = fileURLToPath(new URL('../../..', import.meta.url));

try {
  const { values } = parseArgs({ options: { yes: { type: 'boolean', default: false } } });
  await (process.env.DATABASE_URL ? resetGiven(process.env.DATABASE_URL, values.yes) : resetEmbedded());
  console.log('The database is empty. The next npm start fills it again.');
} catch (error) {
  exitWith(error);
}

async function resetGiven(url: string, yes: boolean): Promise<void> {
  if (!yes) {
    const name = URL.canParse(url) ? `${new URL(url).host}${new URL(url).pathname}` : 'the database it names';
    throw new Error(`DATABASE_URL is set: this would delete everything in ${name}. Say so with --yes.`);
  }
  try {
    await empty(url);
  } catch (error) {
    throw error instanceof InUse ? error : databaseFault(url, error);
  }
}

/** Empties the demonstration's own cluster, and the sandbox's books with it; passwords and keys stay as they are. */
async function resetEmbedded(): Promise<void> {
  const dataDir = process.env.COUNTERSIGN_DATA || defaultDataDir(root);
  const postgres = await startEmbeddedPostgres({ dataDir: join(dataDir, 'postgres') });
  try {
    await empty(postgres.url);
  } catch (error) {
    // Somebody else's server then: they stop it.
    if (!(error instanceof InUse)) await postgres.stop();
    throw error;
  }
  await postgres.stop();
  rmSync(process.env.PSP_SANDBOX_DATA || join(dataDir, 'psp-sandbox'), { recursive: true, force: true });
}

/** Drops every table of the product and of its job queue, and builds them again. Throws InUse while the product runs on it. */
async function empty(url: string): Promise<void> {
  const db = openDb(url, { max: 1, asOwner: true, applicationName: 'db-reset', statementTimeoutMs: 60_000 });
  try {
    const running = await db.query(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'countersign-%' LIMIT 1`,
    );
    if (running.rowCount > 0) throw new InUse('Countersign is running on this database: stop it first (Ctrl-C).');
    await db.transaction(async (tx) => {
      await tx.query('DROP SCHEMA IF EXISTS graphile_worker CASCADE');
      await tx.query('DROP SCHEMA IF EXISTS public CASCADE');
      await tx.query('CREATE SCHEMA public');
    });
  } finally {
    await db.end();
  }
  await migrate(url);
}
