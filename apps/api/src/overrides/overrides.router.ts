import { z } from 'zod';
import { Refused } from '../core/refusal.ts';
import { idInput } from '../runtime/id-input.ts';
import { command, query, router } from '../runtime/trpc.ts';
import { approveOverride } from './approve-override.ts';
import { executeOverride } from './execute-override.ts';
import { overrideDetail } from './override-detail.queries.ts';
import { countOverrides, listOverrides, OVERRIDE_TABS, overridesOf } from './overrides.queries.ts';
import { rejectOverride } from './reject-override.ts';
import { requestOverride } from './request-override.ts';
import { requestable } from './requestable.queries.ts';
import { withdrawOverride } from './withdraw-override.ts';

const listInput = z.object({
  tab: z.enum(OVERRIDE_TABS).default('waiting'),
  cursor: z.string().max(100).optional(),
  limit: z.int().min(1).max(100).default(50),
});
const payoutInput = z.object({ payoutId: idInput('payout') });

export const overridesRouter = router({
  list: query('override:read', listInput, ({ db, actor, now }, input) => listOverrides(db, actor, input, now)),
  counts: query('override:read', z.void(), ({ db, actor, now }) => countOverrides(db, actor, now)),
  detail: query('override:read', z.object({ id: idInput('override') }), async ({ db, actor, now }, { id }) => {
    const detail = await overrideDetail(db, actor, id, now);
    if (!detail) throw new Refused('not_found', { what: 'override' });
    return detail;
  }),
  ofPayout: query('override:read', payoutInput, ({ db, actor, now }, { payoutId }) =>
    overridesOf(db, actor, payoutId, now),
  ),
  requestable: query('override:read', payoutInput, async ({ db, actor, now }, { payoutId }) => {
    const offered = await requestable(db, actor, payoutId, now);
    if (!offered) throw new Refused('not_found', { what: 'payout' });
    return offered;
  }),
  request: command(requestOverride),
  approve: command(approveOverride),
  reject: command(rejectOverride),
  withdraw: command(withdrawOverride),
  execute: command(executeOverride),
});
