import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '../core/actor.ts';
import { newUuid, parseId, toId } from '../core/ids.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../core/time.ts';
import { MACHINE, NOW, person } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import {
  act,
  fundedParty,
  openOverride,
  payoutIn,
  providerEvent,
  type Sample,
  setPayoutsOn,
} from '../testing/factories.ts';
import { ago } from '../testing/payout-samples.ts';
import { assignPayout } from './assign-payout.ts';
import { PAYOUT_STATUSES, type PayoutStatus } from './payout.ts';
import { countPayouts, payoutFacets } from './payout-counts.queries.ts';
import { payoutDetail } from './payout-detail.queries.ts';
import { groupPayouts } from './payout-groups.queries.ts';
import { encodeCursor, PAYOUT_COLUMNS, PAYOUT_FILTERS } from './payout-list.ts';
import { listPayouts, matchingPayouts, type PayoutListInput } from './payout-page.queries.ts';
import { recordProviderEvent } from './record-provider-event.ts';

let database: TestDatabase;
let ops: Extract<Actor, { kind: 'person' }>;
/** One of each status, a day old, and a few of today. */
const samples: Partial<Record<PayoutStatus, Sample>> = {};
let fresh: Sample;
let large: Sample;

beforeAll(async () => {
  database = await testDatabase();
  ops = await person(database, 'ops');
  const party = (await fundedParty(database, { EUR: 10_000_000_000n })).reference;
  for (const [i, status] of PAYOUT_STATUSES.entries()) {
    samples[status] = await payoutIn(database, status, {
      party,
      at: ago(DAY_MS - i * MINUTE_MS),
      body: { reference: `INV-${status}` },
    });
  }
  fresh = await payoutIn(database, 'queued', { party, body: { reference: '100%_off' } });
  large = await payoutIn(database, 'in_transit', { party, at: ago(HOUR_MS), body: { amount_minor: '100000000' } });
  await act(
    database,
    assignPayout,
    { payoutId: toId('payout', fresh.payout.id), assigneeId: toId('person', ops.id) },
    { actor: ops },
  );
});
afterAll(() => database.close());

const list = (over: Partial<PayoutListInput> = {}, actor: Actor = ops) =>
  listPayouts(database.db, actor, { filter: 'all', limit: 100, ...over }, NOW);
const idsOf = ({ rows }: Awaited<ReturnType<typeof list>>) => rows.map((row) => parseId('payout', row.id));
const sampleOf = (status: PayoutStatus): Sample => {
  const sample = samples[status];
  if (!sample) throw new Error(`no sample of ${status}`);
  return sample;
};

describe('filters', () => {
  test('each chip’s count is the length of its list', async () => {
    const counts = await countPayouts(database.db, ops, NOW);
    for (const filter of PAYOUT_FILTERS)
      expect([filter, { count: (await list({ filter })).rows.length, exact: true }]).toEqual([filter, counts[filter]]);
    const numbers = Object.fromEntries(Object.entries(counts).map(([filter, { count }]) => [filter, count]));
    expect(numbers).toMatchObject({ all: 11, open: 9, unconfirmed: 1, failed: 2, mine: 1, high_value: 1, snoozed: 0 });
  });

  test('stuck and late are what the badge says, row by row', async () => {
    const levels = new Map((await list()).rows.map((row) => [row.id, row.stuck?.level ?? null]));
    const inFilter = async (filter: 'stuck' | 'late') => (await list({ filter })).rows.map((row) => row.id).sort();
    const withLevel = (level: string) =>
      [...levels]
        .filter(([, of]) => of === level)
        .map(([id]) => id)
        .sort();
    expect(await inFilter('stuck')).toEqual(withLevel('stuck'));
    expect(await inFilter('late')).toEqual(withLevel('late'));
    expect(withLevel('stuck').length).toBeGreaterThan(0);
    expect(levels.get(toId('payout', fresh.payout.id))).toBeNull();
  });

  test('by status, rail, currency, merchant and text; wildcards are only signs', async () => {
    const found = async (where: PayoutListInput['where']) => idsOf(await list({ where }));
    expect(await found({ status: ['held'] })).toEqual([sampleOf('held').payout.id]);
    expect(await found({ rail: ['wire'] })).toEqual([]);
    expect(await found({ currency: ['USD'] })).toEqual([]);
    expect(await found({ merchant: toId('party', newUuid()) })).toEqual([]);
    expect(await found({ text: 'inv-returned' })).toEqual([sampleOf('returned').payout.id]);
    expect(await found({ text: '100%_off' })).toEqual([fresh.payout.id]);
    expect(await found({ text: '100' })).toEqual([fresh.payout.id]);
    expect(await found({ text: '%' })).toEqual([]);
    expect(await found({ text: "'; DROP TABLE payout --" })).toEqual([]);
  });

  test('whoever is put aside leaves the queues of work, and stands under "snoozed" until the time', async () => {
    const { id } = sampleOf('failed').payout;
    const snoozed = async (until: Date | null) => {
      await database.owner.query('UPDATE payout SET snoozed_until = $2, snoozed_by = $3 WHERE id = $1', [
        id,
        until,
        until && 'Deniz',
      ]);
    };
    const shownIn = async () => {
      const shown: string[] = [];
      for (const filter of PAYOUT_FILTERS) if (idsOf(await list({ filter })).includes(id)) shown.push(filter);
      return shown;
    };
    const before = await shownIn();
    expect(before).toEqual(['open', 'stuck', 'failed', 'all']);
    await snoozed(new Date(NOW.getTime() + HOUR_MS));
    expect(await shownIn()).toEqual(['open', 'snoozed', 'all']);
    expect((await countPayouts(database.db, ops, NOW)).snoozed.count).toBe(1);
    await snoozed(NOW);
    expect(await shownIn()).toEqual(before);
    await snoozed(null);
  });

  test('"mine" is nobody’s for a machine', async () => {
    expect((await list({ filter: 'mine' }, MACHINE)).rows).toEqual([]);
    expect((await countPayouts(database.db, MACHINE, NOW)).mine).toEqual({ count: 0, exact: true });
  });
});

