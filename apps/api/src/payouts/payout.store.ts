import { newUuid } from '../core/ids.ts';
import { Refused } from '../core/refusal.ts';
import { utcDate } from '../core/time.ts';
import { postEntry } from '../ledger/ledger.store.ts';
import { type Queryable, type Tx, violatedConstraint } from '../runtime/db.ts';
import { announce } from '../runtime/live.ts';
import { publishPayoutMove } from '../webhooks/outbox.store.ts';
import { type Attempt, providerKeyOf } from './attempt.ts';
import { type AttemptRow, attemptFromRow, type PayoutRow, payoutFromRow } from './payout.rows.ts';
import { moveEntry, type Payout, type PayoutStatus, requestEntry } from './payout.ts';
import { replayWindowMs } from './provider-rules.ts';
import type { HoldFact, RetryFacts } from './retry-safety.ts';
import { deadlines } from './stuck.ts';
import { currentStuckPolicy } from './stuck-policy.store.ts';

/** The payout under a row lock, until the transaction ends. Throws Refused `not_found`. */
export async function lockPayout(tx: Tx, id: string): Promise<Payout> {
  const { rows } = await tx.query<PayoutRow>('SELECT * FROM payout WHERE id = $1 FOR UPDATE', [id]);
  if (!rows[0]) throw new Refused('not_found', { what: 'payout' });
  return payoutFromRow(rows[0]);
}

/** Without a lock, for jobs that only read; null when there is none. */
export async function findPayout(on: Queryable, id: string): Promise<Payout | null> {
  const { rows } = await on.query<PayoutRow>('SELECT * FROM payout WHERE id = $1', [id]);
  return rows[0] ? payoutFromRow(rows[0]) : null;
}

export async function lastAttempt(on: Queryable, payoutId: string): Promise<Attempt | null> {
  const { rows } = await on.query<AttemptRow>('SELECT * FROM attempt WHERE payout_id = $1 ORDER BY no DESC LIMIT 1', [
    payoutId,
  ]);
  return rows[0] ? attemptFromRow(rows[0]) : null;
}

export async function findAttempt(on: Queryable, id: string): Promise<Attempt | null> {
  const { rows } = await on.query<AttemptRow>('SELECT * FROM attempt WHERE id = $1', [id]);
  return rows[0] ? attemptFromRow(rows[0]) : null;
}

/** Which attempt a provider's payout belongs to: by the provider's id, else by our attempt id in its metadata. */
export async function attemptOfProvider(
  on: Queryable,
  provider: string,
  providerPayoutId: string | null,
  attemptId: string | null,
): Promise<Attempt | null> {
  const { rows } = await on.query<AttemptRow>(
    `SELECT * FROM attempt WHERE provider = $1 AND (provider_payout_id = $2 OR id = $3)
     ORDER BY (provider_payout_id = $2) DESC NULLS LAST LIMIT 1`,
    [provider, providerPayoutId, attemptId],
  );
  return rows[0] ? attemptFromRow(rows[0]) : null;
}

/** Whether money movement is on. A missing row counts as off. */
export async function payoutsOn(on: Queryable): Promise<boolean> {
  const { rows } = await on.query<{ on: boolean }>(`SELECT "on" FROM control_switch WHERE name = 'payouts'`);
  return rows[0]?.on === true;
}

type FactsRow = { [K in keyof AttemptRow]: AttemptRow[K] | null } & {
  override_open: boolean;
  earlier_moved: boolean;
  hold: HoldFact | null;
  payouts_on: boolean | null;
};

/** The facts that `decideRetry` rests on, in one statement. Call it under the payout's lock before acting on the decision. */
export async function retryFacts(on: Queryable, payout: Payout, now: Date): Promise<RetryFacts> {
  const { rows } = await on.query<FactsRow>(
    `SELECT a.*, ${overrideOpenSql('p.id')} AS override_open, ${earlierMovedSql('p.id')} AS earlier_moved,
       ${holdSql('p')} AS hold, (SELECT "on" FROM control_switch WHERE name = 'payouts') AS payouts_on
     FROM payout p LEFT JOIN LATERAL (SELECT * FROM attempt WHERE payout_id = p.id ORDER BY no DESC LIMIT 1) a ON true
     WHERE p.id = $1`,
    [payout.id],
  );
  const row = rows[0];
  return {
    now,
    lastAttempt: row && row.id !== null ? attemptFromRow(row as AttemptRow) : null,
    // A payout that vanished may not be retried, whatever else is so.
    earlierMoved: row?.earlier_moved !== false,
    payoutsOn: row?.payouts_on === true,
    overrideOpen: row?.override_open !== false,
    hold: row?.hold ?? null,
    replayWindowMs: replayWindowMs(payout.provider),
  };
}

