import { z } from 'zod';
import { Refused } from '../core/refusal.ts';
import { peopleWho } from '../identity/person.store.ts';
import { MAX_SELECTION, payoutSelectionInput } from '../payouts/payout-list.ts';
import { readSelection } from '../payouts/payout-selection.queries.ts';
import { idInput } from '../runtime/id-input.ts';
import { announce } from '../runtime/live.ts';
import { defineOperation } from '../runtime/operation.ts';
import { insertRun } from './bulk.store.ts';
import { type BulkInput, frozen } from './bulk.ts';
import { personRunning } from './bulk-access.ts';
import { answerOf, auditOf } from './bulk-answer.ts';

const selection = payoutSelectionInput;
const person = idInput('person').nullable();
const reason = z.string().trim().min(3).max(500);

/**
 * Freezes a selection and says what the act would do to each of its payouts. Nothing is done to any of them. What is frozen
 * here is what runs; the filter that was asked is kept for display, and is never asked again. Throws Refused
 * `selection_empty`, `selection_too_large`, `not_found` for a picked payout that does not exist, `person_unknown`.
 */
export const previewBulk = defineOperation({
  name: 'bulk.preview',
  permission: 'payout:bulk',
  act: 'bulk.previewed',
  input: z.discriminatedUnion('act', [
    z.strictObject({ act: z.literal('retry'), selection }),
    z.strictObject({ act: z.literal('check'), selection }),
    z.strictObject({ act: z.literal('assign'), selection, input: z.strictObject({ assigneeId: person }) }),
    z.strictObject({ act: z.literal('hold'), selection, input: z.strictObject({ reason }) }),
  ]),
  subject: () => null,
  async run({ tx, now, actor }, asked) {
    const { act } = asked;
    const createdBy = personRunning(actor, act);
    const input: BulkInput = 'input' in asked ? asked.input : {};
    if (input.assigneeId && (await peopleWho(tx, 'payout:assign', [input.assigneeId])).length === 0) {
      throw new Refused('person_unknown');
    }
    const { reads, more } = await readSelection(tx, actor, asked.selection, now, MAX_SELECTION);
    if (more) throw new Refused('selection_too_large', { limit: String(MAX_SELECTION) });
    if (reads.length === 0) throw new Refused('selection_empty');
    if ('ids' in asked.selection && reads.length < asked.selection.ids.length) {
      throw new Refused('not_found', { what: 'payout' });
    }
    const run = await insertRun(
      tx,
      {
        act,
        input,
        asked: 'ids' in asked.selection ? { picked: asked.selection.ids.length } : asked.selection,
        parentId: null,
        createdBy,
        now,
      },
      reads.map((read) => frozen(act, input, read)),
    );
    await announce(tx, 'bulk_run', run.id);
    return {
      result: answerOf(run, run.status),
      audit: { subject: { kind: 'bulk_run', id: run.id }, after: auditOf(run) },
    };
  },
});
