import type { Actor } from '../core/actor.ts';
import { type Refusal, Refused, refusal } from '../core/refusal.ts';
import { may } from '../identity/permission.ts';
import { ACT_PERMISSION, type BulkAct } from './bulk.ts';

type Person = Extract<Actor, { kind: 'person' }>;

/** What the actor lacks for this act on many: the right to act on many, or the act's own; null when nothing. */
export function lacksForBulk(actor: Actor, act: BulkAct): Refusal | null {
  for (const permission of ['payout:bulk', ACT_PERMISSION[act]] as const) {
    if (!may(actor, permission)) return refusal('permission_missing', { permission });
  }
  return null;
}

/** The actor as a person: a run is carried out in a person's name. Throws Refused `permission_missing` for anything else. */
export function personRunning(actor: Actor, act: BulkAct): Person {
  const lacking = lacksForBulk(actor, act);
  if (lacking) throw new Refused(lacking.code, lacking.params);
  if (actor.kind !== 'person') throw new Refused('permission_missing', { actor: actor.kind });
  return actor;
}
