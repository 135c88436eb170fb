import { z } from 'zod';
import { toId } from '../core/ids.ts';
import { Refused } from '../core/refusal.ts';
import { idInput } from '../runtime/id-input.ts';
import { announce } from '../runtime/live.ts';
import { defineOperation } from '../runtime/operation.ts';
import { lockEndpoint, saveEndpoint } from './endpoint.store.ts';
import { SECRET_OVERLAP_MS } from './endpoint.ts';
import type { WebhookSettings } from './seal.ts';
import { newSecret } from './signature.ts';

/**
 * Gives an endpoint a new signing secret. The one before signs beside it for another day, so that the receiver can change
 * over; one before that stops at once. The answer carries the secret sealed: see `addEndpoint`.
 */
export const rotateSecret = ({ seal }: Pick<WebhookSettings, 'seal'>) =>
  defineOperation({
    name: 'webhooks.rotate_secret',
    permission: 'webhook:manage',
    act: 'webhook_endpoint.secret_rotated',
    input: z.strictObject({ endpointId: idInput('webhook_endpoint'), version: z.int().positive() }),
    subject: (input) => ({ kind: 'webhook_endpoint', id: input.endpointId }),
    async run({ tx, now }, { endpointId, version }) {
      const endpoint = await lockEndpoint(tx, endpointId);
      // Two people at once would leave the first one's secret, just shown to them, as the old one.
      if (endpoint.version !== version) throw new Refused('version_conflict');
      const secretSealed = seal.close(newSecret(), endpointId);
      const previousSecretUntil = new Date(now.getTime() + SECRET_OVERLAP_MS);
      const previousSecretSealed = endpoint.secretSealed;
      await saveEndpoint(tx, endpoint, { secretSealed, previousSecretSealed, previousSecretUntil }, now);
      await announce(tx, 'webhook', endpointId);
      return {
        result: {
          endpointId: toId('webhook_endpoint', endpointId),
          secretSealed,
          previousUntil: previousSecretUntil.toISOString(),
        },
        audit: {
          subject: { kind: 'webhook_endpoint', id: endpointId },
          after: { previousUntil: previousSecretUntil },
        },
      };
    },
  });
