import type { Actor } from '../core/actor.ts';
import { toId } from '../core/ids.ts';
import type { Queryable } from '../runtime/db.ts';
import { COUNT_LIMIT, type Count, cappedCount, PAYOUT_FILTERS, type PayoutFilter } from './payout-list.ts';
import { whereSql } from './payout-page.queries.ts';
import { askSql, OPEN_SQL } from './payout-question.queries.ts';

export type PayoutCounts = Record<PayoutFilter, Count>;

/**
 * The numbers on the quick-filter chips, in one statement: each counts its own list, no further than COUNT_LIMIT, so that
 * what they cost does not grow with the payouts.
 */
export async function countPayouts(on: Queryable, actor: Actor, now: Date): Promise<PayoutCounts> {
  const values: unknown[] = [];
  const counts: string[] = [];
  for (const filter of PAYOUT_FILTERS) {
    const asked = await askSql(on, actor, { filter }, now);
    // Each question numbers its values from 1; here they follow those of the questions before.
    const shifted = (sql: string) => sql.replace(/\$(\d+)/g, (_, n: string) => `$${Number(n) + values.length}`);
    const joins = asked.joins.map(shifted).join(' ');
    const where = whereSql(asked.conditions.map(shifted));
    counts.push(
      `(SELECT count(*) FROM (SELECT 1 FROM ${shifted(asked.source)} ${joins} ${where} LIMIT ${COUNT_LIMIT + 1}) capped) AS ${filter}`,
    );
    values.push(...asked.values);
  }
  const { rows } = await on.query<Record<PayoutFilter, bigint>>(`SELECT ${counts.join(',\n')}`, values);
  const row = rows[0];
  return Object.fromEntries(
    PAYOUT_FILTERS.map((filter) => [filter, cappedCount(Number(row?.[filter] ?? 0n))]),
  ) as PayoutCounts;
}

/** What the filter menus offer. */
export interface PayoutFacets {
  providers: string[];
  currencies: string[];
  codes: string[];
  owners: { id: string; name: string }[];
}

const MAX_FACETS = 200;

/**
 * The values that payouts have, for the filter menus: of providers, currencies and failure codes all, of owners who looks after
 * something open. Each is found by leaping from value to value in its index, so the cost is that of the values, not of the payouts.
 */
export async function payoutFacets(on: Queryable): Promise<PayoutFacets> {
  const { rows } = await on.query<Omit<PayoutFacets, 'owners'> & { owners: { id: string; name: string }[] }>(
    `SELECT ${leap('p.provider')} AS providers, ${leap('p.currency')} AS currencies, ${leap('p.failure_code')} AS codes,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('id', o.id, 'name', o.name) ORDER BY fold_text(o.name), o.id), '[]')
        FROM person o WHERE EXISTS (SELECT 1 FROM payout p WHERE p.assignee_id = o.id AND ${OPEN_SQL})) AS owners`,
  );
  const row = rows[0] ?? { providers: [], currencies: [], codes: [], owners: [] };
  return { ...row, owners: row.owners.map(({ id, name }) => ({ id: toId('person', id), name })) };
}

/** SQL: the distinct values of a column that begins an index, by one look-up each. */
function leap(column: string): string {
  return `ARRAY(WITH RECURSIVE v AS (
    (SELECT ${column} AS value FROM payout p WHERE ${column} IS NOT NULL ORDER BY ${column} LIMIT 1)
    UNION ALL
    SELECT (SELECT ${column} FROM payout p WHERE ${column} > v.value ORDER BY ${column} LIMIT 1)
    FROM v WHERE v.value IS NOT NULL
  ) SELECT value::text FROM v WHERE value IS NOT NULL LIMIT ${MAX_FACETS})`;
}
