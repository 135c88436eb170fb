import { type IdKind, parseId } from '../../core/ids.ts';
import { openLog } from '../../runtime/log.ts';
import { execute } from '../../runtime/operation.ts';
import { callBy, NOW, person } from '../../testing/calls.ts';
import type { TestDatabase } from '../../testing/database.ts';
import { act } from '../../testing/factories.ts';
import { addEndpoint } from '../add-endpoint.ts';
import { findDelivery } from '../delivery.store.ts';
import type { Delivery } from '../delivery.ts';
import { findEndpoint } from '../endpoint.store.ts';
import type { Endpoint } from '../endpoint.ts';
import { openSeal, type WebhookSettings } from '../seal.ts';
import { sendTest } from '../send-test.ts';
import { type WebhookTaskDeps, webhookTasks } from '../webhooks.tasks.ts';

export const SETTINGS: WebhookSettings = { seal: openSeal('a secret of at least 32 characters'), allowLocal: true };

export const uuidOf = (kind: IdKind, id: string) => parseId(kind, id) ?? '';

/** An endpoint that an admin added, with its secret as the admin was shown it. */
export async function endpointAt(
  database: TestDatabase,
  url: string,
  types: readonly string[] = ['*'],
  now = NOW,
): Promise<{ endpointId: string; id: string; secret: string }> {
  const call = callBy(await person(database, 'admin'), { now });
  const { result } = await execute(database.db, addEndpoint(SETTINGS), call, { url, description: '', types });
  const id = uuidOf('webhook_endpoint', result.endpointId);
  return { endpointId: result.endpointId, id, secret: SETTINGS.seal.open(result.secretSealed, id) };
}

export async function rereadEndpoint(database: TestDatabase, id: string): Promise<Endpoint> {
  const endpoint = await findEndpoint(database.db, id);
  if (!endpoint) throw new Error(`endpoint ${id} is not there`);
  return endpoint;
}

export async function rereadDelivery(database: TestDatabase, id: string): Promise<Delivery> {
  const delivery = await findDelivery(database.db, id);
  if (!delivery) throw new Error(`delivery ${id} is not there`);
  return delivery;
}

/** The deliveries of an endpoint, oldest first. */
export async function deliveriesOf(database: TestDatabase, endpointId: string): Promise<Delivery[]> {
  const { rows } = await database.db.query<{ id: string }>(
    'SELECT id FROM webhook_delivery WHERE endpoint_id = $1 ORDER BY created_at, id',
    [endpointId],
  );
  return Promise.all(rows.map(({ id }) => rereadDelivery(database, id)));
}

/** A message on its way to an endpoint: its delivery's uuid. */
export async function testMessage(database: TestDatabase, endpointId: string, now = NOW): Promise<string> {
  const { messageId } = await act(database, sendTest, { endpointId }, { actor: await person(database, 'ops'), now });
  const { rows } = await database.db.query<{ id: string }>('SELECT id FROM webhook_delivery WHERE message_id = $1', [
    uuidOf('webhook_message', messageId),
  ]);
  return rows[0]?.id ?? '';
}

/** The worker's tasks, without waiting longer by chance. */
export function tasksAt(database: TestDatabase, clock: () => Date, over: Partial<WebhookTaskDeps> = {}) {
  const log = openLog('test', 'silent');
  return webhookTasks({ db: database.db, clock, log, webhooks: SETTINGS, random: () => 0, ...over });
}

/** Has a delivery tried once by a receiver that answers `status`; the time is when it was due. */
export async function triedOnce(database: TestDatabase, deliveryId: string, status: number, now = NOW): Promise<void> {
  const post: WebhookTaskDeps['post'] = async () => ({ kind: 'answered', status, retryAfter: null, response: '' });
  await tasksAt(database, () => now, { post })['webhook.deliver']({ deliveryId });
}

/** Has a delivery fail until it is given up. */
export async function givenUp(database: TestDatabase, deliveryId: string): Promise<void> {
  for (;;) {
    const { nextTryAt } = await rereadDelivery(database, deliveryId);
    if (!nextTryAt) return;
    await triedOnce(database, deliveryId, 500, nextTryAt);
  }
}