describe('pages', () => {
  test.each(
    PAYOUT_COLUMNS.flatMap((by) => [
      { by, direction: 'asc' as const },
      { by, direction: 'desc' as const },
    ]),
  )(
    'by $by $direction: small pages put together are the one large page, nothing twice, nothing missed',
    async (sort) => {
      const whole = idsOf(await list({ sort }));
      expect(whole).toHaveLength((await matchingPayouts(database.db, ops, { filter: 'all' }, NOW)).count);
      const pages: (string | null)[] = [];
      let cursor: string | undefined;
      do {
        const page = await list({ sort, limit: 2, cursor });
        pages.push(...idsOf(page));
        cursor = page.nextCursor ?? undefined;
      } while (cursor);
      expect(pages).toEqual(whole);
      expect(new Set(pages).size).toBe(pages.length);
    },
  );

  test('a cursor of another order begins again', async () => {
    const { nextCursor } = await list({ limit: 3 });
    const sort = { by: 'created', direction: 'asc' } as const;
    expect(idsOf(await list({ sort, limit: 3, cursor: nextCursor }))).toEqual(idsOf(await list({ sort, limit: 3 })));
    const other = { by: 'since', direction: 'desc' } as const;
    expect(idsOf(await list({ sort: other, limit: 3, cursor: nextCursor }))).toEqual(
      idsOf(await list({ sort: other, limit: 3 })),
    );
  });

  test('payouts of one instant are kept apart by their id', async () => {
    const party = (await fundedParty(database)).reference;
    const id = (await payoutIn(database, 'queued', { party, at: ago(30 * DAY_MS) })).payout.partyId;
    for (let i = 0; i < 4; i += 1) await payoutIn(database, 'queued', { party, at: ago(30 * DAY_MS) });
    const where = { merchant: toId('party', id) };
    const first = await list({ where, limit: 3 });
    const rest = await list({ where, limit: 3, cursor: first.nextCursor ?? '' });
    expect(new Set([...idsOf(first), ...idsOf(rest)]).size).toBe(5);
    expect(rest.nextCursor).toBeNull();
  });

  test.each([
    '',
    'nonsense',
    '★',
    Buffer.from('["1","00000000-0000-0000-0000-000000000000"]').toString('base64url'),
    Buffer.from(`["2026-11-20T10:00:00.000Z","${'-'.repeat(36)}"]`).toString('base64url'),
    Buffer.from('["2026-13-45T10:00:00.000Z","00000000-0000-0000-0000-000000000000"]').toString('base64url'),
    Buffer.from('{"at":1}').toString('base64url'),
    Buffer.from('null').toString('base64url'),
    encodeCursor({ by: 'created', direction: 'desc' }, []),
    encodeCursor({ by: 'created', direction: 'desc' }, [null, newUuid()]),
    encodeCursor({ by: 'created', direction: 'desc' }, ['2026-13-45 10:00:00+00', newUuid()]),
    encodeCursor({ by: 'created', direction: 'desc' }, ['2026-11-20 10:00:00+00', 'x']),
  ])('a cursor that is none (%j) is the first page, not a fault', async (cursor) => {
    expect(idsOf(await list({ cursor, limit: 3 }))).toEqual(idsOf(await list({ limit: 3 })));
  });
});

