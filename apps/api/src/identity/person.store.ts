import type { Role } from '../core/actor.ts';
import { newUuid } from '../core/ids.ts';
import { Refused } from '../core/refusal.ts';
import { type Tx, violatedConstraint } from '../runtime/db.ts';

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
