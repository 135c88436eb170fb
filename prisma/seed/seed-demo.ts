import { appendAudit } from '../../apps/api/src/audit/audit.store.ts';
import { enqueueCheck, enqueueSend } from '../../apps/api/src/jobs/payout-jobs.ts';
import type { Db, Tx } from '../../apps/api/src/runtime/db.ts';
import { type BadDay, badDay } from './bad-day.ts';
import { upsertApiKey, upsertPeople } from './demo-access.ts';
import { keepDiary, storySteps } from './diary.ts';
import { loadRows } from './load-rows.ts';
import { overrideSteps } from './override-diary.ts';
import { PEOPLE } from './people.ts';
import { reconciliationSteps } from './reconciliation-diary.ts';
import { loadSandbox, sandboxBooks, sandboxHasBooks } from './sandbox-books.ts';
import { asApplication } from './transaction-db.ts';

export interface SeedOptions {
  /** As the owner of the tables. */
  db: Db;
  password: string;
  apiKey: string;
  /** Where the psp-sandbox listens; null when the installation talks to a real provider. */
  sandboxUrl: string | null;
  now: Date;
}

/** Whoever starts the demonstration, for the audit log. */
const SEEDER = { kind: 'cli', id: 'demo', label: 'demo' } as const;

/**
 * Fills a database with one bad day at the end of two ordinary weeks, and with what the desks did about it: settlement
 * files, reconciliations, overrides. All of it is one transaction, and once: a database that has payouts keeps them as they
 * are. The demo people and the demo key are set on every start, so that a changed password or key counts at once. Returns
 * who may sign in. Throws when the database or the sandbox refuses; then nothing is half done but the sandbox's books,
 * which the next start completes.
 */
export async function seedDemo({
  db,
  password,
  apiKey,
  sandboxUrl,
  now,
}: SeedOptions): Promise<{ email: string; roles: string }[]> {
  const seeded = await db.transaction(async (tx) => {
    await tx.query("SELECT pg_advisory_xact_lock(hashtext('countersign:demo'))");
    await upsertPeople(tx, password, now);
    await upsertApiKey(tx, apiKey, now);
    const { rowCount } = await tx.query('SELECT 1 FROM payout LIMIT 1');
    return rowCount > 0 ? seededBefore(tx) : fill(tx, badDay(now));
  });
  if (sandboxUrl && seeded) await fillSandbox(sandboxUrl, seeded);
  return Object.values(PEOPLE).map(({ email, role }) => ({ email, roles: role }));
}

async function fill(tx: Tx, day: BadDay): Promise<Seeded> {
  const { now, parties, stories } = day;
  await loadRows(tx, day);
  await enqueueWork(tx, day);
  // Nothing has counted these rows yet, and what reads them next has to know how many there are.
  await tx.query('ANALYZE payout, attempt, payout_event, journal_entry, posting, ledger_account, account_balance');
  await asApplication(tx, () =>
    keepDiary(tx, [...storySteps(day), ...reconciliationSteps(day), ...overrideSteps(day)]),
  );
  const counts = { parties: parties.length, payouts: stories.length, people: Object.keys(PEOPLE).length };
  await appendAudit(tx, {
    at: now,
    actor: SEEDER,
    act: 'demo.seeded',
    subject: { kind: 'database', id: 'demo' },
    after: { now, ...counts },
    request: { requestId: 'req_demo_seed', ip: null },
  });
  return { now, day };
}

/** What waits for the worker: attempts that are ready, and look-ups whose time is still to come. */
async function enqueueWork(tx: Tx, { now, stories }: BadDay): Promise<void> {
  for (const { id, status, nextCheckAt } of stories.flatMap((story) => story.attempts)) {
    if (status === 'ready') await enqueueSend(tx, id);
    else if (nextCheckAt && nextCheckAt > now) await enqueueCheck(tx, id, nextCheckAt);
  }
}

interface Seeded {
  now: Date;
  /** What was just written; null when an earlier start wrote it. */
  day: BadDay | null;
}

/** When an earlier start filled this database; null when its payouts are not the demonstration's. */
async function seededBefore(tx: Tx): Promise<Seeded | null> {
  const { rows } = await tx.query<{ now: string }>(
    `SELECT after ->> 'now' AS now FROM audit_event WHERE act = 'demo.seeded' ORDER BY seq LIMIT 1`,
  );
  return rows[0] ? { now: new Date(rows[0].now), day: null } : null;
}

/** Gives the sandbox its books, also when it lost them since: they follow from `now` alone. */
async function fillSandbox(url: string, { now, day }: Seeded): Promise<void> {
  if (day === null && (await sandboxHasBooks(url))) return;
  await loadSandbox(url, sandboxBooks(day ?? badDay(now)));
}
