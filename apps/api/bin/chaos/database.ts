import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { upsertPeople } from '../../../../prisma/seed/demo-access.ts';
import { newUuid } from '../../src/core/ids.ts';
import { money } from '../../src/core/money.ts';
import { utcDate } from '../../src/core/time.ts';
import { insertApiKey } from '../../src/identity/api-key.store.ts';
import { balancedEntry, clearingOf, credit, debit, walletOf } from '../../src/ledger/journal.ts';
import { postEntry } from '../../src/ledger/ledger.store.ts';
import { PAYOUT_STATUSES, RAILS } from '../../src/payouts/payout.ts';
import type { StuckRules } from '../../src/payouts/stuck-policy.ts';
import { type Db, openDb } from '../../src/runtime/db.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/runtime/embedded-postgres.ts';
import { migrate } from '../../src/runtime/migrate.ts';
import { CURRENCIES, PARTIES } from './requests.ts';

/** A PostgreSQL of the run's own, which is stopped and crashed while everything else goes on. */
export interface ChaosDatabase {
  /** Where it listens now; another port after each restart. */
  port(): number;
  /** The URL through a proxy on `port`. */
  urlThrough(port: number): string;
  /** Opens it directly, as the owner. */
  open(): Db;
  restart(mode: 'fast' | 'immediate'): Promise<void>;
  stop(): Promise<void>;
}

/** Begins with `chaos`: the product's test switches look for that before they switch anything off. */
const NAME = 'chaos_run';

/**
 * Starts a cluster in `dataDir` with database `chaos_run`, migrated. Writes are not synced to disk, since no run unplugs the
 * machine; a crashed server still loses no commit, because what it wrote is with the operating system.
 */
export async function startChaosDatabase(dataDir: string): Promise<ChaosDatabase> {
  let postgres: EmbeddedPostgres = await startEmbeddedPostgres({ dataDir });
  const admin = new pg.Client({ connectionString: postgres.url });
  await admin.connect();
  await admin.query(`ALTER SYSTEM SET fsync = off`);
  await admin.query(`CREATE DATABASE ${NAME}`);
  await admin.query(`SELECT pg_reload_conf()`);
  await admin.end();
  const url = (port: number) => {
    const changed = new URL(postgres.url);
    changed.port = String(port);
    changed.pathname = `/${NAME}`;
    return changed.toString();
  };
  const port = () => Number(new URL(postgres.url).port);
  await migrate(url(port()));
  return {
    port,
    urlThrough: url,
    open: () => openDb(url(port()), { max: 3, asOwner: true, applicationName: 'chaos', statementTimeoutMs: 60_000 }),
    restart: async (mode) => {
      if (mode === 'fast') await postgres.stop();
      else await crash(join(dataDir, 'cluster'));
      postgres = await startEmbeddedPostgres({ dataDir });
    },
    stop: () => postgres.stop(),
  };
}

/** SIGQUIT to the postmaster is `pg_ctl stop -m immediate`: no checkpoint, sessions are thrown off, recovery at the next start. */
async function crash(cluster: string): Promise<void> {
  const pid = Number(readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')[0]);
  process.kill(pid, 'SIGQUIT');
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Minutes after which a payout is late, and stuck, in every status and on every rail: real ones would outlast the run. */
export const EXPECTED_MINUTES = 0.25;
const STUCK_MINUTES = 0.5;

/** A policy whose limits a run outlasts. */
export function shortLimits(): StuckRules {
  const rule = { expected: { minutes: EXPECTED_MINUTES }, stuck: { minutes: STUCK_MINUTES } };
  const open = PAYOUT_STATUSES.filter((status) => status !== 'paid' && status !== 'canceled');
  const limits = Object.fromEntries(open.map((status) => [status, rule]));
  return {
    limits: Object.fromEntries(RAILS.map((rail) => [rail, limits])) as StuckRules['limits'],
    calendars: {},
    railCalendar: {},
  };
}

/** Merchants with money, people with a password, a machine's key, and a stuck policy that a run can outlast. */
export async function furnish(db: Db, access: { password: string; apiKey: string; now: Date }): Promise<void> {
  const { now } = access;
  for (const reference of PARTIES) {
    const id = newUuid();
    await db.query(`INSERT INTO party (id, kind, name, reference, country) VALUES ($1, 'merchant', $2, $2, 'DE')`, [
      id,
      reference,
    ]);
    for (const currency of CURRENCIES) {
      const amount = money(10n ** 12n, currency);
      const entry = balancedEntry('funding', 'chaos funds', [
        debit(clearingOf('stripe'), amount),
        credit(walletOf(id), amount),
      ]);
      await db.transaction((tx) => postEntry(tx, entry, { now, effectiveOn: utcDate(now) }));
    }
  }
  await db.transaction((tx) => upsertPeople(tx, access.password, now));
  await insertApiKey(db, access.apiKey, {
    name: 'chaos-client',
    scopes: ['payouts:read', 'payouts:write'],
    expiresAt: null,
    now,
  });
  await db.query(
    `INSERT INTO stuck_policy (version, rules, note, created_by)
     SELECT max(version) + 1, $1, 'short limits of a chaos run', 'chaos' FROM stuck_policy`,
    [JSON.stringify(shortLimits())],
  );
}
