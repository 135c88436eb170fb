import { z } from 'zod';
import { Refused } from '../core/refusal.ts';
import { enqueueCheck, enqueueSend } from '../jobs/payout-jobs.ts';
import { defineOperation, type Scope } from '../runtime/operation.ts';
import { type Attempt, isSettled, isUnanswered, nextCheck } from './attempt.ts';
import {
  appendPayoutEvent,
  findAttempt,
  lockPayout,
  mintAttempt,
  movePayout,
  retryFacts,
  saveAttempt,
} from './payout.store.ts';
import type { Payout } from './payout.ts';
import { type Answer, adoptFound, answerInput, isOutdated, toAsked } from './provider-answer.store.ts';
import { replayWindowMs } from './provider-rules.ts';
import { AUTOMATIC_ATTEMPTS } from './retry-schedule.ts';

/** What was asked, of whom, and when the provider is to be asked again if this settles nothing. */
interface Asked {
  said: Answer;
  at: Date;
  checkAt: Date | null;
}

/**
 * Writes down what the provider answered about an attempt, and follows it: found → adopt its state (and say so: "healed");
 * provably absent → the same key again while the provider would replay it, else a new attempt; no answer → ask later,
 * then leave it to a person. Never a new attempt while the old one may still move money.
 */
export const recordProviderAnswer = defineOperation({
  name: 'payouts.record_provider_answer',
  permission: 'payout:record',
  act: 'payout.answer_recorded',
  input: z.strictObject({ attemptId: z.uuid(), askedAt: z.coerce.date(), answer: answerInput }),
  subject: () => null,
  async run(scope, input) {
    const { tx, now } = scope;
    const found = await findAttempt(tx, input.attemptId);
    if (!found) throw new Refused('not_found', { what: 'attempt' });
    const payout = await lockPayout(tx, found.payoutId);
    // Read again under the payout's lock: a webhook or another worker may have moved it meanwhile.
    const attempt = (await findAttempt(tx, input.attemptId)) ?? found;
    const asked = toAsked(input.answer);
    // Before a payout in transit is late, asking is a courtesy that uses up none of the checks it gets once it is.
    const counts = payout.status !== 'in_transit' || (payout.expectedBy !== null && payout.expectedBy <= now);
    const checkCount = attempt.checkCount + (counts ? 1 : 0);
    const answered = isOutdated(attempt, input.askedAt) ? {} : { lastAskedAt: input.askedAt, lastAnswer: asked };
    await saveAttempt(tx, attempt.id, { ...answered, checkCount, nextCheckAt: null });
    const checkAt = counts ? nextCheck(checkCount, now) : null;
    const after = await follow(scope, payout, attempt, { said: input.answer, at: input.askedAt, checkAt });
    return {
      result: { status: after.status },
      audit: {
        subject: { kind: 'payout', id: payout.id },
        before: { status: payout.status },
        after: { status: after.status, attempt: attempt.no, answer: asked },
      },
    };
  },
});

function follow(scope: Scope, payout: Payout, attempt: Attempt, asked: Asked): Promise<Payout> {
  const { said } = asked;
  if (said.kind === 'found') return followFound(scope, payout, attempt, said, asked);
  if (said.kind === 'no_answer') return askLater(scope, payout, attempt, asked, { reason: said.reason });
  const open = isUnanswered(attempt) && ['sending', 'unconfirmed'].includes(payout.status);
  return open && isSettled(attempt, asked.at)
    ? afterAbsence(scope, payout, attempt, asked, said.scanned)
    : askLater(scope, payout, attempt, asked, { scanned: said.scanned });
}

async function followFound(
  scope: Scope,
  payout: Payout,
  attempt: Attempt,
  said: Extract<Answer, { kind: 'found' }>,
  asked: Asked,
): Promise<Payout> {
  const { tx, now, actor } = scope;
  const by = { now, askedAt: asked.at, actorLabel: actor.label };
  const adopted = await adoptFound(tx, payout, attempt, said, by);
  if (adopted.kind === 'healed') return adopted.payout;
  const conflict = adopted.conflict ? { conflict: true } : {};
  return askLater(scope, adopted.payout, attempt, asked, { status: said.status, ...conflict });
}

async function afterAbsence(
  scope: Scope,
  payout: Payout,
  attempt: Attempt,
  asked: Asked,
  scanned: number,
): Promise<Payout> {
  const { tx, now, actor } = scope;
  const line = { at: now, actorLabel: actor.label, attemptId: attempt.id };
  const unconfirmed =
    payout.status === 'sending'
      ? await movePayout(tx, payout, 'unconfirmed', { ...line, kind: 'answer_lost', data: { reason: 'worker_lost' } })
      : payout;
  const leave = async (why: string, checkAt: Date | null) => {
    await saveAttempt(tx, attempt.id, { status: 'unknown' });
    return askLater(scope, unconfirmed, { ...attempt, status: 'unknown' }, { ...asked, checkAt }, { scanned, why });
  };
  const facts = await retryFacts(tx, payout, now);
  // Somebody is deciding about this very payout, or another attempt paid it: nothing is sent past them.
  if (facts.overrideOpen) return leave('override_open', asked.checkAt);
  if (facts.earlierMoved) return leave('earlier_attempt_moved', asked.checkAt);
  const age = attempt.firstSentAt ? now.getTime() - attempt.firstSentAt.getTime() : Number.POSITIVE_INFINITY;
  if (age < replayWindowMs(payout.provider)) {
    if (attempt.sendCount >= AUTOMATIC_ATTEMPTS) return leave('sent_often', null);
    await saveAttempt(tx, attempt.id, { status: 'ready', queuedAt: now });
    await enqueueSend(tx, attempt.id);
    return movePayout(tx, unconfirmed, 'unconfirmed', {
      ...line,
      kind: 'asked',
      data: { answer: 'absent', scanned, plan: 'resend_same_key' },
    });
  }
  await saveAttempt(tx, attempt.id, { status: 'absent', answeredAt: now });
  const queued = await movePayout(tx, unconfirmed, 'queued', {
    ...line,
    kind: 'asked',
    data: { answer: 'absent', scanned, plan: 'new_attempt' },
  });
  if (payout.attemptCount < AUTOMATIC_ATTEMPTS) {
    const proof = { code: 'provider_never_saw', asked: { at: asked.at.toISOString(), scanned } };
    const next = await mintAttempt(tx, queued, {
      now,
      requestedBy: actor.label,
      proof,
      previousId: attempt.id,
      automatic: true,
    });
    await enqueueSend(tx, next.id);
  }
  return queued;
}

async function askLater(
  scope: Scope,
  payout: Payout,
  attempt: Attempt,
  { said, checkAt }: Asked,
  data: Record<string, unknown>,
): Promise<Payout> {
  const { tx, now, actor } = scope;
  const open = attempt.no === payout.attemptCount && ['sending', 'unconfirmed', 'in_transit'].includes(payout.status);
  const nextCheckAt = open ? checkAt : null;
  if (nextCheckAt) {
    await saveAttempt(tx, attempt.id, { nextCheckAt });
    await enqueueCheck(tx, attempt.id, nextCheckAt);
  }
  await appendPayoutEvent(tx, payout.id, {
    at: now,
    kind: 'asked',
    actorLabel: actor.label,
    attemptId: attempt.id,
    data: { answer: said.kind, ...data, nextCheckAt },
  });
  return payout;
}
