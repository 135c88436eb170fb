import { z } from 'zod';
import { toId } from '../core/ids.ts';
import { mustNotRefuse } from '../core/refusal.ts';
import { idInput } from '../runtime/id-input.ts';
import { defineOperation } from '../runtime/operation.ts';
import { lockPayout } from './payout.store.ts';
import { saveSnooze } from './payout-desk.store.ts';
import { snoozeRefusal, snoozeTimeRefusal } from './snooze.ts';

/**
 * Puts an open payout aside until an instant: it leaves the queues that ask for attention and comes back by itself, or as
 * soon as anything moves it. Its deadlines go on. Throws Refused `status_forbids` or `snooze_in_the_past`.
 */
export const snoozePayout = defineOperation({
  name: 'payouts.snooze',
  permission: 'payout:snooze',
  act: 'payout.snoozed',
  input: z.strictObject({
    payoutId: idInput('payout'),
    until: z.iso.datetime({ offset: true }).transform((at) => new Date(at)),
    note: z.string().trim().min(1).max(500).optional(),
  }),
  subject: (input) => ({ kind: 'payout', id: input.payoutId }),
  async run({ tx, now, actor }, { payoutId, until, note }) {
    const payout = await lockPayout(tx, payoutId);
    mustNotRefuse(snoozeRefusal(payout) ?? snoozeTimeRefusal(until, now));
    await saveSnooze(tx, payout, { until, note: note ?? null }, { at: now, actorLabel: actor.label });
    return {
      result: { payoutId: toId('payout', payout.id), until: until.toISOString() },
      audit: {
        subject: { kind: 'payout', id: payout.id },
        before: { snoozedUntil: payout.snoozedUntil, snoozedBy: payout.snoozedBy },
        after: { snoozedUntil: until, snoozedBy: actor.label },
        reason: note ?? null,
      },
    };
  },
});
