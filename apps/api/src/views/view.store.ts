import { Refused } from '../core/refusal.ts';
import type { Queryable, Tx } from '../runtime/db.ts';
import { isVisible, nthSlug, type View } from './view.ts';

export const VIEW_COLUMNS = `v.id, v.slug, v.name, v.scope, v.owner_id AS "ownerId", v.search, v.version,
  v.created_at AS "createdAt", v.updated_at AS "updatedAt"`;

const MAX_SLUG_TRIES = 1_000;

/** Stores a new view under the first free slug of its name, and returns the slug. */
export async function insertView(tx: Tx, view: Omit<View, 'slug' | 'version'>): Promise<string> {
  for (let n = 1; n <= MAX_SLUG_TRIES; n += 1) {
    const slug = nthSlug(view.name, n);
    // Waits for another that takes the same slug at this moment, and then goes on to the next.
    const { rowCount } = await tx.query(
      `INSERT INTO saved_view (id, slug, name, scope, owner_id, search, created_at, updated_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $7) ON CONFLICT (slug) DO NOTHING`,
      [view.id, slug, view.name, view.scope, view.ownerId, JSON.stringify(view.search), view.createdAt],
    );
    if (rowCount === 1) return slug;
  }
  throw new Refused('name_taken', { name: view.name });
}

/** The view under a row lock. Throws Refused `not_found`, also for somebody else's private view: its existence is private too. */
export async function lockView(tx: Tx, id: string, personId: string): Promise<View> {
  const { rows } = await tx.query<View>(`SELECT ${VIEW_COLUMNS} FROM saved_view v WHERE v.id = $1 FOR UPDATE`, [id]);
  const view = rows[0];
  if (!view || !isVisible(view, personId)) throw new Refused('not_found', { what: 'view' });
  return view;
}

export async function saveView(tx: Tx, view: View): Promise<void> {
  await tx.query(
    'UPDATE saved_view SET name = $2, scope = $3, search = $4, version = $5, updated_at = $6 WHERE id = $1',
    [view.id, view.name, view.scope, JSON.stringify(view.search), view.version, view.updatedAt],
  );
}

/** Takes the view's row away; the audit log keeps what it said. */
export async function deleteView(tx: Tx, id: string): Promise<void> {
  await tx.query('DELETE FROM saved_view WHERE id = $1', [id]);
}

/**
 * Throws Refused `name_taken` when the owner has another view of that name, or when the team would have two: people tell views
 * apart by their names.
 */
export async function refuseTakenName(
  on: Queryable,
  { id, name, scope, ownerId }: Pick<View, 'name' | 'scope' | 'ownerId'> & { id?: string },
): Promise<void> {
  const { rows } = await on.query(
    `SELECT 1 FROM saved_view v WHERE fold_text(v.name) = fold_text($1) AND v.id IS DISTINCT FROM $2
       AND (v.owner_id = $3 OR ($4 = 'team' AND v.scope = 'team')) LIMIT 1`,
    [name, id ?? null, ownerId, scope],
  );
  if (rows.length) throw new Refused('name_taken', { name });
}

/** How many views a person owns. */
export async function countViewsOf(on: Queryable, personId: string): Promise<number> {
  const { rows } = await on.query<{ count: bigint }>('SELECT count(*) FROM saved_view WHERE owner_id = $1', [personId]);
  return Number(rows[0]?.count ?? 0n);
}
