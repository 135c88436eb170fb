import type { PagePlace, PayoutColumn, PayoutSort } from './payout-list.ts';
import { AMOUNT_SQL } from './payout-question.queries.ts';

/** A value that the list is ordered by. */
interface Key {
  sql: string;
  type: 'timestamptz' | 'uuid' | 'numeric' | 'text' | 'bpchar';
}

/** People or merchants whose names order the list, and the payout's column that names them. */
interface Namers {
  relation: string;
  id: string;
  column: string;
}

interface Order {
  keys: readonly Key[];
  /** The first two keys are the name and the id of one of them; its payouts follow by age. */
  namers?: Namers;
  /** The column that may be null, and how its nulls, which come last, are ordered among themselves. */
  nullable?: { sql: string; keys: readonly Key[] };
}

const ID: Key = { sql: 'p.id', type: 'uuid' };
const CREATED: Key = { sql: 'p.created_at', type: 'timestamptz' };
const text = (sql: string): Key => ({ sql, type: 'text' });
const instant = (sql: string): Key => ({ sql, type: 'timestamptz' });

/**
 * How each column orders the list: unique keys, all in one direction, so that one row comparison is the place in the list and
 * one index serves it in both directions. Few-valued columns go on by age. The indexes: docs/decisions/011-one-index-an-order.md.
 */
const ORDERS: Record<PayoutColumn, Order> = {
  created: { keys: [CREATED, ID] },
  since: { keys: [instant('p.status_at'), ID] },
  deadline: { keys: [instant('p.expected_by'), ID], nullable: { sql: 'p.expected_by', keys: [CREATED, ID] } },
  amount: { keys: [{ sql: AMOUNT_SQL, type: 'numeric' }, ID] },
  payee: { keys: [text(`fold_text(p.destination ->> 'holder')`), ID] },
  merchant: {
    keys: [text('fold_text(m.name)'), { sql: 'm.id', type: 'uuid' }, CREATED, ID],
    namers: { relation: 'party m', id: 'm.id', column: 'p.party_id' },
  },
  status: { keys: [text('p.status'), CREATED, ID] },
  rail: { keys: [text('p.rail'), CREATED, ID] },
  provider: { keys: [text('p.provider'), CREATED, ID] },
  currency: { keys: [{ sql: 'p.currency', type: 'bpchar' }, CREATED, ID] },
  code: {
    keys: [text('p.failure_code'), CREATED, ID],
    nullable: { sql: 'p.failure_code', keys: [CREATED, ID] },
  },
  owner: {
    keys: [text('fold_text(o.name)'), { sql: 'o.id', type: 'uuid' }, CREATED, ID],
    namers: { relation: 'person o', id: 'o.id', column: 'p.assignee_id' },
    nullable: { sql: 'p.assignee_id', keys: [CREATED, ID] },
  },
  reference: {
    keys: [text('fold_text(p.merchant_reference)'), ID],
    nullable: { sql: 'p.merchant_reference', keys: [CREATED, ID] },
  },
};

/** A stretch of the list that one index can walk: payouts with a value, of one merchant, without a value. */
export interface Segment {
  keys: readonly Key[];
  /** Whose names order it, when the list goes from one to the next in it. */
  namers: Namers | null;
  joins: readonly string[];
  /** What makes a payout part of the stretch, and lie behind the place where it begins. */
  conditions(bind: (value: unknown) => string): string[];
  /** The ORDER BY list, over the keys themselves or over the columns k0, k1, … of a relation. */
  orderBy(relation?: string): string;
  /** The same for the payouts of one namer. */
  orderWithin: string;
  /** The values of a row's keys as a place in the whole list. */
  placeOf(values: readonly string[]): PagePlace;
}

/** The order of a list as its segments. */
export class OrderedBy {
  readonly #order: Order;
  readonly #direction: PayoutSort['direction'];

  constructor({ by, direction }: PayoutSort) {
    this.#order = ORDERS[by];
    this.#direction = direction;
  }

  /** The segments from a place on; all of them without a place, or with one that is none of this order. */
  segmentsFrom(place: PagePlace | null): Segment[] {
    const { nullable } = this.#order;
    if (!nullable) return this.#valued(place);
    const unvalued = (after: readonly string[] | null): Segment => ({
      ...this.#segment(nullable.keys, nullable.keys, after, [`${nullable.sql} IS NULL`]),
      placeOf: (values) => [null, ...values],
    });
    const after = place?.[0] === null ? valuesIn(nullable.keys, place.slice(1)) : null;
    return after ? [unvalued(after)] : [...this.#valued(place), unvalued(null)];
  }

  /** The payouts with a value from a place on: what is left of a merchant's, and then those of the next ones. */
  #valued(place: PagePlace | null): Segment[] {
    const { keys, nullable, namers } = this.#order;
    const known = nullable ? [`${nullable.sql} IS NOT NULL`] : [];
    const after = valuesIn(keys, place);
    if (!namers) return [this.#segment(keys, keys, after, known)];
    const join = `JOIN ${namers.relation} ON ${namers.id} = ${namers.column}`;
    const next = (beyond: readonly string[] | null) => ({
      ...this.#segment(keys, keys, beyond, [], keys.slice(0, 2)),
      joins: [join],
      namers,
    });
    if (!after) return [next(null)];
    const [, id, ...age] = after;
    const rest = this.#segment(keys, keys.slice(2), age);
    const ofThis = (bind: (value: unknown) => string) => [
      `${namers.column} = ${bind(id)}::uuid`,
      ...rest.conditions(bind),
    ];
    return [{ ...rest, joins: [join], conditions: ofThis }, next(after.slice(0, 2))];
  }

  #segment(
    keys: readonly Key[],
    ordered: readonly Key[],
    after: readonly string[] | null,
    conditions: readonly string[] = [],
    compared: readonly Key[] = ordered,
  ): Segment {
    const direction = this.#direction;
    const row = compared.map(({ sql }) => sql).join(', ');
    const beyond = (bind: (value: unknown) => string) =>
      compared.map(({ type }, i) => `${bind(after?.[i])}::${type}`).join(', ');
    return {
      keys,
      namers: null,
      joins: [],
      placeOf: (values) => [...values],
      conditions: (bind) => [
        ...conditions,
        ...(after ? [`(${row}) ${direction === 'asc' ? '>' : '<'} (${beyond(bind)})`] : []),
      ],
      orderWithin: [CREATED, ID].map(({ sql }) => `${sql} ${direction.toUpperCase()}`).join(', '),
      orderBy: (relation) =>
        ordered
          .map((key) => `${relation ? `${relation}.k${keys.indexOf(key)}` : key.sql} ${direction.toUpperCase()}`)
          .join(', '),
    };
  }
}

const FORMS: Record<Key['type'], RegExp> = {
  timestamptz: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?\+00$/,
  uuid: /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  numeric: /^\d{1,30}$/,
  text: /^[^\0]{0,1000}$/s,
  bpchar: /^[A-Z]{3}$/,
};

/** A place as the values of these keys; null when it is no such place. Nothing else may reach the database as an instant or a uuid. */
function valuesIn(keys: readonly Key[], place: PagePlace | null): string[] | null {
  if (place?.length !== keys.length) return null;
  const fits = keys.every(({ type }, i) => {
    const value = place[i];
    if (typeof value !== 'string' || !FORMS[type].test(value)) return false;
    return type !== 'timestamptz' || !Number.isNaN(Date.parse(value.replace(' ', 'T').replace(/\+00$/, 'Z')));
  });
  return fits ? (place as string[]) : null;
}
