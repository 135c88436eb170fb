import { z } from 'zod';
import { Refused } from '../core/refusal.ts';
import { idInput } from '../runtime/id-input.ts';
import { command, look, query, router } from '../runtime/trpc.ts';
import { assignPayout } from './assign-payout.ts';
import { checkPayout } from './check-payout.ts';
import { holdPayout } from './hold-payout.ts';
import { notePayout } from './note-payout.ts';
import { countPayouts, payoutFacets } from './payout-counts.queries.ts';
import { payoutDetail } from './payout-detail.queries.ts';
import { readEntries } from './payout-entries.queries.ts';
import { groupPayouts } from './payout-groups.queries.ts';
import { payoutFilterInput, payoutSortInput, payoutWhereInput } from './payout-list.ts';
import { readNotes } from './payout-notes.queries.ts';
import { listPayouts, matchingPayouts } from './payout-page.queries.ts';
import { previewRetry } from './preview-retry.tasks.ts';
import { retryPayout } from './retry-payout.ts';
import { snoozePayout } from './snooze-payout.ts';
import { wakePayout } from './wake-payout.ts';

const question = z.strictObject({ filter: payoutFilterInput.default('open'), where: payoutWhereInput.optional() });
const listInput = question.extend({
  sort: payoutSortInput.optional(),
  cursor: z.string().max(4000).nullish(),
  limit: z.int().min(1).max(200).default(100),
  /** What an endlessly scrolled list sends along; the cursor alone says where a page begins. */
  direction: z.enum(['forward', 'backward']).optional(),
});

export const payoutsRouter = router({
  list: query('payout:read', listInput, ({ db, actor, now }, input) => listPayouts(db, actor, input, now)),
  counts: query('payout:read', z.void(), ({ db, actor, now }) => countPayouts(db, actor, now)),
  matching: query('payout:read', question, ({ db, actor, now }, input) => matchingPayouts(db, actor, input, now)),
  groups: query('payout:read', question, ({ db, actor, now }, input) => groupPayouts(db, actor, input, now)),
  facets: query('payout:read', z.void(), ({ db }) => payoutFacets(db)),
  detail: query('payout:read', z.object({ id: idInput('payout') }), async ({ db, actor, now }, { id }) => {
    const detail = await payoutDetail(db, actor, id, now);
    if (!detail) throw new Refused('not_found', { what: 'payout' });
    return detail;
  }),
  previewRetry: look(['payout:check', 'payout:retry'], z.object({ id: idInput('payout') }), (looking, { id }) =>
    previewRetry(looking, id),
  ),
  retry: command(retryPayout),
  check: command(checkPayout),
  hold: command(holdPayout),
  assign: command(assignPayout),
  notes: query('payout:read', z.object({ id: idInput('payout') }), ({ db }, { id }) => readNotes(db, id)),
  note: command(notePayout),
  entries: query('payout:read', z.object({ id: idInput('payout') }), ({ db }, { id }) => readEntries(db, id)),
  snooze: command(snoozePayout),
  wake: command(wakePayout),
});
