import { z } from 'zod';
import { toId } from '../core/ids.ts';
import { mustNotRefuse, type Refusal, Refused } from '../core/refusal.ts';
import { enqueueSend } from '../jobs/payout-jobs.ts';
import { lockPayout, mintAttempt, movePayout, retryFacts, saveAttempt } from '../payouts/payout.store.ts';
import type { Payout } from '../payouts/payout.ts';
import type { RetryFacts } from '../payouts/retry-safety.ts';
import { idInput } from '../runtime/id-input.ts';
import { type Done, defineOperation, type Scope } from '../runtime/operation.ts';
import {
  closeOverride,
  decisionsOn,
  lockOverride,
  moveOverride,
  noteFailure,
  policyInForce,
  tryEffect,
} from './override.store.ts';
import { countingApprovals, type Decision, decideExecution, type Override } from './override.ts';
import { answerOf, closingAudit, type OverrideAnswer } from './override-answer.ts';
import { closesAttempt, decideEffect, EFFECTS } from './override-effects.ts';
import { policyFor } from './override-policy.ts';
import { snapshotOf } from './override-subject.ts';

type Answer = Done<OverrideAnswer>;

/**
 * Does what was signed, once: under the locks of the override and of its payout it judges approvals, policy, expiry and
 * subject again, then moves the payout, posts, and marks the override executed, all in one commit. Expired and stale are
 * outcomes that are kept. When the effect itself is refused (the wallet is empty, sending is switched off), nothing of it stays,
 * the override stays approved with the reason, and it is safe to try again.
 */
export const executeOverride = defineOperation({
  name: 'overrides.execute',
  permission: 'override:execute',
  act: 'override.executed',
  input: z.strictObject({ overrideId: idInput('override') }),
  subject: (input) => ({ kind: 'override', id: input.overrideId }),
  async run(scope, input): Promise<Answer> {
    const { tx, now } = scope;
    const override = await lockOverride(tx, input.overrideId);
    const payout = await lockPayout(tx, override.subjectId);
    const decisions = await decisionsOn(tx, override.id);
    const approvals = countingApprovals(override, decisions);
    const facts = await retryFacts(tx, payout, now);
    const { seats: seatsNow } = policyFor(await policyInForce(tx), override.kind, payout.amount);
    const subject = snapshotOf(payout, facts.lastAttempt);

    const verdict = decideExecution(override, decisions, { now, subject, seatsNow });
    if (verdict.do === 'refuse') throw new Refused(verdict.refusal.code, verdict.refusal.params);
    if (verdict.do === 'close') {
      const ended = await closeOverride(tx, override, verdict.closing, now);
      const result = answerOf(ended, approvals.length, verdict.closing.refusal);
      return { result, audit: closingAudit(override, verdict.closing) };
    }

    let moved = payout;
    const refused = await tryEffect(tx, async () => {
      mustNotRefuse(decideEffect(override.kind, payout, facts));
      moved = await applyEffect(scope, override, approvals, payout, facts);
    });
    if (refused) return failed(scope, override, approvals, refused.refusal);
    const executed = await moveOverride(tx, override, 'executed', { at: now });
    return {
      result: answerOf(executed, approvals.length),
      audit: {
        subject: { kind: 'override', id: override.id },
        before: { status: override.status, payout: payout.status },
        after: {
          status: executed.status,
          kind: override.kind,
          payoutId: toId('payout', payout.id),
          payout: moved.status,
          amount: payout.amount,
          maker: override.makerLabel,
          approvers: approvals.map((made) => made.checkerLabel),
          contentHash: override.contentHash,
        },
        reason: override.reason,
      },
    };
  },
});

/** Moves the payout, and the worker's next attempt with it. Throws Refused `insufficient_balance` when the wallet cannot pay again. */
async function applyEffect(
  { tx, now, actor }: Scope,
  override: Override,
  approvals: readonly Decision[],
  payout: Payout,
  { lastAttempt: last }: RetryFacts,
): Promise<Payout> {
  const { to, sends } = EFFECTS[override.kind];
  const signed = {
    overrideId: toId('override', override.id),
    kind: override.kind,
    maker: override.makerLabel,
    approvers: approvals.map((made) => made.checkerLabel),
    reason: override.reason,
  };
  const closed = closesAttempt(override.kind, last);
  if (last && closed) {
    await saveAttempt(tx, last.id, {
      status: closed,
      nextCheckAt: null,
      ...(closed === 'paid' ? { answeredAt: now } : {}),
    });
  }
  const attempt = sends
    ? await mintAttempt(tx, payout, {
        now,
        requestedBy: override.makerLabel,
        proof: { code: 'override', ...signed },
        previousId: last?.id ?? null,
      })
    : null;
  if (attempt) await enqueueSend(tx, attempt.id);
  return movePayout(tx, payout, to, {
    at: now,
    kind: 'override_executed',
    actorLabel: actor.label,
    attemptId: attempt?.id ?? last?.id,
    data: { ...signed, ...(attempt ? { attemptNo: attempt.no } : {}) },
    overrideId: override.id,
    set: changedFields(override),
  });
}

/** Beside the status: what no longer holds once the override is done. Who asked for a forced retry is who last retried. */
function changedFields(override: Override): Partial<Payout> {
  switch (override.kind) {
    case 'mark_payout_paid':
      return { failureCode: null };
    case 'cancel_payout':
      return {};
    case 'force_retry':
      return { failureCode: null, providerPayoutId: null, lastRetriedBy: override.makerId };
    case 'release_hold':
      return { holdReason: null };
  }
}

/** The effect was refused and undone; the override stays approved and says why. */
async function failed(
  { tx }: Scope,
  override: Override,
  approvals: readonly Decision[],
  refused: Refusal,
): Promise<Answer> {
  await noteFailure(tx, override, refused.code);
  return {
    result: answerOf(override, approvals.length, refused),
    audit: {
      act: 'override.execution_failed',
      subject: { kind: 'override', id: override.id },
      before: { status: override.status },
      after: { status: override.status, payoutId: toId('payout', override.subjectId), refused },
    },
  };
}
