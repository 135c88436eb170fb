import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '../core/actor.ts';
import { CURRENCIES, type Currency, minorDigits } from '../core/currency.ts';
import { foldedWords, foldText } from '../core/fold-text.ts';
import { newUuid, toId } from '../core/ids.ts';
import { DAY_MS, HOUR_MS } from '../core/time.ts';
import { NOW, person } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { ago, anAttempt, aPayout } from '../testing/payout-samples.ts';
import type { Attempt } from './attempt.ts';
import { highValueTable } from './high-value.ts';
import { OPEN_STATUSES, PAYOUT_STATUSES, type Payout, RAILS } from './payout.ts';
import { countPayouts } from './payout-counts.queries.ts';
import { groupPayouts } from './payout-groups.queries.ts';
import {
  PAYOUT_COLUMNS,
  PAYOUT_FILTERS,
  type PayoutColumn,
  type PayoutFilter,
  type PayoutSort,
  type PayoutWhere,
  payoutWhereInput,
} from './payout-list.ts';
import { listPayouts, matchingPayouts } from './payout-page.queries.ts';
import { readSelection } from './payout-selection.queries.ts';
import { STUCK_CAUSES, stuckOf } from './stuck.ts';

/** A payout as the database has it, beside what a row of the list is decided from. */
interface Stored {
  payout: Payout;
  last: Attempt | null;
  merchant: string;
  owner: string | null;
}

const MERCHANTS = ['İpek Işıklar Ltd', 'Çağrı Gıda A.Ş.', 'ACME Marketplace', 'Zürich Handels GmbH'] as const;
const HOLDERS = [
  'Şule Yıldız',
  'SULE YILDIZ',
  'Anna Schmidt',
  'Ömer Öztürk',
  'Łukasz Żak',
  'Jørgen Ærø',
  'ırmak ÇELİK',
];
const REFERENCES = ['INV-1', 'inv-1', 'INV-12', 'sipariş 7', 'Ş-99'];
const CODES = ['insufficient_funds', 'account_closed', 'could_not_process'];
const SOME_CURRENCIES = ['EUR', 'JPY', 'KWD', 'TRY'] as const;
const PROVIDERS = ['stripe', 'adyen'];

const oneOf = <T>(...values: readonly T[]) => fc.constantFrom(...values);
const instant = fc.integer({ min: -10 * 24, max: 3 * 24 }).map((hours) => new Date(NOW.getTime() + hours * HOUR_MS));
const storedArbitrary = fc
  .record({
    status: oneOf(...PAYOUT_STATUSES),
    merchant: oneOf(...MERCHANTS),
    holder: oneOf(...HOLDERS),
    reference: fc.option(oneOf(...REFERENCES)),
    code: fc.option(oneOf(...CODES)),
    currency: oneOf<Currency>(...SOME_CURRENCIES),
    minor: oneOf(1n, 99n, 100n, 1_000n, 12_345n, 999_999n, 1_000_000n, 50_000_000n, 9_007_199_254_740_991n),
    rail: oneOf(...RAILS),
    provider: oneOf(...PROVIDERS),
    kind: oneOf('payout' as const, 'withdrawal' as const),
    createdAt: instant,
    statusAt: instant,
    expectedBy: fc.option(instant),
    grace: fc.option(fc.integer({ min: 0, max: 48 })),
    snoozedUntil: fc.option(instant, { freq: 3 }),
    owner: fc.option(oneOf(0, 1)),
    answer: fc.option(fc.record({ kind: oneOf('found', 'absent', 'no_answer'), askedAt: instant })),
    providerPayoutId: fc.boolean(),
  })
  .map((made) => ({ ...made, open: (OPEN_STATUSES as readonly string[]).includes(made.status) }));

let database: TestDatabase;
let me: Extract<Actor, { kind: 'person' }>;
let other: Extract<Actor, { kind: 'person' }>;
let parties: Record<string, string>;
const world: Stored[] = [];

