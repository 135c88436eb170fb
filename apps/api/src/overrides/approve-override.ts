import { z } from 'zod';
import { toId } from '../core/ids.ts';
import { mustNotRefuse, Refused } from '../core/refusal.ts';
import { findPayout, lastAttempt } from '../payouts/payout.store.ts';
import { idInput } from '../runtime/id-input.ts';
import { type Done, defineOperation } from '../runtime/operation.ts';
import { closeOverride, decisionsOn, insertDecision, lockOverride, moveOverride } from './override.store.ts';
import {
  contentHashOf,
  countingApprovals,
  type Decision,
  decideApproval,
  expiryOf,
  isApprovedBy,
  stalenessOf,
} from './override.ts';
import { answerOf, closingAudit, type OverrideAnswer } from './override-answer.ts';
import { snapshotOf } from './override-subject.ts';
import { personActing } from './person-acting.ts';

/**
 * Signs an override: `contentHash` is the fingerprint of what the approver saw. The approval that fills the last seat makes
 * it approved; nothing is executed by it. One that expired, or whose payout is not any more what was shown, ends here instead:
 * that is kept, and the answer says so.
 */
export const approveOverride = defineOperation({
  name: 'overrides.approve',
  permission: 'override:decide',
  act: 'override.approved',
  input: z.strictObject({
    overrideId: idInput('override'),
    contentHash: z.string().regex(/^[0-9a-f]{64}$/),
  }),
  subject: (input) => ({ kind: 'override', id: input.overrideId }),
  async run({ tx, now, actor }, input): Promise<Done<OverrideAnswer>> {
    const checker = personActing(actor);
    const override = await lockOverride(tx, input.overrideId);
    const decisions = await decisionsOn(tx, override.id);
    const before = countingApprovals(override, decisions);
    const payout = await findPayout(tx, override.subjectId);
    if (!payout) throw new Error(`the payout of override ${override.id} is not there`);

    const expired = expiryOf(override, now);
    if (!expired) {
      mustNotRefuse(decideApproval(override, decisions, checker, { now, lastRetriedBy: payout.lastRetriedBy }));
      if (input.contentHash !== override.contentHash || contentHashOf(override) !== override.contentHash) {
        throw new Refused('content_changed');
      }
    }
    const closing = expired ?? stalenessOf(override, snapshotOf(payout, await lastAttempt(tx, payout.id)));
    if (closing) {
      const ended = await closeOverride(tx, override, closing, now);
      return { result: answerOf(ended, before.length, closing.refusal), audit: closingAudit(override, closing) };
    }

    await insertDecision(tx, override, checker, { decision: 'approve', reason: null, at: now });
    const given: Pick<Decision, 'roles'>[] = [...before, { roles: checker.roles }];
    const full = isApprovedBy(override.seats, given);
    const after = full ? await moveOverride(tx, override, 'approved', { at: now }) : override;
    return {
      result: answerOf(after, given.length),
      audit: {
        subject: { kind: 'override', id: override.id },
        before: { status: override.status, approvals: before.length },
        after: {
          status: after.status,
          approvals: given.length,
          approvalsRequired: override.approvalsRequired,
          payoutId: toId('payout', override.subjectId),
          contentHash: override.contentHash,
          roles: checker.roles,
        },
      },
    };
  },
});
