import { z } from 'zod';
import { toId } from '../core/ids.ts';
import { mustNotRefuse } from '../core/refusal.ts';
import { enqueueSends } from '../jobs/payout-jobs.ts';
import { waitingSends } from '../payouts/waiting-sends.store.ts';
import { idInput } from '../runtime/id-input.ts';
import { announce } from '../runtime/live.ts';
import { defineOperation } from '../runtime/operation.ts';
import { RELEASE_LIMIT } from './control.ts';
import { lockHold, saveRelease } from './hold.store.ts';
import { decideRelease } from './hold.ts';

/**
 * Ends a hold. What waited for it alone is given to the worker in the same commit, oldest first and at most RELEASE_LIMIT;
 * the job `detect_stuck_finance_jobs` gives it the rest. What something else stops as well goes on waiting.
 */
export const releaseHold = defineOperation({
  name: 'controls.release_hold',
  permission: 'control:change',
  act: 'hold.released',
  input: z.strictObject({ holdId: idInput('hold'), reason: z.string().trim().min(3).max(500) }),
  subject: (input) => ({ kind: 'hold', id: input.holdId }),
  async run({ tx, now, actor }, input) {
    const hold = await lockHold(tx, input.holdId);
    mustNotRefuse(decideRelease(hold));
    await saveRelease(tx, hold.id, { label: actor.label, at: now, reason: input.reason });
    const sends = await waitingSends(tx, hold, RELEASE_LIMIT);
    await enqueueSends(tx, sends);
    await announce(tx, 'control', hold.id);
    const value = hold.scope === 'merchant' ? toId('party', hold.value) : hold.value;
    return {
      result: { holdId: toId('hold', hold.id), sends: sends.length },
      audit: {
        subject: { kind: 'hold', id: hold.id },
        before: { scope: hold.scope, value, reason: hold.reason, placedBy: hold.placedBy },
        after: { sends: sends.length },
        reason: input.reason,
      },
    };
  },
});
