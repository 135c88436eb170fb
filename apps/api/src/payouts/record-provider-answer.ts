import { z } from 'zod';
import { Refused } from '../core/refusal.ts';
import { enqueueCheck, enqueueSend } from '../jobs/payout-jobs.ts';
import { defineOperation, type Scope } from '../runtime/operation.ts';
import { type AskedAnswer, type Attempt, IN_FLIGHT_MS, isUnanswered, nextCheck } from './attempt.ts';
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
import { keepConflict } from './provider-conflict.store.ts';
import { replayWindowMs } from './provider-rules.ts';
import { providerMove } from './provider-state.ts';

const providerStatus = z.enum(['pending', 'in_transit', 'paid', 'failed', 'canceled', 'returned']);
const answer = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('found'),
    providerPayoutId: z.string(),
    status: providerStatus,
    code: z.string().nullable(),
  }),
  z.object({ kind: z.literal('absent'), scanned: z.int() }),
  z.object({ kind: z.literal('no_answer'), reason: z.string() }),
]);
type Answer = z.infer<typeof answer>;

/** How many attempts a payout may get without a person; after that it is stuck and theirs. */
const AUTOMATIC_ATTEMPTS = 5;

/** How long a request whose answer was lost may still be held back by the network before an absence counts. */
const SETTLE_MS = 45_000;

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
  input: z.strictObject({ attemptId: z.uuid(), askedAt: z.coerce.date(), answer }),
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
    await saveAttempt(tx, attempt.id, {
      lastAskedAt: input.askedAt,
      lastAnswer: asked,
      checkCount,
      nextCheckAt: null,
    });
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

function toAsked(said: Answer): AskedAnswer {
  if (said.kind === 'found') return { kind: 'found', status: said.status, code: said.code };
  if (said.kind === 'absent') return { kind: 'absent', detail: `${said.scanned} scanned` };
  return { kind: 'no_answer', detail: said.reason };
}

function follow(scope: Scope, payout: Payout, attempt: Attempt, asked: Asked): Promise<Payout> {
  const { said } = asked;
  if (said.kind === 'found') return followFound(scope, payout, attempt, said, asked);
  if (said.kind === 'no_answer') return askLater(scope, payout, attempt, asked, { reason: said.reason });
  const open = isUnanswered(attempt) && ['sending', 'unconfirmed'].includes(payout.status);
  return open && isSettled(attempt, asked.at)
    ? afterAbsence(scope, payout, attempt, asked, said.scanned)
    : askLater(scope, payout, attempt, asked, { scanned: said.scanned });
}

/** Whether no request of the attempt can have arrived after the provider was asked: only then does an absence count. */
function isSettled(attempt: Attempt, askedAt: Date): boolean {
  if (attempt.lastSentAt === null) return false;
  const quiet = askedAt.getTime() - attempt.lastSentAt.getTime();
  return quiet >= (attempt.status === 'sending' ? IN_FLIGHT_MS : SETTLE_MS);
}

async function followFound(
  scope: Scope,
  payout: Payout,
  attempt: Attempt,
  said: Extract<Answer, { kind: 'found' }>,
  asked: Asked,
): Promise<Payout> {
  const { tx, now, actor } = scope;
  const { providerPayoutId } = said;
  const move = providerMove(payout, attempt, { status: said.status, code: said.code, at: asked.at });
  if (move.kind === 'move') {
    await saveAttempt(tx, attempt.id, {
      status: move.attempt,
      providerPayoutId,
      code: move.code,
      answeredAt: now,
      checkCount: 0,
    });
    return movePayout(tx, payout, move.to, {
      at: now,
      actorLabel: actor.label,
      attemptId: attempt.id,
      kind: 'healed',
      data: { status: said.status, providerPayoutId, code: move.code },
      set: { providerPayoutId, failureCode: move.code },
    });
  }
  if (move.kind === 'settled') await saveAttempt(tx, attempt.id, { status: move.attempt, code: move.code });
  const after =
    move.kind === 'conflict'
      ? await keepConflict(tx, payout, attempt, move, { now, actorLabel: actor.label, providerPayoutId })
      : payout;
  const conflict = move.kind === 'conflict' ? { conflict: true } : {};
  return askLater(scope, after, attempt, asked, { status: said.status, ...conflict });
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
    const next = await mintAttempt(tx, queued, { now, requestedBy: actor.label, proof, previousId: attempt.id });
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
