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
export const LOST_CAUSES = ['ready_unsent', 'lost_on_the_wire', 'unconfirmed_unasked', 'transit_overdue'] as const;
export type LostCause = (typeof LOST_CAUSES)[number];

/** A check that is this long past its time has lost its job. */
const OVERDUE_CHECK_MS = 600_000;
/** A job that has been held this long is held by a worker that died: no task runs so long. */
const DEAD_LOCK_MS = 300_000;

/**
 * Attempts that wait for a job which does not exist (any more): a worker died, the kill switch was off, an event never
 * came. Each is looked up by the partial indexes on open attempts and open payouts, oldest first, at most `limit`.
 */
export async function findLostWork(
  on: Queryable,
  now: Date,
  limit: number,
): Promise<{ attemptId: string; cause: LostCause }[]> {
  const { rows } = await on.query<{ attemptId: string; cause: LostCause }>(
    `WITH waiting AS (
       SELECT a.id, a.payout_id, a.status, a.queued_at AS since, a.check_count, p.status AS payout_status,
         coalesce(a.last_sent_at, a.queued_at) AS sent_at, p.expected_by,
         a.next_check_at IS NULL OR a.next_check_at < $3 AS unasked, ${holdSql('p')} AS hold
       FROM attempt a JOIN payout p ON p.id = a.payout_id
       WHERE a.status IN ('ready', 'sending', 'unknown', 'accepted')
     ), lost AS (
       SELECT id, since, 'ready_unsent' AS cause, 'payout.send:' || id AS job_key FROM waiting w
       WHERE status = 'ready' AND since <= $2 AND payout_status IN ('queued', 'sending', 'unconfirmed')
         AND coalesce((SELECT "on" FROM control_switch WHERE name = 'payouts'), false)
         AND NOT ${overrideOpenSql('w.payout_id')} AND w.hold IS NULL AND NOT ${earlierMovedSql('w.payout_id')}
       UNION ALL
       SELECT id, since,
         CASE status WHEN 'sending' THEN 'lost_on_the_wire' WHEN 'unknown' THEN 'unconfirmed_unasked'
           ELSE 'transit_overdue' END, 'payout.check:' || id
       FROM waiting
       WHERE check_count < $4 AND unasked AND (
         (status = 'sending' AND sent_at <= $2 AND payout_status IN ('sending', 'unconfirmed'))
         OR (status = 'unknown' AND payout_status = 'unconfirmed')
         OR (status = 'accepted' AND payout_status = 'in_transit' AND expected_by < $1))
     )
     SELECT id AS "attemptId", cause FROM lost
     WHERE NOT EXISTS (SELECT 1 FROM graphile_worker.jobs j WHERE j.key = lost.job_key AND j.attempts < j.max_attempts
       AND (j.locked_at IS NULL OR j.locked_at > $5))
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
