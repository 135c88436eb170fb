import type { Actor } from '../core/actor.ts';
import { toId } from '../core/ids.ts';
import type { Refusal } from '../core/refusal.ts';
import type { Queryable } from '../runtime/db.ts';
import { VIEW_COLUMNS } from './view.store.ts';
import { decideChange, type View, type ViewScope } from './view.ts';

export interface ViewRow {
  id: string;
  slug: string;
  name: string;
  scope: ViewScope;
  search: Record<string, string>;
  owner: { id: string; name: string };
  mine: boolean;
  version: number;
  updatedAt: string;
  can: { change: Refusal | null };
}

type Person = Extract<Actor, { kind: 'person' }>;

/** SQL: the views that person $1 sees. */
const VISIBLE = `SELECT ${VIEW_COLUMNS}, o.name AS "ownerName" FROM saved_view v JOIN person o ON o.id = v.owner_id
  WHERE (v.scope = 'team' OR v.owner_id = $1)`;
const MAX_LISTED = 500;

/** The views that the person sees: their own and the team's, by name. */
export async function listViews(on: Queryable, actor: Person): Promise<ViewRow[]> {
  const { rows } = await on.query<View & { ownerName: string }>(
    `${VISIBLE} ORDER BY fold_text(v.name), v.slug LIMIT ${MAX_LISTED}`,
    [actor.id],
  );
  return rows.map((row) => toRow(row, actor));
}

/** The view of a short link; null when there is none, or none that the person may see. */
export async function viewBySlug(on: Queryable, actor: Person, slug: string): Promise<ViewRow | null> {
  const { rows } = await on.query<View & { ownerName: string }>(`${VISIBLE} AND v.slug = $2`, [actor.id, slug]);
  return rows[0] ? toRow(rows[0], actor) : null;
}

function toRow(view: View & { ownerName: string }, actor: Person): ViewRow {
  return {
    id: toId('view', view.id),
    slug: view.slug,
    name: view.name,
    scope: view.scope,
    search: view.search,
    owner: { id: toId('person', view.ownerId), name: view.ownerName },
    mine: view.ownerId === actor.id,
    version: view.version,
    updatedAt: view.updatedAt.toISOString(),
    can: { change: decideChange(view, actor) },
  };
}
