import { randomUUID } from 'node:crypto';
import type { Actor, Role } from '../core/actor.ts';
import { newUuid } from '../core/ids.ts';
import type { Call } from '../runtime/operation.ts';
import type { TestDatabase } from './database.ts';

/** A fixed instant, a Friday, for tests that need one. */
export const NOW = new Date('2026-11-20T10:00:00.000Z');

/** A call by `actor` under a fresh idempotency key. */
export function callBy(actor: Actor, over: Partial<Call> = {}): Call {
  return {
    actor,
    now: NOW,
    request: { requestId: `req_${randomUUID()}`, ip: '127.0.0.1' },
    idempotencyKey: randomUUID(),
    ...over,
  };
}

/** Inserts a person with these roles and returns them as an actor. */
export async function person(database: TestDatabase, ...roles: Role[]): Promise<Extract<Actor, { kind: 'person' }>> {
  const id = newUuid();
  const name = `${roles.join('+') || 'nobody'} ${id.slice(-4)}`;
  await database.owner.query('INSERT INTO person (id, name, email) VALUES ($1, $2, $3)', [
    id,
    name,
    `${id}@example.test`,
  ]);
  for (const role of roles) {
    await database.owner.query('INSERT INTO person_role (person_id, role) VALUES ($1, $2)', [id, role]);
  }
  return { kind: 'person', id, label: name, roles, sessionId: null };
}

/** The background jobs' actor. */
export const JOB: Actor = { kind: 'job', id: 'worker', label: 'worker' };

/** A machine that may request payouts. */
export const MACHINE: Actor = {
  kind: 'machine',
  id: 'key-1',
  label: 'marketplace-api',
  scopes: ['payouts:write', 'payouts:read'],
};
