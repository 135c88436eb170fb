import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import * as engine from '@prisma/schema-engine-wasm/schema_engine_bg';
import { runMigrations } from 'graphile-worker';
import pg from 'pg';
import { APP_ROLE } from './db.ts';

const schemaFile = fileURLToPath(new URL('../../../../prisma/schema.prisma', import.meta.url));
const migrationsDir = fileURLToPath(new URL('../../../../prisma/migrations', import.meta.url));
const filters = { externalTables: [], externalEnums: [] };

/**
 * Brings the database at `url` to the newest schema: Prisma's migrations (through the schema engine's WebAssembly build,
 * since Prisma's own command line downloads a native engine), graphile-worker's, and the application role's grants on it.
 * `prisma migrate deploy` on the same database finds nothing left to do. Returns the names of the migrations applied.
 * Throws the engine's error when a migration fails or an applied one was edited.
 */
export async function migrate(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    // Several api processes may start at once; the second waits here and then finds nothing to do.
    await client.query("SELECT pg_advisory_lock(hashtext('countersign:migrate'))");
    const applied = await deploy(url);
    await runMigrations({ connectionString: url });
    await client.query(`
      GRANT USAGE ON SCHEMA graphile_worker TO ${APP_ROLE};
      GRANT ALL ON ALL TABLES IN SCHEMA graphile_worker TO ${APP_ROLE};
      GRANT ALL ON ALL SEQUENCES IN SCHEMA graphile_worker TO ${APP_ROLE};
      GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA graphile_worker TO ${APP_ROLE};
    `);
    await client.query(QUEUE_POLICIES);
    return applied;
  } finally {
    await client.end();
  }
}

/**
 * graphile-worker switches row security on and adds no policy: without one, only the tables' owner could add or take a job.
 */
const QUEUE_POLICIES = `
  DO $$
  DECLARE guarded regclass;
  BEGIN
    FOR guarded IN
      SELECT c.oid FROM pg_class c
      WHERE c.relnamespace = 'graphile_worker'::regnamespace AND c.relkind = 'r' AND c.relrowsecurity
        AND NOT EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = '${APP_ROLE}')
    LOOP
      EXECUTE format('CREATE POLICY ${APP_ROLE} ON %s TO ${APP_ROLE} USING (true) WITH CHECK (true)', guarded);
    END LOOP;
  END $$`;

async function deploy(url: string): Promise<string[]> {
  const migrationDirectories = readdirSync(migrationsDir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .map((path) => ({
      path,
      migrationFile: {
        path: 'migration.sql',
        content: { tag: 'ok' as const, value: readFileSync(`${migrationsDir}/${path}/migration.sql`, 'utf8') },
      },
    }));
  const migrationsList = {
    baseDir: migrationsDir,
    lockfile: { path: './migration_lock.toml', content: 'provider = "postgresql"\n' },
    shadowDbInitScript: '',
    migrationDirectories,
  };
  return withEngine(url, async (schemaEngine) => {
    const { appliedMigrationNames } = await schemaEngine.applyMigrations({ migrationsList, filters });
    return appliedMigrationNames;
  });
}

/** The SQL that builds schema.prisma from nothing: what the drift test compares the migrated database with. */
export function schemaSql(url: string): Promise<string> {
  const to = {
    tag: 'schemaDatamodel' as const,
    files: [{ path: schemaFile, content: readFileSync(schemaFile, 'utf8') }],
    configDir: process.cwd(),
  };
  return withEngine(url, async (schemaEngine) => {
    const { stdout } = await schemaEngine.diff({ from: { tag: 'empty' }, to, script: true, exitCode: null, filters });
    return stdout ?? '';
  });
}

let initialised = false;

async function withEngine<T>(url: string, work: (schemaEngine: engine.SchemaEngine) => Promise<T>): Promise<T> {
  if (!initialised) {
    const require = createRequire(import.meta.url);
    const entry = require.resolve('@prisma/schema-engine-wasm');
    const wasm = readFileSync(entry.replace(/schema_engine\.js$/, 'schema_engine_bg.wasm'));
    const instance = new WebAssembly.Instance(new WebAssembly.Module(wasm), { './schema_engine_bg.js': imports() });
    engine.__wbg_set_wasm(instance.exports);
    (instance.exports.__wbindgen_start as () => void)();
    initialised = true;
  }
  const datamodels: [string, string][] = [[schemaFile, readFileSync(schemaFile, 'utf8')]];
  const pool = new pg.Pool({ connectionString: url });
  const bound = bindMigrationAwareSqlAdapterFactory(new WholeScripts(pool));
  const schemaEngine = await engine.SchemaEngine.new({ datamodels }, () => undefined, bound);
  try {
    return await work(schemaEngine);
  } finally {
    await pool.end();
  }
}

/** The engine races its own lock against a 10 s timer that it never clears: unref it, or every exit waits for it. */
function imports(): WebAssembly.ModuleImports {
  const own = { ...engine } as unknown as Record<string, WebAssembly.ImportValue>;
  for (const name of Object.keys(own).filter((key) => key.startsWith('__wbg_setTimeout_'))) {
    own[name] = (callback: () => void, ms: number) => setTimeout(callback, ms).unref();
  }
  return own;
}

/** adapter-pg splits scripts on ';', which breaks dollar-quoted functions: send each script whole instead. */
class WholeScripts extends PrismaPg {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    super(pool);
    this.#pool = pool;
  }
  override async connect() {
    const adapter = await super.connect();
    adapter.executeScript = async (script) => {
      await this.#pool.query(script);
    };
    return adapter;
  }
}
