import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../runtime/embedded-postgres.ts';
import { prepareTemplate } from './database.ts';

/** One real PostgreSQL for the whole run: TEST_DATABASE_URL when it is set, else a throw-away cluster. */
export default async function setup(): Promise<() => Promise<void>> {
  const given = process.env.TEST_DATABASE_URL;
  if (given) {
    await prepareTemplate(given);
    return async () => undefined;
  }
  const dataDir = mkdtempSync(join(tmpdir(), 'countersign-test-'));
  chmodSync(dataDir, 0o755);
  const postgres = await startEmbeddedPostgres({ dataDir, throwAway: true });
  process.env.TEST_DATABASE_URL = postgres.url;
  await prepareTemplate(postgres.url);
  return async () => {
    await postgres.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
}