beforeAll(async () => {
  database = await testDatabase();
  me = await person(database, 'ops');
  other = await person(database, 'finance');
  parties = Object.fromEntries(MERCHANTS.map((name) => [name, newUuid()]));
  for (const [name, id] of Object.entries(parties)) {
    await database.owner.query(
      `INSERT INTO party (id, kind, name, reference, country) VALUES ($1, 'merchant', $2, $2, 'TR')`,
      [id, name],
    );
  }
  for (const [i, made] of fc.sample(storedArbitrary, { numRuns: 160, seed: 7 }).entries()) {
    const person = made.owner === null ? null : [me, other][made.owner];
    const expectedBy = made.open ? made.expectedBy : null;
    const payout = aPayout({
      ...made,
      id: newUuid(),
      partyId: parties[made.merchant] ?? '',
      amount: { minor: made.minor, currency: made.currency },
      destination: { ...aPayout().destination, holder: made.holder },
      // A merchant's reference names one of its payouts.
      merchantReference:
        made.reference !== null && world.some((w) => sameReference(w, made.merchant, made.reference ?? ''))
          ? `${made.reference}/${i}`
          : made.reference,
      descriptor: i % 3 ? 'Payout' : 'Weekly ödeme',
      expectedBy,
      stuckAt: expectedBy && made.grace !== null ? new Date(expectedBy.getTime() + (made.grace ?? 0) * HOUR_MS) : null,
      failureCode: made.code,
      providerPayoutId: made.providerPayoutId ? `po_Prov${i}` : null,
      assigneeId: person?.id ?? null,
      snoozedBy: made.snoozedUntil && 'somebody',
    });
    const last = made.answer
      ? anAttempt({
          id: newUuid(),
          payoutId: payout.id,
          lastAskedAt: made.answer.askedAt,
          lastAnswer: { kind: made.answer.kind as 'found' },
        })
      : null;
    await insert({ payout, last, merchant: made.merchant, owner: person?.label ?? null });
  }
});
afterAll(() => database.close());

const sameReference = (stored: Stored, merchant: string, reference: string) =>
  stored.merchant === merchant && stored.payout.merchantReference === reference;

async function insert(stored: Stored): Promise<void> {
  const { payout: p, last } = stored;
  world.push(stored);
  await database.owner.query(
    `INSERT INTO payout (id, kind, party_id, amount_minor, currency, rail, provider, destination, merchant_reference, descriptor,
       metadata, status, status_at, expected_by, stuck_at, failure_code, provider_payout_id, assignee_id, requested_by,
       snoozed_until, snoozed_by, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '{}', $11, $12, $13, $14, $15, $16, $17, 'test', $18, $19, $20)`,
    [
      ...[
        p.id,
        p.kind,
        p.partyId,
        p.amount.minor,
        p.amount.currency,
        p.rail,
        p.provider,
        JSON.stringify(p.destination),
      ],
      ...[p.merchantReference, p.descriptor, p.status, p.statusAt, p.expectedBy, p.stuckAt, p.failureCode],
      ...[p.providerPayoutId, p.assigneeId, p.snoozedUntil, p.snoozedBy, p.createdAt],
    ],
  );
  if (!last) return;
  await database.owner.query(
    `INSERT INTO attempt (id, payout_id, no, provider, provider_key, status, requested_by, proof, created_at, queued_at,
       last_asked_at, last_answer)
     VALUES ($1::uuid, $2, 1, 'stripe', $1::uuid::text, 'accepted', 'test', '{}', $3, $3, $4, $5)`,
    [last.id, p.id, p.createdAt, last.lastAskedAt, JSON.stringify(last.lastAnswer)],
  );
}

