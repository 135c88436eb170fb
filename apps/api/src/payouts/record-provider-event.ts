import { z } from 'zod';
import { newUuid } from '../core/ids.ts';
import { defineOperation, type Scope } from '../runtime/operation.ts';
import type { Attempt } from './attempt.ts';
import { attemptOfProvider, lockPayout, movePayout, saveAttempt } from './payout.store.ts';
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
 * event that our state cannot follow is kept as `conflict` for reconciliation to raise.
 */
export const recordProviderEvent = defineOperation({
  name: 'payouts.record_provider_event',
  permission: 'payout:record',
  act: 'payout.event_recorded',
  input: event,
  subject: () => null,
  async run(scope, input) {
    const { tx, now } = scope;
    const matched = await match(scope, input);
    // The payout's lock comes first: two deliveries of one event, or two events of one payout, are taken one after the other.
    const payout = matched ? await lockPayout(tx, matched.payoutId) : null;
    const stored = await storeProviderEvent(tx, {
      id: newUuid(),
      ...input,
      payoutId: payout?.id ?? null,
      receivedAt: now,
    });
    if (stored.kind === 'seen_before') return { result: { outcome: 'duplicate' }, audit: null };

    let outcome: Outcome = matched ? 'ignored' : 'unmatched';
    if (payout && matched && input.status) {
      const state = { status: input.status, code: input.code, at: input.occurredAt };
      const move = stored.newerApplied ? { kind: 'stale' as const } : providerMove(payout, state);
      outcome = move.kind === 'move' ? 'applied' : move.kind;
      if (move.kind === 'move') {
        await saveAttempt(tx, matched.id, {
          status: move.attempt,
          code: move.code,
          providerPayoutId: input.providerPayoutId,
          answeredAt: now,
          nextCheckAt: null,
        });
        await movePayout(tx, payout, move.to, {
          at: now,
          kind: 'provider_event',
          actorLabel: scope.actor.label,
          attemptId: matched.id,
          data: {
            type: input.type,
            providerEventId: input.providerEventId,
            code: move.code,
            occurredAt: input.occurredAt,
          },
          set: { providerPayoutId: input.providerPayoutId, failureCode: move.code },
        });
      }
    }
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

/** The attempt that the event is about. An event that names one attempt but another provider payout is nobody's: never guessed. */
async function match({ tx }: Scope, input: Event): Promise<Attempt | null> {
  const attempt = await attemptOfProvider(tx, input.provider, input.providerPayoutId, input.attemptId);
  if (!attempt) return null;
  const otherPayout =
    attempt.providerPayoutId !== null &&
    input.providerPayoutId !== null &&
    attempt.providerPayoutId !== input.providerPayoutId;
  return otherPayout ? null : attempt;
}
