import type { Role } from '../core/actor.ts';
import { toId } from '../core/ids.ts';
import { initialsOf, nameMatches } from '../core/person-name.ts';
import type { Queryable } from '../runtime/db.ts';
import { type Permission, rolesWith } from './permission.ts';

export interface PersonDto {
  id: string;
  name: string;
  initials: string;
  roles: Role[];
}

/** Turkish order holds for English names too; code points would put İbrahim behind Zeynep. */
const byName = new Intl.Collator('tr');

/**
 * The people who are not disabled and hold the permission, by name; with `text` those whose names begin so. A company's
 * desks are hundreds of people, so the names are compared here, where İ and ı are known.
 */
export async function listPeople(
  on: Queryable,
  permission: Permission,
  { text, limit }: { text?: string | undefined; limit: number },
): Promise<PersonDto[]> {
  const { rows } = await on.query<{ id: string; name: string; roles: Role[] }>(
    `SELECT p.id, p.name, array_agg(r.role ORDER BY r.role) AS roles
     FROM person p JOIN person_role r ON r.person_id = p.id
     WHERE p.disabled_at IS NULL GROUP BY p.id HAVING array_agg(r.role) && $1::text[]`,
    [rolesWith(permission)],
  );
  return rows
    .toSorted((a, b) => byName.compare(a.name, b.name) || (a.id < b.id ? -1 : 1))
    .filter(({ name }) => !text || nameMatches(name, text))
    .slice(0, limit)
    .map(({ id, name, roles }) => ({ id: toId('person', id), name, initials: initialsOf(name), roles }));
}
