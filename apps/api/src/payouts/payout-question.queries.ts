import type { Actor } from '../core/actor.ts';
import { parseId } from '../core/ids.ts';
import type { Queryable } from '../runtime/db.ts';
import { highValueTable } from './high-value.ts';
import { OPEN_STATUSES, type PayoutStatus } from './payout.ts';
import {
  createdBetween,
  NO_CODE,
  type PayoutQuestion,
  type PayoutSort,
  type PayoutWhere,
  SHOWS_SNOOZED,
} from './payout-list.ts';
import { payoutsNamed, searchedWords } from './payout-text.queries.ts';
import type { StuckCause } from './stuck.ts';

/** A question as SQL over `payout p`: what stands behind FROM, what behind WHERE, and the values of both. */
export interface AskedSql {
  /** The payouts to begin with, as `p`: all of them, or a set so small that it is read first and ordered then. */
  source: string;
  /** Joins that the conditions need; each row of `p` stays one row. */
  joins: string[];
  conditions: string[];
  values: unknown[];
  /** Whether nearly every merchant is sure to have payouts that are meant. */
  dense: boolean;
}

/** SQL: whether the payout still needs something to happen. Worded as the partial indexes are, so that they serve it. */
export const OPEN_SQL = `p.status IN (${OPEN_STATUSES.map((s) => `'${s}'`).join(', ')})`;

const OPEN: ReadonlySet<PayoutStatus> = new Set(OPEN_STATUSES);

/** SQL: the last attempt of `p`, as far as causes rest on it. */
export const LAST_ANSWER_JOIN = `LEFT JOIN LATERAL (
  SELECT a.last_answer ->> 'kind' AS answer, a.last_asked_at AS asked_at FROM attempt a
  WHERE a.payout_id = p.id AND p.status = 'in_transit' ORDER BY a.no DESC LIMIT 1) la ON true`;

/** SQL: why the payout is late or stuck, as `stuckOf` says it; needs LAST_ANSWER_JOIN. A test holds the two together. */
export const CAUSE_SQL = `CASE p.status
  WHEN 'queued' THEN 'never_sent' WHEN 'held' THEN 'held_too_long' WHEN 'returned' THEN 'returned_undecided'
  WHEN 'failed' THEN 'failed_undecided'
  WHEN 'in_transit' THEN CASE WHEN la.answer = 'found' AND la.asked_at >= p.expected_by THEN 'provider_slow' ELSE 'webhook_missing' END
  ELSE 'no_answer' END`;

/** The statuses that a cause can be of: what an index can find before the cause itself is looked at. */
const STATUSES_OF_CAUSE: Record<StuckCause, readonly string[]> = {
  never_sent: ['queued'],
  no_answer: ['sending', 'unconfirmed'],
  provider_slow: ['in_transit'],
  webhook_missing: ['in_transit'],
  held_too_long: ['held'],
  returned_undecided: ['returned'],
  failed_undecided: ['failed'],
};

/**
 * Turns a question into SQL. Every field of it ends up in the conditions; a test holds them against a plain filter. `order` when the
 * first rows of one are wanted, and not a number or a sum of them all.
 */
export async function askSql(
  on: Queryable,
  actor: Actor,
  { filter, where = {} }: PayoutQuestion,
  now: Date,
  order: PayoutSort | null = null,
): Promise<AskedSql> {
  const asked = new Asking(actor, now);
  asked.filter(filter);
  asked.where(where);
  asked.dense = (filter === 'all' || filter === 'open') && Object.values(where).every((given) => given === undefined);
  await asked.deadlines(on, order);
  if (where.text) await asked.text(on, where.text);
  return asked;
}

/** Fields that are a condition as they are; a text is looked up first. */
type PlainField = Exclude<keyof PayoutWhere, 'text'>;

const ALL = 'payout p';
/** So many payouts are put in order at once, and so many in less time than a walk may take that meets them last. */
const FEW = 2_000;
const MORE = 20_000;

function isOldestFirst({ by, direction }: PayoutSort): boolean {
  return direction === 'asc' && (by === 'since' || by === 'created' || by === 'deadline');
}

class Asking implements AskedSql {
  source = ALL;
  readonly joins: string[] = [];
  readonly conditions: string[] = [];
  readonly values: unknown[] = [];
  dense = false;
  /** Whether only open payouts are meant, or fewer: any way to them is short. */
  #few = false;
  /** What `deadlines` adds. */
  readonly #waiting: string[] = [];
  readonly #actor: Actor;
  readonly #now: Date;

  constructor(actor: Actor, now: Date) {
    this.#actor = actor;
    this.#now = now;
  }

