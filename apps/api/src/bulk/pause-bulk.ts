import { z } from 'zod';
import { mustNotRefuse } from '../core/refusal.ts';
import { idInput } from '../runtime/id-input.ts';
import { announce } from '../runtime/live.ts';
import { defineOperation } from '../runtime/operation.ts';
import { lockRun, moveRun } from './bulk.store.ts';
import { decideMove } from './bulk.ts';
import { answerOf } from './bulk-answer.ts';

/** Stops a run after the item that is being done. Anybody who may act on many may stop; nothing that was done is taken back. */
export const pauseBulk = defineOperation({
  name: 'bulk.pause',
  permission: 'payout:bulk',
  act: 'bulk.paused',
  input: z.strictObject({ runId: idInput('bulk_run') }),
  subject: (input) => ({ kind: 'bulk_run', id: input.runId }),
  async run({ tx }, input) {
    const run = await lockRun(tx, input.runId);
    mustNotRefuse(decideMove(run, 'paused'));
    await moveRun(tx, run, 'paused');
    await announce(tx, 'bulk_run', run.id);
    return {
      result: answerOf(run, 'paused'),
      audit: {
        subject: { kind: 'bulk_run', id: run.id },
        before: { status: run.status },
        after: { status: 'paused', ...run.counts },
      },
    };
  },
});
