import type { Actor } from '../core/actor.ts';
import { type IdKind, kindOfId, parseId, toId } from '../core/ids.ts';
import { readPage } from '../payouts/payout-page.queries.ts';
import { type NamedBy, payoutsNamed } from '../payouts/payout-text.queries.ts';
import type { Queryable } from '../runtime/db.ts';

/** Something that a pasted text names, with what it takes to open it. */
export interface Hit {
  kind: 'payout' | 'override' | 'break' | 'run' | 'audit_event' | 'bulk_run';
  id: string;
  label: string;
  /** How the text names it. */
  by: NamedBy | 'name';
}

const LIMIT = 8;

/**
 * What a text names: an id or a reference in full names what it names and nothing else, whatever its case; any other text the
 * newest payouts with its words in payee, merchant, reference or descriptor. The queue reads a text the same way.
 */
export async function findByText(on: Queryable, actor: Actor, text: string, now: Date): Promise<Hit[]> {
  const id = text.toLowerCase();
  const kind = kindOfId(id);
  const other = kind && (await byOwnId(on, kind, parseId(kind, id) ?? ''));
  if (other) return [other];
  const named = new Map((await payoutsNamed(on, text)).map((one) => [one.id, one.by]));
  const sort = { by: 'created', direction: 'desc' } as const;
  const { reads } = await readPage(on, actor, { filter: 'all', where: { text }, sort, limit: LIMIT }, now);
  return reads.map(({ payout }) => ({
    kind: 'payout',
    id: toId('payout', payout.id),
    label: payout.destination.holder,
    by: named.get(payout.id) ?? 'name',
  }));
}

/** What is not a payout, by its id. */
async function byOwnId(on: Queryable, kind: IdKind, uuid: string): Promise<Hit | null> {
  switch (kind) {
    case 'override':
      return one(on, 'SELECT id, kind AS label FROM override_request WHERE id = $1', uuid, 'override');
    case 'break':
      return one(on, 'SELECT id, type AS label FROM recon_break WHERE id = $1', uuid, 'break');
    case 'run':
      return one(on, `SELECT id, kind || ' ' || period_on AS label FROM recon_run WHERE id = $1`, uuid, 'run');
    case 'audit_event':
      return one(on, 'SELECT id, act AS label FROM audit_event WHERE id = $1', uuid, 'audit_event');
    case 'bulk_run':
      return one(on, 'SELECT id, act AS label FROM bulk_run WHERE id = $1', uuid, 'bulk_run');
    default:
      return null;
  }
}

async function one(on: Queryable, sql: string, uuid: string, kind: Hit['kind']): Promise<Hit | null> {
  const { rows } = await on.query<{ id: string; label: string }>(sql, [uuid]);
  const row = rows[0];
  return row ? { kind, id: toId(kind, row.id), label: row.label, by: 'id' } : null;
}
