import { z } from 'zod';
import { toId } from '../core/ids.ts';
import { idInput } from '../runtime/id-input.ts';
import { defineOperation } from '../runtime/operation.ts';
import { lockPayout } from './payout.store.ts';
import { endSnooze } from './payout-desk.store.ts';
import { isSnoozed } from './snooze.ts';

/** Puts a snoozed payout back into the queues before its time. One that is awake already stays as it is. */
export const wakePayout = defineOperation({
  name: 'payouts.wake',
  permission: 'payout:snooze',
  act: 'payout.woken',
  input: z.strictObject({ payoutId: idInput('payout') }),
  subject: (input) => ({ kind: 'payout', id: input.payoutId }),
  async run({ tx, now, actor }, { payoutId }) {
    const payout = await lockPayout(tx, payoutId);
    const result = { payoutId: toId('payout', payout.id) };
    if (!isSnoozed(payout, now)) return { result, audit: null };
    await endSnooze(tx, payout, { at: now, actorLabel: actor.label });
    return {
      result,
      audit: {
        subject: { kind: 'payout', id: payout.id },
        before: { snoozedUntil: payout.snoozedUntil, snoozedBy: payout.snoozedBy },
        after: { snoozedUntil: null, snoozedBy: null },
      },
    };
  },
});
