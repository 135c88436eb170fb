import { z } from 'zod';
import { type Actor, actorKey } from '../core/actor.ts';
import { toId } from '../core/ids.ts';
import { usedKeys } from '../runtime/idempotency.store.ts';
import { announce } from '../runtime/live.ts';
import { defineOperation, type Scope } from '../runtime/operation.ts';
import { endItems, lockRun, moveRun, openPositions, saveOutcomes } from './bulk.store.ts';
import { type BulkRun, type BulkStatus, isFinished, itemKey } from './bulk.ts';
import { answerOf } from './bulk-answer.ts';

/**
 * Ends a run: because all is done, because the rest was canceled, or because the person in whose name it runs may not any
 * more (`forbidden`). Ends nothing that still has open items for any other reason. For the worker only.
 */
export const finishBulk = defineOperation({
  name: 'bulk.finish',
  permission: 'bulk:run',
  act: 'bulk.finished',
  input: z.strictObject({ runId: z.uuid(), forbidden: z.boolean().default(false) }),
  subject: (input) => ({ kind: 'bulk_run', id: input.runId }),
  async run(scope, { runId, forbidden }) {
    const { tx, now } = scope;
    const run = await lockRun(tx, runId);
    if (isFinished(run) || run.status === 'paused' || run.status === 'previewed') {
      return { result: answerOf(run, run.status), audit: null };
    }
    const canceling = run.status === 'canceling';
    if (canceling || forbidden) await settleCarriedOut(scope, run);
    const open = await openPositions(tx, run.id);
    if (open.length > 0 && !canceling && !forbidden) return { result: answerOf(run, run.status), audit: null };
    await endItems(tx, run.id, {
      outcome: canceling ? 'canceled' : 'skipped',
      code: canceling ? null : 'permission_missing',
      at: now,
    });
    const to: BulkStatus = canceling && open.length > 0 ? 'canceled' : 'done';
    const { counts } = await lockRun(tx, run.id);
    await moveRun(tx, run, to, { finishedAt: now });
    await announce(tx, 'bulk_run', run.id);
    return {
      result: answerOf(run, to),
      audit: {
        subject: { kind: 'bulk_run', id: run.id },
        before: { status: run.status },
        after: { status: to, ...counts },
      },
    };
  },
});

/**
 * A worker that died between an item's command and its outcome left it open, though it was carried out: its key says so. It
 * is not called canceled.
 */
async function settleCarriedOut({ tx, now }: Scope, run: BulkRun): Promise<void> {
  const person: Actor = { kind: 'person', id: run.createdBy, label: run.createdLabel, roles: [], sessionId: null };
  const publicId = toId('bulk_run', run.id);
  const open = await openPositions(tx, run.id);
  const keys = open.map((position) => itemKey(publicId, position));
  const used = await usedKeys(tx, actorKey(person), keys);
  const carriedOut = open.filter((position) => used.has(itemKey(publicId, position)));
  if (carriedOut.length > 0) await saveOutcomes(tx, run.id, carriedOut, { outcome: 'done', at: now });
}
