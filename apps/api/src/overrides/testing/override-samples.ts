import type { Role } from '../../core/actor.ts';
import { money } from '../../core/money.ts';
import { HOUR_MS } from '../../core/time.ts';
import { NOW } from '../../testing/calls.ts';
import { anAttempt, aPayout } from '../../testing/payout-samples.ts';
import { contentHashOf, type Decision, type Override } from '../override.ts';
import { snapshotOf } from '../override-subject.ts';

const id = (tail: string) => `01930000-0000-7000-8000-${tail.padStart(12, '0')}`;

export const MAKER = id('a0');
export const CHECKER = id('c1');
export const SECOND_CHECKER = id('c2');

/** An override as a value: a cancellation of EUR 12,500.00 that needs one approver and expires 24 h after NOW. */
export function anOverride(over: Partial<Override> = {}): Override {
  const made = {
    id: id('01'),
    kind: 'cancel_payout' as const,
    subjectKind: 'payout' as const,
    subjectId: id('0f'),
    subjectVersion: 3,
    subjectSnapshot: snapshotOf(aPayout({ status: 'failed' }), anAttempt({ status: 'rejected' })),
    input: { payout: 'po_1' },
    amount: money(1_250_000n, 'EUR'),
    reason: 'The merchant asked us to stop it.',
    evidence: [],
    makerId: MAKER,
    makerLabel: 'Maker',
    policyVersion: 1,
    approvalsRequired: 1,
    seats: [['approver' as const]],
    nonce: '00ff',
    status: 'requested' as const,
    statusReason: null,
    createdAt: NOW,
    expiresAt: new Date(NOW.getTime() + 24 * HOUR_MS),
    decidedAt: null,
    executedAt: null,
    executionError: null,
    version: 1,
    ...over,
  };
  return { contentHash: contentHashOf(made), ...made };
}

/** An approval of that content by a person with these roles. */
export function anApproval(
  override: Override,
  checkerId: string,
  roles: Role[],
  over: Partial<Decision> = {},
): Decision {
  return {
    id: id('d0'),
    checkerId,
    checkerLabel: 'Checker',
    roles,
    decision: 'approve',
    reason: null,
    contentHash: override.contentHash,
    at: NOW,
    ...over,
  };
}
