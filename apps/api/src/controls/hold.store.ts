import { Refused } from '../core/refusal.ts';
import { type Queryable, type Tx, violatedConstraint } from '../runtime/db.ts';
import type { Hold } from './hold.ts';

const COLUMNS = `id, scope, value, reason, placed_by AS "placedBy", placed_by_id AS "placedById", placed_at AS "placedAt",
  released_by AS "releasedBy", released_at AS "releasedAt", release_reason AS "releaseReason"`;

/** Writes a new hold. Throws Refused `already_held` when one is open on the same thing. */
export async function insertHold(
  tx: Tx,
  hold: Omit<Hold, 'releasedBy' | 'releasedAt' | 'releaseReason'>,
): Promise<void> {
  try {
    await tx.query(
      `INSERT INTO hold (id, scope, value, reason, placed_by, placed_by_id, placed_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [hold.id, hold.scope, hold.value, hold.reason, hold.placedBy, hold.placedById, hold.placedAt],
    );
  } catch (error) {
    if (violatedConstraint(error) === 'hold_one_open') throw new Refused('already_held');
    throw error;
  }
}

/** The hold under a row lock. Throws Refused `not_found`. */
export async function lockHold(tx: Tx, id: string): Promise<Hold> {
  const { rows } = await tx.query<Hold>(`SELECT ${COLUMNS} FROM hold WHERE id = $1 FOR UPDATE`, [id]);
  if (!rows[0]) throw new Refused('not_found', { what: 'hold' });
  return rows[0];
}

/** Ends a locked hold; nothing of it is ever deleted. */
export async function saveRelease(tx: Tx, id: string, by: { label: string; at: Date; reason: string }): Promise<void> {
  await tx.query('UPDATE hold SET released_by = $2, released_at = $3, release_reason = $4 WHERE id = $1', [
    id,
    by.label,
    by.at,
    by.reason,
  ]);
}

/** A hold, open or released; null when there is none. */
export async function findHold(on: Queryable, id: string): Promise<Hold | null> {
  const { rows } = await on.query<Hold>(`SELECT ${COLUMNS} FROM hold WHERE id = $1`, [id]);
  return rows[0] ?? null;
}
