import { z } from 'zod';
import { Refused } from '../core/refusal.ts';
import { enqueueDeliveries } from '../jobs/webhook-jobs.ts';
import { announce } from '../runtime/live.ts';
import { type Done, defineOperation } from '../runtime/operation.ts';
import { findDelivery, findMessage, giveUpPending, laneOf, lockDelivery, saveTry } from './delivery.store.ts';
import { afterTry, type Delivery, TRY_ERRORS } from './delivery.ts';
import { lockEndpoint, saveEndpoint, saveHealth } from './endpoint.store.ts';
import { type Endpoint, GONE } from './endpoint.ts';

const outcome = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('answered'),
    status: z.int().min(100).max(999),
    retryAfter: z.string().nullable(),
    response: z.string(),
  }),
  z.strictObject({ kind: z.literal('failed'), error: z.enum(TRY_ERRORS) }),
]);

/**
 * Keeps what came of a try, and sets the next one. A try that succeeded is audited, and so is giving up; one that failed on
 * the way is a row of the delivery's own history, which cannot be rewritten either. A receiver that answers 410 is disabled.
 */
export const recordTry = defineOperation({
  name: 'webhooks.record_try',
  permission: 'webhook:deliver',
  act: 'webhook.delivered',
  input: z.strictObject({
    deliveryId: z.uuid(),
    at: z.date(),
    tookMs: z.int().nonnegative(),
    url: z.string(),
    headers: z.record(z.string(), z.string()),
    outcome,
    /** A random number from 0 up to 1, by which the next wait grows. */
    jitter: z.number().min(0).max(1),
  }),
  subject: (input) => ({ kind: 'webhook_delivery', id: input.deliveryId }),
  async run({ tx, now }, { deliveryId, jitter, ...made }): Promise<Done<{ status: string; nextTryAt: string | null }>> {
    const found = await findDelivery(tx, deliveryId);
    if (!found) throw new Refused('not_found', { what: 'webhook_delivery' });
    const endpoint = await lockEndpoint(tx, found.endpointId);
    const before = await lockDelivery(tx, deliveryId);
    const next = afterTry(made.outcome, before.tries + 1, now, jitter);
    const after = await saveTry(tx, before, made, next, now);
    await saveHealth(tx, endpoint, next.status === 'delivered' ? null : (endpoint.failingSince ?? now));
    if (after.nextTryAt) {
      const lane = laneOf(await findMessage(tx, after.messageId));
      await enqueueDeliveries(tx, [{ deliveryId, endpointId: endpoint.id, lane, runAt: after.nextTryAt }]);
    }
    const gone = next.status === 'given_up' && next.why === 'gone' && endpoint.status === 'enabled';
    if (gone) {
      const failingSince = endpoint.failingSince ?? now;
      await saveEndpoint(tx, endpoint, { status: 'disabled', statusReason: GONE, failingSince }, now);
      await giveUpPending(tx, endpoint.id, 'gone');
    }
    await announce(tx, 'webhook', endpoint.id);
    return {
      result: { status: after.status, nextTryAt: after.nextTryAt?.toISOString() ?? null },
      audit: gone ? disabledAudit(endpoint, after) : endAudit(before, after),
    };
  },
});

function disabledAudit(endpoint: Endpoint, delivery: Delivery): Done<unknown>['audit'] {
  return {
    act: 'webhook_endpoint.disabled',
    subject: { kind: 'webhook_endpoint', id: endpoint.id },
    before: { status: 'enabled' },
    after: { status: 'disabled', deliveryId: delivery.id },
    reason: GONE,
  };
}

function endAudit(before: Delivery, after: Delivery): Done<unknown>['audit'] {
  if (before.status === after.status || after.status === 'pending') return null;
  return {
    act: after.status === 'delivered' ? 'webhook.delivered' : 'webhook.given_up',
    subject: { kind: 'webhook_delivery', id: after.id },
    before: { status: before.status },
    after: { status: after.status, tries: after.tries, messageId: after.messageId, endpointId: after.endpointId },
  };
}
