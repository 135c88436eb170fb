import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Actor } from '../core/actor.ts';
import { HOUR_MS } from '../core/time.ts';
import type { Db, Tx } from '../runtime/db.ts';
import { NOW, person } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { fundedParty, setPayoutsOn } from '../testing/factories.ts';
import { DatabasePayouts } from './testing/database-payouts.ts';
import { assertSafe, type Model, payoutLife, payoutRace } from './testing/payout-steps.ts';
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

/**
 * The database, with every statement of every transaction waiting for its turn: fast-check decides whose is next, and shrinks to
 * the order that breaks something. A statement that waits for a row lock holds up nobody else.
 */
function inTurns(db: Db, scheduler: fc.Scheduler): Db {
  const turn = (text: string) => scheduler.schedule(Promise.resolve(), text.trim().slice(0, 60));
  return {
    ...db,
    query: async (text, values) => {
      await turn(text);
      return db.query(text, values);
    },
    transaction: (work) =>
      db.transaction((tx) => {
        const waiting: Tx = {
          ...tx,
          query: async (text, values) => {
            await turn(text);
            return tx.query(text, values);
          },
        };
        return work(waiting);
      }),
  };
}

test('raced, statement by statement: sends, outcomes, events, answers, retries, holds and cancels at once stay safe', async () => {
  let overlapped = 0;
  await fc.assert(
    fc.asyncProperty(
      payoutLife({ atLeast: 0, atMost: 8 }),
      payoutRace({ atLeast: 2, atMost: 4 }),
      fc.scheduler(),
      async (before, atOnce, scheduler) => {
        await setPayoutsOn(database, true);
        const system = await DatabasePayouts.open(database, ops, party, NOW);
        const model: Model = { now: NOW, truth: new ProviderTruth(), onTheWire: [], answers: [] };
        for (const step of before) await step.run(model, system);
        const raced = system.on({ ...database, db: inTurns(database.db, scheduler) });
        await scheduler.waitFor(Promise.all(atOnce.map((step) => step.only(model, raced))));
        overlapped += 1;
        await assertSafe(model, system);
        // And what came of it can go on: whatever is left waiting is sent or asked about, and is paid at most once.
        model.now = new Date(model.now.getTime() + HOUR_MS);
        model.truth.passUntil(model.now);
        for (const { id, providerKey } of (await system.see()).attempts) {
          if ((await system.startSend(id, model.now)).step !== 'send') continue;
          const outcome = model.truth.request(id, providerKey, 'answered', model.now);
          await system.recordOutcome(id, outcome, model.now);
        }
        await assertSafe(model, system);
      },
    ),
    { numRuns: 40 },
  );
  expect(overlapped).toBeGreaterThanOrEqual(40);
}, 90_000);
