import { z } from 'zod';
import { toId } from '../core/ids.ts';
import { mustNotRefuse } from '../core/refusal.ts';
import { idInput } from '../runtime/id-input.ts';
import { defineOperation } from '../runtime/operation.ts';
import { decisionsOn, lockOverride, moveOverride } from './override.store.ts';
import { countingApprovals, decideWithdrawal } from './override.ts';
import { answerOf } from './override-answer.ts';
import { personActing } from './person-acting.ts';

/** Takes an override back: the maker's own, while it is open. */
export const withdrawOverride = defineOperation({
  name: 'overrides.withdraw',
  permission: 'override:request',
  act: 'override.withdrawn',
  input: z.strictObject({ overrideId: idInput('override') }),
  subject: (input) => ({ kind: 'override', id: input.overrideId }),
  async run({ tx, now, actor }, input) {
    const override = await lockOverride(tx, input.overrideId);
    mustNotRefuse(decideWithdrawal(override, personActing(actor).id, now));
    const after = await moveOverride(tx, override, 'withdrawn', { at: now });
    return {
      result: answerOf(after, countingApprovals(override, await decisionsOn(tx, override.id)).length),
      audit: {
        subject: { kind: 'override', id: override.id },
        before: { status: override.status },
        after: { status: after.status, payoutId: toId('payout', override.subjectId) },
      },
    };
  },
});
