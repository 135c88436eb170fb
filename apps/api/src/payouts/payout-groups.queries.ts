import type { Actor } from '../core/actor.ts';
import type { Queryable } from '../runtime/db.ts';
import { type Count, cappedCount, NO_CODE, type PayoutQuestion, type PayoutWhere } from './payout-list.ts';
import { whereSql } from './payout-page.queries.ts';
import { askSql, CAUSE_SQL, LAST_ANSWER_JOIN } from './payout-question.queries.ts';
import type { StuckCause } from './stuck.ts';

/** Payouts that are late or stuck for one reason. */
export interface PayoutGroup {
  cause: StuckCause;
  code: string | null;
  provider: string;
  count: Count;
  /** What they come to, per currency, minor units. */
  sums: { currency: string; amountMinor: string }[];
  /** Since when the first and the last of them have been in their state. */
  oldestSince: string;
  newestSince: string;
  /** The question narrowed to exactly this group: what its rows are listed with, and what an act on it takes. */
  where: PayoutWhere;
}

export interface PayoutGroups {
  groups: PayoutGroup[];
  /** Whether there is more than was looked at: numbers and sums are then of the oldest MAX_GROUPED payouts, or of the largest MAX_GROUPS groups. */
  truncated: boolean;
}

const MAX_GROUPED = 50_000;
const MAX_GROUPS = 200;

interface GroupRow {
  cause: StuckCause;
  code: string | null;
  provider: string;
  count: bigint;
  sums: { currency: string; amountMinor: string }[];
  oldest: Date;
  newest: Date;
  grouped: bigint;
}

/** The late and stuck payouts that a question finds, by what keeps them: the largest group first. */
export async function groupPayouts(
  on: Queryable,
  actor: Actor,
  question: PayoutQuestion,
  now: Date,
): Promise<PayoutGroups> {
  // Who is neither late nor stuck has no cause to be grouped by.
  const where = { ...question.where, level: question.where?.level ?? (['late', 'stuck'] as const).slice() };
  const { source, joins, conditions, values } = await askSql(on, actor, { filter: question.filter, where }, now);
  const { rows } = await on.query<GroupRow>(
    `WITH found AS MATERIALIZED (
       SELECT ${CAUSE_SQL} AS cause, p.failure_code AS code, p.provider, p.currency, p.amount_minor, p.status_at
       FROM ${source} ${[...new Set([...joins, LAST_ANSWER_JOIN])].join(' ')} ${whereSql(conditions)}
       ORDER BY p.status_at, p.id LIMIT ${MAX_GROUPED + 1}
     ), by_currency AS (
       SELECT cause, code, provider, currency, count(*) AS count, sum(amount_minor) AS minor,
         min(status_at) AS oldest, max(status_at) AS newest
       FROM found GROUP BY cause, code, provider, currency
     )
     SELECT cause, code, provider, sum(count)::bigint AS count,
       jsonb_agg(jsonb_build_object('currency', currency, 'amountMinor', minor::text) ORDER BY currency) AS sums,
       min(oldest) AS oldest, max(newest) AS newest, (SELECT count(*) FROM found) AS grouped
     FROM by_currency GROUP BY cause, code, provider
     ORDER BY count DESC, oldest, cause, code, provider LIMIT ${MAX_GROUPS + 1}`,
    values,
  );
  const more = Number(rows[0]?.grouped ?? 0n) > MAX_GROUPED;
  return {
    groups: rows.slice(0, MAX_GROUPS).map((row) => toGroup(row, question.where ?? {}, more)),
    truncated: more || rows.length > MAX_GROUPS,
  };
}

function toGroup(row: GroupRow, where: PayoutWhere, more: boolean): PayoutGroup {
  const count = cappedCount(Number(row.count));
  return {
    cause: row.cause,
    code: row.code,
    provider: row.provider,
    count: { count: count.count, exact: count.exact && !more },
    sums: row.sums,
    oldestSince: row.oldest.toISOString(),
    newestSince: row.newest.toISOString(),
    where: { ...where, cause: [row.cause], code: [row.code ?? NO_CODE], provider: [row.provider] },
  };
}