describe('what a person may do', () => {
  const canOf = async (status: PayoutStatus, actor: Actor = ops) => {
    const { rows } = await list({ where: { status: [status], text: `INV-${status}` } }, actor);
    return rows[0]?.can;
  };

  test.each([
    ['queued', null],
    ['sending', null],
    ['unconfirmed', null],
    ['in_transit', 'money_is_moving'],
    ['paid', 'already_paid'],
    ['failed', null],
    ['returned', 'returned_undecided'],
    ['held', 'payout_held'],
    ['canceled', 'payout_canceled'],
  ] as const)('retry of %s: %s', async (status, code) => {
    expect((await canOf(status))?.retry?.code ?? null).toBe(code);
  });

  test('hold only what waits, check only what was sent', async () => {
    expect(await canOf('queued')).toMatchObject({ hold: null, check: { code: 'status_forbids' } });
    expect(await canOf('in_transit')).toMatchObject({ hold: { code: 'status_forbids' }, check: null });
  });

  test('without the permission, that is the reason named', async () => {
    const viewer = await person(database, 'viewer');
    expect(await canOf('failed', viewer)).toMatchObject({
      retry: { code: 'permission_missing', params: { permission: 'payout:retry' } },
      check: { code: 'permission_missing' },
      assign: { code: 'permission_missing' },
      requestOverride: { code: 'permission_missing' },
    });
  });

  test('the switch, an open override and an earlier attempt that moved are in the list’s decision too', async () => {
    await setPayoutsOn(database, false);
    expect((await canOf('failed'))?.retry?.code).toBe('payouts_paused');
    await setPayoutsOn(database, true);
    const overridden = await payoutIn(database, 'failed', { at: ago(DAY_MS), body: { reference: 'INV-overridden' } });
    await openOverride(database, overridden.payout);
    expect((await list({ where: { text: 'INV-overridden' } })).rows[0]?.can.retry?.code).toBe('override_open');
    const moved = await payoutIn(database, 'failed', { at: ago(DAY_MS), body: { reference: 'INV-moved' } });
    await act(database, recordProviderEvent, providerEvent(moved, 'paid', { providerPayoutId: 'po_moved' }));
    expect((await list({ where: { text: 'INV-moved' } })).rows[0]?.can.retry?.code).toBe('already_paid');
  });
});

describe('groups', () => {
  test('hold every payout with a badge once, with its sums, and each group’s own question lists it', async () => {
    const { groups, truncated } = await groupPayouts(database.db, ops, { filter: 'all' }, NOW);
    expect(truncated).toBe(false);
    const badges = (await list()).rows.filter((row) => row.stuck !== null);
    expect(groups.reduce((sum, { count }) => sum + count.count, 0)).toBe(badges.length);
    for (const group of groups) {
      const { rows } = await list({ where: group.where });
      expect(rows).toHaveLength(group.count.count);
      for (const row of rows) {
        expect([row.stuck?.cause, row.failureCode, row.provider]).toEqual([group.cause, group.code, group.provider]);
      }
      const minor = rows.reduce((sum, row) => sum + BigInt(row.amountMinor), 0n);
      expect(group.sums).toEqual([{ currency: 'EUR', amountMinor: minor.toString() }]);
      expect(group.oldestSince).toBe(rows.map((row) => row.statusAt).sort()[0]);
      expect(group.newestSince).toBe(
        rows
          .map((row) => row.statusAt)
          .sort()
          .at(-1),
      );
    }
  });

  test('of a question are of its payouts alone', async () => {
    const { groups } = await groupPayouts(database.db, ops, { filter: 'stuck', where: { status: ['failed'] } }, NOW);
    expect(groups).toMatchObject([{ cause: 'failed_undecided', code: 'insufficient_funds', count: { exact: true } }]);
    expect((await groupPayouts(database.db, ops, { filter: 'mine' }, NOW)).groups).toEqual([]);
  });
});

test('the menus offer what payouts have', async () => {
  const facets = await payoutFacets(database.db);
  expect(facets).toEqual({
    providers: ['stripe'],
    currencies: ['EUR'],
    codes: expect.arrayContaining(['insufficient_funds']),
    owners: [{ id: toId('person', ops.id), name: ops.label }],
  });
});

test('the detail of every status reads, and keeps the destination’s token and our uuids to itself', async () => {
  for (const status of PAYOUT_STATUSES) {
    const { payout, attempt } = sampleOf(status);
    const detail = await payoutDetail(database.db, ops, payout.id, NOW);
    expect(detail?.row).toMatchObject({ id: toId('payout', payout.id), status });
    expect(detail?.timeline[0]).toMatchObject({ kind: 'requested' });
    expect(detail?.attempts).toHaveLength(1);
    const text = JSON.stringify(detail);
    expect(text).not.toContain('ba_1');
    expect(text).not.toContain(attempt.id);
    expect(text).not.toContain(payout.id);
  }
  expect(await payoutDetail(database.db, ops, newUuid(), NOW)).toBeNull();
  expect(large.payout.status).toBe('in_transit');
});
