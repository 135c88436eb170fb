import { Refused } from '../core/refusal.ts';
import type { Queryable, Tx } from '../runtime/db.ts';
import { ALL_TYPES, type Endpoint } from './endpoint.ts';

const COLUMNS = `id, url, description, types, secret_sealed AS "secretSealed",
  previous_secret_sealed AS "previousSecretSealed", previous_secret_until AS "previousSecretUntil", status,
  status_reason AS "statusReason", failing_since AS "failingSince", created_by AS "createdBy",
  created_at AS "createdAt", updated_at AS "updatedAt", version`;

/**
 * The endpoint under a row lock, until the transaction ends. NO KEY, so that a payout that moves meanwhile, and writes a
 * delivery to it, never waits. Whoever locks a delivery too locks its endpoint first. Throws Refused `not_found`.
 */
export async function lockEndpoint(tx: Tx, id: string): Promise<Endpoint> {
  const { rows } = await tx.query<Endpoint>(`SELECT ${COLUMNS} FROM webhook_endpoint WHERE id = $1 FOR NO KEY UPDATE`, [
    id,
  ]);
  if (!rows[0]) throw new Refused('not_found', { what: 'webhook_endpoint' });
  return rows[0];
}

/** Without a lock; null when there is none. */
export async function findEndpoint(on: Queryable, id: string): Promise<Endpoint | null> {
  const { rows } = await on.query<Endpoint>(`SELECT ${COLUMNS} FROM webhook_endpoint WHERE id = $1`, [id]);
  return rows[0] ?? null;
}

/** uuids of the enabled endpoints that follow the type. */
export async function followersOf(on: Queryable, type: string): Promise<string[]> {
  const { rows } = await on.query<{ id: string }>(
    `SELECT id FROM webhook_endpoint WHERE status = 'enabled' AND types && ARRAY[$1, '${ALL_TYPES}']`,
    [type],
  );
  return rows.map((row) => row.id);
}

export async function insertEndpoint(tx: Tx, endpoint: Endpoint): Promise<void> {
  await tx.query(
    `INSERT INTO webhook_endpoint (id, url, description, types, secret_sealed, status, created_by, created_at, updated_at, version)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      endpoint.id,
      endpoint.url,
      endpoint.description,
      endpoint.types,
      endpoint.secretSealed,
      endpoint.status,
      endpoint.createdBy,
      endpoint.createdAt,
      endpoint.updatedAt,
      endpoint.version,
    ],
  );
}

/** Writes what people change about a locked endpoint, and counts its version up. Returns it as it now is. */
export async function saveEndpoint(
  tx: Tx,
  endpoint: Endpoint,
  set: Partial<Omit<Endpoint, 'id' | 'createdBy' | 'createdAt' | 'updatedAt' | 'version'>>,
  now: Date,
): Promise<Endpoint> {
  const next: Endpoint = { ...endpoint, ...set, updatedAt: now, version: endpoint.version + 1 };
  await tx.query(
    `UPDATE webhook_endpoint SET url = $2, description = $3, types = $4, secret_sealed = $5, previous_secret_sealed = $6,
       previous_secret_until = $7, status = $8, status_reason = $9, failing_since = $10, updated_at = $11, version = $12
     WHERE id = $1`,
    [
      next.id,
      next.url,
      next.description,
      next.types,
      next.secretSealed,
      next.previousSecretSealed,
      next.previousSecretUntil,
      next.status,
      next.statusReason,
      next.failingSince,
      next.updatedAt,
      next.version,
    ],
  );
  return next;
}

/** Keeps since when a locked endpoint fails. Its version stays: nobody's change rests on it. */
export async function saveHealth(tx: Tx, endpoint: Endpoint, failingSince: Date | null): Promise<void> {
  if ((endpoint.failingSince === null) === (failingSince === null)) return;
  await tx.query('UPDATE webhook_endpoint SET failing_since = $2 WHERE id = $1', [endpoint.id, failingSince]);
}
