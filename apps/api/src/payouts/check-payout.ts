import { z } from 'zod';
import { toId } from '../core/ids.ts';
import { Refused } from '../core/refusal.ts';
import { enqueueCheck } from '../jobs/payout-jobs.ts';
import { idInput } from '../runtime/id-input.ts';
import { defineOperation } from '../runtime/operation.ts';
import { appendPayoutEvent, lastAttempt, lockPayout } from './payout.store.ts';

/** Has the provider asked about a payout's last attempt. Reading moves no money, so it is allowed in every status that was ever sent. */
export const checkPayout = defineOperation({
  name: 'payouts.check',
  permission: 'payout:check',
  act: 'payout.check_requested',
  /** `version` is the one that was seen, where the question is about that and no other: in a bulk run. */
  input: z.strictObject({ payoutId: idInput('payout'), version: z.int().positive().optional() }),
  subject: (input) => ({ kind: 'payout', id: input.payoutId }),
  async run({ tx, now, actor }, input) {
    const payout = await lockPayout(tx, input.payoutId);
    if (input.version !== undefined && payout.version !== input.version) throw new Refused('version_conflict');
    const attempt = await lastAttempt(tx, payout.id);
    if (!attempt?.firstSentAt) throw new Refused('status_forbids', { status: payout.status });
    await enqueueCheck(tx, attempt.id);
    await appendPayoutEvent(tx, payout.id, {
      at: now,
      kind: 'check_requested',
      actorLabel: actor.label,
      attemptId: attempt.id,
    });
    return {
      result: { payoutId: toId('payout', payout.id) },
      audit: { subject: { kind: 'payout', id: payout.id }, after: { attempt: attempt.no } },
    };
  },
});
