import type { Act } from '../audit/audit-event.ts';
import { toId } from '../core/ids.ts';
import type { Refusal } from '../core/refusal.ts';
import type { Closing, Override, OverrideStatus } from './override.ts';

/** What deciding on or executing an override came to. JSON-plain, for the stored result. */
export interface OverrideAnswer {
  overrideId: string;
  status: OverrideStatus;
  approvals: number;
  approvalsRequired: number;
  /**
   * Why the act itself was not done although its outcome is kept: it had expired, had gone stale, or its execution was
   * not possible now. Null when it was done.
   */
  refusal: Refusal | null;
}

export function answerOf(override: Override, approvals: number, refused: Refusal | null = null): OverrideAnswer {
  return {
    overrideId: toId('override', override.id),
    status: override.status,
    approvals,
    approvalsRequired: override.approvalsRequired,
    refusal: refused,
  };
}

/** What the audit log keeps of an override that ended by itself. */
export function closingAudit(before: Override, { to, moved }: Closing) {
  const act: Act = to === 'stale' ? 'override.went_stale' : 'override.expired';
  return {
    act,
    subject: { kind: 'override' as const, id: before.id },
    before: { status: before.status },
    after: {
      status: to,
      payoutId: toId('payout', before.subjectId),
      ...(moved ? { moved } : { expiresAt: before.expiresAt }),
    },
  };
}