/** What a question means, said a second time and as plainly as possible. */
function means({ payout: p, last, merchant }: Stored, filter: PayoutFilter, where: PayoutWhere): boolean {
  const open = (OPEN_STATUSES as readonly string[]).includes(p.status);
  const badge = stuckOf(p, last, NOW);
  const snoozed = p.snoozedUntil !== null && p.snoozedUntil > NOW;
  const high = p.amount.minor >= BigInt(highValueTable()[p.amount.currency]);
  const byFilter: Record<PayoutFilter, boolean> = {
    all: true,
    open,
    stuck: badge?.level === 'stuck' && !snoozed,
    late: badge?.level === 'late' && !snoozed,
    unconfirmed: p.status === 'unconfirmed' && !snoozed,
    failed: (p.status === 'failed' || p.status === 'returned') && !snoozed,
    high_value: open && high && !snoozed,
    mine: open && p.assigneeId === me.id && !snoozed,
    snoozed,
  };
  const millionths = p.amount.minor * 10n ** BigInt(6 - minorDigits(p.amount.currency));
  const limit = (text: string) => BigInt(text.replace(/^(\d+)(?:\.(\d*))?$/, (_, w, f = '') => w + f.padEnd(6, '0')));
  const ageMs = NOW.getTime() - p.createdAt.getTime();
  const byField: Record<keyof PayoutWhere, boolean> = {
    status: !where.status || where.status.includes(p.status),
    level: !where.level || (badge !== null && where.level.includes(badge.level)),
    cause: !where.cause || (badge !== null && where.cause.includes(badge.cause)),
    code: !where.code || where.code.includes(p.failureCode ?? 'none'),
    rail: !where.rail || where.rail.includes(p.rail),
    provider: !where.provider || where.provider.includes(p.provider),
    currency: !where.currency || where.currency.includes(p.amount.currency),
    merchant: !where.merchant || where.merchant === toId('party', p.partyId),
    owner:
      !where.owner ||
      (where.owner === 'nobody'
        ? p.assigneeId === null
        : p.assigneeId !== null &&
          [toId('person', p.assigneeId), p.assigneeId === me.id ? 'me' : ''].includes(where.owner)),
    kind: !where.kind || where.kind === p.kind,
    min: !where.min || millionths >= limit(where.min),
    max: !where.max || millionths <= limit(where.max),
    age: !where.age || ageFits(where.age, ageMs),
    text: !where.text || saysText({ payout: p, last, merchant, owner: null }, where.text),
  };
  return byFilter[filter] && Object.values(byField).every(Boolean);
}

function ageFits(age: string, ageMs: number): boolean {
  const limitMs = Number(age.slice(1, -1)) * (age.endsWith('d') ? DAY_MS : HOUR_MS);
  return age.startsWith('<') ? ageMs < limitMs : ageMs > limitMs;
}

function saysText(stored: Stored, text: string): boolean {
  const named = namedBy(text);
  if (named.size) return named.has(stored);
  const { destination, merchantReference, descriptor } = stored.payout;
  const own = foldedWords(`${destination.holder} ${merchantReference ?? ''} ${descriptor}`);
  const words = [...own, ...foldedWords(stored.merchant)];
  const wanted = foldedWords(text);
  return wanted.length > 0 && wanted.every((word) => words.some((said) => said.startsWith(word)));
}

/** The payouts that a text names in full; remembered, for every payout is asked about every text. */
function namedBy(text: string): ReadonlySet<Stored> {
  const known = NAMED.get(text);
  if (known) return known;
  const named = world.filter(
    ({ payout: p, last }) =>
      [toId('payout', p.id), last && toId('attempt', last.id), p.providerPayoutId]
        .filter((id) => id !== null)
        .some((id) => id.toLowerCase() === text.toLowerCase()) ||
      (p.merchantReference !== null && foldText(p.merchantReference) === foldText(text)),
  );
  NAMED.set(text, new Set(named));
  return new Set(named);
}
const NAMED = new Map<string, ReadonlySet<Stored>>();

const some = <T>(...values: readonly T[]) =>
  fc.subarray([...values], { minLength: 1, maxLength: Math.min(3, values.length) });
