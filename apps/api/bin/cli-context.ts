import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Actor } from '../src/core/actor.ts';
import { type Db, openDb } from '../src/runtime/db.ts';
import { defaultDataDir, startEmbeddedPostgres } from '../src/runtime/embedded-postgres.ts';
import { migrate } from '../src/runtime/migrate.ts';
import { databaseFault } from './supervise.ts';

/** What a command works with. `json` asks for one line of JSON on standard output, and nothing else there. */
export interface CliContext {
  db: Db;
  actor: Actor;
  json: boolean;
}

/** One command of `npm run cli -- <name> …`. */
export interface CliCommand {
  name: string;
  usage: string;
  summary: string;
  /** Returns the exit code. Throws an Error with a sentence for the person, or Refused. */
  run(args: readonly string[], context: CliContext): Promise<number>;
}

/** Opens the database that the product uses: DATABASE_URL, else the embedded one, started for this command when it is not running. */
export async function openCliDatabase(environment: NodeJS.ProcessEnv): Promise<{ db: Db; close(): Promise<void> }> {
  const given = environment.DATABASE_URL;
  if (given) {
    await migrate(given).catch((error: unknown) => {
      throw databaseFault(given, error);
    });
    const db = openDb(given, { applicationName: 'countersign-cli', statementTimeoutMs: 120_000 });
    return { db, close: () => db.end() };
  }
  const root = fileURLToPath(new URL('../../..', import.meta.url));
  const dataDir = environment.COUNTERSIGN_DATA || defaultDataDir(root);
  const postgres = await startEmbeddedPostgres({ dataDir: join(dataDir, 'postgres') });
  await migrate(postgres.url);
  const db = openDb(postgres.url, { applicationName: 'countersign-cli', statementTimeoutMs: 120_000 });
  return {
    db,
    async close() {
      await db.end();
      if (!postgres.wasRunning) await postgres.stop();
    },
  };
}

/** Who acts when someone with a shell on the server does. */
export function cliActor(environment: NodeJS.ProcessEnv): Actor {
  const user = environment.SUDO_USER || environment.USER || environment.LOGNAME || 'shell';
  return { kind: 'cli', id: user, label: `cli (${user})` };
}
