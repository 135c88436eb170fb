import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NOW } from '../testing/calls.ts';
import { MemoryPayouts } from './testing/memory-payouts.ts';
import { type Model, payoutLife } from './testing/payout-steps.ts';
import { ProviderTruth } from './testing/provider-truth.ts';

it('whatever happens to a payout, in whatever order: never paid twice, books that balance, a state that agrees', async () => {
  /** How many lives came by each place: the model says nothing of places that it never sees. */
  const seen = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(payoutLife({ atLeast: 10, atMost: 60 }), async (steps) => {
      const model: Model = { now: NOW, truth: new ProviderTruth(), onTheWire: [], answers: [] };
      const real = new MemoryPayouts(NOW);
      await fc.asyncModelRun(() => ({ model, real }), steps);
      const { payout, attempts } = await real.see();
      for (const place of new Set([payout.status, ...attempts.map(({ status }) => `attempt ${status}`)])) {
        seen.set(place, (seen.get(place) ?? 0) + 1);
      }
    }),
    { numRuns: 8_000 },
  );
  for (const place of [
    'paid',
    'returned',
    'canceled',
    'held',
    'attempt absent',
    'attempt rejected',
    'attempt not_sent',
  ]) {
    expect([place, (seen.get(place) ?? 0) >= 10]).toEqual([place, true]);
  }
});