const whereArbitrary: () => fc.Arbitrary<PayoutWhere> = () =>
  fc.record(
    {
      status: some(...PAYOUT_STATUSES),
      level: some('late' as const, 'stuck' as const),
      cause: some(...STUCK_CAUSES),
      code: some(...CODES, 'none'),
      rail: some(...RAILS),
      provider: some(...PROVIDERS),
      currency: some<Currency>(...SOME_CURRENCIES, 'USD'),
      merchant: oneOf(...Object.values(parties).map((id) => toId('party', id)), toId('party', newUuid())),
      owner: oneOf('me', 'nobody', toId('person', other.id)),
      kind: oneOf('payout' as const, 'withdrawal' as const),
      min: oneOf('0', '1', '10.00', '123.45', '123.450001', '9999.99', '1000000'),
      max: oneOf('0', '1', '10.00', '123.45', '123.449999', '9999.99', '1000000'),
      age: oneOf('<24h', '>24h', '<7d', '>7d', '<0h', '>0h'),
      text: oneOf(
        ...['sule', 'ŞULE yıl', 'acme', 'ipek isik', 'çagri', 'omer ozturk acme', 'inv', 'INV-1', 'ş-99', 'SIPARIS'],
        ...['odeme', 'lukasz', 'jorgen aero', '', '%', '-', 'payout', 'a b c', 'po_prov3', 'PO_PROV10', 'irmak celik'],
        ...world.slice(0, 4).map(({ payout }) => toId('payout', payout.id).toUpperCase()),
        ...world.flatMap(({ last }) => (last ? [toId('attempt', last.id)] : [])).slice(0, 2),
      ),
    },
    { requiredKeys: [] },
  );

/** Few fields at once, so that most questions find something. */
const questionArbitrary = () =>
  fc.record({
    filter: oneOf(...PAYOUT_FILTERS),
    where: fc
      .tuple(whereArbitrary(), fc.shuffledSubarray(Object.keys(payoutWhereInput.shape), { maxLength: 3 }))
      .map(([where, keep]) => Object.fromEntries(Object.entries(where).filter(([key]) => keep.includes(key)))),
    sort: fc.record({ by: oneOf(...PAYOUT_COLUMNS), direction: oneOf('asc' as const, 'desc' as const) }),
    limit: fc.integer({ min: 15, max: 80 }),
  });

async function walk(filter: PayoutFilter, where: PayoutWhere, sort: PayoutSort, limit: number): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listPayouts>> = await listPayouts(
      database.db,
      me,
      { filter, where, sort, cursor, limit },
      NOW,
    );
    ids.push(...page.rows.map((row) => row.id));
    cursor = page.nextCursor;
  } while (cursor);
  return ids;
}

const idOf = ({ payout }: Stored) => toId('payout', payout.id);

test('a filter dropped before a bulk action: list, number and selection all mean what the question says', async () => {
  let found = 0;
  await fc.assert(
    fc.asyncProperty(questionArbitrary(), async ({ filter, where, sort, limit }) => {
      const meant = world.filter((stored) => means(stored, filter, where)).map(idOf);
      found += meant.length ? 1 : 0;
      const listed = await walk(filter, where, sort, limit);
      expect(listed.toSorted()).toEqual(meant.toSorted());
      expect(await matchingPayouts(database.db, me, { filter, where }, NOW)).toEqual({
        count: meant.length,
        exact: true,
      });
      const { reads, more } = await readSelection(database.db, me, { filter, where }, NOW, 1_000);
      expect(more).toBe(false);
      expect(reads.map(({ payout }) => toId('payout', payout.id)).toSorted()).toEqual(meant.toSorted());
    }),
    { numRuns: 90, seed: 11 },
  );
  // Questions that find nothing would agree about nothing.
  expect(found).toBeGreaterThan(35);
});

test('a rare word is found the same way in a table so large that its index is asked first', async () => {
  // What the planner is told of the table's size, not the size: the sample is then of all of it.
  await database.owner.query(`UPDATE pg_class SET reltuples = 25000 WHERE oid = 'payout'::regclass`);
  for (const text of ['ipek isik', 'zzz', 'payout']) {
    for (const filter of ['all', 'failed'] as const) {
      for (const where of [{ text }, { text, rail: ['sepa' as const] }]) {
        const meant = world.filter((stored) => means(stored, filter, where)).map(idOf);
        const listed = await walk(filter, where, { by: 'amount', direction: 'desc' }, 100);
        expect([text, filter, listed.toSorted()]).toEqual([text, filter, meant.toSorted()]);
        expect((await matchingPayouts(database.db, me, { filter, where }, NOW)).count).toBe(meant.length);
      }
    }
  }
});

