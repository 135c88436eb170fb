import { MINUTE_MS } from '../core/time.ts';
import type { DeliveryJob } from '../jobs/webhook-jobs.ts';
import type { Queryable } from '../runtime/db.ts';
import { findDelivery, findMessage, laneOf } from './delivery.store.ts';
import type { Delivery, Message } from './delivery.ts';
import { findEndpoint } from './endpoint.store.ts';
import type { Endpoint } from './endpoint.ts';

/** A delivery with its endpoint and message, for the job that makes a try; null when there is none. */
export async function readDelivery(
  on: Queryable,
  id: string,
): Promise<{ delivery: Delivery; endpoint: Endpoint; message: Message } | null> {
  const delivery = await findDelivery(on, id);
  const endpoint = delivery && (await findEndpoint(on, delivery.endpointId));
  return delivery && endpoint ? { delivery, endpoint, message: await findMessage(on, delivery.messageId) } : null;
}

/** A delivery that is this long past its time may have lost its job. */
const OVERDUE_MS = 2 * MINUTE_MS;
/** A job that has been held this long is held by a worker that died: no try takes so long. */
const DEAD_LOCK_MS = 5 * MINUTE_MS;

/** Deliveries that wait for a job which does not exist (any more), the longest overdue first, at most `limit`. */
export async function findLostDeliveries(on: Queryable, now: Date, limit: number): Promise<DeliveryJob[]> {
  const { rows } = await on.query<{ id: string; endpointId: string; messageId: string; payoutId: string | null }>(
    `SELECT d.id, d.endpoint_id AS "endpointId", d.message_id AS "messageId", m.payout_id AS "payoutId"
     FROM webhook_delivery d JOIN webhook_message m ON m.id = d.message_id
     WHERE d.status = 'pending' AND d.next_try_at < $1
       AND NOT EXISTS (SELECT 1 FROM graphile_worker.jobs j WHERE j.key = 'webhook.deliver:' || d.id
         AND j.attempts < j.max_attempts AND (j.locked_at IS NULL OR j.locked_at > $2))
     ORDER BY d.next_try_at, d.id LIMIT $3`,
    [new Date(now.getTime() - OVERDUE_MS), new Date(now.getTime() - DEAD_LOCK_MS), limit],
  );
  return rows.map(({ id, endpointId, messageId, payoutId }) => ({
    deliveryId: id,
    endpointId,
    lane: laneOf({ id: messageId, payoutId }),
  }));
}
