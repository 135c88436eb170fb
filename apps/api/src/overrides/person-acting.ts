import type { Actor } from '../core/actor.ts';
import { Refused } from '../core/refusal.ts';

type Person = Extract<Actor, { kind: 'person' }>;

/** The actor as a person: only people ask for overrides and sign them. Throws Refused `permission_missing` for anything else. */
export function personActing(actor: Actor): Person {
  if (actor.kind !== 'person') throw new Refused('permission_missing', { actor: actor.kind });
  return actor;
}
