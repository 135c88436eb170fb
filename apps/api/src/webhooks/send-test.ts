import { z } from 'zod';
import { newUuid, toId } from '../core/ids.ts';
import { Refused } from '../core/refusal.ts';
import { idInput } from '../runtime/id-input.ts';
import { announce } from '../runtime/live.ts';
import { defineOperation } from '../runtime/operation.ts';
import { insertMessage } from './delivery.store.ts';
import { lockEndpoint } from './endpoint.store.ts';
import { TEST_TYPE } from './endpoint.ts';

/** Sends a message that tells of nothing, to try an endpoint out. It is signed, tried and kept like any other. */
export const sendTest = defineOperation({
  name: 'webhooks.send_test',
  permission: 'webhook:replay',
  act: 'webhook.test_sent',
  input: z.strictObject({ endpointId: idInput('webhook_endpoint') }),
  subject: (input) => ({ kind: 'webhook_endpoint', id: input.endpointId }),
  async run({ tx, now, actor }, { endpointId }) {
    const endpoint = await lockEndpoint(tx, endpointId);
    if (endpoint.status === 'disabled') throw new Refused('endpoint_disabled');
    const id = newUuid();
    const data = { endpoint: toId('webhook_endpoint', endpointId), sent_by: actor.label };
    const payload = { type: TEST_TYPE, timestamp: now.toISOString(), data };
    await insertMessage(tx, { id, type: TEST_TYPE, payoutId: null, payload, createdAt: now }, [endpointId]);
    await announce(tx, 'webhook', endpointId);
    return {
      result: { messageId: toId('webhook_message', id) },
      audit: { subject: { kind: 'webhook_endpoint', id: endpointId }, after: { messageId: id } },
    };
  },
});
