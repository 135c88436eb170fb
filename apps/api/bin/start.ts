import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withdrawDemoAccess } from '../../../prisma/seed/demo-access.ts';
import { seedDemo } from '../../../prisma/seed/seed-demo.ts';
import { openDb } from '../src/runtime/db.ts';
import { defaultDataDir, startEmbeddedPostgres } from '../src/runtime/embedded-postgres.ts';
import { migrate } from '../src/runtime/migrate.ts';
import { exitWith, onStop, readConfig } from './config.ts';
import { connectorsOf } from './connectors.ts';
import { assertPortFree, databaseFault, type Supervised, supervise, waitUntil } from './supervise.ts';
import { buildWebIfStale } from './web-build.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const env = process.env;
const stops: (() => Promise<void>)[] = [];
const stopAll = async () => {
  for (const stop of stops.toReversed()) await stop();
};

try {
  onStop(async () => {
    console.log('\nStopping …');
    await stopAll();
  });
  await start();
} catch (error) {
  await stopAll();
  exitWith(error);
}

/** Everything that `npm start` does, in order; each part that runs on adds how it is stopped. */
async function start(): Promise<void> {
  const port = portOf('PORT', 4400);
  const sandboxPort = portOf('PSP_SANDBOX_PORT', 4410);
  const usesSandbox = !env.STRIPE_SECRET_KEY;
  // Settings that no process could start with are told once, here, instead of by every process again and again. The two that
  // are made further down stand in as placeholders.
  connectorsOf(readConfig({ AUTH_SECRET: 'x'.repeat(32), ...env, DATABASE_URL: 'postgresql://to-be-opened' }));
  await assertPortFree('PORT', port);
  if (usesSandbox) await assertPortFree('PSP_SANDBOX_PORT', sandboxPort);

  const dataDir = env.COUNTERSIGN_DATA || defaultDataDir(root);
  mkdirSync(dataDir, { recursive: true });
  // Both at once, and both ended before a failure of either is told, so that what has started can be stopped.
  const [built, opened] = await Promise.allSettled([buildWebIfStale(root), database(dataDir)]);
  if (opened.status === 'rejected') throw opened.reason;
  if (built.status === 'rejected') throw built.reason;
  const databaseUrl = opened.value;

  const demo = demoMode();
  const shared = {
    ...env,
    PORT: String(port),
    PSP_SANDBOX_PORT: String(sandboxPort),
    DATABASE_URL: databaseUrl,
    AUTH_SECRET: env.AUTH_SECRET || kept(dataDir, 'auth-secret', 32),
    LOG_LEVEL: env.LOG_LEVEL || 'warn',
    // Receivers on this machine are what one tries webhooks out with; a real installation has none.
    ALLOW_LOCAL_WEBHOOKS: env.ALLOW_LOCAL_WEBHOOKS || (demo && usesSandbox ? 'on' : 'off'),
  };
  const part = (name: string, entry: string, more: Record<string, string> = {}): Supervised => {
    const supervised = supervise({ name, entry: join(root, entry), cwd: root, env: { ...shared, ...more } });
    stops.push(() => supervised.stop());
    return supervised;
  };

  if (usesSandbox) {
    part('psp-sandbox', 'apps/psp-sandbox/server.ts', {
      PSP_SANDBOX_DATA: env.PSP_SANDBOX_DATA || join(dataDir, 'psp-sandbox'),
      PSP_SANDBOX_WEBHOOK_URL: env.PSP_SANDBOX_WEBHOOK_URL || `http://127.0.0.1:${port}/webhooks/stripe`,
    });
    await waitUntil('the psp-sandbox', `http://127.0.0.1:${sandboxPort}/healthz`);
  }
  const accounts = demo
    ? await fillDemo(databaseUrl, dataDir, usesSandbox ? sandboxPort : null)
    : await closeDemo(databaseUrl);
  part('worker', 'apps/api/bin/worker.ts');
  part('api', 'apps/api/bin/server.ts');
  await waitUntil('Countersign', `http://127.0.0.1:${port}/readyz`);
  console.log(banner(port, accounts));
}

async function database(dataDir: string): Promise<string> {
  const given = env.DATABASE_URL;
  if (given) {
    try {
      await migrate(given);
    } catch (error) {
      throw databaseFault(given, error);
    }
    return given;
  }
  const postgres = await startEmbeddedPostgres({ dataDir: join(dataDir, 'postgres') });
  stops.push(() => postgres.stop());
  await migrate(postgres.url);
  return postgres.url;
}

/** Demo mode: on with the embedded database, and where demo credentials are given; a DATABASE_URL alone may be a company's own. */
function demoMode(): boolean {
  if (env.DEMO) return ['true', '1', 'on'].includes(env.DEMO);
  return !env.DATABASE_URL || Boolean(env.DEMO_PASSWORD || env.DEMO_API_KEY);
}

interface DemoAccounts {
  password: string;
  apiKey: string;
  emails: { email: string; roles: string }[];
}

async function fillDemo(databaseUrl: string, dataDir: string, sandboxPort: number | null): Promise<DemoAccounts> {
  const password = env.DEMO_PASSWORD || kept(dataDir, 'demo-password', 9);
  const apiKey = env.DEMO_API_KEY || `csk_demo_${kept(dataDir, 'demo-api-key', 24)}`;
  const db = openDb(databaseUrl, { max: 4, asOwner: true, statementTimeoutMs: 120_000 });
  try {
    const sandboxUrl = sandboxPort === null ? null : `http://127.0.0.1:${sandboxPort}`;
    const emails = await seedDemo({ db, password, apiKey, sandboxUrl, now: new Date() });
    return { password, apiKey, emails };
  } finally {
    await db.end();
  }
}

/** Without demo mode nobody signs in with a demo account, also where an earlier start made some. */
async function closeDemo(databaseUrl: string): Promise<null> {
  const db = openDb(databaseUrl, { max: 1 });
  try {
    await withdrawDemoAccess(db, new Date());
    return null;
  } finally {
    await db.end();
  }
}

/** A random secret that stays the same from start to start, readable by this user alone. */
function kept(dataDir: string, name: string, bytes: number): string {
  const file = join(dataDir, name);
  if (!existsSync(file)) writeFileSync(file, randomBytes(bytes).toString('base64url'), { mode: 0o600 });
  return readFileSync(file, 'utf8').trim();
}

function portOf(name: string, fallback: number): number {
  const text = env[name];
  if (!text) return fallback;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Error(`${name} must be a port number, not "${text}".`);
  return port;
}

function banner(port: number, accounts: DemoAccounts | null): string {
  const lines = ['', `  Countersign   http://localhost:${port}`, ''];
  if (accounts) {
    lines.push(`  Demo accounts, password ${accounts.password}`);
    const width = Math.max(...accounts.emails.map(({ email }) => email.length));
    for (const { email, roles } of accounts.emails) lines.push(`    ${email.padEnd(width)}  ${roles}`);
    lines.push('', `  Demo API key  ${accounts.apiKey}`, '');
  } else {
    lines.push(
      '  No demo accounts: this is your own database. docs/configuration.md says how to make the first person.',
      '',
    );
  }
  lines.push('  Ctrl-C stops everything.', '');
  return lines.join('\n');
}
