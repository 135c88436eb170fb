import { z } from 'zod';
import { idInput } from '../runtime/id-input.ts';
import { following, query, router } from '../runtime/trpc.ts';
import { whoIsHere } from './presence.queries.ts';
import { sayGone, sayHere } from './say-here.ts';

const payout = z.object({ payoutId: idInput('payout') });

export const presenceRouter = router({
  /** Said every 20 s while a payout is open; answers who else looks at it, so that nobody asks twice. */
  here: following('payout:read')
    .input(payout)
    .mutation(async ({ ctx, input }) => {
      const place = { kind: 'payout' as const, id: input.payoutId };
      const now = ctx.clock();
      await sayHere(ctx.db, place, ctx.actor.id, now);
      return whoIsHere(ctx.db, place, ctx.actor.id, now);
    }),
  gone: following('payout:read')
    .input(payout)
    .mutation(({ ctx, input }) => sayGone(ctx.db, { kind: 'payout', id: input.payoutId }, ctx.actor.id)),
  /** Who else looks at it, for whoever only asks. */
  who: query('payout:read', payout, ({ db, actor, now }, input) =>
    whoIsHere(db, { kind: 'payout', id: input.payoutId }, actor.id, now),
  ),
});
