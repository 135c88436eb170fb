import { z } from 'zod';
import { mustNotRefuse } from '../core/refusal.ts';
import { idInput } from '../runtime/id-input.ts';
import { announce } from '../runtime/live.ts';
import { defineOperation } from '../runtime/operation.ts';
import { lockRun, moveRun } from './bulk.store.ts';
import { decideDiscard } from './bulk.ts';
import { answerOf } from './bulk-answer.ts';

/** Puts a preview away. It was never confirmed, so nothing happened to any payout. */
export const discardBulk = defineOperation({
  name: 'bulk.discard',
  permission: 'payout:bulk',
  act: 'bulk.discarded',
  input: z.strictObject({ runId: idInput('bulk_run') }),
  subject: (input) => ({ kind: 'bulk_run', id: input.runId }),
  async run({ tx, now, actor }, input) {
    const run = await lockRun(tx, input.runId);
    mustNotRefuse(decideDiscard(run, actor.id));
    await moveRun(tx, run, 'discarded', { finishedAt: now });
    await announce(tx, 'bulk_run', run.id);
    return {
      result: answerOf(run, 'discarded'),
      audit: {
        subject: { kind: 'bulk_run', id: run.id },
        before: { status: run.status },
        after: { status: 'discarded', ...run.counts },
      },
    };
  },
});
