import { z } from 'zod';
import { Refused } from '../core/refusal.ts';
import { defineOperation } from '../runtime/operation.ts';
import { appendPayoutEvent, findAttempt, lockPayout, saveAttempt } from './payout.store.ts';
import { type Adopted, adoptFound, answerInput, isOutdated, toAsked } from './provider-answer.store.ts';

/**
 * Writes down what the provider answered to a person who looked before deciding. Found: its state is adopted (healed). Absent or
 * no answer: kept with the attempt and on the timeline, and that is all: a look sends nothing, mints nothing, and neither uses
 * up nor moves the checks that the worker makes by itself.
 */
export const recordLook = defineOperation({
  name: 'payouts.record_look',
  permission: 'payout:check',
  act: 'payout.answer_recorded',
  input: z.strictObject({ attemptId: z.uuid(), askedAt: z.coerce.date(), answer: answerInput }),
  subject: () => null,
  async run({ tx, now, actor }, { attemptId, askedAt, answer }) {
    const found = await findAttempt(tx, attemptId);
    if (!found) throw new Refused('not_found', { what: 'attempt' });
    const payout = await lockPayout(tx, found.payoutId);
    // Read again under the payout's lock: a webhook or a worker may have moved it while the provider answered.
    const attempt = (await findAttempt(tx, attemptId)) ?? found;
    const asked = toAsked(answer);
    if (!isOutdated(attempt, askedAt)) {
      await saveAttempt(tx, attempt.id, { lastAskedAt: askedAt, lastAnswer: asked });
    }
    const adopted: Adopted =
      answer.kind === 'found'
        ? await adoptFound(tx, payout, attempt, answer, { now, askedAt, actorLabel: actor.label })
        : { kind: 'asked', payout, conflict: false };
    if (adopted.kind === 'asked') {
      await appendPayoutEvent(tx, payout.id, {
        at: now,
        kind: 'asked',
        actorLabel: actor.label,
        attemptId: attempt.id,
        data: {
          answer: answer.kind,
          ...(answer.kind === 'found' ? { status: answer.status } : {}),
          ...(answer.kind === 'absent' ? { scanned: answer.scanned } : {}),
          ...(answer.kind === 'no_answer' ? { reason: answer.reason } : {}),
          ...(adopted.conflict ? { conflict: true } : {}),
          nextCheckAt: attempt.nextCheckAt,
        },
      });
    }
    return {
      result: { healed: adopted.kind === 'healed' },
      audit: {
        subject: { kind: 'payout', id: payout.id },
        before: { status: payout.status },
        after: { status: adopted.payout.status, attempt: attempt.no, answer: asked },
      },
    };
  },
});
