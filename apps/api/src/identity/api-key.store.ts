import type { Actor } from '../core/actor.ts';
import { newUuid } from '../core/ids.ts';
import { MINUTE_MS } from '../core/time.ts';
import type { Queryable } from '../runtime/db.ts';
import { type ApiKey, type ApiScope, bearerSecret, hashApiKey, machineOf, opens } from './api-key.ts';

/** The machine that an Authorization header stands for; null when the key is missing, unknown, expired or revoked. */
export async function actorOfApiKey(
  db: Queryable,
  authorizationHeader: string | undefined,
  now: Date,
): Promise<Extract<Actor, { kind: 'machine' }> | null> {
  const secret = bearerSecret(authorizationHeader);
  if (secret === null) return null;
  const key = await findByHash(db, hashApiKey(secret));
  if (!key || !opens(key, secret, now)) return null;
  await touch(db, key, now);
  return machineOf(key);
}

async function findByHash(db: Queryable, keyHash: string): Promise<ApiKey | null> {
  const { rows } = await db.query<ApiKey>(
    `SELECT id, name, key_hash AS "keyHash", scopes, expires_at AS "expiresAt", revoked_at AS "revokedAt",
       last_used_at AS "lastUsedAt" FROM api_key WHERE key_hash = $1`,
    [keyHash],
  );
  return rows[0] ?? null;
}

/** Notes that the key was used, at most once a minute, so that reads do not become writes. */
async function touch(db: Queryable, key: ApiKey, now: Date): Promise<void> {
  if (key.lastUsedAt !== null && now.getTime() - key.lastUsedAt.getTime() < MINUTE_MS) return;
  await db.query('UPDATE api_key SET last_used_at = $2 WHERE id = $1', [key.id, now]);
}

/** Stores a key by its secret's hash; returns its uuid. A secret that is stored already keeps its row. */
export async function insertApiKey(
  db: Queryable,
  secret: string,
  key: { name: string; scopes: readonly ApiScope[]; expiresAt: Date | null; now: Date },
): Promise<string> {
  const { rows } = await db.query<{ id: string }>(
    `INSERT INTO api_key (id, name, key_hash, scopes, expires_at, created_at) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (key_hash) DO UPDATE SET name = excluded.name RETURNING id`,
    [newUuid(), key.name, hashApiKey(secret), [...key.scopes], key.expiresAt, key.now],
  );
  return rows[0]?.id ?? '';
}
