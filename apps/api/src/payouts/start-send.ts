import { z } from 'zod';
import { Refused } from '../core/refusal.ts';
import { enqueueCheck } from '../jobs/payout-jobs.ts';
import { type Done, defineOperation } from '../runtime/operation.ts';
import { findAttempt, lockPayout, movePayout, retryFacts, saveAttempt } from './payout.store.ts';
import { decideSend, type SendStep } from './send-step.ts';

/**
 * The last look before the wire: marks the attempt as sending, in a transaction of its own that ends before the provider is
 * called. A job that runs twice (its worker died after this) sends the same attempt under the same key, and never when
 * the provider may have forgotten that key.
 */
export const startSend = defineOperation({
  name: 'payouts.start_send',
  permission: 'payout:send',
  act: 'payout.send_started',
  input: z.strictObject({ attemptId: z.uuid() }),
  subject: () => null,
  async run({ tx, now, actor }, input): Promise<Done<SendStep>> {
    const found = await findAttempt(tx, input.attemptId);
    if (!found) throw new Refused('not_found', { what: 'attempt' });
    const payout = await lockPayout(tx, found.payoutId);
    // Read again under the payout's lock: a webhook or another worker may have moved it meanwhile.
    const attempt = (await findAttempt(tx, input.attemptId)) ?? found;
    const decided = decideSend(payout, attempt, await retryFacts(tx, payout, now));
    if (decided.step === 'skip') return { result: decided, audit: null };
    const subject = { kind: 'payout' as const, id: payout.id };
    if (decided.step === 'ask') {
      await saveAttempt(tx, attempt.id, { status: 'unknown' });
      await enqueueCheck(tx, attempt.id);
      if (payout.status === 'sending') {
        await movePayout(tx, payout, 'unconfirmed', {
          at: now,
          kind: 'answer_lost',
          actorLabel: actor.label,
          attemptId: attempt.id,
          data: { reason: 'key_expired' },
        });
      }
      return { result: decided, audit: { subject, after: { attempt: attempt.no, ask: 'key_expired' } } };
    }
    await saveAttempt(tx, attempt.id, {
      status: 'sending',
      firstSentAt: attempt.firstSentAt ?? now,
      lastSentAt: now,
      sendCount: attempt.sendCount + 1,
      nextCheckAt: null,
    });
    await movePayout(tx, payout, payout.status === 'queued' ? 'sending' : payout.status, {
      at: now,
      kind: 'send_started',
      actorLabel: actor.label,
      attemptId: attempt.id,
      data: { attemptNo: attempt.no, providerKey: attempt.providerKey, send: attempt.sendCount + 1 },
    });
    return {
      result: decided,
      audit: {
        subject,
        before: { status: payout.status },
        after: { attempt: attempt.no, providerKey: attempt.providerKey },
      },
    };
  },
});
