import { z } from 'zod';
import { mustNotRefuse } from '../core/refusal.ts';
import { enqueueBulk } from '../jobs/bulk-jobs.ts';
import { idInput } from '../runtime/id-input.ts';
import { announce } from '../runtime/live.ts';
import { defineOperation } from '../runtime/operation.ts';
import { lockRun, moveRun } from './bulk.store.ts';
import { decideResume } from './bulk.ts';
import { answerOf } from './bulk-answer.ts';

/** Lets a paused run go on, still in the name of the person who confirmed it. */
export const resumeBulk = defineOperation({
  name: 'bulk.resume',
  permission: 'payout:bulk',
  act: 'bulk.resumed',
  input: z.strictObject({ runId: idInput('bulk_run') }),
  subject: (input) => ({ kind: 'bulk_run', id: input.runId }),
  async run({ tx }, input) {
    const run = await lockRun(tx, input.runId);
    mustNotRefuse(decideResume(run));
    await moveRun(tx, run, 'running');
    await enqueueBulk(tx, run.id);
    await announce(tx, 'bulk_run', run.id);
    return {
      result: answerOf(run, 'running'),
      audit: {
        subject: { kind: 'bulk_run', id: run.id },
        before: { status: run.status },
        after: { status: 'running', ...run.counts },
      },
    };
  },
});