/** SQL: whether an override on the payout waits for a decision or for its execution. */
export function overrideOpenSql(payoutId: string): string {
  return `EXISTS (SELECT 1 FROM override_request o WHERE o.subject_kind = 'payout' AND o.subject_id = ${payoutId}
    AND o.status IN ('requested', 'approved'))`;
}

/** SQL: the oldest unreleased hold on the merchant, rail or provider of the payout row `p`, as a HoldFact; null without one. */
export function holdSql(p: string): string {
  return `(SELECT jsonb_build_object('scope', h.scope, 'reason', h.reason, 'placedBy', h.placed_by) FROM hold h
    WHERE h.released_at IS NULL AND (h.scope, h.value) IN
      (('merchant', ${p}.party_id::text), ('rail', ${p}.rail), ('provider', ${p}.provider))
    ORDER BY h.placed_at, h.id LIMIT 1)`;
}

/** SQL: whether an attempt before the last one moved money that is still gone. */
export function earlierMovedSql(payoutId: string): string {
  return `EXISTS (SELECT 1 FROM attempt e WHERE e.payout_id = ${payoutId} AND e.status IN ('accepted', 'paid')
    AND e.no < (SELECT max(l.no) FROM attempt l WHERE l.payout_id = ${payoutId}))`;
}

/** A new payout: its row, its ledger entry and the first line of its timeline. Throws Refused on a reference used before or an empty wallet. */
export async function insertPayout(tx: Tx, payout: Payout, actorLabel: string): Promise<void> {
  try {
    await tx.query(
      `INSERT INTO payout (id, kind, party_id, amount_minor, currency, rail, provider, destination, merchant_reference,
         descriptor, metadata, status, status_at, expected_by, stuck_at, stuck_policy_version, requested_by, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`,
      [
        payout.id,
        payout.kind,
        payout.partyId,
        payout.amount.minor,
        payout.amount.currency,
        payout.rail,
        payout.provider,
        JSON.stringify(payout.destination),
        payout.merchantReference,
        payout.descriptor,
        JSON.stringify(payout.metadata),
        payout.status,
        payout.statusAt,
        payout.expectedBy,
        payout.stuckAt,
        payout.stuckPolicyVersion,
        payout.requestedBy,
        payout.createdAt,
      ],
    );
  } catch (error) {
    if (violatedConstraint(error) === 'payout_reference_once') throw new Refused('duplicate_reference');
    throw error;
  }
  const entryId = await postEntry(tx, requestEntry(payout), {
    payoutId: payout.id,
    now: payout.createdAt,
    effectiveOn: utcDate(payout.createdAt),
  });
  await publishPayoutMove(tx, payout, null, payout.createdAt);
  await appendPayoutEvent(tx, payout.id, {
    at: payout.createdAt,
    kind: 'requested',
    toStatus: payout.status,
    actorLabel,
    data: { entryId },
  });
}

export interface PayoutChange {
  at: Date;
  actorLabel: string;
  /** What happened, as the timeline names it. */
  kind: TimelineKind;
  attemptId?: string;
  data?: Record<string, unknown>;
  /** Fields that change beside the status. */
  set?: Partial<Pick<Payout, 'failureCode' | 'providerPayoutId' | 'holdReason' | 'lastRetriedBy' | 'paidAt'>>;
  overrideId?: string;
}

/** Every kind of line that a payout's timeline knows. */
export type TimelineKind =
  | 'requested'
  | 'send_started'
  | 'accepted'
  | 'rejected'
  | 'answer_lost'
  | 'never_left'
  | 'asked'
  | 'healed'
  | 'provider_event'
  | 'retry_requested'
  | 'check_requested'
  | 'held'
  | 'released'
  | 'assigned'
  | 'noted'
  | 'snoozed'
  | 'woken'
  | 'retry_scheduled'
  | 'retry_waits'
  | 'retry_left'
  | 'override_executed';

/**
 * Moves a locked payout to `to` (or changes it in place when `to` is its status): ledger entry, deadlines, version and
 * timeline, all in the caller's transaction. Returns the payout as it now is. Throws when the move is not in TRANSITIONS.
 */
