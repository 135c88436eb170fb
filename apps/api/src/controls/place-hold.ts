import { z } from 'zod';
import { newUuid, toId } from '../core/ids.ts';
import { Refused } from '../core/refusal.ts';
import { findParty } from '../ledger/party.store.ts';
import { RAILS } from '../payouts/payout.ts';
import { PROVIDERS } from '../payouts/provider-rules.ts';
import { idInput } from '../runtime/id-input.ts';
import { announce } from '../runtime/live.ts';
import { defineOperation } from '../runtime/operation.ts';
import { insertHold } from './hold.store.ts';

const reason = z.string().trim().min(3).max(500);

/**
 * Stops every payout of a merchant, on a rail or by a provider, from its next send on. What is on the wire finishes, and
 * asking the provider goes on. Payouts can still be asked for: they wait. One open hold at a time on one thing.
 */
export const placeHold = defineOperation({
  name: 'controls.place_hold',
  permission: 'control:change',
  act: 'hold.placed',
  input: z.discriminatedUnion('scope', [
    z.strictObject({ scope: z.literal('merchant'), value: idInput('party'), reason }),
    z.strictObject({ scope: z.literal('rail'), value: z.enum(RAILS), reason }),
    z.strictObject({ scope: z.literal('provider'), value: z.enum(PROVIDERS), reason }),
  ]),
  subject: () => null,
  async run({ tx, now, actor }, { scope, value, reason: why }) {
    const party = scope === 'merchant' ? await findParty(tx, toId('party', value)) : null;
    if (scope === 'merchant' && !party) throw new Refused('party_unknown');
    const id = newUuid();
    await insertHold(tx, {
      id,
      scope,
      value,
      reason: why,
      placedBy: actor.label,
      placedById: actor.id,
      placedAt: now,
    });
    await announce(tx, 'control', id);
    return {
      result: { holdId: toId('hold', id) },
      audit: {
        subject: { kind: 'hold', id },
        after: { scope, value: party ? toId('party', party.id) : value, ...(party ? { name: party.name } : {}) },
        reason: why,
      },
    };
  },
});
