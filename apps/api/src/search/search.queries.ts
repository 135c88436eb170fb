import { type IdKind, kindOfId, parseId, toId } from '../core/ids.ts';
import type { Queryable } from '../runtime/db.ts';

/** Something that a pasted text names, with what it takes to open it. */
export interface Hit {
  kind: 'payout' | 'override' | 'break' | 'run' | 'audit_event';
  id: string;
  label: string;
  /** How the text names it. */
  by: 'id' | 'attempt' | 'provider_id' | 'reference' | 'name';
}

const LIMIT = 8;

/** What a text names: one of our ids, a provider's id, a merchant's reference, or part of a payee's name. */
export async function findByText(on: Queryable, text: string): Promise<Hit[]> {
  const kind = kindOfId(text);
  if (kind) {
    const hit = await byOwnId(on, kind, parseId(kind, text) ?? '');
    if (hit) return [hit];
  }
  const { rows } = await on.query<{ id: string; holder: string; amount: string; by: Hit['by'] }>(
    `SELECT p.id, p.destination ->> 'holder' AS holder, p.currency || ' ' || p.amount_minor AS amount,
       CASE WHEN p.provider_payout_id = $1 THEN 'provider_id' WHEN p.merchant_reference = $1 THEN 'reference' ELSE 'name' END AS by
     FROM payout p WHERE p.provider_payout_id = $1 OR p.merchant_reference = $1
     UNION ALL
     (SELECT p.id, p.destination ->> 'holder', p.currency || ' ' || p.amount_minor, 'name'
      FROM payout p JOIN party pa ON pa.id = p.party_id
      WHERE length($1) >= 3 AND (pa.name ILIKE $2 OR p.destination ->> 'holder' ILIKE $2)
      ORDER BY p.created_at DESC LIMIT ${LIMIT})
     LIMIT ${LIMIT}`,
    [text, `%${text.replace(/[\\%_]/g, '\\$&')}%`],
  );
  // The first way in which a payout is named is the most exact one; by its name it may be found again.
  const once = [...new Map(rows.toReversed().map((row) => [row.id, row])).values()].toReversed();
  return once.map((row) => ({ kind: 'payout', id: toId('payout', row.id), label: row.holder, by: row.by }));
}

async function byOwnId(on: Queryable, kind: IdKind, uuid: string): Promise<Hit | null> {
  switch (kind) {
    case 'payout':
      return one(on, `SELECT id, destination ->> 'holder' AS label FROM payout WHERE id = $1`, uuid, 'payout', 'id');
    case 'attempt':
      return one(
        on,
        `SELECT p.id, p.destination ->> 'holder' AS label FROM attempt a JOIN payout p ON p.id = a.payout_id WHERE a.id = $1`,
        uuid,
        'payout',
        'attempt',
      );
    case 'override':
      return one(on, 'SELECT id, kind AS label FROM override_request WHERE id = $1', uuid, 'override', 'id');
    case 'break':
      return one(on, 'SELECT id, type AS label FROM recon_break WHERE id = $1', uuid, 'break', 'id');
    case 'run':
      return one(on, `SELECT id, kind || ' ' || period_on AS label FROM recon_run WHERE id = $1`, uuid, 'run', 'id');
    case 'audit_event':
      return one(on, 'SELECT id, act AS label FROM audit_event WHERE id = $1', uuid, 'audit_event', 'id');
    default:
      return null;
  }
}

async function one(on: Queryable, sql: string, uuid: string, kind: Hit['kind'], by: Hit['by']): Promise<Hit | null> {
  const { rows } = await on.query<{ id: string; label: string }>(sql, [uuid]);
  const row = rows[0];
  return row ? { kind, id: toId(kind, row.id), label: row.label, by } : null;
}
