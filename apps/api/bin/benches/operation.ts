import { randomBytes, randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { toId } from '../../src/core/ids.ts';
import { passwordHash } from '../../src/identity/password.ts';
import { insertPerson } from '../../src/identity/person.store.ts';
import { retryPayout } from '../../src/payouts/retry-payout.ts';
import { type Db, openDb } from '../../src/runtime/db.ts';
import { freePort, startEmbeddedPostgres } from '../../src/runtime/embedded-postgres.ts';
import { migrate } from '../../src/runtime/migrate.ts';
import { execute } from '../../src/runtime/operation.ts';
import { type Supervised, supervise, waitUntil } from '../supervise.ts';
import { type Failed, loadFailed, type Statement, statementsFor } from './operation-data.ts';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const EMAIL = 'bench@countersign.test';
const PASSWORD = 'bench-password-1';
const AT_ONCE = 8;
const ROUNDS = 9;

/**
 * Retries through HTTP and tRPC with a signed-in session (permission, lock, idempotency key, decision, ledger, job, timeline,
 * audit), eight at once, against the very statements of such a retry, each set in one bare `pg` transaction, eight at once, on the
 * same database. Rounds of either kind take turns; ratios are of their medians.
 */
export async function benchOperation(args: readonly string[]): Promise<Record<string, unknown>> {
  const { values } = parseArgs({ args: [...args], options: { ops: { type: 'string', default: '400' } } });
  const ops = Number(values.ops);
  if (!Number.isInteger(ops) || ops < AT_ONCE) throw new Error(`--ops is a number from ${AT_ONCE}.`);
  const dataDir = mkdtempSync(join(tmpdir(), 'countersign-bench-'));
  chmodSync(dataDir, 0o755);
  const postgres = await startEmbeddedPostgres({ dataDir, throwAway: true });
  let api: Supervised | null = null;
  const db = openDb(postgres.url, { max: AT_ONCE, applicationName: 'bench-floor' });
  try {
    await migrate(postgres.url);
    const now = new Date();
    // One more of each kind than is measured: the first rounds warm up, and one retry is recorded.
    const failed = await loadFailed(postgres.url, ops * 2 * (ROUNDS + 1) + 1, now);
    const person = await addPerson(db, now);
    const port = String(await freePort());
    const env = { ...process.env, DATABASE_URL: postgres.url, AUTH_SECRET: randomBytes(32).toString('base64url') };
    api = supervise({
      name: 'api',
      entry: join(root, 'apps/api/bin/server.ts'),
      cwd: root,
      env: { ...env, LOG_LEVEL: 'warn', PORT: port },
    });
    const base = `http://127.0.0.1:${port}`;
    await waitUntil('the api', `${base}/healthz`);
    return await measure(db, base, await signIn(base), person, failed, ops);
  } finally {
    await api?.stop();
    await db.end();
    await postgres.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function measure(db: Db, base: string, cookie: string, person: string, failed: Failed[], ops: number) {
  const sample = failed.pop();
  if (!sample) throw new Error('there is nothing to record');
  const recorded = await record(db, sample, person);
  const rates: { product: number[]; floor: number[] } = { product: [], floor: [] };
  for (let round = 0; round <= ROUNDS; round += 1) {
    const byProduct = failed.splice(0, ops);
    const product = await timed(byProduct, (payout) => retry(base, cookie, payout));
    const stays = new Set([person]);
    const byFloor = failed.splice(0, ops).map((payout) => statementsFor(recorded, sample, payout, stays));
    const floor = await timed(byFloor, (statements) => bare(db, statements));
    if (round === 0) continue;
    rates.product.push(product);
    rates.floor.push(floor);
  }
  await assertSame(db, ops);
  const [product, floor] = [median(rates.product), median(rates.floor)];
  console.table(
    rates.product.map((rate, i) => ({ product: Math.round(rate), floor: Math.round(rates.floor[i] ?? 0) })),
  );
  return {
    ops_per_s: Math.round(product),
    floor_ops_per_s: Math.round(floor),
    floor_ratio: Math.round((floor / product) * 100) / 100,
    target_floor_ratio: 2,
    statements: recorded.length,
    at_once: AT_ONCE,
    rounds: ROUNDS,
  };
}

/** Runs one retry as the product does, and keeps what it sends to the database. */
async function record(db: Db, { payoutId }: Failed, person: string): Promise<Statement[]> {
  const statements: Statement[] = [];
  const recording: Db = {
    ...db,
    transaction: (work) =>
      db.transaction((tx) =>
        work({
          ...tx,
          query: (text, values) => {
            statements.push({ text, values: [...(values ?? [])] });
            return tx.query(text, values);
          },
        }),
      ),
  };
  const actor = {
    kind: 'person' as const,
    id: person,
    label: 'Bench',
    roles: ['ops' as const],
    sessionId: randomUUID(),
  };
  const call = { actor, now: new Date(), request: { requestId: `req_${randomUUID()}`, ip: '127.0.0.1' } };
  const input = { payoutId: toId('payout', payoutId), version: 1 };
  await execute(recording, retryPayout, { ...call, idempotencyKey: randomUUID() }, input);
  return statements;
}

/** The floor: the statements of one retry, in one transaction, with nothing decided and nothing made of their answers. */
async function bare({ pool }: Db, statements: readonly Statement[]): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    for (const { text, values } of statements) await client.query(text, [...values]);
    await client.query('COMMIT');
  } finally {
    client.release();
  }
}

/** Operations a second, AT_ONCE at a time. */
async function timed<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<number> {
  const waiting = [...items];
  const started = process.hrtime.bigint();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let item = waiting.pop(); item !== undefined; item = waiting.pop()) await work(item);
    }),
  );
  return items.length / (Number(process.hrtime.bigint() - started) / 1e9);
}

