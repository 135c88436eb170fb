import { z } from 'zod';
import { Refused } from '../core/refusal.ts';
import { idInput } from '../runtime/id-input.ts';
import { command, query, router } from '../runtime/trpc.ts';
import { listRuns, runDetail } from './bulk.queries.ts';
import { BULK_LIMIT, OUTCOMES, PLANNED } from './bulk.ts';
import { listItems } from './bulk-items.queries.ts';
import { cancelBulk } from './cancel-bulk.ts';
import { confirmBulk } from './confirm-bulk.ts';
import { discardBulk } from './discard-bulk.ts';
import { pauseBulk } from './pause-bulk.ts';
import { previewBulk } from './preview-bulk.ts';
import { resumeBulk } from './resume-bulk.ts';
import { retryFailedBulk } from './retry-failed-bulk.ts';

const listInput = z.object({ cursor: z.string().max(100).optional(), limit: z.int().min(1).max(100).default(50) });

const itemsInput = z.object({
  id: idInput('bulk_run'),
  outcome: z.enum(OUTCOMES).optional(),
  planned: z.enum(PLANNED).optional(),
  code: z.string().max(60).optional(),
  offset: z.int().min(0).max(BULK_LIMIT).default(0),
  limit: z.int().min(1).max(200).default(100),
});

export const bulkRouter = router({
  list: query('payout:read', listInput, ({ db, now }, input) => listRuns(db, input, now)),
  detail: query('payout:read', z.object({ id: idInput('bulk_run') }), async ({ db, actor, now }, { id }) => {
    const detail = await runDetail(db, actor, id, now);
    if (!detail) throw new Refused('not_found', { what: 'bulk_run' });
    return detail;
  }),
  items: query('payout:read', itemsInput, ({ db }, { id, ...input }) => listItems(db, { runId: id, ...input })),
  preview: command(previewBulk),
  confirm: command(confirmBulk),
  discard: command(discardBulk),
  pause: command(pauseBulk),
  resume: command(resumeBulk),
  cancel: command(cancelBulk),
  retryFailed: command(retryFailedBulk),
});
