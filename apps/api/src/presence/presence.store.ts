import type { Queryable, Tx } from '../runtime/db.ts';
import { KEPT_FOR_MS, type Place, SEEN_FOR_MS } from './presence.ts';

/** Renews the row of somebody who was here a moment ago; false when they were not. The sole writer of `presence`. */
export async function renew(on: Queryable, place: Place, personId: string, now: Date): Promise<boolean> {
  const { rowCount } = await on.query(
    `UPDATE presence SET seen_at = greatest(seen_at, $4)
     WHERE subject_kind = $1 AND subject_id = $2 AND person_id = $3 AND seen_at > $5`,
    [place.kind, place.id, personId, now, new Date(now.getTime() - SEEN_FOR_MS)],
  );
  return rowCount > 0;
}

/** Notes that somebody came. */
export async function enter(tx: Tx, place: Place, personId: string, now: Date): Promise<void> {
  await tx.query(
    `INSERT INTO presence (subject_kind, subject_id, person_id, seen_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (subject_kind, subject_id, person_id) DO UPDATE SET seen_at = greatest(presence.seen_at, excluded.seen_at)`,
    [place.kind, place.id, personId, now],
  );
}

/** Takes away what was left behind. Rows that another visitor clears at the same time are left to them. */
export async function clearOld(tx: Tx, now: Date): Promise<void> {
  await tx.query(
    `DELETE FROM presence WHERE ctid IN
       (SELECT ctid FROM presence WHERE seen_at < $1 LIMIT 1000 FOR UPDATE SKIP LOCKED)`,
    [new Date(now.getTime() - KEPT_FOR_MS)],
  );
}

/** Takes somebody's row away; false when there was none. */
export async function remove(tx: Tx, place: Place, personId: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    'DELETE FROM presence WHERE subject_kind = $1 AND subject_id = $2 AND person_id = $3',
    [place.kind, place.id, personId],
  );
  return rowCount > 0;
}
