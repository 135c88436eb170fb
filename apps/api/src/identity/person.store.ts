import type { Role } from '../core/actor.ts';
import { newUuid } from '../core/ids.ts';
import { Refused } from '../core/refusal.ts';
import { type Queryable, type Tx, violatedConstraint } from '../runtime/db.ts';
import { type Permission, rolesWith } from './permission.ts';
import type { Colleague } from './person.ts';

export interface NewPerson {
  email: string;
  name: string;
  roles: readonly Role[];
  /** As better-auth's `hashPassword` made it. */
  passwordHash: string;
  now: Date;
  grantedBy: string;
}

/** Makes a person who can sign in. Returns their uuid. Throws Refused `email_taken`. */
export async function insertPerson(tx: Tx, person: NewPerson): Promise<string> {
  const id = newUuid();
  try {
    await tx.query(
      'INSERT INTO person (id, name, email, email_verified, created_at, updated_at) VALUES ($1, $2, $3, true, $4, $4)',
      [id, person.name, person.email, person.now],
    );
  } catch (error) {
    if (violatedConstraint(error) === 'person_email_key') throw new Refused('email_taken', { email: person.email });
    throw error;
  }
  await tx.query(
    `INSERT INTO person_role (person_id, role, granted_at, granted_by) SELECT $1, role, $3, $4 FROM unnest($2::text[]) AS role`,
    [id, [...new Set(person.roles)], person.now, person.grantedBy],
  );
  await tx.query(
    `INSERT INTO account (id, person_id, account_id, provider_id, password, created_at, updated_at)
     VALUES ($1, $2, $3, 'credential', $4, $5, $5)`,
    [newUuid(), id, id, person.passwordHash, person.now],
  );
  return id;
}

/** Those of `ids` who are not disabled and hold a role that carries the permission; the others are left out. */
export async function peopleWho(on: Queryable, permission: Permission, ids: readonly string[]): Promise<Colleague[]> {
  const { rows } = await on.query<Colleague>(
    `SELECT p.id, p.name FROM person p WHERE p.id = ANY($1::uuid[]) AND p.disabled_at IS NULL
       AND EXISTS (SELECT 1 FROM person_role r WHERE r.person_id = p.id AND r.role = ANY($2::text[]))
     ORDER BY p.name, p.id`,
    [ids, rolesWith(permission)],
  );
  return rows;
}