/** Both kinds must have done the same work, or their times say nothing. */
async function assertSame(db: Db, ops: number): Promise<void> {
  const { rows } = await db.query<{ done: bigint; audited: bigint; keys: bigint }>(
    `SELECT (SELECT count(*) FROM payout WHERE status = 'queued' AND attempt_count = 2) AS done,
       (SELECT count(*) FROM audit_event WHERE act = 'payout.retried' AND outcome = 'done') AS audited,
       (SELECT count(*) FROM idempotency_key) AS keys`,
  );
  const expected = BigInt(ops * 2 * (ROUNDS + 1) + 1);
  const row = rows[0];
  if (row?.done !== expected || row.audited !== expected || row.keys !== expected) {
    throw new Error(`The two did not do the same: ${row?.done}, ${row?.audited}, ${row?.keys} of ${expected}.`);
  }
}

const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });

/** One retry over a kept-open connection; throws when it is not answered with 200. */
function retry(base: string, cookie: string, { payoutId }: Failed): Promise<void> {
  const input = { payoutId: toId('payout', payoutId), version: 1 };
  const body = JSON.stringify({ idempotencyKey: randomUUID(), input });
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    origin: base,
    cookie,
  };
  return new Promise((resolve, reject) => {
    const sent = request(`${base}/trpc/payouts.retry`, { agent, method: 'POST', headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        if (response.statusCode === 200) return resolve();
        reject(new Error(`A retry was answered ${response.statusCode}: ${Buffer.concat(chunks).toString()}`));
      });
    });
    sent.on('error', reject).end(body);
  });
}

async function addPerson(db: Db, now: Date): Promise<string> {
  const hash = await passwordHash(PASSWORD);
  const person = { email: EMAIL, name: 'Bench', roles: ['ops' as const], passwordHash: hash, now, grantedBy: 'bench' };
  return db.transaction((tx) => insertPerson(tx, person));
}

async function signIn(base: string): Promise<string> {
  const response = await fetch(`${base}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: base },
    body: JSON.stringify({ email: EMAIL, password: PASSWORD }),
  });
  const cookie = response.headers
    .getSetCookie()
    .map((set) => set.split(';')[0])
    .join('; ');
  if (!response.ok || !cookie) throw new Error(`Signing in for the bench failed (${response.status}).`);
  return cookie;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
