import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NOW } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { fundedParty, payoutIn } from '../testing/factories.ts';
import { ago } from '../testing/payout-samples.ts';
import { changedRules, someStuckRules } from '../testing/stuck-rules.ts';
import { RAILS } from './payout.ts';
import { deadlines } from './stuck.ts';
import { FIRST_STUCK_POLICY, type StuckRules } from './stuck-policy.ts';
import { stuckWhatIf } from './stuck-what-if.queries.ts';

let database: TestDatabase;
const MINUTE = 60_000;
beforeAll(async () => {
  database = await testDatabase();
  const party = (await fundedParty(database, { EUR: 100_000_000n, USD: 100_000_000n })).reference;
  const sample = (status: Parameters<typeof payoutIn>[1], ms: number, rail: string, currency = 'EUR') =>
    payoutIn(database, status, { party, at: ago(ms), body: { rail, currency } });
  // Minutes, hours and days old, over the weekend before NOW (a Friday), on rails of the clock and of banks.
  for (const [at, rail] of RAILS.entries()) {
    for (const age of [1, 10, 20, 600, 2_000, 4_400, 7_000])
      await sample('in_transit', (age + at) * MINUTE, rail, at % 2 ? 'USD' : 'EUR');
  }
  for (const age of [1, 10, 16, 60]) await sample('queued', age * MINUTE, 'instant');
  for (const status of ['sending', 'unconfirmed', 'failed', 'returned', 'held'] as const)
    await sample(status, 300 * MINUTE, 'sepa');
  for (const status of ['paid', 'canceled'] as const) await sample(status, 5_000 * MINUTE, 'sepa');
});
afterAll(() => database.close());

interface Stored {
  rail: (typeof RAILS)[number];
  status: 'queued';
  status_at: Date;
  expected_by: Date | null;
  stuck_at: Date | null;
}

/** The same answer, payout by payout, as the badge would give it. */
async function oneByOne(rules: StuckRules) {
  const { rows } = await database.db.query<Stored>(
    `SELECT rail, status, status_at, expected_by, stuck_at FROM payout WHERE status NOT IN ('paid', 'canceled')`,
  );
  const level = (expectedBy: Date | null, stuckAt: Date | null) =>
    stuckAt && stuckAt < NOW ? 'stuck' : expectedBy && expectedBy < NOW ? 'late' : 'none';
  const levels = rows.map((row) => {
    const then = deadlines({ version: 2, rules }, row.rail, row.status, row.status_at);
    return { before: level(row.expected_by, row.stuck_at), after: level(then.expectedBy, then.stuckAt) };
  });
  const count = (when: 'before' | 'after', what: string) => levels.filter((one) => one[when] === what).length;
  return {
    open: rows.length,
    late: { before: count('before', 'late'), after: count('after', 'late') },
    stuck: { before: count('before', 'stuck'), after: count('after', 'stuck') },
    becomesStuck: levels.filter(({ before, after }) => before !== 'stuck' && after === 'stuck').length,
    noLongerStuck: levels.filter(({ before, after }) => before === 'stuck' && after !== 'stuck').length,
    moved: levels.filter(({ before, after }) => before !== after).length,
  };
}

test('the policy in force changes nothing', async () => {
  const { faults, changes, effect } = await stuckWhatIf(database.db, FIRST_STUCK_POLICY.rules, NOW);
  expect([faults, changes]).toEqual([[], []]);
  expect(effect).toMatchObject({
    open: 51,
    becomesStuck: { count: 0, sums: [] },
    noLongerStuck: { count: 0, sums: [] },
    rows: [],
    examples: [],
  });
  expect(effect?.stuck.before).toBeGreaterThan(5);
  expect(effect?.stuck.after).toBe(effect?.stuck.before);
});

test('a tighter limit: what becomes stuck, where, with its sums and examples', async () => {
  const rules = changedRules((all) => {
    all.limits.instant.queued = { expected: { minutes: 2 }, stuck: { minutes: 9 } };
  });
  const { effect, changes } = await stuckWhatIf(database.db, rules, NOW);
  expect(changes).toHaveLength(1);
  expect(effect).toMatchObject({
    becomesStuck: { count: 1, sums: [{ currency: 'EUR', amountMinor: '12500' }] },
    noLongerStuck: { count: 0 },
    rows: [
      { rail: 'instant', status: 'queued', open: 4, late: { before: 1, after: 0 }, stuck: { before: 2, after: 3 } },
    ],
    examples: [{ holder: 'Anna Schmidt', rail: 'instant', status: 'queued', before: 'late', after: 'stuck' }],
  });
});

test('a closed day: what was stuck over it is not', async () => {
  const rules = changedRules((all) => {
    all.calendars.t2 = ['2026-11-18', '2026-11-19', '2026-11-20'];
  });
  const { effect } = await stuckWhatIf(database.db, rules, NOW);
  expect(effect?.noLongerStuck.count).toBeGreaterThan(0);
  expect(effect?.rows.every(({ rail, status }) => rail === 'sepa' && status === 'in_transit')).toBe(true);
});

test('faulty rules are told, and nothing is counted', async () => {
  const rules = changedRules((all) => {
    all.limits.instant.queued = { expected: { minutes: 20 }, stuck: { minutes: 9 } };
  });
  expect(await stuckWhatIf(database.db, rules, NOW)).toEqual({
    faults: [{ code: 'expected_after_stuck', rail: 'instant', status: 'queued' }],
    changes: [],
    effect: null,
  });
});

test('the one statement says what asking payout by payout says, whatever the rules', async () => {
  await fc.assert(
    fc.asyncProperty(someStuckRules, async (rules) => {
      const { effect } = await stuckWhatIf(database.db, rules, NOW);
      const { becomesStuck, noLongerStuck, moved, ...counts } = await oneByOne(rules);
      expect(effect).toMatchObject(counts);
      expect([effect?.becomesStuck.count, effect?.noLongerStuck.count]).toEqual([becomesStuck, noLongerStuck]);
      expect(effect?.examples).toHaveLength(Math.min(moved, 20));
    }),
    { numRuns: 60 },
  );
});
