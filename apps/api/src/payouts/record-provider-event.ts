import { z } from 'zod';
import { newUuid } from '../core/ids.ts';
import { enqueueCheck } from '../jobs/payout-jobs.ts';
import { defineOperation, type Scope } from '../runtime/operation.ts';
import type { Attempt } from './attempt.ts';
import { scheduleRetry } from './automatic-retry.store.ts';
import { appendPayoutEvent, attemptOfProvider, lockPayout, movePayout, saveAttempt } from './payout.store.ts';
import type { Payout } from './payout.ts';
import { keepConflict } from './provider-conflict.store.ts';
import { storeProviderEvent } from './provider-event.store.ts';
import { providerMove } from './provider-state.ts';

const event = z.strictObject({
  provider: z.string(),
  providerEventId: z.string(),
  type: z.string(),
  occurredAt: z.coerce.date(),
  providerPayoutId: z.string().nullable(),
  /** uuid of our attempt, from the provider's metadata. */
  attemptId: z.uuid().nullable(),
  status: z.enum(['pending', 'in_transit', 'paid', 'failed', 'canceled', 'returned']).nullable(),
  code: z.string().nullable(),
  raw: z.string(),
});
type Event = z.infer<typeof event>;

type Outcome = 'applied' | 'stale' | 'conflict' | 'unmatched' | 'ignored';

/**
 * Keeps a verified provider event, once, and follows it when it is news. Twice, late or out of order changes nothing; an
 * event that our state cannot follow is kept as `conflict` for reconciliation to raise, stops what waits to be sent, and has
 * the provider asked what is true now.
 */
export const recordProviderEvent = defineOperation({
  name: 'payouts.record_provider_event',
  permission: 'payout:record',
  act: 'payout.event_recorded',
  input: event,
  subject: () => null,
  async run(scope, input) {
    const { tx, now } = scope;
    const found = await match(scope, input);
    // The payout's lock comes first: two deliveries of one event, or two events of one payout, are taken one after the other.
    const payout = found ? await lockPayout(tx, found.payoutId) : null;
    // Read again under the lock: a send or a look-up may have changed the attempt meanwhile.
    const attempt = payout ? await match(scope, input) : null;
    const stored = await storeProviderEvent(tx, {
      id: newUuid(),
      ...input,
      payoutId: payout?.id ?? null,
      receivedAt: now,
    });
    if (stored.kind === 'seen_before') return { result: { outcome: 'duplicate' }, audit: null };
    const outcome =
      payout && attempt ? await follow(scope, payout, attempt, input, stored.newerApplied) : unmatched(input);
    await stored.settle(outcome);
    return {
      result: { outcome },
      audit: {
        subject: { kind: 'payout', id: payout?.id ?? input.providerPayoutId ?? 'unknown' },
        after: { event: input.providerEventId, type: input.type, outcome },
      },
    };
  },
});

/** An event about no payout at all (a balance, an account) is not ours to miss. */
function unmatched(input: Event): Outcome {
  return input.providerPayoutId === null && input.attemptId === null ? 'ignored' : 'unmatched';
}

async function follow(
  scope: Scope,
  payout: Payout,
  attempt: Attempt,
  input: Event,
  newerApplied: boolean,
): Promise<Outcome> {
  if (!input.status) return 'ignored';
  if (newerApplied) return 'stale';
  const { tx, now, actor } = scope;
  const { providerPayoutId } = input;
  const line = {
    at: now,
    kind: 'provider_event' as const,
    actorLabel: actor.label,
    attemptId: attempt.id,
    data: { type: input.type, providerEventId: input.providerEventId, occurredAt: input.occurredAt },
  };
  const move = providerMove(payout, attempt, { status: input.status, code: input.code, at: input.occurredAt });
  switch (move.kind) {
    case 'stale':
      return 'stale';
    case 'move': {
      const told = { status: move.attempt, code: move.code, providerPayoutId, answeredAt: now, checkCount: 0 };
      await saveAttempt(tx, attempt.id, { ...told, nextCheckAt: null });
      const after = await movePayout(tx, payout, move.to, {
        ...line,
        data: { ...line.data, code: move.code },
        set: { providerPayoutId, failureCode: move.code },
      });
      await scheduleRetry(tx, after, { ...attempt, ...told }, { now, actorLabel: actor.label });
      return 'applied';
    }
    case 'settled':
      await saveAttempt(tx, attempt.id, { status: move.attempt, code: move.code });
      await appendPayoutEvent(tx, payout.id, { ...line, data: { ...line.data, code: move.code } });
      return 'applied';
    case 'conflict':
      await keepConflict(tx, payout, attempt, move, { now, actorLabel: actor.label, providerPayoutId });
      await appendPayoutEvent(tx, payout.id, {
        ...line,
        data: { ...line.data, status: input.status, code: input.code, conflict: true },
      });
      await enqueueCheck(tx, attempt.id);
      return 'conflict';
  }
}

/** The attempt that the event is about. An event that names one attempt but another provider payout is nobody's: never guessed. */
async function match({ tx }: Scope, input: Event): Promise<Attempt | null> {
  const attempt = await attemptOfProvider(tx, input.provider, input.providerPayoutId, input.attemptId);
  if (!attempt) return null;
  const otherPayout =
    attempt.providerPayoutId !== null &&
    input.providerPayoutId !== null &&
    attempt.providerPayoutId !== input.providerPayoutId;
  const otherAttempt = input.attemptId !== null && attempt.id !== input.attemptId;
  return otherPayout || otherAttempt ? null : attempt;
}
