import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Actor } from '../core/actor.ts';
import { NOW, person } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { fundedParty, setPayoutsOn } from '../testing/factories.ts';
import { DatabasePayouts } from './testing/database-payouts.ts';
import { MemoryPayouts } from './testing/memory-payouts.ts';
import { type Model, payoutLife } from './testing/payout-steps.ts';
import type { PayoutSystem } from './testing/payout-system.ts';
import { ProviderTruth } from './testing/provider-truth.ts';

let database: TestDatabase;
let ops: Actor;
let party: string;
beforeAll(async () => {
  database = await testDatabase();
  ops = await person(database, 'ops');
  party = (await fundedParty(database, { EUR: 10_000_000_000n })).reference;
});
afterAll(() => database.close());

const begin = (): Model => ({ now: NOW, truth: new ProviderTruth(), onTheWire: [], answers: [] });
/** What both must agree on; ids and instants of their making are their own. */
const summary = async (system: PayoutSystem) => {
  const { payout, attempts } = await system.see();
  return {
    payout: payout.status,
    code: payout.failureCode,
    attempts: attempts.map(({ no, status, sendCount, lastAnswer, automatic, nextRetryAt }) => ({
      ...{ no, status, sendCount, automatic },
      asked: lastAnswer?.kind ?? null,
      scheduled: nextRetryAt !== null,
    })),
  };
};

test('the verbs on PostgreSQL live the lives of the model, step by step: never paid twice, books that balance', async () => {
  await fc.assert(
    fc.asyncProperty(payoutLife({ atLeast: 15, atMost: 40 }), async (steps) => {
      await setPayoutsOn(database, true);
      const [expected, real] = [new MemoryPayouts(NOW), await DatabasePayouts.open(database, ops, party, NOW)];
      const [ofExpected, ofReal] = [begin(), begin()];
      for (const step of steps) {
        await step.run(ofExpected, expected);
        await step.run(ofReal, real);
        expect([step.toString(), await summary(real)]).toEqual([step.toString(), await summary(expected)]);
      }
    }),
    { numRuns: 25 },
  );
}, 60_000);
