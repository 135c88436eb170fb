import { plain } from '../core/canonical-json.ts';
import type { Queryable, Tx } from './db.ts';

export type Claim<R> = { kind: 'new' } | { kind: 'replay'; result: R } | { kind: 'reused' } | { kind: 'in_flight' };

export interface KeyUse {
  actor: string;
  key: string;
  operation: string;
  /** SHA-256 of the canonical input. */
  inputHash: string;
}

/**
 * Claims an idempotency key inside the command's own transaction. A second holder of the same key is told `in_flight`
 * instead of waiting, by an advisory lock that ends with the transaction; a crash therefore leaves nothing behind, and a
 * row exists only when the command committed. The sole reader and, with saveResult, the sole writer of `idempotency_key`.
 */
export async function claimKey<R>(tx: Tx, use: KeyUse): Promise<Claim<R>> {
  const lock = await tx.query<{ got: boolean }>('SELECT pg_try_advisory_xact_lock(hashtextextended($1, 7)) AS got', [
    `${use.actor}\n${use.key}`,
  ]);
  if (!lock.rows[0]?.got) return { kind: 'in_flight' };
  const { rows } = await tx.query<{ operation: string; input_hash: string; result: R }>(
    'SELECT operation, input_hash, result FROM idempotency_key WHERE actor = $1 AND key = $2',
    [use.actor, use.key],
  );
  const row = rows[0];
  if (!row) return { kind: 'new' };
  if (row.operation !== use.operation || row.input_hash !== use.inputHash) return { kind: 'reused' };
  return { kind: 'replay', result: row.result };
}

/** Stores what the command answered, to be answered again under the same key. */
export async function saveResult(tx: Tx, use: KeyUse, result: unknown, now: Date): Promise<void> {
  await tx.query(
    'INSERT INTO idempotency_key (actor, key, operation, input_hash, result, created_at) VALUES ($1, $2, $3, $4, $5, $6)',
    [use.actor, use.key, use.operation, use.inputHash, JSON.stringify(plain(result)), now],
  );
}

/** Which of an actor's keys belong to a command that was carried out. */
export async function usedKeys(on: Queryable, actor: string, keys: readonly string[]): Promise<Set<string>> {
  const { rows } = await on.query<{ key: string }>(
    'SELECT key FROM idempotency_key WHERE actor = $1 AND key = ANY ($2::text[])',
    [actor, keys],
  );
  return new Set(rows.map((row) => row.key));
}
