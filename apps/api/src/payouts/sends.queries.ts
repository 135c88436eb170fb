import type { Queryable } from '../runtime/db.ts';
import { type Attempt, CHECK_DELAYS_MS, IN_FLIGHT_MS } from './attempt.ts';
import { earlierMovedSql, findAttempt, findPayout, holdSql, overrideOpenSql } from './payout.store.ts';
import type { Payout } from './payout.ts';
import { type PayoutResource, toResource } from './payout-resource.ts';

/** A payout for a machine; null when there is none. */
export async function findPayoutResource(on: Queryable, id: string): Promise<PayoutResource | null> {
  const payout = await findPayout(on, id);
  return payout && toResource(payout);
}

/** An attempt with its payout, for a job; null when there is none. */
export async function readSend(on: Queryable, attemptId: string): Promise<{ payout: Payout; attempt: Attempt } | null> {
  const attempt = await findAttempt(on, attemptId);
  const payout = attempt && (await findPayout(on, attempt.payoutId));
  return attempt && payout ? { payout, attempt } : null;
}

/** Why an attempt is given to the worker again. */
export const LOST_CAUSES = [
  'ready_unsent',
  'lost_on_the_wire',
  'unconfirmed_unasked',
  'transit_overdue',
  'retry_overdue',
] as const;
export type LostCause = (typeof LOST_CAUSES)[number];

/** An attempt whose job does not exist (any more), and the job that it needs. */
export interface LostWork {
  attemptId: string;
  payoutId: string;
  cause: LostCause;
  job: 'payout.send' | 'payout.check' | 'payout.retry';
}

/** A check that is this long past its time has lost its job. */
const OVERDUE_CHECK_MS = 600_000;
/** A job that has been held this long is held by a worker that died: no task runs so long. */
const DEAD_LOCK_MS = 300_000;

/**
 * Attempts that wait for a job which does not exist (any more): a worker died, the kill switch was off, an event never
 * came. Each is looked up by the partial indexes on open attempts, scheduled retries and open payouts, oldest first, at most
 * `limit`.
 */
export async function findLostWork(on: Queryable, now: Date, limit: number): Promise<LostWork[]> {
  const { rows } = await on.query<LostWork>(
    `WITH waiting AS (
       SELECT a.id, a.payout_id, a.status, a.queued_at AS since, a.check_count, p.status AS payout_status,
         coalesce(a.last_sent_at, a.queued_at) AS sent_at, p.expected_by, NULL::timestamptz AS retry_at,
         a.next_check_at IS NULL OR a.next_check_at < $3 AS unasked, p.party_id, p.rail, p.provider
       FROM attempt a JOIN payout p ON p.id = a.payout_id
       WHERE a.status IN ('ready', 'sending', 'unknown', 'accepted')
       UNION ALL
       SELECT a.id, a.payout_id, a.status, a.next_retry_at, a.check_count, p.status, a.queued_at, p.expected_by,
         a.next_retry_at, false, p.party_id, p.rail, p.provider
       FROM attempt a JOIN payout p ON p.id = a.payout_id
       WHERE a.next_retry_at <= $1 AND a.no = p.attempt_count AND p.status = 'failed'
     ), free AS (
       SELECT * FROM waiting w
       WHERE (status = 'ready' OR retry_at IS NOT NULL)
         AND coalesce((SELECT "on" FROM control_switch WHERE name = 'payouts'), false)
         AND NOT ${overrideOpenSql('w.payout_id')} AND ${holdSql('w')} IS NULL AND NOT ${earlierMovedSql('w.payout_id')}
     ), lost AS (
       SELECT id, payout_id, since, 'ready_unsent' AS cause, 'payout.send' AS job FROM free
       WHERE status = 'ready' AND since <= $2 AND payout_status IN ('queued', 'sending', 'unconfirmed')
       UNION ALL
       SELECT id, payout_id, since, 'retry_overdue', 'payout.retry' FROM free WHERE retry_at IS NOT NULL
       UNION ALL
       SELECT id, payout_id, since,
         CASE status WHEN 'sending' THEN 'lost_on_the_wire' WHEN 'unknown' THEN 'unconfirmed_unasked'
           ELSE 'transit_overdue' END, 'payout.check'
       FROM waiting
       WHERE check_count < $4 AND unasked AND (
         (status = 'sending' AND sent_at <= $2 AND payout_status IN ('sending', 'unconfirmed'))
         OR (status = 'unknown' AND payout_status = 'unconfirmed')
         OR (status = 'accepted' AND payout_status = 'in_transit' AND expected_by < $1))
     )
     SELECT id AS "attemptId", payout_id AS "payoutId", cause, job FROM lost
     WHERE NOT EXISTS (SELECT 1 FROM graphile_worker.jobs j WHERE j.key = lost.job || ':' || lost.id
       AND j.attempts < j.max_attempts AND (j.locked_at IS NULL OR j.locked_at > $5))
     ORDER BY since, id LIMIT $6`,
    [
      now,
      new Date(now.getTime() - IN_FLIGHT_MS),
      new Date(now.getTime() - OVERDUE_CHECK_MS),
      CHECK_DELAYS_MS.length,
      new Date(now.getTime() - DEAD_LOCK_MS),
      limit,
    ],
  );
  return rows;
}
