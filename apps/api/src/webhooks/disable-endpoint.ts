import { z } from 'zod';
import { toId } from '../core/ids.ts';
import { Refused } from '../core/refusal.ts';
import { idInput } from '../runtime/id-input.ts';
import { announce } from '../runtime/live.ts';
import { defineOperation } from '../runtime/operation.ts';
import { giveUpPending } from './delivery.store.ts';
import { lockEndpoint, saveEndpoint } from './endpoint.store.ts';

/** Stops telling an endpoint anything. What waits for it is given up, and can be replayed once it is enabled again. */
export const disableEndpoint = defineOperation({
  name: 'webhooks.disable_endpoint',
  permission: 'webhook:manage',
  act: 'webhook_endpoint.disabled',
  input: z.strictObject({ endpointId: idInput('webhook_endpoint'), reason: z.string().trim().min(3).max(500) }),
  subject: (input) => ({ kind: 'webhook_endpoint', id: input.endpointId }),
  async run({ tx, now }, { endpointId, reason }) {
    const endpoint = await lockEndpoint(tx, endpointId);
    if (endpoint.status === 'disabled') throw new Refused('endpoint_disabled');
    await saveEndpoint(tx, endpoint, { status: 'disabled', statusReason: reason }, now);
    const givenUp = await giveUpPending(tx, endpointId, 'endpoint_disabled');
    await announce(tx, 'webhook', endpointId);
    return {
      result: { endpointId: toId('webhook_endpoint', endpointId), givenUp },
      audit: {
        subject: { kind: 'webhook_endpoint', id: endpointId },
        before: { status: 'enabled' },
        after: { status: 'disabled', givenUp },
        reason,
      },
    };
  },
});
