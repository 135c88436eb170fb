import { z } from 'zod';
import { toId } from '../core/ids.ts';
import { Refused } from '../core/refusal.ts';
import { idInput } from '../runtime/id-input.ts';
import { defineOperation } from '../runtime/operation.ts';
import { lastAttempt, lockPayout, movePayout, saveAttempt } from './payout.store.ts';

/** Stops a payout that has not left yet. Releasing it takes a signed override, so that one person cannot stop and start money. */
export const holdPayout = defineOperation({
  name: 'payouts.hold',
  permission: 'payout:hold',
  act: 'payout.held',
  input: z.strictObject({
    payoutId: idInput('payout'),
    version: z.int().positive(),
    reason: z.string().trim().min(3).max(500),
  }),
  subject: (input) => ({ kind: 'payout', id: input.payoutId }),
  async run({ tx, now, actor }, input) {
    const payout = await lockPayout(tx, input.payoutId);
    if (payout.version !== input.version) throw new Refused('version_conflict');
    if (payout.status !== 'queued') throw new Refused('status_forbids', { status: payout.status });
    const attempt = await lastAttempt(tx, payout.id);
    if (attempt?.status === 'ready') await saveAttempt(tx, attempt.id, { status: 'canceled' });
    await movePayout(tx, payout, 'held', {
      at: now,
      kind: 'held',
      actorLabel: actor.label,
      data: { reason: input.reason },
      set: { holdReason: input.reason },
    });
    return {
      result: { payoutId: toId('payout', payout.id) },
      audit: {
        subject: { kind: 'payout', id: payout.id },
        before: { status: 'queued' },
        after: { status: 'held' },
        reason: input.reason,
      },
    };
  },
});
