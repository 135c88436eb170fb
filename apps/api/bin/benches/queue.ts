import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Actor } from '../../src/core/actor.ts';
import { passwordHash } from '../../src/identity/password.ts';
import { insertPerson } from '../../src/identity/person.store.ts';
import { listPayouts, type PayoutListInput, type PayoutPage } from '../../src/payouts/payout-page.queries.ts';
import { type Db, openDb, type Queryable } from '../../src/runtime/db.ts';
import { freePort, startEmbeddedPostgres } from '../../src/runtime/embedded-postgres.ts';
import { migrate } from '../../src/runtime/migrate.ts';
import { type Supervised, supervise, waitUntil } from '../supervise.ts';
import { loadQueue, mixOf } from './queue-data.ts';
import type { FloorPage } from './queue-floor.ts';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const SMALL_ROWS = 10_000;
const DEPTH = 100_000;
const LIMIT = 100;
const ROUNDS = 9;
const CALLS = 25;
const EMAIL = 'bench@countersign.test';
const PASSWORD = 'bench-password-1';

/** The questions that are measured. */
const QUESTIONS: Record<string, Omit<PayoutListInput, 'limit' | 'cursor'>> = {
  all: { filter: 'all' },
  open: { filter: 'open' },
  stuck: { filter: 'stuck' },
  amount: { filter: 'all', sort: { by: 'amount', direction: 'desc' } },
};

/** One place to measure: a page of a question, in one database, by the product or by the floor. */
interface Target {
  name: string;
  url: string;
  cookie: string;
  times: number[][];
}

interface Queue {
  url: string;
  base: string;
  floor: string;
  cookie: string;
  /** The first page and the deep one of each question, as input and as it was answered. */
  pages: Record<string, { first: PayoutListInput; deep: PayoutListInput; depth: number }>;
}

/**
 * The queue's first page and a page 100 000 rows deep, through HTTP and tRPC with a signed-in session, among 10 000 payouts
 * and among `--rows`: depth_ratio, size_ratio, and floor_ratio over the same page's SQL behind a bare procedure. A ratio is the
 * median over interleaved rounds, and the worst of its kind. With `--data` the loaded databases are kept in that folder and
 * used again; without, everything is thrown away.
 */