  #bind(value: unknown): string {
    return `$${this.values.push(value)}`;
  }

  #must(condition: string): void {
    this.conditions.push(condition);
  }

  #mustBeOpen(): void {
    this.#must(OPEN_SQL);
    this.#few = true;
  }

  filter(filter: PayoutQuestion['filter']): void {
    if (!SHOWS_SNOOZED.has(filter)) {
      this.#must(`(p.snoozed_until IS NULL OR p.snoozed_until <= ${this.#bind(this.#now)})`);
    }
    switch (filter) {
      case 'all':
        break;
      case 'open':
        this.#mustBeOpen();
        break;
      case 'stuck':
      case 'late':
        this.#level([filter]);
        break;
      case 'unconfirmed':
        this.#must(`p.status = 'unconfirmed'`);
        break;
      case 'failed':
        this.#must(`p.status IN ('failed', 'returned')`);
        break;
      case 'high_value':
        this.#mustBeOpen();
        this.#highValue();
        break;
      case 'mine':
        this.#mustBeOpen();
        this.#owner('me');
        break;
      case 'snoozed':
        this.#must(`p.snoozed_until > ${this.#bind(this.#now)}`);
        break;
    }
  }

  where(where: PayoutWhere): void {
    for (const field of Object.keys(this.#fields) as PlainField[]) this.#narrow(field, where[field]);
  }

  #narrow<F extends PlainField>(field: F, given: PayoutWhere[F]): void {
    if (given !== undefined) this.#fields[field](given);
  }

  /** What each field means. A field without its line here is a type error, so that none is ever forgotten. */
  readonly #fields: { [F in PlainField]: (given: NonNullable<PayoutWhere[F]>) => void } = {
    status: (statuses) => this.#status(statuses),
    level: (levels) => this.#level(levels),
    cause: (causes) => this.#cause(causes),
    code: (codes) => this.#code(codes),
    rail: (rails) => this.#must(`p.rail = ANY(${this.#bind(rails)})`),
    provider: (providers) => this.#must(`p.provider = ANY(${this.#bind(providers)})`),
    currency: (currencies) => this.#must(`p.currency = ANY(${this.#bind(currencies)}::bpchar[])`),
    merchant: (id) => this.#must(`p.party_id = ${this.#bind(parseId('party', id))}::uuid`),
    owner: (owner) => this.#owner(owner),
    kind: (kind) => this.#must(`p.kind = ${this.#bind(kind)}`),
    min: (amount) => this.#must(`${AMOUNT_SQL} >= ${this.#bind(amount)}::numeric * 1000`),
    max: (amount) => this.#must(`${AMOUNT_SQL} <= ${this.#bind(amount)}::numeric * 1000`),
    age: (age) => this.#age(age),
  };

  #status(statuses: readonly PayoutStatus[]): void {
    this.#must(`p.status = ANY(${this.#bind(statuses)})`);
    // Said once more in the words of the partial indexes: open payouts are the newest, which no statistics tell.
    if (statuses.every((status) => OPEN.has(status))) this.#mustBeOpen();
  }

  /** Late past `expected_by`, stuck past `stuck_at`; who is stuck is not late any more. */
  #level(levels: readonly ('late' | 'stuck')[]): void {
    const now = this.#bind(this.#now);
    const stuck = `p.stuck_at < ${now}`;
    const late = `(p.expected_by < ${now} AND (p.stuck_at IS NULL OR p.stuck_at >= ${now}))`;
    this.#mustBeOpen();
    this.#waiting.push(
      levels.length === 1 ? (levels[0] === 'stuck' ? stuck : late) : `(${stuck} OR p.expected_by < ${now})`,
    );
  }

  /**
   * How the late and the stuck are found. A planner that hears of a deadline and of being open takes them for independent, and
   * of neither that open payouts are the newest. So it is told which way to go: few are read by their deadline and ordered
   * then; many are met by walking the open ones in the list's order, and soonest where the oldest come first.
   */
  async deadlines(on: Queryable, order: PayoutSort | null): Promise<void> {
    if (!this.#waiting.length) return;
    const meant = this.#waiting.join(' AND ');
    if (!order) this.#must(meant);
    else if (this.source === ALL && (await this.#isAtMost(on, isOldestFirst(order) ? FEW : MORE, meant))) {
      this.source = `(SELECT * FROM payout p WHERE ${meant} OFFSET 0) p`;
    } else this.#must(unindexed(meant));
  }

  async #isAtMost(on: Queryable, limit: number, condition: string): Promise<boolean> {
    const { sql, values } = this.#alone(condition);
    const { rows } = await on.query<{ found: bigint }>(
      `SELECT count(*) AS found FROM (SELECT 1 FROM payout p WHERE ${sql} LIMIT ${limit + 1}) capped`,
      values,
    );
    return Number(rows[0]?.found ?? 0n) <= limit;
  }

  /** A condition with the values that it names and no others, for a query of its own. */
  #alone(condition: string): { sql: string; values: unknown[] } {
    const values: unknown[] = [];
    const sql = condition.replace(/\$(\d+)/g, (_, n: string) => `$${values.push(this.values[Number(n) - 1])}`);
    return { sql, values };
  }

  /** Only who is late or stuck has a cause. */
  #cause(causes: readonly StuckCause[]): void {
    this.#level(['late', 'stuck']);
    this.#must(`p.status = ANY(${this.#bind(causes.flatMap((cause) => STATUSES_OF_CAUSE[cause]))})`);
    this.joins.push(LAST_ANSWER_JOIN);
    this.#must(`${CAUSE_SQL} = ANY(${this.#bind(causes)})`);
  }

  #code(codes: readonly string[]): void {
    const named = codes.filter((code) => code !== NO_CODE);
    const either = named.length ? [`p.failure_code = ANY(${this.#bind(named)})`] : [];
    if (named.length < codes.length) either.push('p.failure_code IS NULL');
    this.#must(`(${either.join(' OR ')})`);
  }

  #owner(owner: string): void {
    const me = this.#actor.kind === 'person' ? this.#actor.id : null;
    this.#must(
      owner === 'nobody'
        ? 'p.assignee_id IS NULL'
        : `p.assignee_id = ${this.#bind(owner === 'me' ? me : parseId('person', owner))}::uuid`,
    );
  }

  /** A limit per currency: one look into an index for each, instead of a look at every open payout. */
  #highValue(): void {
    const table = Object.entries(highValueTable());
    const currencies = this.#bind(table.map(([currency]) => currency));
    const minors = this.#bind(table.map(([, minor]) => minor));
    this.source = `(SELECT p.* FROM unnest(${currencies}::bpchar[], ${minors}::bigint[]) AS hv (currency, minor)
      CROSS JOIN LATERAL (SELECT * FROM payout p WHERE ${OPEN_SQL} AND p.currency = hv.currency AND p.amount_minor >= hv.minor
        OFFSET 0) p OFFSET 0) p`;
  }

  #age(age: string): void {
    const { after, before } = createdBetween(age, this.#now);
    if (after) this.#must(`p.created_at > ${this.#bind(after)}`);
    if (before) this.#must(`p.created_at < ${this.#bind(before)}`);
  }

  /** What the text names exactly, else every payout whose words begin with its words. */
  async text(on: Queryable, text: string): Promise<void> {
    const named = await payoutsNamed(on, text);
    if (named.length) {
      this.#must(`p.id = ANY(${this.#bind(named.map(({ id }) => id))}::uuid[])`);
      return;
    }
    const words = await searchedWords(on, text);
    // A text of signs alone names nobody; it is not "no text".
    if (!words.length) return this.#must('false');
    const said = words.map(({ query, parties }) => {
      const own = `p.words @@ ${this.#bind(query)}::tsquery`;
      return parties.length ? `(${own} OR p.party_id = ANY(${this.#bind(parties)}::uuid[]))` : own;
    });
    // Among few, walking beats every index of words. Among all payouts, the planner cannot know a word that it has no statistics
    // of, and a walk in the list's order that finds nothing is a walk through every payout: what is rare is read first.
    if (this.#few) this.#must(said.map(unindexed).join(' AND '));
    else if (await this.#isRare(on, said.join(' AND '))) {
      const looked = said.map((one, i) => (i < LOOKED_UP_WORDS ? one : unindexed(one)));
      this.source = `(SELECT * FROM payout p WHERE ${looked.join(' AND ')} OFFSET 0) p`;
    } else this.#must(said.join(' AND '));
  }

  /**
   * Whether so few payouts fulfil the conditions that finding them all is cheaper than walking the list until a page of them is
   * met, by a look at some pages of the table. With a share s of n payouts, all are s·n and the walk is 100/s long.
   */
  async #isRare(on: Queryable, condition: string): Promise<boolean> {
    const { rows: size } = await on.query<{ rows: number; pages: number }>(
      `SELECT reltuples::float8 AS rows, relpages AS pages FROM pg_class WHERE oid = 'payout'::regclass`,
    );
    const { rows: payouts, pages } = size[0] ?? { rows: 0, pages: 0 };
    if (payouts < SMALL_TABLE) return false;
    const percent = Math.min(100, (SAMPLED_PAGES / pages) * 100);
    const { sql, values } = this.#alone(condition);
    const { rows } = await on.query<{ seen: bigint; found: bigint }>(
      `SELECT count(*) AS seen, count(*) FILTER (WHERE ${sql}) AS found
       FROM payout p TABLESAMPLE SYSTEM (${percent.toFixed(6)})`,
      values,
    );
    const share = Number(rows[0]?.found ?? 0n) / Math.max(1, Number(rows[0]?.seen ?? 0n));
    return share < Math.sqrt(100 / payouts);
  }
}

/** Below this many payouts a walk through all of them is short. */
const SMALL_TABLE = 20_000;
const SAMPLED_PAGES = 100;

/** How many words are looked up in their index; the others are looked for in what those find. */
const LOOKED_UP_WORDS = 2;

/** SQL: a condition that no index is asked for. */
function unindexed(condition: string): string {
  return `(${condition}) IS TRUE`;
}

/** SQL: the amount in thousandths of the major unit, so that one order and one limit hold across currencies. */
export const AMOUNT_SQL = 'payout_thousandths(p.amount_minor, p.currency)';
