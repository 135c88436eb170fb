import { randomUUID } from 'node:crypto';
import { appendAudit } from '../audit/audit.store.ts';
import type { Actor, Role } from '../core/actor.ts';
import type { Db, Queryable } from '../runtime/db.ts';

type SessionAct =
  | { act: 'session.signed_in' | 'session.signed_out'; personId: string; sessionId: string; ip: string | null }
  | { act: 'session.sign_in_refused'; email: string; ip: string | null };

/** Writes the audit event of a session's beginning, end, or refusal. An unknown e-mail address is kept as it was typed. */
export async function auditSession(db: Db, event: SessionAct): Promise<void> {
  const request = { requestId: `req_${randomUUID()}`, ip: event.ip };
  await db.transaction(async (tx) => {
    if (event.act === 'session.sign_in_refused') {
      const { rows } = await tx.query<{ id: string }>('SELECT id FROM person WHERE email = lower($1)', [event.email]);
      await appendAudit(tx, {
        at: new Date(),
        act: event.act,
        actor: { kind: 'anonymous', id: rows[0]?.id ?? 'unknown', label: event.email },
        subject: rows[0] ? { kind: 'person', id: rows[0].id } : null,
        refusalCode: 'not_signed_in',
        request,
      });
      return;
    }
    const { rows } = await tx.query<{ name: string }>('SELECT name FROM person WHERE id = $1', [event.personId]);
    await appendAudit(tx, {
      at: new Date(),
      act: event.act,
      actor: { kind: 'person', id: event.personId, label: rows[0]?.name ?? 'unknown', sessionId: event.sessionId },
      subject: { kind: 'person', id: event.personId },
      request,
    });
  });
}

/** A person as an actor, with the roles they hold at this moment; null when they are disabled or gone. */
export async function personActor(on: Queryable, personId: string, sessionId: string): Promise<PersonActor | null> {
  const { rows } = await on.query<{ name: string; email: string; roles: Role[] }>(
    `SELECT p.name, p.email, coalesce(array_agg(r.role) FILTER (WHERE r.role IS NOT NULL), '{}') AS roles
     FROM person p LEFT JOIN person_role r ON r.person_id = p.id
     WHERE p.id = $1 AND p.disabled_at IS NULL GROUP BY p.id`,
    [personId],
  );
  const row = rows[0];
  return row ? { kind: 'person', id: personId, label: row.name, email: row.email, roles: row.roles, sessionId } : null;
}

/**
 * The person of a session by its token, and whether it has more than `seconds` left to live; null when there is no such session
 * or its person is disabled.
 */
export async function sessionPerson(
  on: Queryable,
  token: string,
  seconds: number,
): Promise<{ actor: PersonActor; fresh: boolean } | null> {
  const { rows } = await on.query<{
    id: string;
    name: string;
    email: string;
    sessionId: string;
    fresh: boolean;
    roles: Role[];
  }>(
    `SELECT p.id, p.name, p.email, s.id AS "sessionId", s.expires_at > now() + make_interval(secs => $2) AS fresh,
       ARRAY(SELECT r.role FROM person_role r WHERE r.person_id = p.id ORDER BY r.role) AS roles
     FROM session s JOIN person p ON p.id = s.person_id WHERE s.token = $1 AND p.disabled_at IS NULL`,
    [token, seconds],
  );
  const row = rows[0];
  if (!row) return null;
  const { id, name, email, roles, sessionId, fresh } = row;
  return { actor: { kind: 'person', id, label: name, email, roles, sessionId }, fresh };
}

export type PersonActor = Extract<Actor, { kind: 'person' }> & { email: string };
