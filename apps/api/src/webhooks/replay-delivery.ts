import { z } from 'zod';
import { toId } from '../core/ids.ts';
import { Refused } from '../core/refusal.ts';
import { idInput } from '../runtime/id-input.ts';
import { announce } from '../runtime/live.ts';
import { defineOperation } from '../runtime/operation.ts';
import {
  anotherUnderway,
  findDelivery,
  findMessage,
  insertDeliveries,
  laneOf,
  lockDelivery,
  tryNow,
} from './delivery.store.ts';
import { decideReplay } from './delivery.ts';
import { lockEndpoint } from './endpoint.store.ts';

/**
 * Sends one message to one endpoint again, under the same `webhook-id`: a receiver that has it already can tell. One that
 * still waits for its next try is tried now instead, and keeps its place in the schedule.
 */
export const replayDelivery = defineOperation({
  name: 'webhooks.replay_delivery',
  permission: 'webhook:replay',
  act: 'webhook.replayed',
  input: z.strictObject({ deliveryId: idInput('webhook_delivery') }),
  subject: (input) => ({ kind: 'webhook_delivery', id: input.deliveryId }),
  async run({ tx, now }, { deliveryId }) {
    const found = await findDelivery(tx, deliveryId);
    if (!found) throw new Refused('not_found', { what: 'webhook_delivery' });
    const endpoint = await lockEndpoint(tx, found.endpointId);
    const delivery = await lockDelivery(tx, deliveryId);
    const decision = decideReplay(delivery, { endpoint, underway: await anotherUnderway(tx, delivery) });
    if (decision.do === 'refuse') throw new Refused(decision.refusal.code, decision.refusal.params);
    const lane = laneOf(await findMessage(tx, delivery.messageId));
    const { endpointId, messageId } = delivery;
    const [again = deliveryId] =
      decision.do === 'deliver_again'
        ? await insertDeliveries(tx, [{ endpointId, messageId, lane, replayOf: deliveryId }], now)
        : [];
    if (decision.do === 'try_now') await tryNow(tx, [{ id: deliveryId, endpointId, lane }], now);
    await announce(tx, 'webhook', endpointId);
    return {
      result: { deliveryId: toId('webhook_delivery', again) },
      audit: {
        subject: { kind: 'webhook_delivery', id: deliveryId },
        before: { status: delivery.status, tries: delivery.tries },
        after: { [decision.do === 'try_now' ? 'triedNow' : 'deliveredAgainAs']: again },
      },
    };
  },
});
