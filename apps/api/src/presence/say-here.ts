import type { Db } from '../runtime/db.ts';
import { announce } from '../runtime/live.ts';
import { clearOld, enter, remove, renew } from './presence.store.ts';
import type { Place } from './presence.ts';

/*
 * Being somewhere is no command: nothing is decided by it, it is forgotten within a day, and an audit row every 20 seconds
 * would bury what matters. So it does not pass the keystone (docs/decisions/012-presence-is-no-record.md).
 */

/** Says that a person looks at something. Others hear of it when somebody comes, not at each beat. */
export async function sayHere(db: Db, place: Place, personId: string, now: Date): Promise<void> {
  if (await renew(db, place, personId, now)) return;
  await db.transaction(async (tx) => {
    await enter(tx, place, personId, now);
    await clearOld(tx, now);
    await announce(tx, 'presence', place.id);
  });
}

/** Says that a person looks elsewhere now. */
export async function sayGone(db: Db, place: Place, personId: string): Promise<void> {
  await db.transaction(async (tx) => {
    if (await remove(tx, place, personId)) await announce(tx, 'presence', place.id);
  });
}
