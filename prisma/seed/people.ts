import type { Role } from '../../apps/api/src/core/actor.ts';
import { randomOf } from './prng.ts';

/** Somebody who signs in to the demonstration. Every demo account has the same password. */
export interface DemoPerson {
  id: string;
  name: string;
  email: string;
  role: Role;
}

/** When the demo people joined: it only dates their ids, so that they are the same in every installation. */
const JOINED = new Date('2026-01-05T08:00:00Z');

function person(name: string, local: string, role: Role): DemoPerson {
  const email = `${local}@countersign.test`;
  return { id: randomOf(`person ${email}`).uuid(JOINED), name, email, role };
}

/**
 * One of each role, and a second where two people have to take part: two in operations, so that one can approve nothing of
 * their own; two approvers and one of finance, so that an override of any amount finds the approvals it needs.
 */
export const PEOPLE = {
  viewer: person('Deniz Öztürk', 'viewer', 'viewer'),
  ops: person('Ayşe Yılmaz', 'ops', 'ops'),
  ops2: person('Jonas Weber', 'ops2', 'ops'),
  finance: person('Şule Çağlayan', 'finance', 'finance'),
  approver: person('İbrahim Işık', 'approver', 'approver'),
  approver2: person('Marta Kowalczyk', 'approver2', 'approver'),
  admin: person('Anders Lindqvist', 'admin', 'admin'),
} as const satisfies Record<string, DemoPerson>;

/** The machine that asks for payouts: the name of the demo API key, and the label of what it did. */
export const MACHINE_NAME = 'marketplace-api';
