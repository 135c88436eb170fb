import { z } from 'zod';
import { Refused } from '../core/refusal.ts';
import { enqueueCheck } from '../jobs/payout-jobs.ts';
import { defineOperation, type Scope } from '../runtime/operation.ts';
import { type Attempt, nextCheck } from './attempt.ts';
import { scheduleRetry } from './automatic-retry.store.ts';
import { findAttempt, lockPayout, movePayout, type PayoutChange, saveAttempt } from './payout.store.ts';
import type { Payout } from './payout.ts';
import { providerMove } from './provider-state.ts';
import { believed } from './send-step.ts';

const providerStatus = z.enum(['pending', 'in_transit', 'paid', 'failed', 'canceled', 'returned']);

const outcome = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('accepted'), providerPayoutId: z.string(), status: providerStatus }),
  z.object({ kind: z.literal('rejected'), code: z.string(), message: z.string() }),
  z.object({ kind: z.literal('unknown'), reason: z.string(), message: z.string() }),
  z.object({ kind: z.literal('not_sent'), reason: z.string(), message: z.string() }),
]);
type Outcome = z.infer<typeof outcome>;

/**
 * Writes down what a send came to. Only while the attempt is still `sending`: a webhook or a look-up may have told more
 * already, and then the slower answer changes nothing. Unknown stays unknown: it fails nothing and mints nothing.
 */
export const recordSendOutcome = defineOperation({
  name: 'payouts.record_send_outcome',
  permission: 'payout:record',
  act: 'payout.send_recorded',
  input: z.strictObject({ attemptId: z.uuid(), outcome }),
  subject: () => null,
  async run(scope, input) {
    const { tx } = scope;
    const found = await findAttempt(tx, input.attemptId);
    if (!found) throw new Refused('not_found', { what: 'attempt' });
    const payout = await lockPayout(tx, found.payoutId);
    const attempt = (await findAttempt(tx, input.attemptId)) ?? found;
    if (attempt.status !== 'sending') return { result: { recorded: false }, audit: null };
    const after = await record(scope, payout, attempt, believed(attempt, input.outcome));
    return {
      result: { recorded: true },
      audit: {
        subject: { kind: 'payout', id: payout.id },
        before: { status: payout.status },
        after: { status: after.status, attempt: attempt.no, outcome: input.outcome },
      },
    };
  },
});

async function record(scope: Scope, payout: Payout, attempt: Attempt, said: Outcome): Promise<Payout> {
  const { tx, now, actor } = scope;
  const change = { at: now, actorLabel: actor.label, attemptId: attempt.id };
  const data = { attemptNo: attempt.no };
  switch (said.kind) {
    case 'accepted': {
      const move = providerMove(payout, attempt, { status: said.status, code: null, at: now });
      if (move.kind !== 'move') throw new Error(`payout ${payout.id} in ${payout.status} cannot follow ${said.status}`);
      await saveAttempt(tx, attempt.id, {
        status: move.attempt,
        providerPayoutId: said.providerPayoutId,
        answeredAt: now,
        code: move.code,
        nextCheckAt: null,
      });
      return movePayout(tx, payout, move.to, {
        ...change,
        kind: 'accepted',
        data: { ...data, providerPayoutId: said.providerPayoutId },
        set: { providerPayoutId: said.providerPayoutId, failureCode: move.code },
      });
    }
    case 'rejected':
      await saveAttempt(tx, attempt.id, {
        status: 'rejected',
        code: said.code,
        message: said.message,
        answeredAt: now,
      });
      return failed(scope, payout, attempt, 'rejected', said.code, {
        kind: 'rejected',
        data: { ...data, code: said.code, message: said.message },
        set: { failureCode: said.code },
      });
    case 'not_sent':
      await saveAttempt(tx, attempt.id, {
        status: 'not_sent',
        code: said.reason,
        message: said.message,
        answeredAt: now,
      });
      return failed(scope, payout, attempt, 'not_sent', said.reason, {
        kind: 'never_left',
        data: { ...data, reason: said.reason },
        set: { failureCode: 'provider_unreachable' },
      });
    case 'unknown': {
      const checkAt = nextCheck(attempt.checkCount, now);
      await saveAttempt(tx, attempt.id, {
        status: 'unknown',
        code: said.reason,
        message: said.message,
        nextCheckAt: checkAt,
      });
      if (checkAt) await enqueueCheck(tx, attempt.id, checkAt);
      return movePayout(tx, payout, 'unconfirmed', {
        ...change,
        kind: 'answer_lost',
        data: { ...data, reason: said.reason, nextCheckAt: checkAt },
      });
    }
  }
}

/** The payout fails, and is retried without a person when its cause passes by itself. */
async function failed(
  { tx, now, actor }: Scope,
  payout: Payout,
  attempt: Attempt,
  status: 'rejected' | 'not_sent',
  code: string,
  change: Pick<PayoutChange, 'kind' | 'data' | 'set'>,
): Promise<Payout> {
  const after = await movePayout(tx, payout, 'failed', {
    ...change,
    at: now,
    actorLabel: actor.label,
    attemptId: attempt.id,
  });
  await scheduleRetry(tx, after, { ...attempt, status, code }, { now, actorLabel: actor.label });
  return after;
}
