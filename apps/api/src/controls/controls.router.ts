import { z } from 'zod';
import { RAILS } from '../payouts/payout.ts';
import { PROVIDERS } from '../payouts/provider-rules.ts';
import { idInput } from '../runtime/id-input.ts';
import { command, query, router } from '../runtime/trpc.ts';
import { controlState, listControls } from './controls.queries.ts';
import { controlHistory, findMerchants, listHolds, previewStop } from './holds.queries.ts';
import { placeHold } from './place-hold.ts';
import { releaseHold } from './release-hold.ts';
import { setSwitch } from './set-switch.ts';

const cursor = z.string().max(100).optional();

const previewInput = z.discriminatedUnion('of', [
  z.object({ of: z.literal('all') }),
  z.object({ of: z.literal('hold'), holdId: idInput('hold') }),
  z.object({
    of: z.literal('scope'),
    scope: z.discriminatedUnion('scope', [
      z.object({ scope: z.literal('merchant'), value: idInput('party') }),
      z.object({ scope: z.literal('rail'), value: z.enum(RAILS) }),
      z.object({ scope: z.literal('provider'), value: z.enum(PROVIDERS) }),
    ]),
  }),
]);

export const controlsRouter = router({
  state: query('payout:read', z.void(), ({ db, actor }) => controlState(db, actor)),
  list: query('payout:read', z.void(), ({ db, actor }) => listControls(db, actor)),
  holds: query(
    'payout:read',
    z.object({ which: z.enum(['open', 'all']).default('open'), cursor }),
    ({ db, actor }, input) => listHolds(db, actor, input),
  ),
  history: query('payout:read', z.object({ cursor }), ({ db }, input) => controlHistory(db, input)),
  preview: query('payout:read', previewInput, ({ db, now }, input) => previewStop(db, input, now)),
  merchants: query('payout:read', z.object({ text: z.string().trim().max(200) }), ({ db }, { text }) =>
    findMerchants(db, text),
  ),
  set: command(setSwitch),
  placeHold: command(placeHold),
  releaseHold: command(releaseHold),
});
