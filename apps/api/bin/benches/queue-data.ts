import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { CURRENCIES } from '../../src/core/currency.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/core/time.ts';
import { OPEN_STATUSES, RAILS } from '../../src/payouts/payout.ts';

/** How the payouts of a queue are made up; the rest is paid or canceled. */
export interface QueueMix {
  rows: number;
  /** Open, the stuck ones among them. */
  open: number;
  stuck: number;
  parties: number;
}

/** 1 % open and 0.1 % stuck, and never so few that a page of them is not full. */
export function mixOf(rows: number): QueueMix {
  return {
    rows,
    open: Math.max(Math.round(rows / 100), 1_200),
    stuck: Math.max(Math.round(rows / 1_000), 400),
    parties: Math.min(10_000, Math.max(100, Math.round(rows / 100))),
  };
}

/**
 * Fills an empty, migrated database with a queue: payouts by COPY, with attempts for the open ones, as one load (triggers and
 * indexes are put aside and made again), and lets PostgreSQL look at what it has. The same mix is always the same data.
 */
export async function loadQueue(url: string, mix: QueueMix, now: Date): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`SET session_replication_role = replica; SET maintenance_work_mem = '1GB';
      SET max_parallel_maintenance_workers = 2; SET synchronous_commit = off; SET TimeZone = 'UTC'`);
    const { rows: indexes } = await client.query<{ indexname: string; indexdef: string }>(
      `SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = 'payout' AND indexname <> 'payout_pkey'`,
    );
    for (const { indexname } of indexes) await client.query(`DROP INDEX ${indexname}`);
    const copy = (into: string, lines: Iterable<string>) =>
      pipeline(Readable.from(lines, { objectMode: true }), client.query(copyFrom(`COPY ${into} FROM STDIN`)));
    const random = randoms(mix.rows);
    const parties = Array.from({ length: mix.parties }, () => uuidAt(now.getTime() - 900 * DAY_MS, random));
    await copy('party (id, kind, name, reference, country)', partyLines(parties, random));
    const attempts: string[] = [];
    await copy(`payout (${PAYOUT_COLUMNS})`, inChunks(payoutLines(mix, parties, attempts, now, random)));
    await copy(`attempt (${ATTEMPT_COLUMNS})`, inChunks(attempts));
    for (const { indexdef } of indexes) await client.query(indexdef);
    for (const table of ['payout', 'attempt', 'party', 'person']) await client.query(`VACUUM (ANALYZE) ${table}`);
  } finally {
    await client.end();
  }
}

const PAYOUT_COLUMNS = `id, kind, party_id, amount_minor, currency, rail, provider, destination, merchant_reference, descriptor,
  metadata, status, status_at, expected_by, stuck_at, paid_at, failure_code, provider_payout_id, requested_by, attempt_count, created_at`;
const ATTEMPT_COLUMNS = `id, payout_id, no, provider, provider_key, status, code, provider_payout_id, requested_by, proof,
  created_at, queued_at, first_sent_at, last_sent_at, send_count`;

const FIRST = ['Ayşe', 'Mehmet', 'Zeynep', 'Emre', 'Şule', 'Anna', 'Jörg', 'Łukasz', 'Chloé', 'Maria', 'İpek', 'John'];
const LAST = [
  'Yılmaz',
  'Çelik',
  'Öztürk',
  'Schmidt',
  'Müller',
  'Kowalski',
  'Dupont',
  'Rossi',
  'Smith',
  'Işık',
  'García',
];
const TRADES = ['Market', 'Lojistik', 'Handels', 'Foods', 'Studio', 'Tekstil', 'Travel', 'Games', 'Energy', 'Kitap'];
const COMMON = ['EUR', 'USD', 'TRY', 'GBP', 'JPY'];
const CODES = ['insufficient_funds', 'account_closed', 'could_not_process', 'no_account', 'declined'];
const ATTEMPT_OF: Record<string, string> = {
  ...{ queued: 'ready', sending: 'sending', unconfirmed: 'unknown', in_transit: 'accepted' },
  ...{ failed: 'rejected', returned: 'returned', held: 'canceled' },
};

function* partyLines(parties: readonly string[], random: Random): Iterable<string> {
  for (const [i, id] of parties.entries()) {
    yield `${id}\tmerchant\t${random.pick(FIRST)} ${random.pick(TRADES)} ${i}\tmerchant-${i}\tDE\n`;
  }
}