export async function benchQueue(args: readonly string[]): Promise<Record<string, unknown>> {
  const { values } = parseArgs({
    args: [...args],
    options: { rows: { type: 'string', default: '1000000' }, data: { type: 'string' } },
  });
  const rows = Number(values.rows);
  if (!Number.isInteger(rows) || rows < SMALL_ROWS) throw new Error(`--rows is a number from ${SMALL_ROWS}.`);
  const dataDir = values.data ?? mkdtempSync(join(tmpdir(), 'countersign-bench-'));
  if (!values.data) chmodSync(dataDir, 0o755);
  const parts: Supervised[] = [];
  const postgres = await startEmbeddedPostgres({ dataDir, throwAway: true });
  try {
    const small = await openQueue(postgres.url, 'small', SMALL_ROWS, dataDir, parts);
    const large = await openQueue(postgres.url, 'large', rows, dataDir, parts);
    return { rows, ...(await measure(small, large)) };
  } finally {
    for (const part of parts) await part.stop();
    await postgres.stop();
    if (!values.data) rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Makes and fills a database, and starts an api and a floor on it. */
async function openQueue(
  admin: string,
  name: string,
  rows: number,
  dataDir: string,
  parts: Supervised[],
): Promise<Queue> {
  const url = Object.assign(new URL(admin), { pathname: `/queue_${name}_${rows}` }).toString();
  const now = new Date();
  if (await createDatabase(admin, `queue_${name}_${rows}`)) {
    const started = Date.now();
    await migrate(url);
    await loadQueue(url, mixOf(rows), now);
    console.log(`${rows} payouts loaded in ${Math.round((Date.now() - started) / 1000)} s`);
  }
  const db = openDb(url, { max: 4, statementTimeoutMs: 120_000 });
  const actor = await addPerson(db, now);
  const env = {
    ...process.env,
    DATABASE_URL: url,
    AUTH_SECRET: randomBytes(32).toString('base64url'),
    LOG_LEVEL: 'warn',
  };
  const start = async (part: string, entry: string, more: Record<string, string>) => {
    const port = String(await freePort());
    parts.push(supervise({ name: part, entry: join(root, entry), cwd: root, env: { ...env, ...more, PORT: port } }));
    await waitUntil(part, `http://127.0.0.1:${port}/healthz`);
    return `http://127.0.0.1:${port}`;
  };
  try {
    const base = await start(`api (${name})`, 'apps/api/bin/server.ts', {});
    const cookie = await signIn(base);
    const pages: Queue['pages'] = {};
    const floorPages: Record<string, FloorPage> = {};
    for (const [question, asked] of Object.entries(QUESTIONS)) {
      const { cursor, depth } = await walk(base, cookie, asked);
      pages[question] = { first: { ...asked, limit: LIMIT }, deep: { ...asked, limit: LIMIT, cursor }, depth };
      floorPages[`${question} first`] = await floorPage(db, actor, { ...asked, limit: LIMIT });
      floorPages[`${question} deep`] = await floorPage(db, actor, { ...asked, limit: LIMIT, cursor });
    }
    const file = join(dataDir, `floor-${name}.json`);
    writeFileSync(
      file,
      JSON.stringify(floorPages, (_, value) => (typeof value === 'bigint' ? String(value) : value)),
    );
    const floor = await start(`floor (${name})`, 'apps/api/bin/benches/queue-floor.ts', { FLOOR_PAGES: file });
    return { url, base, floor, cookie, pages };
  } finally {
    await db.end();
  }
}

/** Makes a database; false when it is there from an earlier run. */
async function createDatabase(admin: string, name: string): Promise<boolean> {
  const owner = openDb(admin, { max: 1, asOwner: true });
  try {
    const { rowCount } = await owner.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (rowCount === 0) await owner.query(`CREATE DATABASE ${name}`);
    return rowCount === 0;
  } finally {
    await owner.end();
  }
}

async function addPerson(db: Db, now: Date): Promise<Actor> {
  const known = await db.query<{ id: string }>('SELECT id FROM person WHERE email = $1', [EMAIL]);
  if (known.rows[0]) return { kind: 'person', id: known.rows[0].id, label: 'Bench', roles: ['ops'], sessionId: null };
  const hash = await passwordHash(PASSWORD);
  const person = { email: EMAIL, name: 'Bench', roles: ['ops' as const], passwordHash: hash, now, grantedBy: 'bench' };
  const id = await db.transaction((tx) => insertPerson(tx, person));
  return { kind: 'person', id, label: 'Bench', roles: ['ops'], sessionId: null };
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

/** Scrolls DEPTH rows down, or as far as a full page still follows, as a person's console would: by the cursors it is given. */
async function walk(base: string, cookie: string, asked: Omit<PayoutListInput, 'limit'>) {
  let cursor: string | null = null;
  let depth = 0;
  while (depth < DEPTH) {
    const page: PayoutPage = (await call(listUrl(base, { ...asked, limit: LIMIT * 2, cursor }), cookie)).data;
    const next =
      page.nextCursor === null
        ? null
        : (await call(listUrl(base, { ...asked, limit: LIMIT, cursor: page.nextCursor }), cookie)).data;
    if (!next || next.rows.length < LIMIT) break;
    cursor = page.nextCursor;
    depth += page.rows.length;
  }
  return { cursor: cursor ?? undefined, depth };
}

/** What the product does in the database for a page, and what it answers: the floor does and answers the same. */
async function floorPage(db: Db, actor: Actor, input: PayoutListInput): Promise<FloorPage> {
  const statements: FloorPage['statements'] = [];
  const recording: Queryable = {
    query: (text, values) => {
      statements.push({ text, values: [...(values ?? [])] });
      return db.query(text, values);
    },
  };
  const answer = await listPayouts(recording, actor, input, new Date());
  return { statements, answer };
}

async function measure(small: Queue, large: Queue): Promise<Record<string, unknown>> {
  const targets: Target[] = [];
  for (const [size, queue] of Object.entries({ small, large })) {
    for (const [question, { first, deep }] of Object.entries(queue.pages)) {
      for (const [place, input] of Object.entries({ first, deep })) {
        const floorUrl = `${queue.floor}/trpc/page?input=${encodeURIComponent(JSON.stringify(`${question} ${place}`))}`;
        targets.push({
          name: `${size} ${question} ${place}`,
          url: listUrl(queue.base, input),
          cookie: queue.cookie,
          times: [],
        });
        targets.push({ name: `${size} ${question} ${place} floor`, url: floorUrl, cookie: '', times: [] });
      }
    }
  }
  for (const target of targets) for (let i = 0; i < CALLS; i += 1) await call(target.url, target.cookie);
  for (let round = 0; round < ROUNDS; round += 1) {
    const times = new Map(targets.map((target) => [target, [] as number[]]));
    // One call of each in turn, so that a slow moment of the machine meets them all alike.
    for (let i = 0; i < CALLS; i += 1) {
      for (const target of targets) times.get(target)?.push((await call(target.url, target.cookie)).ms);
    }
    for (const [target, of] of times) target.times.push(of);
  }
  return report(targets, large);
}

function report(targets: readonly Target[], large: Queue): Record<string, unknown> {
  const rounds = new Map(targets.map(({ name, times }) => [name, times.map(median)]));
  const middle = (name: string) => rounded(median(rounds.get(name) ?? []));
  // Of two that were called in the same round, turn by turn: what the machine did meanwhile, it did to both.
  const ratio = (a: string, b: string) =>
    median((rounds.get(a) ?? []).map((ms, round) => ms / (rounds.get(b)?.[round] ?? Number.NaN)));
  const lines = Object.keys(QUESTIONS).map((q) => ({
    question: q,
    depth: large.pages[q]?.depth ?? 0,
    first_ms: middle(`large ${q} first`),
    deep_ms: middle(`large ${q} deep`),
    depth_ratio: rounded(ratio(`large ${q} deep`, `large ${q} first`)),
    size_ratio: rounded(
      Math.max(ratio(`large ${q} first`, `small ${q} first`), ratio(`large ${q} deep`, `small ${q} deep`)),
    ),
    floor_ratio: rounded(
      Math.max(ratio(`large ${q} first`, `large ${q} first floor`), ratio(`large ${q} deep`, `large ${q} deep floor`)),
    ),
  }));
  console.table(lines);
  const all = targets
    .filter(({ name }) => name.startsWith('large') && !name.endsWith('floor'))
    .flatMap(({ times }) => times.flat())
    .sort((a, b) => a - b);
  const worst = (key: 'depth_ratio' | 'size_ratio' | 'floor_ratio') => Math.max(...lines.map((line) => line[key]));
  return {
    p50_ms: rounded(median(all)),
    p99_ms: rounded(all[Math.floor(all.length * 0.99)] ?? Number.NaN),
    depth_ratio: worst('depth_ratio'),
    size_ratio: worst('size_ratio'),
    floor_ratio: worst('floor_ratio'),
    target_depth_ratio: 1.2,
    target_size_ratio: 1.3,
    target_floor_ratio: 1.5,
  };
}

function listUrl(base: string, input: PayoutListInput): string {
  return `${base}/trpc/payouts.list?input=${encodeURIComponent(JSON.stringify(input))}`;
}

const agent = new Agent({ keepAlive: true, maxSockets: 1 });

/** One GET over a kept-open connection; throws when it is not answered with 200. */
function call(url: string, cookie: string): Promise<{ ms: number; data: PayoutPage }> {
  return new Promise((resolve, reject) => {
    const started = process.hrtime.bigint();
    get(url, { agent, headers: { cookie } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const ms = Number(process.hrtime.bigint() - started) / 1e6;
        const text = Buffer.concat(chunks).toString();
        if (response.statusCode !== 200) return reject(new Error(`${url} answered ${response.statusCode}: ${text}`));
        resolve({ ms, data: (JSON.parse(text) as { result: { data: PayoutPage } }).result.data });
      });
    }).on('error', reject);
  });
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
