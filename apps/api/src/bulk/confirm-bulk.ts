import { z } from 'zod';
import { mustNotRefuse, Refused } from '../core/refusal.ts';
import { enqueueBulk } from '../jobs/bulk-jobs.ts';
import { idInput } from '../runtime/id-input.ts';
import { announce } from '../runtime/live.ts';
import { defineOperation } from '../runtime/operation.ts';
import { endItems, lockRun, moveRun } from './bulk.store.ts';
import { decideConfirm, needsTyping } from './bulk.ts';
import { personRunning } from './bulk-access.ts';
import { answerOf, auditOf } from './bulk-answer.ts';

/**
 * Starts what a preview froze, in the name of the person who saw it. `count` is the number as they typed it: above the
 * threshold it must be how many will be run. What the preview skipped is skipped here and now, and never runs.
 */
export const confirmBulk = defineOperation({
  name: 'bulk.confirm',
  permission: 'payout:bulk',
  act: 'bulk.confirmed',
  input: z.strictObject({
    runId: idInput('bulk_run'),
    version: z.int().positive(),
    count: z.int().nonnegative().nullable().default(null),
  }),
  subject: (input) => ({ kind: 'bulk_run', id: input.runId }),
  async run({ tx, now, actor }, input) {
    const run = await lockRun(tx, input.runId);
    const person = personRunning(actor, run.act);
    mustNotRefuse(decideConfirm(run, person.id, now));
    if (run.version !== input.version) throw new Refused('version_conflict');
    if (needsTyping(run) && input.count !== run.runnableCount) throw new Refused('count_not_confirmed');
    await moveRun(tx, run, 'running', { confirmedAt: now });
    await endItems(tx, run.id, { outcome: 'skipped', code: null, at: now, only: 'planned_skips' });
    await enqueueBulk(tx, run.id);
    await announce(tx, 'bulk_run', run.id);
    return {
      result: answerOf(run, 'running'),
      audit: {
        subject: { kind: 'bulk_run', id: run.id },
        before: { status: run.status },
        after: { status: 'running', ...auditOf(run), typed: input.count },
      },
    };
  },
});
