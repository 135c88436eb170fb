import { newUuid } from '../core/ids.ts';
import { type RefusalCode, Refused } from '../core/refusal.ts';
import { type Queryable, type Tx, violatedConstraint } from '../runtime/db.ts';
import { announce } from '../runtime/live.ts';
import { type DecisionRow, decisionFromRow, type OverrideRow, overrideFromRow } from './override.rows.ts';
import {
  type Checker,
  type Closing,
  type Decision,
  OVERRIDE_TRANSITIONS,
  type Override,
  type OverrideStatus,
} from './override.ts';
import type { OverridePolicy } from './override-policy.ts';
import { movedText } from './override-subject.ts';

/** The override under a row lock, until the transaction ends: decisions and executions of it are taken one after the other. Throws Refused `not_found`. */
export async function lockOverride(tx: Tx, id: string): Promise<Override> {
  const { rows } = await tx.query<OverrideRow>('SELECT * FROM override_request WHERE id = $1 FOR UPDATE', [id]);
  if (!rows[0]) throw new Refused('not_found', { what: 'override' });
  return overrideFromRow(rows[0]);
}

/** Every decision on an override, oldest first. */
export async function decisionsOn(on: Queryable, overrideId: string): Promise<Decision[]> {
  const { rows } = await on.query<DecisionRow>(
    'SELECT * FROM override_decision WHERE override_id = $1 ORDER BY at, id',
    [overrideId],
  );
  return rows.map(decisionFromRow);
}

/** The policy in force: the newest version. Throws when there is none, which the migrations rule out. */
export async function policyInForce(on: Queryable): Promise<OverridePolicy> {
  const { rows } = await on.query<{ version: number; rules: Omit<OverridePolicy, 'version'> }>(
    'SELECT version, rules FROM override_policy ORDER BY version DESC LIMIT 1',
  );
  if (!rows[0]) throw new Error('there is no override policy');
  return { version: rows[0].version, ...rows[0].rules };
}

/** Stores a new request. Throws Refused `override_open` when the payout has an open one of this kind: the database counts, not we. */
export async function insertOverride(tx: Tx, made: Override): Promise<void> {
  try {
    await tx.query(
      `INSERT INTO override_request (id, kind, subject_kind, subject_id, subject_version, subject_snapshot, input,
         amount_minor, currency, reason, evidence, maker_id, maker_label, policy_version, approvals_required,
         approver_roles, nonce, content_hash, status, created_at, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)`,
      [
        made.id,
        made.kind,
        made.subjectKind,
        made.subjectId,
        made.subjectVersion,
        JSON.stringify(made.subjectSnapshot),
        JSON.stringify(made.input),
        made.amount.minor,
        made.amount.currency,
        made.reason,
        JSON.stringify(made.evidence),
        made.makerId,
        made.makerLabel,
        made.policyVersion,
        made.approvalsRequired,
        JSON.stringify(made.seats),
        made.nonce,
        made.contentHash,
        made.status,
        made.createdAt,
        made.expiresAt,
      ],
    );
  } catch (error) {
    if (violatedConstraint(error) === 'override_one_open') throw new Refused('override_open');
    throw error;
  }
  await tellConsoles(tx, made);
}

export interface NewDecision {
  decision: Decision['decision'];
  reason: string | null;
  at: Date;
}

/**
 * Appends a person's decision on a locked override. The database refuses the maker, a second decision of one person, roles
 * that they do not hold and who last retried the payout, whatever this code believes.
 */
export async function insertDecision(
  tx: Tx,
  override: Override,
  checker: Checker & { label: string },
  made: NewDecision,
): Promise<void> {
  try {
    await tx.query(
      `INSERT INTO override_decision (id, override_id, maker_id, checker_id, checker_label, checker_roles, decision, reason,
         content_hash, at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        newUuid(),
        override.id,
        override.makerId,
        checker.id,
        checker.label,
        checker.roles,
        made.decision,
        made.reason,
        override.contentHash,
        made.at,
      ],
    );
  } catch (error) {
    // The roles changed between sign-in and signature.
    if (violatedConstraint(error) === 'checker_holds_roles') throw new Refused('role_not_in_policy');
    throw error;
  }
  await tellConsoles(tx, override);
}

export interface StatusChange {
  at: Date;
  /** A person's words, or for `stale` what moved (`movedText`). */
  reason?: string;
}

/** Moves a locked override. Throws when the move is not in OVERRIDE_TRANSITIONS; the database checks the approvals again. */
export async function moveOverride(
  tx: Tx,
  override: Override,
  to: OverrideStatus,
  change: StatusChange,
): Promise<Override> {
  if (!OVERRIDE_TRANSITIONS[override.status].includes(to)) {
    throw new Error(`an override never moves from ${override.status} to ${to}`);
  }
  const executed = to === 'executed';
  const next: Override = {
    ...override,
    status: to,
    statusReason: change.reason ?? null,
    decidedAt: executed ? override.decidedAt : change.at,
    executedAt: executed ? change.at : null,
    executionError: executed ? null : override.executionError,
    version: override.version + 1,
  };
  await save(tx, next);
  return next;
}

/** Ends a locked override for what ended it: its time, or what moved under it. */
export function closeOverride(tx: Tx, override: Override, { to, moved }: Closing, at: Date): Promise<Override> {
  return moveOverride(tx, override, to, { at, ...(moved ? { reason: movedText(moved) } : {}) });
}

/** Notes that an execution could not be done; the override stays approved and may be tried again. */
export async function noteFailure(tx: Tx, override: Override, code: RefusalCode): Promise<void> {
  await save(tx, { ...override, executionError: code, version: override.version + 1 });
}

async function save(tx: Tx, next: Override): Promise<void> {
  await tx.query(
    `UPDATE override_request SET status = $2, status_reason = $3, decided_at = $4, executed_at = $5, execution_error = $6,
       version = $7
     WHERE id = $1`,
    [next.id, next.status, next.statusReason, next.decidedAt, next.executedAt, next.executionError, next.version],
  );
  await tellConsoles(tx, next);
}

/** An open override blocks its payout's buttons, so both are news. */
async function tellConsoles(tx: Tx, override: Override): Promise<void> {
  await announce(tx, 'override', override.id);
  await announce(tx, override.subjectKind, override.subjectId);
}

/**
 * Runs `work`; when it refuses, undoes what it wrote and nothing else, and returns the refusal. The transaction goes on, so
 * that the refusal itself can be kept. Any other error passes through.
 */
export async function tryEffect(tx: Tx, work: () => Promise<void>): Promise<Refused | null> {
  await tx.query('SAVEPOINT effect');
  try {
    await work();
    await tx.query('RELEASE SAVEPOINT effect');
    return null;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    await tx.query('ROLLBACK TO SAVEPOINT effect');
    return error;
  }
}
