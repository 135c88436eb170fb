import { z } from 'zod';
import { toId } from '../core/ids.ts';
import { Refused } from '../core/refusal.ts';
import { enqueueCheck, enqueueSend } from '../jobs/payout-jobs.ts';
import { idInput } from '../runtime/id-input.ts';
import { defineOperation, type Scope } from '../runtime/operation.ts';
import type { Attempt } from './attempt.ts';
import { lockPayout, mintAttempt, movePayout, retryFacts, saveAttempt } from './payout.store.ts';
import type { Payout } from './payout.ts';
import { decideRetry, type RetryDecision } from './retry-safety.ts';

/**
 * Retries a payout as `decideRetry` allows, decided again under the payout's lock. `version` is the one that the person saw;
 * when the payout has changed since, the retry is refused so that they look again.
 */
export const retryPayout = defineOperation({
  name: 'payouts.retry',
  permission: 'payout:retry',
  act: 'payout.retried',
  input: z.strictObject({ payoutId: idInput('payout'), version: z.int().positive() }),
  subject: (input) => ({ kind: 'payout', id: input.payoutId }),
  async run(scope, input) {
    const { tx, now, actor } = scope;
    const payout = await lockPayout(tx, input.payoutId);
    if (payout.version !== input.version) throw new Refused('version_conflict');
    const facts = await retryFacts(tx, payout, now);
    const decision = decideRetry(payout, facts);
    if (decision.verdict === 'unsafe' || decision.verdict === 'blocked') {
      throw new Refused(
        decision.code as ConstructorParameters<typeof Refused>[0],
        payout.failureCode ? { code: payout.failureCode } : undefined,
      );
    }
    const attempt = await carryOut(scope, payout, facts.lastAttempt, decision);
    await movePayout(tx, payout, decision.plan === 'new_attempt' ? 'queued' : payout.status, {
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
        before: { status: payout.status, version: payout.version, attempt: facts.lastAttempt?.no ?? null },
        after: {
          plan: decision.plan,
          code: decision.code,
          attempt: attempt.no,
          providerKey: attempt.providerKey,
          proof: decision.proof,
        },
      },
    };
  },
});

/** Makes the plan real: which attempt goes to the worker, under which key. Never more than one open attempt. */
async function carryOut(
  { tx, now, actor }: Scope,
  payout: Payout,
  last: Attempt | null,
  decision: RetryDecision,
): Promise<Attempt> {
  const proof = { code: decision.code, plan: decision.plan, ...decision.proof };
  if (decision.plan === 'new_attempt' || !last) {
    const attempt = await mintAttempt(tx, payout, {
      now,
      requestedBy: actor.label,
      proof,
      previousId: last?.id ?? null,
    });
    await enqueueSend(tx, attempt.id);
    return attempt;
  }
  if (decision.plan === 'ask_provider') {
    await enqueueCheck(tx, last.id);
    return last;
  }
  // A person took it up again, so the provider is asked again as often as the first time.
  await saveAttempt(tx, last.id, { status: 'ready', queuedAt: now, proof, checkCount: 0, nextCheckAt: null });
  await enqueueSend(tx, last.id);
  return last;
}
