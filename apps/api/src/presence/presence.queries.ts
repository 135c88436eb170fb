import { toId } from '../core/ids.ts';
import { initialsOf } from '../core/person-name.ts';
import type { Queryable } from '../runtime/db.ts';
import { type Place, SEEN_FOR_MS } from './presence.ts';

export interface PresentDto {
  id: string;
  name: string;
  initials: string;
  seenAt: string;
}

/** Who else looks at it: seen within SEEN_FOR_MS, by name. */
export async function whoIsHere(on: Queryable, place: Place, meId: string, now: Date): Promise<PresentDto[]> {
  const { rows } = await on.query<{ id: string; name: string; seen_at: Date }>(
    `SELECT p.id, p.name, w.seen_at FROM presence w JOIN person p ON p.id = w.person_id
     WHERE w.subject_kind = $1 AND w.subject_id = $2 AND w.person_id <> $3 AND w.seen_at > $4 AND p.disabled_at IS NULL
     ORDER BY p.name, p.id LIMIT 50`,
    [place.kind, place.id, meId, new Date(now.getTime() - SEEN_FOR_MS)],
  );
  return rows.map(({ id, name, seen_at }) => ({
    id: toId('person', id),
    name,
    initials: initialsOf(name),
    seenAt: seen_at.toISOString(),
  }));
}
