import { z } from 'zod';
import { toId } from '../core/ids.ts';
import { Refused } from '../core/refusal.ts';
import { idInput } from '../runtime/id-input.ts';
import { announce } from '../runtime/live.ts';
import { defineOperation } from '../runtime/operation.ts';
import { insertDeliveries, laneOf, tryNow, undeliveredSince } from './delivery.store.ts';
import { lockEndpoint } from './endpoint.store.ts';

/** How many messages one replay sends at most; whoever asks is told that there are more. */
export const MAX_REPLAY = 1_000;

/**
 * Sends everything that has not arrived at an endpoint since `since` again: what was given up, and at once what waits after a
 * failed try. Oldest first, MAX_REPLAY at most; asked again it goes on, because what is on its way is not sent twice.
 */
export const replayUndelivered = defineOperation({
  name: 'webhooks.replay_undelivered',
  permission: 'webhook:replay',
  act: 'webhook.replayed',
  input: z.strictObject({
    endpointId: idInput('webhook_endpoint'),
    since: z.iso.datetime({ offset: true }).transform((text) => new Date(text)),
  }),
  subject: (input) => ({ kind: 'webhook_endpoint', id: input.endpointId }),
  async run({ tx, now }, { endpointId, since }) {
    const endpoint = await lockEndpoint(tx, endpointId);
    if (endpoint.status === 'disabled') throw new Refused('endpoint_disabled');
    const found = await undeliveredSince(tx, endpointId, since, MAX_REPLAY + 1);
    const chosen = found.slice(0, MAX_REPLAY);
    if (chosen.length === 0) throw new Refused('nothing_undelivered');
    const lane = ({ messageId, payoutId }: { messageId: string; payoutId: string | null }) =>
      laneOf({ id: messageId, payoutId });
    const givenUp = chosen.filter((one) => one.status === 'given_up');
    const waiting = chosen.filter((one) => one.status === 'pending');
    await insertDeliveries(
      tx,
      givenUp.map((one) => ({ endpointId, messageId: one.messageId, lane: lane(one), replayOf: one.id })),
      now,
    );
    await tryNow(
      tx,
      waiting.map((one) => ({ id: one.id, endpointId, lane: lane(one) })),
      now,
    );
    await announce(tx, 'webhook', endpointId);
    return {
      result: {
        endpointId: toId('webhook_endpoint', endpointId),
        replayed: chosen.length,
        more: found.length > chosen.length,
      },
      audit: {
        subject: { kind: 'webhook_endpoint', id: endpointId },
        after: { since, deliveredAgain: givenUp.length, triedNow: waiting.length },
      },
    };
  },
});
