import { z } from 'zod';
import { toId } from '../core/ids.ts';
import { mustNotRefuse, Refused } from '../core/refusal.ts';
import { idInput } from '../runtime/id-input.ts';
import { announce } from '../runtime/live.ts';
import { defineOperation } from '../runtime/operation.ts';
import { lockEndpoint, saveEndpoint } from './endpoint.store.ts';
import { type Endpoint, endpointFields } from './endpoint.ts';
import { decideUrl } from './endpoint-url.ts';
import type { WebhookSettings } from './seal.ts';

/**
 * Changes where messages go, what for, and which. `enable` turns a disabled endpoint on: it is told of what happens from then
 * on; what was given up meanwhile is replayed by a person. What waits for its next try goes to the new address.
 */
export const changeEndpoint = ({ allowLocal }: Pick<WebhookSettings, 'allowLocal'>) =>
  defineOperation({
    name: 'webhooks.change_endpoint',
    permission: 'webhook:manage',
    act: 'webhook_endpoint.changed',
    input: z
      .strictObject({
        endpointId: idInput('webhook_endpoint'),
        version: z.int().positive(),
        url: endpointFields.url.optional(),
        description: endpointFields.description.optional(),
        types: endpointFields.types.optional(),
        enable: z.literal(true).optional(),
      })
      .refine(({ endpointId: _, version: __, ...changes }) => Object.keys(changes).length > 0, 'nothing to change'),
    subject: (input) => ({ kind: 'webhook_endpoint', id: input.endpointId }),
    async run({ tx, now }, { endpointId, version, enable, ...fields }) {
      const endpoint = await lockEndpoint(tx, endpointId);
      if (endpoint.version !== version) throw new Refused('version_conflict');
      if (fields.url !== undefined) mustNotRefuse(decideUrl(fields.url, { allowLocal }));
      if (enable && endpoint.status === 'enabled') throw new Refused('status_forbids', { status: 'enabled' });
      const opening = enable ? ({ status: 'enabled', statusReason: null, failingSince: null } as const) : {};
      const after = await saveEndpoint(tx, endpoint, { ...fields, ...opening }, now);
      await announce(tx, 'webhook', endpointId);
      return {
        result: { endpointId: toId('webhook_endpoint', endpointId), version: after.version },
        audit: {
          subject: { kind: 'webhook_endpoint', id: endpointId },
          before: told(endpoint),
          after: told(after),
        },
      };
    },
  });

function told({ url, description, types, status }: Endpoint) {
  return { url, description, types, status };
}
