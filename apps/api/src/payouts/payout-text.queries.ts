import { kindOfId, parseId } from '../core/ids.ts';
import type { Queryable } from '../runtime/db.ts';

export type NamedBy = 'id' | 'attempt' | 'provider_id' | 'reference';

/** The payouts that a text names in full, whatever its case: by our id, an attempt's, the provider's, or the merchant's reference. */
export async function payoutsNamed(on: Queryable, text: string): Promise<{ id: string; by: NamedBy }[]> {
  const own = text.toLowerCase();
  const kind = kindOfId(own);
  const { rows } = await on.query<{ id: string; by: NamedBy }>(
    `SELECT DISTINCT ON (n.id) n.id, n.by FROM (
       SELECT p.id, 'id' AS by, 1 AS rank FROM payout p WHERE p.id = $1
       UNION ALL SELECT a.payout_id, 'attempt', 2 FROM attempt a WHERE a.id = $2
       UNION ALL SELECT p.id, 'provider_id', 3 FROM payout p WHERE lower(p.provider_payout_id) = lower($3)
       UNION ALL SELECT a.payout_id, 'provider_id', 3 FROM attempt a WHERE lower(a.provider_payout_id) = lower($3)
       UNION ALL SELECT p.id, 'reference', 4 FROM payout p WHERE fold_text(p.merchant_reference) = fold_text($3)
     ) n ORDER BY n.id, n.rank`,
    [kind === 'payout' ? parseId('payout', own) : null, kind === 'attempt' ? parseId('attempt', own) : null, text],
  );
  return rows;
}

/** The folded words of a text as beginnings of words, the longest first, each with the merchants that have one in their name. */
export async function searchedWords(on: Queryable, text: string): Promise<{ query: string; parties: string[] }[]> {
  const { rows } = await on.query<{ query: string; parties: string[] }>(
    `SELECT w.word || ':*' AS query,
       ARRAY(SELECT pa.id FROM party pa WHERE search_words(pa.name) @@ (w.word || ':*')::tsquery) AS parties
     FROM unnest(tsvector_to_array(search_words($1))) AS w (word) ORDER BY length(w.word) DESC, w.word`,
    [text],
  );
  return rows;
}
