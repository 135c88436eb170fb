import { z } from 'zod';
import { findPayout, lastAttempt } from '../payouts/payout.store.ts';
import { type Done, defineOperation } from '../runtime/operation.ts';
import { closeOverride, lockOverride } from './override.store.ts';
import { expiryOf, type OverrideStatus, stalenessOf } from './override.ts';
import { closingAudit } from './override-answer.ts';
import { snapshotOf } from './override-subject.ts';

/**
 * Ends an open override that nobody can execute any more: its time is over, or its payout is not what was signed. It would
 * only keep the payout from being retried. One that can still be executed is left as it is.
 */
export const expireOverride = defineOperation({
  name: 'overrides.expire',
  permission: 'override:expire',
  act: 'override.expired',
  input: z.strictObject({ overrideId: z.uuid() }),
  subject: (input) => ({ kind: 'override', id: input.overrideId }),
  async run({ tx, now }, input): Promise<Done<{ status: OverrideStatus }>> {
    const override = await lockOverride(tx, input.overrideId);
    const payout = await findPayout(tx, override.subjectId);
    const closing =
      expiryOf(override, now) ??
      (payout ? stalenessOf(override, snapshotOf(payout, await lastAttempt(tx, payout.id))) : null);
    if (!closing) return { result: { status: override.status }, audit: null };
    const ended = await closeOverride(tx, override, closing, now);
    return { result: { status: ended.status }, audit: closingAudit(override, closing) };
  },
});
