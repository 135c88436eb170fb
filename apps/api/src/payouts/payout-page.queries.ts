import type { Actor } from '../core/actor.ts';
import type { Queryable } from '../runtime/db.ts';
import {
  COUNT_LIMIT,
  type Count,
  cappedCount,
  decodeCursor,
  defaultSort,
  encodeCursor,
  type PagePlace,
  type PayoutQuestion,
  type PayoutSort,
} from './payout-list.ts';
import { OrderedBy, type Segment } from './payout-order.queries.ts';
import { type AskedSql, askSql } from './payout-question.queries.ts';
import {
  type JoinedRow,
  type PayoutListRow,
  READ_COLUMNS,
  READ_JOINS,
  type ReadPayout,
  readRow,
  toListRow,
} from './payouts.queries.ts';

export interface PayoutListInput extends PayoutQuestion {
  sort?: PayoutSort | undefined;
  cursor?: string | null | undefined;
  limit: number;
}

export interface PayoutPage {
  rows: PayoutListRow[];
  /** Give it back as `cursor` for the next page; null at the end. */
  nextCursor: string | null;
}

/** A page of the queue, by keyset: its cost does not grow with its depth. */
export async function listPayouts(on: Queryable, actor: Actor, input: PayoutListInput, now: Date): Promise<PayoutPage> {
  const sort = input.sort ?? defaultSort(input.filter);
  const { reads, more, place } = await readPage(on, actor, { ...input, sort }, now);
  return {
    rows: reads.map((read) => toListRow(read, actor)),
    nextCursor: more && place ? encodeCursor(sort, place) : null,
  };
}

/** How many payouts a question finds: exact up to COUNT_LIMIT, so that its cost is bounded. */
export async function matchingPayouts(
  on: Queryable,
  actor: Actor,
  question: PayoutQuestion,
  now: Date,
): Promise<Count> {
  const { source, joins, conditions, values } = await askSql(on, actor, question, now);
  const { rows } = await on.query<{ count: bigint }>(
    `SELECT count(*) FROM (SELECT 1 FROM ${source} ${joins.join(' ')} ${whereSql(conditions)} LIMIT ${COUNT_LIMIT + 1}) capped`,
    values,
  );
  return cappedCount(Number(rows[0]?.count ?? 0n));
}

interface Read {
  reads: ReadPayout[];
  more: boolean;
  /** Where the page ended; null when it is empty. */
  place: PagePlace | null;
}

/**
 * Reads one page: first the page's ids, from the index that has its order, then what the rows show, for those ids alone.
 * Payouts without a value to be ordered by come last in both directions: a segment of their own, asked only when it is reached.
 */
export async function readPage(
  on: Queryable,
  actor: Actor,
  input: PayoutQuestion & { sort: PayoutSort; cursor?: string | null | undefined; limit: number },
  now: Date,
): Promise<Read> {
  const asked = await askSql(on, actor, input, now, input.sort);
  const order = new OrderedBy(input.sort);
  const place = input.cursor ? decodeCursor(input.sort, input.cursor) : null;
  const rows: PageRow[] = [];
  let ended: PagePlace | null = null;
  for (const segment of order.segmentsFrom(place)) {
    const wanted = input.limit + 1 - rows.length;
    if (wanted <= 0) break;
    const found = await segmentRows(on, asked, segment, wanted);
    const last = found.slice(0, input.limit - rows.length).at(-1);
    if (last) ended = segment.placeOf(last.place);
    rows.push(...found);
  }
  return {
    reads: rows.slice(0, input.limit).map((row) => readRow(row, now)),
    more: rows.length > input.limit,
    place: ended,
  };
}

type PageRow = JoinedRow & { place: string[] };

async function segmentRows(on: Queryable, asked: AskedSql, segment: Segment, limit: number): Promise<PageRow[]> {
  const values = [...asked.values];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const atMost = bind(limit);
  const { rows } = await on.query<PageRow>(
    `WITH page AS MATERIALIZED (
       SELECT p.id AS payout_id, ${segment.keys.map(({ sql }, i) => `${sql} AS k${i}`).join(', ')}
       FROM ${pageSource(asked, segment, bind, atMost)} ORDER BY ${segment.orderBy()} LIMIT ${atMost}
     )
     SELECT ${READ_COLUMNS}, ARRAY[${segment.keys.map((_, i) => `page.k${i}::text`).join(', ')}] AS place
     FROM page JOIN payout p ON p.id = page.payout_id ${READ_JOINS} ORDER BY ${segment.orderBy('page')}`,
    values,
  );
  return rows;
}

/**
 * SQL: where a page's ids come from. When nearly every merchant has payouts that belong in the list, merchant after merchant
 * gives what a page can take of them; else what is asked for is found first, and ordered then.
 */
function pageSource(
  { source, joins, conditions, dense }: AskedSql,
  { namers, ...segment }: Segment,
  bind: (value: unknown) => string,
  atMost: string,
): string {
  if (!namers || !dense) {
    const all = [...conditions, ...segment.conditions(bind)];
    return `${source} ${[...joins, ...segment.joins].join(' ')} ${whereSql(all)}`;
  }
  const own = [`${namers.column} = ${namers.id}`, ...conditions];
  return `${namers.relation} CROSS JOIN LATERAL (SELECT p.* FROM ${source} ${joins.join(' ')} ${whereSql(own)}
    ORDER BY ${segment.orderWithin} LIMIT ${atMost}) p ${whereSql(segment.conditions(bind))}`;
}

export function whereSql(conditions: readonly string[]): string {
  return conditions.length ? `WHERE ${conditions.join(' AND ')}` : '';
}
