import { z } from 'zod';
import { toId } from '../core/ids.ts';
import { idInput } from '../runtime/id-input.ts';
import { defineOperation } from '../runtime/operation.ts';
import { lockPayout, saveAssignee } from './payout.store.ts';

/** Takes a payout (or gives it back): who looks after it. Moves no money. */
export const assignPayout = defineOperation({
  name: 'payouts.assign',
  permission: 'payout:assign',
  act: 'payout.assigned',
  input: z.strictObject({ payoutId: idInput('payout'), to: z.enum(['me', 'nobody']) }),
  subject: (input) => ({ kind: 'payout', id: input.payoutId }),
  async run({ tx, now, actor }, input) {
    const payout = await lockPayout(tx, input.payoutId);
    const assigneeId = input.to === 'me' ? actor.id : null;
    await saveAssignee(tx, payout, assigneeId, { at: now, actorLabel: actor.label });
    return {
      result: { payoutId: toId('payout', payout.id) },
      audit: {
        subject: { kind: 'payout', id: payout.id },
        before: { assigneeId: payout.assigneeId },
        after: { assigneeId },
      },
    };
  },
});
