import { z } from 'zod';
import { toId } from '../core/ids.ts';
import { mustNotRefuse, Refused } from '../core/refusal.ts';
import { idInput } from '../runtime/id-input.ts';
import { defineOperation } from '../runtime/operation.ts';
import { decisionsOn, insertDecision, lockOverride, moveOverride } from './override.store.ts';
import { countingApprovals, decideRejection } from './override.ts';
import { answerOf } from './override-answer.ts';
import { personActing } from './person-acting.ts';

const REASON_CHARACTERS = 3;

/** Ends an override with a no, and why. One that is approved can still be stopped so, by a checker who has not signed it. */
export const rejectOverride = defineOperation({
  name: 'overrides.reject',
  permission: 'override:decide',
  act: 'override.rejected',
  input: z.strictObject({ overrideId: idInput('override'), reason: z.string().trim().max(2_000) }),
  subject: (input) => ({ kind: 'override', id: input.overrideId }),
  async run({ tx, now, actor }, input) {
    const checker = personActing(actor);
    if (input.reason.length < REASON_CHARACTERS) {
      throw new Refused('reason_too_short', { characters: String(REASON_CHARACTERS), words: '1' });
    }
    const override = await lockOverride(tx, input.overrideId);
    const decisions = await decisionsOn(tx, override.id);
    mustNotRefuse(decideRejection(override, decisions, checker, now));
    await insertDecision(tx, override, checker, { decision: 'reject', reason: input.reason, at: now });
    const after = await moveOverride(tx, override, 'rejected', { at: now, reason: input.reason });
    return {
      result: answerOf(after, countingApprovals(override, decisions).length),
      audit: {
        subject: { kind: 'override', id: override.id },
        before: { status: override.status },
        after: { status: after.status, payoutId: toId('payout', override.subjectId) },
        reason: input.reason,
      },
    };
  },
});
