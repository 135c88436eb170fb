import { z } from 'zod';
import { Refused } from '../core/refusal.ts';
import { enqueueCheck, enqueueSend } from '../jobs/payout-jobs.ts';
import { defineOperation, type Scope } from '../runtime/operation.ts';
import { type AskedAnswer, type Attempt, isUnanswered, nextCheck } from './attempt.ts';
import { appendPayoutEvent, findAttempt, lockPayout, mintAttempt, movePayout, saveAttempt } from './payout.store.ts';
import type { Payout } from './payout.ts';
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
    const attempt = (await findAttempt(tx, input.attemptId)) ?? found;
    const asked: AskedAnswer = toAsked(input.answer);
    const checkAt = nextCheck(attempt.checkCount + 1, now);
    await saveAttempt(tx, attempt.id, {
      lastAskedAt: input.askedAt,
      lastAnswer: asked,
      checkCount: attempt.checkCount + 1,
      nextCheckAt: null,
    });
    const after = await follow(scope, payout, { ...attempt, lastAnswer: asked }, input.answer, input.askedAt, checkAt);
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

async function follow(
  scope: Scope,
  payout: Payout,
  attempt: Attempt,
  said: Answer,
  askedAt: Date,
  checkAt: Date | null,
): Promise<Payout> {
  const { tx, now, actor } = scope;
  const line = { at: now, actorLabel: actor.label, attemptId: attempt.id };
  if (said.kind === 'found') {
    const move = providerMove(payout, { status: said.status, code: said.code, at: askedAt });
    if (move.kind === 'move') {
      await saveAttempt(tx, attempt.id, {
        status: move.attempt,
        providerPayoutId: said.providerPayoutId,
        code: move.code,
        answeredAt: now,
      });
      return movePayout(tx, payout, move.to, {
        ...line,
        kind: 'healed',
        data: { status: said.status, providerPayoutId: said.providerPayoutId, code: move.code },
        set: { providerPayoutId: said.providerPayoutId, failureCode: move.code },
      });
    }
    return askLater(
      scope,
      payout,
      attempt,
      { answer: 'found', status: said.status, ...(move.kind === 'conflict' ? { conflict: true } : {}) },
      checkAt,
    );
  }
  // A request that is still on its way could arrive after this answer; an absence counts only once none can be.
  const settled = attempt.lastSentAt !== null && askedAt.getTime() - attempt.lastSentAt.getTime() >= SETTLE_MS;
  if (
    said.kind === 'absent' &&
    isUnanswered(attempt) &&
    settled &&
    ['sending', 'unconfirmed'].includes(payout.status)
  ) {
    return afterAbsence(scope, payout, attempt, said.scanned);
  }
  return askLater(
    scope,
    payout,
    attempt,
    { answer: said.kind, ...(said.kind === 'no_answer' ? { reason: said.reason } : {}) },
    checkAt,
  );
}

/** Longer than the provider call's own time limit (30 s), with room for what the network held back. */
const SETTLE_MS = 45_000;

async function afterAbsence(scope: Scope, payout: Payout, attempt: Attempt, scanned: number): Promise<Payout> {
  const { tx, now, actor } = scope;
  const line = { at: now, actorLabel: actor.label, attemptId: attempt.id };
  const age = attempt.firstSentAt ? now.getTime() - attempt.firstSentAt.getTime() : Number.POSITIVE_INFINITY;
  const unconfirmed =
    payout.status === 'sending'
      ? await movePayout(tx, payout, 'unconfirmed', { ...line, kind: 'answer_lost', data: { reason: 'worker_lost' } })
      : payout;
  if (age < replayWindowMs(payout.provider)) {
    // A provider replays its own 5xx under the same key: sending that key a third time would only hear it again.
    const wouldReplayFault = attempt.code === 'server_error' && attempt.sendCount >= 2;
    if (wouldReplayFault || attempt.sendCount >= AUTOMATIC_ATTEMPTS) {
      return askLater(scope, unconfirmed, attempt, { answer: 'absent' }, null);
    }
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
    const proof = { code: 'provider_never_saw', asked: { at: now.toISOString(), scanned } };
    const next = await mintAttempt(tx, queued, { now, requestedBy: actor.label, proof, previousId: attempt.id });
    await enqueueSend(tx, next.id);
  }
  return queued;
}

async function askLater(
  scope: Scope,
  payout: Payout,
  attempt: Attempt,
  data: Record<string, unknown>,
  checkAt: Date | null,
): Promise<Payout> {
  const { tx, now, actor } = scope;
  const open = ['sending', 'unconfirmed', 'in_transit'].includes(payout.status);
  if (open && checkAt) {
    await saveAttempt(tx, attempt.id, { nextCheckAt: checkAt });
    await enqueueCheck(tx, attempt.id, checkAt);
  }
  await appendPayoutEvent(tx, payout.id, {
    at: now,
    kind: 'asked',
    actorLabel: actor.label,
    attemptId: attempt.id,
    data: { ...data, nextCheckAt: open ? checkAt : null },
  });
  return payout;
}