export async function movePayout(tx: Tx, payout: Payout, to: PayoutStatus, change: PayoutChange): Promise<Payout> {
  const moved = to !== payout.status;
  const entry = moved ? moveEntry(payout, payout.status, to) : null;
  const entryId = entry
    ? await postEntry(tx, entry, {
        payoutId: payout.id,
        now: change.at,
        effectiveOn: utcDate(change.at),
        ...(change.overrideId ? { overrideId: change.overrideId } : {}),
      })
    : null;
  const policy = moved ? await currentStuckPolicy(tx) : null;
  const next: Payout = {
    ...payout,
    ...change.set,
    ...(policy
      ? {
          status: to,
          statusAt: change.at,
          ...deadlines(policy, payout.rail, to, change.at),
          stuckPolicyVersion: policy.version,
          // What somebody put aside has changed: it is theirs to see again.
          snoozedUntil: null,
          snoozedBy: null,
        }
      : {}),
    ...(moved && to === 'paid' ? { paidAt: change.at } : {}),
    version: payout.version + 1,
  };
  await tx.query(
    `UPDATE payout SET status = $2, status_at = $3, expected_by = $4, stuck_at = $5, paid_at = $6, failure_code = $7,
       provider_payout_id = $8, hold_reason = $9, assignee_id = $10, last_retried_by = $11, version = $12,
       stuck_policy_version = $13, snoozed_until = $14, snoozed_by = $15
     WHERE id = $1`,
    [
      next.id,
      next.status,
      next.statusAt,
      next.expectedBy,
      next.stuckAt,
      next.paidAt,
      next.failureCode,
      next.providerPayoutId,
      next.holdReason,
      next.assigneeId,
      next.lastRetriedBy,
      next.version,
      next.stuckPolicyVersion,
      next.snoozedUntil,
      next.snoozedBy,
    ],
  );
  if (moved) await publishPayoutMove(tx, next, payout.status, change.at);
  await appendPayoutEvent(tx, payout.id, {
    at: change.at,
    kind: change.kind,
    ...(moved ? { fromStatus: payout.status, toStatus: to } : {}),
    attemptId: change.attemptId,
    actorLabel: change.actorLabel,
    data: { ...change.data, ...(entryId ? { entryId } : {}) },
  });
  return next;
}

interface TimelineEntry {
  at: Date;
  kind: TimelineKind;
  fromStatus?: PayoutStatus;
  toStatus?: PayoutStatus;
  attemptId?: string | undefined;
  actorLabel: string;
  data?: Record<string, unknown>;
}

/** Appends to a payout's timeline and tells the consoles that look at it. */
export async function appendPayoutEvent(tx: Tx, payoutId: string, event: TimelineEntry): Promise<void> {
  await tx.query(
    `INSERT INTO payout_event (payout_id, at, kind, from_status, to_status, attempt_id, actor_label, data)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      payoutId,
      event.at,
      event.kind,
      event.fromStatus ?? null,
      event.toStatus ?? null,
      event.attemptId ?? null,
      event.actorLabel,
      JSON.stringify(event.data ?? {}),
    ],
  );
  await announce(tx, 'payout', payoutId);
}

/** Mints the next attempt of a locked payout, ready for the worker. The database refuses a second open one. */
export async function mintAttempt(
  tx: Tx,
  payout: Payout,
  by: { now: Date; requestedBy: string; proof: unknown; previousId: string | null; automatic?: boolean },
): Promise<Attempt> {
  const id = newUuid();
  const { rows } = await tx.query<AttemptRow>(
    `WITH counted AS (UPDATE payout SET attempt_count = attempt_count + 1 WHERE id = $2 RETURNING attempt_count)
     INSERT INTO attempt (id, payout_id, no, provider, provider_key, status, previous_id, requested_by, proof, created_at, queued_at, automatic)
     SELECT $1, $2, counted.attempt_count, $3, $4, 'ready', $5, $6, $7, $8, $8, $9 FROM counted RETURNING *`,
    [
      id,
      payout.id,
      payout.provider,
      providerKeyOf(id),
      by.previousId,
      by.requestedBy,
      JSON.stringify(by.proof),
      by.now,
      by.automatic ?? false,
    ],
  );
  const row = rows[0];
  if (!row) throw new Error(`payout ${payout.id} vanished while an attempt was minted`);
  return attemptFromRow(row);
}

const ATTEMPT_COLUMNS = {
  status: 'status',
  code: 'code',
  message: 'message',
  providerPayoutId: 'provider_payout_id',
  proof: 'proof',
  queuedAt: 'queued_at',
  firstSentAt: 'first_sent_at',
  lastSentAt: 'last_sent_at',
  sendCount: 'send_count',
  checkCount: 'check_count',
  answeredAt: 'answered_at',
  lastAskedAt: 'last_asked_at',
  lastAnswer: 'last_answer',
  nextCheckAt: 'next_check_at',
  nextRetryAt: 'next_retry_at',
} as const satisfies Partial<Record<keyof Attempt, string>>;

/** Writes the named fields of an attempt whose payout is locked. */
export async function saveAttempt(
  tx: Tx,
  id: string,
  set: Partial<Pick<Attempt, keyof typeof ATTEMPT_COLUMNS>>,
): Promise<void> {
  const fields = Object.keys(set) as (keyof typeof ATTEMPT_COLUMNS)[];
  const assignments = fields.map((field, i) => `${ATTEMPT_COLUMNS[field]} = $${i + 2}`);
  const values = fields.map((field) =>
    field === 'proof' || field === 'lastAnswer' ? JSON.stringify(set[field]) : set[field],
  );
  await tx.query(`UPDATE attempt SET ${assignments.join(', ')} WHERE id = $1`, [id, ...values]);
}
