import type { Role } from '../core/actor.ts';
import { money } from '../core/money.ts';
import type { Decision, Override, OverrideKind, OverrideStatus } from './override.ts';
import type { SubjectSnapshot } from './override-subject.ts';
import type { Seats } from './seats.ts';

/** A row of table `override_request`. */
export interface OverrideRow {
  id: string;
  kind: OverrideKind;
  subject_kind: 'payout';
  subject_id: string;
  subject_version: number;
  subject_snapshot: SubjectSnapshot;
  input: Record<string, string>;
  amount_minor: bigint;
  currency: string;
  reason: string;
  evidence: string[];
  maker_id: string;
  maker_label: string;
  policy_version: number;
  approvals_required: number;
  approver_roles: Seats;
  nonce: string;
  content_hash: string;
  status: OverrideStatus;
  status_reason: string | null;
  created_at: Date;
  expires_at: Date;
  decided_at: Date | null;
  executed_at: Date | null;
  execution_error: string | null;
  version: number;
}

/** A row of table `override_decision`; `at` is text where the row came inside JSON. */
export interface DecisionRow {
  id: string;
  override_id: string;
  maker_id: string;
  checker_id: string;
  checker_label: string;
  checker_roles: Role[];
  decision: 'approve' | 'reject';
  reason: string | null;
  content_hash: string;
  at: Date | string;
}

export function overrideFromRow(row: OverrideRow): Override {
  return {
    id: row.id,
    kind: row.kind,
    subjectKind: row.subject_kind,
    subjectId: row.subject_id,
    subjectVersion: row.subject_version,
    subjectSnapshot: row.subject_snapshot,
    input: row.input,
    amount: money(row.amount_minor, row.currency),
    reason: row.reason,
    evidence: row.evidence,
    makerId: row.maker_id,
    makerLabel: row.maker_label,
    policyVersion: row.policy_version,
    approvalsRequired: row.approvals_required,
    seats: row.approver_roles,
    nonce: row.nonce,
    contentHash: row.content_hash,
    status: row.status,
    statusReason: row.status_reason,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    decidedAt: row.decided_at,
    executedAt: row.executed_at,
    executionError: row.execution_error,
    version: row.version,
  };
}

export function decisionFromRow(row: DecisionRow): Decision {
  return {
    id: row.id,
    checkerId: row.checker_id,
    checkerLabel: row.checker_label,
    roles: row.checker_roles,
    decision: row.decision,
    reason: row.reason,
    contentHash: row.content_hash,
    at: new Date(row.at),
  };
}