function* payoutLines(
  mix: QueueMix,
  parties: readonly string[],
  attempts: string[],
  now: Date,
  random: Random,
): Iterable<string> {
  const rested = mix.rows - mix.open;
  const step = (700 * DAY_MS) / mix.rows;
  const iso = (ms: number) => new Date(ms).toISOString();
  for (let i = 0; i < mix.rows; i += 1) {
    const open = i >= rested;
    const stuck = i >= mix.rows - mix.stuck;
    // What is open is of the last days, the stuck part of it a little older; what rests goes back two years.
    const age = stuck
      ? 3 * DAY_MS + random.below(4 * DAY_MS)
      : open
        ? random.below(2 * DAY_MS)
        : 3 * DAY_MS + (rested - i) * step;
    const created = Math.round(now.getTime() - age);
    const status = open ? random.pick(OPEN_STATUSES) : random.below(50) === 0 ? 'canceled' : 'paid';
    const since = created + random.below(30) * MINUTE_MS;
    const late = open && !stuck && random.below(10) === 0;
    const expected = stuck || late ? since + HOUR_MS : now.getTime() + HOUR_MS;
    const stuckAt = stuck ? since + 24 * HOUR_MS : now.getTime() + 48 * HOUR_MS;
    const code = status === 'failed' || status === 'returned' ? random.pick(CODES) : '\\N';
    const id = uuidAt(created, random);
    const sent = status !== 'queued' && status !== 'held';
    const providerId = sent ? `po_${id.slice(-12)}${i}` : '\\N';
    // Few merchants have most of the payouts.
    const party = parties[Math.floor((random.below(1_000_000) / 1_000_000) ** 3 * parties.length)];
    const holder = `${random.pick(FIRST)} ${random.pick(LAST)}`;
    yield `${id}\t${i % 5 ? 'payout' : 'withdrawal'}\t${party}\t${amountMinor(random)}\t${
      random.below(20) ? random.pick(COMMON) : random.pick(CURRENCIES)
    }\t${random.pick(RAILS)}\tstripe\t{"holder":"${holder}","bank":"Bank","masked":"DE•• ${1_000 + (i % 9_000)}","country":"DE","token":"ba_${i}"}\tINV-${i}\tPayout\t{}\t${status}\t${iso(
      since,
    )}\t${open ? iso(expected) : '\\N'}\t${open ? iso(stuckAt) : '\\N'}\t${status === 'paid' ? iso(since) : '\\N'}\t${code}\t${providerId}\tmarketplace-api\t1\t${iso(created)}\n`;
    if (open) {
      const key = uuidAt(created, random);
      attempts.push(
        `${key}\t${id}\t1\tstripe\tat_${key}\t${ATTEMPT_OF[status]}\t${code}\t${providerId}\tmarketplace-api\t{}\t${iso(created)}\t${iso(created)}\t${sent ? iso(created) : '\\N'}\t${sent ? iso(created) : '\\N'}\t${sent ? 1 : 0}\n`,
      );
    }
  }
}

/** Mostly small, now and then large. */
function amountMinor(random: Random): number {
  return random.below(100) === 0 ? 100_000 + random.below(9_900_000) : 100 + random.below(99_900);
}

/** Joins lines into pieces that are worth a write. */
function* inChunks(lines: Iterable<string>): Iterable<string> {
  let chunk: string[] = [];
  for (const line of lines) {
    chunk.push(line);
    if (chunk.length === 500) {
      yield chunk.join('');
      chunk = [];
    }
  }
  yield chunk.join('');
}

interface Random {
  below(n: number): number;
  pick<T>(items: readonly T[]): T;
}

/** Mulberry32: reproducible, and fast enough for millions of rows. */
function randoms(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (n: number) => Math.floor(next() * n);
  return { below, pick: <T>(items: readonly T[]) => items[below(items.length)] as T };
}

/** A uuid, version 7, of that instant. */
function uuidAt(ms: number, random: Random): string {
  const time = ms.toString(16).padStart(12, '0');
  const part = () => random.below(0x1000000).toString(16).padStart(6, '0');
  const rest = `${part()}${part()}${part()}`;
  return `${time.slice(0, 8)}-${time.slice(8)}-7${rest.slice(0, 3)}-8${rest.slice(3, 6)}-${rest.slice(6)}`;
}
