import { z } from 'zod';
import { mustNotRefuse } from '../core/refusal.ts';
import { enqueueBulk } from '../jobs/bulk-jobs.ts';
import { idInput } from '../runtime/id-input.ts';
import { announce } from '../runtime/live.ts';
import { defineOperation } from '../runtime/operation.ts';
import { lockRun, moveRun } from './bulk.store.ts';
import { decideMove } from './bulk.ts';
import { answerOf } from './bulk-answer.ts';

/** Cancels what a run has not done yet. The worker ends it: only it knows which item is on its way, and that one is not called canceled. */
export const cancelBulk = defineOperation({
  name: 'bulk.cancel',
  permission: 'payout:bulk',
  act: 'bulk.canceled',
  input: z.strictObject({ runId: idInput('bulk_run') }),
  subject: (input) => ({ kind: 'bulk_run', id: input.runId }),
  async run({ tx }, input) {
    const run = await lockRun(tx, input.runId);
    mustNotRefuse(decideMove(run, 'canceling'));
    await moveRun(tx, run, 'canceling');
    await enqueueBulk(tx, run.id);
    await announce(tx, 'bulk_run', run.id);
    return {
      result: answerOf(run, 'canceling'),
      audit: {
        subject: { kind: 'bulk_run', id: run.id },
        before: { status: run.status },
        after: { status: 'canceling', ...run.counts },
      },
    };
  },
});
