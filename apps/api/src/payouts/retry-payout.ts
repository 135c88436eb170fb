import { z } from 'zod';
import { toId } from '../core/ids.ts';
import { Refused } from '../core/refusal.ts';
import { enqueueCheck, enqueueSend } from '../jobs/payout-jobs.ts';
import { idInput } from '../runtime/id-input.ts';
import { type Done, defineOperation, type Scope } from '../runtime/operation.ts';
import { type Attempt, isUnanswered } from './attempt.ts';
import { lockPayout, mintAttempt, movePayout, retryFacts, saveAttempt } from './payout.store.ts';
import type { Payout } from './payout.ts';
import { decideRetry, type RetryDecision, type RetryPlan } from './retry-safety.ts';

/** What a retry came to. All null: a scheduled retry that a person's act had made needless. */
export interface RetryAnswer {
  payoutId: string;
  plan: RetryPlan | null;
  attemptNo: number | null;
  providerKey: string | null;
}

const retryInput = z
  .strictObject({
    payoutId: idInput('payout'),
    /** The version that the person saw. */
    version: z.int().positive().optional(),
    /** For a job: the failed attempt that another was scheduled after. */
    automatic: z.strictObject({ attemptId: z.uuid() }).optional(),
  })
  .refine(({ version, automatic }) => (version === undefined) !== (automatic === undefined), {
    path: ['version'],
    message: 'A person gives the version they saw; a job gives the attempt instead.',
  });

/**
 * Retries a payout as `decideRetry` allows, decided again under the payout's lock. `version` is the one that the person saw;
 * when the payout has changed since, the retry is refused so that they look again. A job names the failed attempt instead,
 * and retries only while that is still the last and its retry is still to come: whatever a person did meanwhile comes first.
 */
export const retryPayout = defineOperation({
  name: 'payouts.retry',
  permission: 'payout:retry',
  act: 'payout.retried',
  input: retryInput,
  subject: (input) => ({ kind: 'payout', id: input.payoutId }),
  async run(scope, input): Promise<Done<RetryAnswer>> {
    const { tx, now, actor } = scope;
    const { automatic } = input;
    if ((automatic !== undefined) !== (actor.kind === 'job')) {
      throw new Refused('permission_missing', { permission: 'payout:retry' });
    }
    const payout = await lockPayout(tx, input.payoutId);
    if (!automatic && payout.version !== input.version) throw new Refused('version_conflict');
    const facts = await retryFacts(tx, payout, now);
    const { lastAttempt: last } = facts;
    if (automatic && !isScheduled(payout, last, automatic.attemptId)) {
      return {
        result: { payoutId: toId('payout', payout.id), plan: null, attemptNo: null, providerKey: null },
        audit: null,
      };
    }
    const decision = decideRetry(payout, facts);
    if (decision.verdict !== 'safe' && (automatic || decision.verdict !== 'check_first')) {
      throw new Refused(
        decision.code as ConstructorParameters<typeof Refused>[0],
        payout.failureCode ? { code: payout.failureCode } : undefined,
      );
    }
    const { from, attempt } = await carryOut(scope, payout, last, decision);
    await movePayout(tx, from, decision.plan === 'new_attempt' ? 'queued' : from.status, {
      at: now,
      kind: 'retry_requested',
      actorLabel: actor.label,
      attemptId: attempt.id,
      data: { plan: decision.plan, code: decision.code, attemptNo: attempt.no, providerKey: attempt.providerKey },
      set: {
        lastRetriedBy: actor.kind === 'person' ? actor.id : payout.lastRetriedBy,
        ...(decision.plan === 'new_attempt' ? { failureCode: null } : {}),
      },
    });
    return {
      result: {
        payoutId: toId('payout', payout.id),
        plan: decision.plan,
        attemptNo: attempt.no,
        providerKey: attempt.providerKey,
      },
      audit: {
        subject: { kind: 'payout', id: payout.id },
        before: { status: payout.status, version: payout.version, attempt: last?.no ?? null },
        after: {
          plan: decision.plan,
          code: decision.code,
          attempt: attempt.no,
          providerKey: attempt.providerKey,
          ...(automatic ? { automatic: true } : {}),
          proof: decision.proof,
        },
      },
    };
  },
});

/** Whether the retry that was scheduled after an attempt is still to come. */
function isScheduled(payout: Payout, last: Attempt | null, attemptId: string): boolean {
  return payout.status === 'failed' && last?.id === attemptId && last.nextRetryAt !== null;
}

/** Makes the plan real: which attempt goes to the worker, under which key. Never more than one open attempt. `from`: the payout as it is to be moved. */
async function carryOut(
  scope: Scope,
  payout: Payout,
  last: Attempt | null,
  decision: RetryDecision,
): Promise<{ from: Payout; attempt: Attempt }> {
  const { tx, now, actor } = scope;
  const proof = { code: decision.code, plan: decision.plan, ...decision.proof };
  if (decision.plan === 'new_attempt' || !last) {
    const from = last ? await closeLast(scope, payout, last) : payout;
    const attempt = await mintAttempt(tx, payout, {
      now,
      requestedBy: actor.label,
      proof,
      previousId: last?.id ?? null,
      automatic: actor.kind === 'job',
    });
    await enqueueSend(tx, attempt.id);
    return { from, attempt };
  }
  if (decision.plan === 'ask_provider') {
    await enqueueCheck(tx, last.id);
    return { from: payout, attempt: last };
  }
  // A person took it up again, so the provider is asked again as often as the first time.
  await saveAttempt(tx, last.id, { status: 'ready', queuedAt: now, proof, checkCount: 0, nextCheckAt: null });
  await enqueueSend(tx, last.id);
  return { from: payout, attempt: last };
}

/**
 * Ends the attempt that a new one follows: an unanswered one is closed as absent, which the decision has proved under this
 * very lock, so that no waiting job sends it any more. What was scheduled after it is done now.
 */
async function closeLast({ tx, now, actor }: Scope, payout: Payout, last: Attempt): Promise<Payout> {
  if (!isUnanswered(last)) {
    if (last.nextRetryAt) await saveAttempt(tx, last.id, { nextRetryAt: null });
    return payout;
  }
  await saveAttempt(tx, last.id, { status: 'absent', answeredAt: now, nextCheckAt: null });
  if (payout.status !== 'sending') return payout;
  return movePayout(tx, payout, 'unconfirmed', {
    at: now,
    kind: 'answer_lost',
    actorLabel: actor.label,
    attemptId: last.id,
    data: { reason: 'worker_lost' },
  });
}