test('each chip counts what its list means, and the groups are the badges', async () => {
  const counts = await countPayouts(database.db, me, NOW);
  for (const filter of PAYOUT_FILTERS) {
    const meant = world.filter((stored) => means(stored, filter, {}));
    expect([filter, counts[filter]]).toEqual([filter, { count: meant.length, exact: true }]);
    const { groups } = await groupPayouts(database.db, me, { filter }, NOW);
    const badges = meant.filter(({ payout, last }) => stuckOf(payout, last, NOW));
    expect(groups.reduce((sum, { count }) => sum + count.count, 0)).toBe(badges.length);
    for (const group of groups) {
      const there = badges.filter((stored) => means(stored, filter, group.where));
      expect(there).toHaveLength(group.count.count);
      expect(there.every(({ payout, last }) => stuckOf(payout, last, NOW)?.cause === group.cause)).toBe(true);
    }
  }
});

test('a selection is cut at its limit, says so, and keeps the order of the list', async () => {
  const { reads, more } = await readSelection(database.db, me, { filter: 'stuck' }, NOW, 5);
  const { rows } = await listPayouts(database.db, me, { filter: 'stuck', limit: 5 }, NOW);
  expect(reads.map(({ payout }) => toId('payout', payout.id))).toEqual(rows.map((row) => row.id));
  expect(more).toBe(true);
  const ids = world.slice(0, 7).map(({ payout }) => payout.id);
  const picked = await readSelection(database.db, me, { ids: [...ids, newUuid(), ids[0] ?? ''] }, NOW, 100);
  expect(picked.reads.map(({ payout }) => payout.id).toSorted()).toEqual(ids.toSorted());
  expect(picked.more).toBe(false);
  expect((await readSelection(database.db, me, { ids }, NOW, 3)).more).toBe(true);
});

describe('the order', () => {
  const code = <T extends string | bigint>(a: T, b: T) => (a < b ? -1 : a > b ? 1 : 0);
  const sortedBy: Record<PayoutColumn, (stored: Stored) => string | number | bigint | null> = {
    created: ({ payout }) => payout.createdAt.getTime(),
    since: ({ payout }) => payout.statusAt.getTime(),
    deadline: ({ payout }) => payout.expectedBy?.getTime() ?? null,
    amount: ({ payout: { amount } }) => amount.minor * 10n ** BigInt(3 - minorDigits(amount.currency)),
    payee: ({ payout }) => foldText(payout.destination.holder),
    merchant: ({ merchant }) => foldText(merchant),
    status: ({ payout }) => payout.status,
    rail: ({ payout }) => payout.rail,
    provider: ({ payout }) => payout.provider,
    currency: ({ payout }) => payout.amount.currency,
    code: ({ payout }) => payout.failureCode,
    owner: ({ owner }) => owner && foldText(owner),
    reference: ({ payout }) => payout.merchantReference && foldText(payout.merchantReference),
  };

  test.each(PAYOUT_COLUMNS)('by %s goes up or down by its value, and who has none comes last in both', async (by) => {
    const stored = new Map(world.map((one) => [idOf(one), one]));
    for (const direction of ['asc', 'desc'] as const) {
      const ids = await walk('all', {}, { by, direction }, 23);
      expect(new Set(ids).size).toBe(world.length);
      const values = ids.map((id) => sortedBy[by](stored.get(id) as Stored));
      const given = values.filter((value) => value !== null);
      expect(values.slice(0, given.length)).toEqual(given);
      for (const [i, value] of given.entries()) {
        const before = given[i - 1] ?? value;
        const step = typeof value === 'string' ? code(String(before), value) : code(BigInt(before), BigInt(value));
        expect(direction === 'asc' ? step : -step).toBeLessThanOrEqual(0);
      }
    }
  });
});

