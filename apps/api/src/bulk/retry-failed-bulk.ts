import { z } from 'zod';
import { toId } from '../core/ids.ts';
import { mustNotRefuse } from '../core/refusal.ts';
import { readSelection } from '../payouts/payout-selection.queries.ts';
import { idInput } from '../runtime/id-input.ts';
import { announce } from '../runtime/live.ts';
import { defineOperation } from '../runtime/operation.ts';
import { failedPayouts, insertRun, lockRun } from './bulk.store.ts';
import { BULK_LIMIT, decideRetryFailed, frozen } from './bulk.ts';
import { personRunning } from './bulk-access.ts';
import { answerOf, auditOf } from './bulk-answer.ts';

/**
 * Previews the same act for what failed in a run that has ended, and for nothing else: each is judged anew, and nothing is
 * done before that preview is confirmed in its turn.
 */
export const retryFailedBulk = defineOperation({
  name: 'bulk.retry_failed',
  permission: 'payout:bulk',
  act: 'bulk.previewed',
  input: z.strictObject({ runId: idInput('bulk_run') }),
  subject: (input) => ({ kind: 'bulk_run', id: input.runId }),
  async run({ tx, now, actor }, input) {
    const parent = await lockRun(tx, input.runId);
    const createdBy = personRunning(actor, parent.act);
    const ids = await failedPayouts(tx, parent);
    mustNotRefuse(decideRetryFailed(parent, ids.length));
    const { reads } = await readSelection(tx, actor, { ids }, now, BULK_LIMIT);
    const asked = { failedOf: toId('bulk_run', parent.id) };
    const run = await insertRun(
      tx,
      { act: parent.act, input: parent.input, asked, parentId: parent.id, createdBy, now },
      reads.map((read) => frozen(parent.act, parent.input, read)),
    );
    await announce(tx, 'bulk_run', run.id);
    return {
      result: answerOf(run, run.status),
      audit: { subject: { kind: 'bulk_run', id: run.id }, after: auditOf(run) },
    };
  },
});
