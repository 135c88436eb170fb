import type { Queryable } from '../runtime/db.ts';
import { IN_FLIGHT_MS } from './attempt.ts';
import { earlierMovedSql, holdSql, overrideOpenSql } from './payout.store.ts';

/** Which payouts: those that a hold on the merchant (its uuid), rail or provider covers; null for all of them. */
export type WaitingScope = { scope: 'merchant' | 'rail' | 'provider'; value: string } | null;

const COLUMN = { merchant: 'p.party_id::text', rail: 'p.rail', provider: 'p.provider' } as const;

/** SQL: attempts `a` of payouts `p` that would leave if nothing stopped them. */
const WAITING = `attempt a JOIN payout p ON p.id = a.payout_id
  WHERE a.status = 'ready' AND p.status IN ('queued', 'sending', 'unconfirmed')`;

function scopeSql(scope: WaitingScope, parameter: string): string {
  return scope ? `AND ${COLUMN[scope.scope]} = ${parameter}` : `AND ${parameter}::text IS NULL`;
}

/**
 * The attempts in a scope that nothing stops (any more), oldest first, at most `limit`: what a release gives to the worker.
 * Empty while sending is switched off.
 */
export async function waitingSends(on: Queryable, scope: WaitingScope, limit: number): Promise<string[]> {
  const { rows } = await on.query<{ id: string }>(
    `SELECT a.id FROM ${WAITING} ${scopeSql(scope, '$1')}
       AND coalesce((SELECT "on" FROM control_switch WHERE name = 'payouts'), false)
       AND ${holdSql('p')} IS NULL AND NOT ${overrideOpenSql('p.id')} AND NOT ${earlierMovedSql('p.id')}
     ORDER BY a.queued_at, a.id LIMIT $2`,
    [scope?.value ?? null, limit],
  );
  return rows.map((row) => row.id);
}

/** What waits in one currency: how many payouts and their sum, minor units. */
export interface WaitingSum {
  currency: string;
  count: bigint;
  minor: bigint;
  /** Those of them that something else stops as well: an override, another hold, an attempt that moved. */
  stoppedCount: bigint;
  stoppedMinor: bigint;
}

/**
 * What waits in a scope, per currency. `but` is an open hold that is left out of what stops (the one about to be
 * released). The kill switch counts as no stop here: whoever asks knows it.
 */
export async function waitingSums(on: Queryable, scope: WaitingScope, but: string | null): Promise<WaitingSum[]> {
  const { rows } = await on.query<WaitingSum>(
    `SELECT currency, count(*) AS count, sum(amount_minor)::bigint AS minor,
       count(*) FILTER (WHERE stopped) AS "stoppedCount",
       coalesce(sum(amount_minor) FILTER (WHERE stopped), 0)::bigint AS "stoppedMinor"
     FROM (
       SELECT p.currency, p.amount_minor, ${overrideOpenSql('p.id')} OR ${earlierMovedSql('p.id')} OR EXISTS (
         SELECT 1 FROM hold h WHERE h.released_at IS NULL AND h.id IS DISTINCT FROM $2::uuid AND (h.scope, h.value) IN
           (('merchant', p.party_id::text), ('rail', p.rail), ('provider', p.provider))) AS stopped
       FROM ${WAITING} ${scopeSql(scope, '$1')}) waiting
     GROUP BY currency ORDER BY currency`,
    [scope?.value ?? null, but],
  );
  return rows;
}

/** How many payouts of a scope are on the wire at `now`: these finish whatever is switched off. */
export async function countOnTheWire(on: Queryable, scope: WaitingScope, now: Date): Promise<number> {
  const { rows } = await on.query<{ count: bigint }>(
    `SELECT count(*) AS count FROM attempt a JOIN payout p ON p.id = a.payout_id
     WHERE a.status = 'sending' AND a.last_sent_at > $2 ${scopeSql(scope, '$1')}`,
    [scope?.value ?? null, new Date(now.getTime() - IN_FLIGHT_MS)],
  );
  return Number(rows[0]?.count ?? 0n);
}

/** What waits under each open hold, per currency; a payout under two holds counts under both. */
export async function waitingByHold(
  on: Queryable,
): Promise<{ holdId: string; currency: string; count: bigint; minor: bigint }[]> {
  const { rows } = await on.query<{ holdId: string; currency: string; count: bigint; minor: bigint }>(
    `WITH waiting AS (
       SELECT p.party_id::text AS party, p.rail, p.provider, p.currency, count(*) AS count, sum(p.amount_minor) AS minor
       FROM ${WAITING} GROUP BY p.party_id, p.rail, p.provider, p.currency)
     SELECT h.id AS "holdId", w.currency, sum(w.count)::bigint AS count, sum(w.minor)::bigint AS minor
     FROM hold h JOIN waiting w ON (h.scope, h.value) IN
       (('merchant', w.party), ('rail', w.rail), ('provider', w.provider))
     WHERE h.released_at IS NULL GROUP BY h.id, w.currency ORDER BY w.currency`,
  );
  return rows;
}
