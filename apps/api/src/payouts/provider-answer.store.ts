import { z } from 'zod';
import type { Tx } from '../runtime/db.ts';
import type { AskedAnswer, Attempt } from './attempt.ts';
import { scheduleRetry } from './automatic-retry.store.ts';
import { movePayout, saveAttempt } from './payout.store.ts';
import type { Payout } from './payout.ts';
import { keepConflict } from './provider-conflict.store.ts';
import { providerMove } from './provider-state.ts';

const providerStatus = z.enum(['pending', 'in_transit', 'paid', 'failed', 'canceled', 'returned']);

/** What a provider answers when it is asked about an attempt, as verbs take it. */
export const answerInput = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('found'),
    providerPayoutId: z.string(),
    status: providerStatus,
    code: z.string().nullable(),
  }),
  z.object({ kind: z.literal('absent'), scanned: z.int() }),
  z.object({ kind: z.literal('no_answer'), reason: z.string() }),
]);
export type Answer = z.infer<typeof answerInput>;

/** The answer as it is kept with the attempt. */
export function toAsked(said: Answer): AskedAnswer {
  if (said.kind === 'found') return { kind: 'found', status: said.status, code: said.code };
  if (said.kind === 'absent') return { kind: 'absent', detail: `${said.scanned} scanned` };
  return { kind: 'no_answer', detail: said.reason };
}

/** Whether the attempt holds an answer that was asked for later: two may ask at once, and the older answer must not win. */
export function isOutdated(attempt: Attempt, askedAt: Date): boolean {
  return attempt.lastAskedAt !== null && attempt.lastAskedAt > askedAt;
}

/** What came of adopting an answer. `asked`: the payout stayed as it is, and the timeline is still to be told. */
export type Adopted = { kind: 'healed'; payout: Payout } | { kind: 'asked'; payout: Payout; conflict: boolean };

/**
 * Adopts what the provider found, on a locked payout: the state is followed and the timeline says "healed"; a contradiction
 * is kept so that no retry trusts the attempt. Nothing is ever sent by it.
 */
export async function adoptFound(
  tx: Tx,
  payout: Payout,
  attempt: Attempt,
  said: Extract<Answer, { kind: 'found' }>,
  by: { now: Date; askedAt: Date; actorLabel: string },
): Promise<Adopted> {
  const { providerPayoutId } = said;
  const { now, actorLabel } = by;
  const move = providerMove(payout, attempt, { status: said.status, code: said.code, at: by.askedAt });
  switch (move.kind) {
    case 'move': {
      const settled = { status: move.attempt, providerPayoutId, code: move.code, answeredAt: now, checkCount: 0 };
      await saveAttempt(tx, attempt.id, { ...settled, nextCheckAt: null });
      const after = await movePayout(tx, payout, move.to, {
        at: now,
        actorLabel,
        attemptId: attempt.id,
        kind: 'healed',
        data: { status: said.status, providerPayoutId, code: move.code },
        set: { providerPayoutId, failureCode: move.code },
      });
      await scheduleRetry(tx, after, { ...attempt, ...settled }, by);
      return { kind: 'healed', payout: after };
    }
    case 'settled':
      await saveAttempt(tx, attempt.id, { status: move.attempt, code: move.code });
      return { kind: 'asked', payout, conflict: false };
    case 'conflict':
      return {
        kind: 'asked',
        payout: await keepConflict(tx, payout, attempt, move, { now, actorLabel, providerPayoutId }),
        conflict: true,
      };
    case 'stale':
      return { kind: 'asked', payout, conflict: false };
  }
}
