import { z } from 'zod';
import { Refused } from '../core/refusal.ts';
import { enqueueCheck } from '../jobs/payout-jobs.ts';
import { type Done, defineOperation } from '../runtime/operation.ts';
import { type Attempt, IN_FLIGHT_MS, isInFlight } from './attempt.ts';
import { findAttempt, lockPayout, movePayout, retryFacts, saveAttempt } from './payout.store.ts';
import type { Payout } from './payout.ts';
import type { RetryFacts } from './retry-safety.ts';

type Step = { step: 'send' } | { step: 'skip'; why: string } | { step: 'ask' };

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
  async run({ tx, now, actor }, input): Promise<Done<Step>> {
    const found = await findAttempt(tx, input.attemptId);
    if (!found) throw new Refused('not_found', { what: 'attempt' });
    const payout = await lockPayout(tx, found.payoutId);
    // Read again under the payout's lock: a webhook or another worker may have moved it meanwhile.
    const attempt = (await findAttempt(tx, input.attemptId)) ?? found;
    const decided = decideStep(payout, attempt, await retryFacts(tx, payout, now));
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

function decideStep(payout: Payout, attempt: Attempt, facts: RetryFacts): Step {
  const { now, payoutsOn, hold, overrideOpen, earlierMoved, replayWindowMs } = facts;
  if (!payoutsOn) return { step: 'skip', why: 'payouts_paused' };
  if (hold) return { step: 'skip', why: `${hold.scope}_held` };
  if (attempt.status !== 'ready' && attempt.status !== 'sending')
    return { step: 'skip', why: `attempt_${attempt.status}` };
  if (!['queued', 'sending', 'unconfirmed'].includes(payout.status))
    return { step: 'skip', why: `payout_${payout.status}` };
  // "sending" and recent: another worker has it on the wire right now.
  if (attempt.status === 'sending' && isInFlight(attempt, now)) return { step: 'skip', why: 'on_the_wire' };
  if (overrideOpen) return { step: 'skip', why: 'override_open' };
  if (earlierMoved) return { step: 'skip', why: 'earlier_attempt_moved' };
  if (attempt.firstSentAt === null) return { step: 'send' };
  // The request must arrive within the window, not only leave within it: what a call may take is counted in.
  const age = now.getTime() - attempt.firstSentAt.getTime();
  return age + IN_FLIGHT_MS < replayWindowMs ? { step: 'send' } : { step: 'ask' };
}
