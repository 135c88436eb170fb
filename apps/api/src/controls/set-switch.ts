import { z } from 'zod';
import { Refused } from '../core/refusal.ts';
import { enqueueSends } from '../jobs/payout-jobs.ts';
import { waitingSends } from '../payouts/waiting-sends.store.ts';
import { announce } from '../runtime/live.ts';
import { defineOperation } from '../runtime/operation.ts';
import { lockControl, saveControl } from './control.store.ts';
import { CONTROLS, RELEASE_LIMIT } from './control.ts';

/**
 * Turns a kill switch on or off. Off stops every send from the next one on; what is on the wire finishes, and asking the
 * provider goes on. Turned on again, what waited is given to the worker in the same commit, at most RELEASE_LIMIT; the job
 * `detect_stuck_finance_jobs` gives it the rest.
 */
export const setSwitch = defineOperation({
  name: 'controls.set_switch',
  permission: 'control:change',
  act: 'control.changed',
  input: z.strictObject({
    name: z.enum(CONTROLS),
    on: z.boolean(),
    reason: z.string().trim().min(3).max(500),
  }),
  subject: (input) => ({ kind: 'control', id: input.name }),
  async run({ tx, now, actor }, input) {
    const before = await lockControl(tx, input.name);
    // Two people at once: the second would put their name on the first one's act.
    if (before.on === input.on) throw new Refused('status_forbids', { status: input.on ? 'on' : 'off' });
    await saveControl(tx, {
      name: input.name,
      on: input.on,
      reason: input.reason,
      changedBy: actor.label,
      changedAt: now,
    });
    const sends = input.on ? await waitingSends(tx, null, RELEASE_LIMIT) : [];
    await enqueueSends(tx, sends);
    await announce(tx, 'control', input.name);
    return {
      result: { name: input.name, on: input.on },
      audit: {
        subject: { kind: 'control', id: input.name },
        before: { on: before.on },
        after: { on: input.on, ...(input.on ? { sends: sends.length } : {}) },
        reason: input.reason,
      },
    };
  },
});
