import type { Db } from '../../src/runtime/db.ts';
import { LONGEST_HOLD_MS } from './agenda.ts';

/** A day and an hour: past the 24 hours for which the provider replays a key. */
const AGE = `interval '25 hours'`;

/**
 * Lets a day pass for up to `most` unanswered attempts: what we know of when they were sent becomes older, and the provider
 * forgets their keys. Only attempts that have been quiet for longer than anything can hold a request back: a day later no
 * request of theirs is under way either. The payout's lock keeps a worker from sending one meanwhile. Returns how many.
 */
export async function expireKeys(db: Db, sandboxUrl: string, most: number): Promise<number> {
  const keys = await db.transaction(async (tx) => {
    const { rows } = await tx.query<{ id: string }>(
      `SELECT p.id FROM payout p JOIN attempt a ON a.payout_id = p.id
       WHERE p.status = 'unconfirmed' AND a.status = 'unknown' AND a.last_sent_at < now() - make_interval(secs => $2)
       ORDER BY a.last_sent_at LIMIT $1 FOR UPDATE OF p SKIP LOCKED`,
      [most, (LONGEST_HOLD_MS * 4) / 1000],
    );
    // Read again under the lock: between the two looks a worker may have taken it up.
    const aged = await tx.query<{ provider_key: string }>(
      `UPDATE attempt SET first_sent_at = first_sent_at - ${AGE}, last_sent_at = last_sent_at - ${AGE},
         queued_at = queued_at - ${AGE}, created_at = created_at - ${AGE}
       WHERE payout_id = ANY ($1) AND status = 'unknown' AND last_sent_at < now() - make_interval(secs => $2)
       RETURNING provider_key`,
      [rows.map(({ id }) => id), (LONGEST_HOLD_MS * 4) / 1000],
    );
    return aged.rows.map((row) => row.provider_key);
  });
  for (const key of keys) {
    await fetch(`${sandboxUrl}/__sandbox/keys/expire`, { method: 'POST', body: JSON.stringify({ key }) });
  }
  return keys.length;
}
