import { z } from 'zod';
import { Refused } from '../core/refusal.ts';
import { announce } from '../runtime/live.ts';
import { type Done, defineOperation } from '../runtime/operation.ts';
import { findDelivery, giveUpPending } from './delivery.store.ts';
import { lockEndpoint } from './endpoint.store.ts';

/**
 * Ends what a job finds waiting for a disabled endpoint: written by a payout that moved in the very moment in which the
 * endpoint was disabled. Everything else was given up then.
 */
export const giveUpDelivery = defineOperation({
  name: 'webhooks.give_up_delivery',
  permission: 'webhook:deliver',
  act: 'webhook.given_up',
  input: z.strictObject({ deliveryId: z.uuid() }),
  subject: (input) => ({ kind: 'webhook_delivery', id: input.deliveryId }),
  async run({ tx }, { deliveryId }): Promise<Done<{ givenUp: number }>> {
    const delivery = await findDelivery(tx, deliveryId);
    if (!delivery) throw new Refused('not_found', { what: 'webhook_delivery' });
    const endpoint = await lockEndpoint(tx, delivery.endpointId);
    if (endpoint.status === 'enabled') return { result: { givenUp: 0 }, audit: null };
    const givenUp = await giveUpPending(tx, endpoint.id, 'endpoint_disabled');
    if (givenUp === 0) return { result: { givenUp }, audit: null };
    await announce(tx, 'webhook', endpoint.id);
    return {
      result: { givenUp },
      audit: { subject: { kind: 'webhook_delivery', id: deliveryId }, after: { givenUp, endpointId: endpoint.id } },
    };
  },
});
