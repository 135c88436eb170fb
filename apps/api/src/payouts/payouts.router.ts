import { z } from 'zod';
import { Refused } from '../core/refusal.ts';
import { idInput } from '../runtime/id-input.ts';
import { command, query, router } from '../runtime/trpc.ts';
import { assignPayout } from './assign-payout.ts';
import { checkPayout } from './check-payout.ts';
import { holdPayout } from './hold-payout.ts';
import { PAYOUT_STATUSES, RAILS } from './payout.ts';
import { payoutDetail } from './payout-detail.queries.ts';
import { countPayouts, listPayouts, PAYOUT_FILTERS, PAYOUT_SORTS } from './payouts.queries.ts';
import { retryPayout } from './retry-payout.ts';

const listInput = z.object({
  filter: z.enum(PAYOUT_FILTERS).default('open'),
  sort: z.enum(PAYOUT_SORTS).default('newest'),
  text: z.string().trim().max(200).optional(),
  status: z.enum(PAYOUT_STATUSES).optional(),
  rail: z.enum(RAILS).optional(),
  currency: z.string().length(3).optional(),
  partyId: idInput('party').optional(),
  cursor: z.string().max(500).optional(),
  limit: z.int().min(1).max(200).default(100),
});

export const payoutsRouter = router({
  list: query('payout:read', listInput, ({ db, actor, now }, input) => listPayouts(db, actor, input, now)),
  counts: query('payout:read', z.void(), ({ db, actor, now }) => countPayouts(db, actor, now)),
  detail: query('payout:read', z.object({ id: idInput('payout') }), async ({ db, actor, now }, { id }) => {
    const detail = await payoutDetail(db, actor, id, now);
    if (!detail) throw new Refused('not_found', { what: 'payout' });
    return detail;
  }),
  retry: command(retryPayout),
  check: command(checkPayout),
  hold: command(holdPayout),
  assign: command(assignPayout),
});
