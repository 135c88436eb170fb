import { parseId } from '../core/ids.ts';
import type { Queryable } from '../runtime/db.ts';

export interface Party {
  id: string;
  kind: 'merchant' | 'customer';
  name: string;
  reference: string;
  country: string;
}

/** A party by our id (`pa_…`) or by the creator's reference; null when there is none. */
export async function findParty(on: Queryable, idOrReference: string): Promise<Party | null> {
  const { rows } = await on.query<Party>(
    'SELECT id, kind, name, reference, country FROM party WHERE id = $1 OR reference = $2',
    [parseId('party', idOrReference), idOrReference],
  );
  return rows[0] ?? null;
}
