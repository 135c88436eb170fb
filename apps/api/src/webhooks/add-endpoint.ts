import { z } from 'zod';
import { newUuid, toId } from '../core/ids.ts';
import { mustNotRefuse } from '../core/refusal.ts';
import { announce } from '../runtime/live.ts';
import { defineOperation } from '../runtime/operation.ts';
import { insertEndpoint } from './endpoint.store.ts';
import { type Endpoint, endpointFields } from './endpoint.ts';
import { decideUrl } from './endpoint-url.ts';
import type { WebhookSettings } from './seal.ts';
import { newSecret } from './signature.ts';

/**
 * Adds an address that is told of what it follows, from the next move on. The answer carries the signing secret sealed, for
 * answers are stored and replayed: the shell opens it for the person, once.
 */
export const addEndpoint = ({ seal, allowLocal }: WebhookSettings) =>
  defineOperation({
    name: 'webhooks.add_endpoint',
    permission: 'webhook:manage',
    act: 'webhook_endpoint.added',
    input: z.strictObject(endpointFields),
    subject: () => null,
    async run({ tx, now, actor }, input) {
      mustNotRefuse(decideUrl(input.url, { allowLocal }));
      const id = newUuid();
      const endpoint: Endpoint = {
        id,
        ...input,
        secretSealed: seal.close(newSecret(), id),
        previousSecretSealed: null,
        previousSecretUntil: null,
        status: 'enabled',
        statusReason: null,
        failingSince: null,
        createdBy: actor.label,
        createdAt: now,
        updatedAt: now,
        version: 1,
      };
      await insertEndpoint(tx, endpoint);
      await announce(tx, 'webhook', id);
      return {
        result: { endpointId: toId('webhook_endpoint', id), secretSealed: endpoint.secretSealed },
        audit: {
          subject: { kind: 'webhook_endpoint', id },
          after: { url: input.url, description: input.description, types: input.types },
        },
      };
    },
  });
