import { appendAudit } from '../../apps/api/src/audit/audit.store.ts';
import { API_SCOPES, hashApiKey } from '../../apps/api/src/identity/api-key.ts';
import { passwordHash } from '../../apps/api/src/identity/password.ts';
import type { Db, Tx } from '../../apps/api/src/runtime/db.ts';
import { type DemoPerson, MACHINE_NAME, PEOPLE } from './people.ts';
import { randomOf } from './prng.ts';

const KEY_ID = randomOf('demo api key').uuid(new Date('2026-01-05T08:00:00Z'));

/** Makes the demo people, or gives those that are there this password. Somebody who was disabled stays so. */
export async function upsertPeople(tx: Tx, password: string, now: Date): Promise<void> {
  const people: DemoPerson[] = Object.values(PEOPLE);
  await tx.query(
    `INSERT INTO person (id, name, email, email_verified, demo, created_at, updated_at)
     SELECT id, name, email, true, true, $4, $4 FROM unnest($1::uuid[], $2::text[], $3::text[]) AS p (id, name, email)
     ON CONFLICT (email) DO NOTHING`,
    [people.map(({ id }) => id), people.map(({ name }) => name), people.map(({ email }) => email), now],
  );
  // The table decides who they are: an installation may have made an account of that address by itself.
  const { rows } = await tx.query<{ id: string; email: string; password: string | null }>(
    `SELECT p.id, p.email, a.password FROM person p
     LEFT JOIN account a ON a.person_id = p.id AND a.provider_id = 'credential'
     WHERE p.email = ANY ($1) ORDER BY p.email`,
    [people.map(({ email }) => email)],
  );
  await tx.query(
    `INSERT INTO person_role (person_id, role, granted_at, granted_by)
     SELECT id, role, $3, 'demo' FROM unnest($1::uuid[], $2::text[]) AS r (id, role) ON CONFLICT DO NOTHING`,
    [rows.map(({ id }) => id), rows.map(({ email }) => people.find((one) => one.email === email)?.role), now],
  );
  // One slow hash for all of them: they share the password, and everybody may know it.
  const hash = await passwordHash(password, rows[0]?.password ?? null);
  const stale = rows.filter((row) => row.password !== hash);
  await tx.query(
    `INSERT INTO account (id, person_id, account_id, provider_id, password, created_at, updated_at)
     SELECT id, id, id::text, 'credential', $2, $3, $3 FROM unnest($1::uuid[]) AS p (id)
     ON CONFLICT (provider_id, account_id) DO UPDATE SET password = excluded.password, updated_at = excluded.updated_at`,
    [stale.map(({ id }) => id), hash, now],
  );
}

/** Makes the demo machine's key, or exchanges its secret: the one before opens nothing from then on. */
export async function upsertApiKey(tx: Tx, secret: string, now: Date): Promise<void> {
  await tx.query(
    `INSERT INTO api_key (id, name, key_hash, scopes, created_at) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (id) DO UPDATE SET key_hash = excluded.key_hash, revoked_at = NULL`,
    [KEY_ID, MACHINE_NAME, hashApiKey(secret), [...API_SCOPES], now],
  );
}

/**
 * Takes the demo people's passwords and sessions and revokes the demo key: what a start without demo mode does on a
 * database that once had it. The people themselves stay, since the books name them. Returns whether there was anything.
 */
export async function withdrawDemoAccess(db: Db, now: Date): Promise<boolean> {
  return db.transaction(async (tx) => {
    const sessions = await tx.query('DELETE FROM session WHERE person_id IN (SELECT id FROM person WHERE demo)');
    const accounts = await tx.query('DELETE FROM account WHERE person_id IN (SELECT id FROM person WHERE demo)');
    const keys = await tx.query('UPDATE api_key SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL', [
      KEY_ID,
      now,
    ]);
    const withdrawn = { sessions: sessions.rowCount, accounts: accounts.rowCount, keys: keys.rowCount };
    if (accounts.rowCount + keys.rowCount === 0) return false;
    await appendAudit(tx, {
      at: now,
      actor: { kind: 'cli', id: 'demo', label: 'demo' },
      act: 'demo.withdrawn',
      subject: { kind: 'database', id: 'demo' },
      after: withdrawn,
      request: { requestId: 'req_demo_withdrawn', ip: null },
    });
    return true;
  });
}
