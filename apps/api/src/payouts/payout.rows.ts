import { money } from '../core/money.ts';
import type { AskedAnswer, Attempt, AttemptStatus } from './attempt.ts';
import type { Destination, Payout, PayoutStatus, Rail } from './payout.ts';

/** A row of table `payout`. */
export interface PayoutRow {
  id: string;
  kind: 'payout' | 'withdrawal';
  party_id: string;
  amount_minor: bigint;
  currency: string;
  rail: Rail;
  provider: string;
  destination: Destination;
  merchant_reference: string | null;
  descriptor: string;
  metadata: Record<string, string>;
  status: PayoutStatus;
  status_at: Date;
  expected_by: Date | null;
  stuck_at: Date | null;
  paid_at: Date | null;
  failure_code: string | null;
  provider_payout_id: string | null;
  hold_reason: string | null;
  assignee_id: string | null;
  requested_by: string;
  last_retried_by: string | null;
  attempt_count: number;
  snoozed_until: Date | null;
  snoozed_by: string | null;
  stuck_policy_version: number;
  version: number;
  created_at: Date;
}

/** A row of table `attempt`. */
export interface AttemptRow {
  id: string;
  payout_id: string;
  no: number;
  provider: string;
  provider_key: string;
  status: AttemptStatus;
  code: string | null;
  message: string | null;
  provider_payout_id: string | null;
  previous_id: string | null;
  requested_by: string;
  proof: unknown;
  created_at: Date;
  queued_at: Date;
  first_sent_at: Date | null;
  last_sent_at: Date | null;
  send_count: number;
  check_count: number;
  answered_at: Date | null;
  last_asked_at: Date | null;
  last_answer: AskedAnswer | null;
  next_check_at: Date | null;
  next_retry_at: Date | null;
  automatic: boolean;
}

export function payoutFromRow(row: PayoutRow): Payout {
  return {
    id: row.id,
    kind: row.kind,
    partyId: row.party_id,
    amount: money(row.amount_minor, row.currency),
    rail: row.rail,
    provider: row.provider,
    destination: row.destination,
    merchantReference: row.merchant_reference,
    descriptor: row.descriptor,
    metadata: row.metadata,
    status: row.status,
    statusAt: row.status_at,
    expectedBy: row.expected_by,
    stuckAt: row.stuck_at,
    paidAt: row.paid_at,
    failureCode: row.failure_code,
    providerPayoutId: row.provider_payout_id,
    holdReason: row.hold_reason,
    assigneeId: row.assignee_id,
    requestedBy: row.requested_by,
    lastRetriedBy: row.last_retried_by,
    attemptCount: row.attempt_count,
    snoozedUntil: row.snoozed_until,
    snoozedBy: row.snoozed_by,
    stuckPolicyVersion: row.stuck_policy_version,
    version: row.version,
    createdAt: row.created_at,
  };
}

export function attemptFromRow(row: AttemptRow): Attempt {
  return {
    id: row.id,
    payoutId: row.payout_id,
    no: row.no,
    provider: row.provider,
    providerKey: row.provider_key,
    status: row.status,
    code: row.code,
    message: row.message,
    providerPayoutId: row.provider_payout_id,
    previousId: row.previous_id,
    requestedBy: row.requested_by,
    proof: row.proof,
    createdAt: row.created_at,
    queuedAt: row.queued_at,
    firstSentAt: row.first_sent_at,
    lastSentAt: row.last_sent_at,
    sendCount: row.send_count,
    checkCount: row.check_count,
    answeredAt: row.answered_at,
    lastAskedAt: row.last_asked_at,
    lastAnswer: row.last_answer,
    nextCheckAt: row.next_check_at,
    nextRetryAt: row.next_retry_at,
    automatic: row.automatic,
  };
}