test('the cause in SQL is the badge’s, in every status and after every answer', async () => {
  const at = ago(2 * DAY_MS);
  const answers = [null, 'found', 'absent', 'no_answer'] as const;
  const askedAts = [ago(3 * DAY_MS), at, ago(HOUR_MS)];
  const cases = OPEN_STATUSES.flatMap((status) =>
    answers.flatMap((answer) => (answer ? askedAts : [null]).map((askedAt) => ({ status, answer, askedAt }))),
  );
  const made: Stored[] = [];
  const base = world.length;
  for (const { status, answer, askedAt } of cases) {
    const id = newUuid();
    const payout = aPayout({
      ...{ id, status, partyId: parties['ACME Marketplace'] ?? '', rail: 'wire', provider: 'cause-test' },
      ...{ createdAt: at, statusAt: at, expectedBy: at, stuckAt: ago(DAY_MS) },
    });
    const last = answer
      ? anAttempt({ id: newUuid(), payoutId: id, lastAskedAt: askedAt, lastAnswer: { kind: answer } })
      : null;
    const stored = { payout, last, merchant: 'ACME Marketplace', owner: null };
    await insert(stored);
    made.push(stored);
  }
  for (const cause of STUCK_CAUSES) {
    const meant = made.filter(({ payout, last }) => stuckOf(payout, last, NOW)?.cause === cause).map(idOf);
    expect(meant.length).toBeGreaterThan(0);
    const where = { cause: [cause], provider: ['cause-test'] };
    expect((await walk('all', where, { by: 'created', direction: 'asc' }, 50)).toSorted()).toEqual(meant.toSorted());
  }
  world.length = base;
});

test('payout_thousandths has the digits of every currency', async () => {
  const { rows } = await database.db.query<{ currency: string; thousandths: string }>(
    `SELECT currency, payout_thousandths(1, currency) AS thousandths FROM unnest($1::bpchar[]) AS t (currency)`,
    [CURRENCIES],
  );
  expect(rows).toEqual(
    CURRENCIES.map((currency) => ({ currency, thousandths: String(10 ** (3 - minorDigits(currency))) })),
  );
});

test('so many stuck that the list is walked for them are the same ones', async () => {
  await database.owner.query(
    `INSERT INTO payout (id, kind, party_id, amount_minor, currency, rail, provider, destination, descriptor, metadata, status,
       status_at, expected_by, stuck_at, requested_by, created_at)
     SELECT gen_random_uuid(), 'payout', $1, n, 'EUR', 'sepa', 'crowd', '{"holder":"Crowd"}', 'Payout', '{}', 'queued',
       $2::timestamptz - n * interval '1 minute', $2::timestamptz - interval '2 hours',
       $2::timestamptz + CASE WHEN n % 3 = 0 THEN interval '1 hour' ELSE interval '-1 hour' END, 'test', $2
     FROM generate_series(1, 2500) AS n`,
    [parties['ACME Marketplace'], NOW],
  );
  for (const filter of ['stuck', 'late'] as const) {
    const { rows } = await database.db.query<{ id: string }>(
      `SELECT id FROM payout WHERE (snoozed_until IS NULL OR snoozed_until <= $1) AND expected_by < $1
         AND ${filter === 'stuck' ? 'stuck_at < $1' : '(stuck_at IS NULL OR stuck_at >= $1)'} ORDER BY status_at, id`,
      [NOW],
    );
    const meant = rows.map(({ id }) => toId('payout', id));
    expect(await walk(filter, {}, { by: 'since', direction: 'asc' }, 800)).toEqual(meant);
    expect(await walk(filter, {}, { by: 'since', direction: 'desc' }, 800)).toEqual(meant.toReversed());
    const where = { text: 'crowd', level: [filter] };
    const crowd = await walk('open', where, { by: 'since', direction: 'asc' }, 800);
    expect(crowd).toHaveLength(filter === 'late' ? 833 : 1_667);
    expect((await matchingPayouts(database.db, me, { filter: 'open', where }, NOW)).count).toBe(crowd.length);
  }
});
