import { z } from 'zod';
import { parseId } from '../core/ids.ts';
import { Refused } from '../core/refusal.ts';
import { idInput } from '../runtime/id-input.ts';
import { command, commandWith, query, router, type TrpcContext } from '../runtime/trpc.ts';
import { addEndpoint } from './add-endpoint.ts';
import { changeEndpoint } from './change-endpoint.ts';
import { DELIVERY_FILTERS, deliveryDetail, listDeliveries } from './deliveries.queries.ts';
import { disableEndpoint } from './disable-endpoint.ts';
import { endpointDetail, listEndpoints } from './endpoints.queries.ts';
import { replayDelivery } from './replay-delivery.ts';
import { replayUndelivered } from './replay-undelivered.ts';
import { rotateSecret } from './rotate-secret.ts';
import type { WebhookSettings } from './seal.ts';
import { sendTest } from './send-test.ts';

const deliveriesInput = z.object({
  endpointId: idInput('webhook_endpoint'),
  filter: z.enum(DELIVERY_FILTERS).default('all'),
  cursor: z.string().max(100).optional(),
  limit: z.int().min(1).max(200).default(100),
});

function settingsOf({ webhooks }: Pick<TrpcContext, 'webhooks'>): WebhookSettings {
  if (!webhooks) throw new Error('This process was started without settings for webhooks.');
  return webhooks;
}

/** The secret itself instead of the sealed one: what the person copies, and what nothing here keeps. */
function withSecret<R extends { endpointId: string; secretSealed: string }>(
  { secretSealed, ...result }: R,
  context: Pick<TrpcContext, 'webhooks'>,
): Omit<R, 'secretSealed'> & { secret: string } {
  const owner = parseId('webhook_endpoint', result.endpointId) ?? '';
  return { ...result, secret: settingsOf(context).seal.open(secretSealed, owner) };
}

export const webhooksRouter = router({
  endpoints: query('webhook:read', z.void(), ({ db, actor, now }) => listEndpoints(db, actor, now)),
  endpoint: query('webhook:read', z.object({ id: idInput('webhook_endpoint') }), async ({ db, actor, now }, { id }) => {
    const detail = await endpointDetail(db, actor, id, now);
    if (!detail) throw new Refused('not_found', { what: 'webhook_endpoint' });
    return detail;
  }),
  deliveries: query('webhook:read', deliveriesInput, ({ db }, input) => listDeliveries(db, input)),
  delivery: query('webhook:read', z.object({ id: idInput('webhook_delivery') }), async ({ db, actor }, { id }) => {
    const detail = await deliveryDetail(db, actor, id);
    if (!detail) throw new Refused('not_found', { what: 'webhook_delivery' });
    return detail;
  }),
  add: commandWith((context) => addEndpoint(settingsOf(context)), withSecret),
  change: commandWith(
    (context) => changeEndpoint(settingsOf(context)),
    (result) => result,
  ),
  rotate: commandWith((context) => rotateSecret(settingsOf(context)), withSecret),
  disable: command(disableEndpoint),
  test: command(sendTest),
  replay: command(replayDelivery),
  replayUndelivered: command(replayUndelivered),
});
