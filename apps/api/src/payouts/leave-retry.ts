import { z } from 'zod';
import { REFUSAL_STATUS, type RefusalCode } from '../core/refusal.ts';
import { defineOperation } from '../runtime/operation.ts';
import { appendPayoutEvent, lastAttempt, lockPayout, saveAttempt } from './payout.store.ts';
import { waitsFor } from './retry-schedule.ts';

const codes = Object.keys(REFUSAL_STATUS) as [RefusalCode, ...RefusalCode[]];

/**
 * Writes down that a scheduled retry was refused. What a switch, a hold or an open override stops is still to come: the job
 * `detect_stuck_finance_jobs` takes it up when the way is free. Anything else is left to a person.
 */
export const leaveRetry = defineOperation({
  name: 'payouts.leave_retry',
  permission: 'payout:record',
  act: 'payout.retry_left',
  input: z.strictObject({ payoutId: z.uuid(), attemptId: z.uuid(), code: z.enum(codes) }),
  subject: (input) => ({ kind: 'payout', id: input.payoutId }),
  async run({ tx, now, actor }, { payoutId, attemptId, code }) {
    const payout = await lockPayout(tx, payoutId);
    const last = await lastAttempt(tx, payout.id);
    // Somebody retried or canceled it since it was refused: there is nothing left to leave.
    if (payout.status !== 'failed' || last?.id !== attemptId || last.nextRetryAt === null) {
      return { result: { left: false }, audit: null };
    }
    const waits = waitsFor(code);
    if (!waits) await saveAttempt(tx, last.id, { nextRetryAt: null });
    await appendPayoutEvent(tx, payout.id, {
      at: now,
      kind: waits ? 'retry_waits' : 'retry_left',
      actorLabel: actor.label,
      attemptId: last.id,
      data: { code },
    });
    return {
      result: { left: true },
      audit: { subject: { kind: 'payout', id: payout.id }, after: { attempt: last.no, code, waits } },
    };
  },
});
