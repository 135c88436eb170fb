import { balances } from './books.ts';
import type { Database } from './database.ts';
import { KEY_LIFE_MS } from './idempotency.ts';
import { invalidRequest } from './provider-error.ts';

const PAGE_SIZE = 50;

/** What a person looks for in the books. */
export interface OverviewFilter {
  /** From 1. */
  page: number;
  /** Part of an id, of the provider's or of ours, or of a key; empty for all. */
  text: string;
  /** Only payouts whose money is out more than once. */
  twiceOnly: boolean;
}

export interface OverviewRow {
  id: string;
  created: number;
  amount: number;
  currency: string;
  status: string;
  failureCode: string | null;
  key: string | null;
  /** Whether the key would still be replayed. */
  keyKept: boolean;
  payoutId: string | null;
  attemptId: string | null;
  faults: string[];
  debits: number;
  returns: number;
  events: number;
  delivered: number;
  waiting: number;
  /** Whether the money of our payout is out more than once, over all of its payouts here. */
  paidTwice: boolean;
}

export interface Overview {
  filter: OverviewFilter;
  rows: OverviewRow[];
  /** How many the filter finds. */
  found: number;
  pages: number;
  balances: Record<string, number>;
  payouts: number;
  keysKept: number;
  paidTwice: number;
  undelivered: number;
}

/** Reads `?page=&q=&twice=`. Throws ProviderError when the page is no number. */
export function readOverviewFilter(
  page: string | undefined,
  text: string | undefined,
  twice: string | undefined,
): OverviewFilter {
  if (page !== undefined && !/^[1-9]\d{0,6}$/.test(page)) {
    throw invalidRequest('page must be a number from 1.', { param: 'page' });
  }
  return { page: Number(page ?? 1), text: (text ?? '').trim().slice(0, 200), twiceOnly: twice === '1' };
}

/** Our payouts whose money is out more than once. */
const TWICE = `SELECT payout_id FROM movements WHERE payout_id IS NOT NULL
  GROUP BY payout_id HAVING sum(direction = 'out') - sum(direction = 'back') > 1`;
const OURS = `json_extract(p.metadata, '$.payout_id')`;

/** One page of the books, newest payout first, with the sums above it. `now` is Unix milliseconds of the sandbox's clock. */
export function readOverview(db: Database, filter: OverviewFilter, now: number): Overview {
  const wheres = [
    ...(filter.text === ''
      ? []
      : [`(instr(p.id, ?) OR instr(p.metadata, ?) OR instr(coalesce(p.idempotency_key, ''), ?))`]),
    ...(filter.twiceOnly ? [`${OURS} IN (${TWICE})`] : []),
  ];
  const where = wheres.length === 0 ? '' : `WHERE ${wheres.join(' AND ')}`;
  const values = filter.text === '' ? [] : [filter.text, filter.text, filter.text];
  const count = (sql: string, ...given: (string | number)[]) => db.get<{ n: number }>(sql, ...given)?.n ?? 0;
  const found = count(`SELECT count(*) AS n FROM payouts p ${where}`, ...values);
  const pages = Math.max(1, Math.ceil(found / PAGE_SIZE));
  const page = Math.min(filter.page, pages);
  return {
    filter: { ...filter, page },
    rows: readRows(db, where, values, page, now),
    found,
    pages,
    balances: balances(db),
    payouts: count('SELECT count(*) AS n FROM payouts'),
    keysKept: count('SELECT count(*) AS n FROM idempotency_keys WHERE saved_at > ?', now - KEY_LIFE_MS),
    paidTwice: count(`SELECT count(*) AS n FROM (${TWICE})`),
    undelivered: count(`SELECT count(*) AS n FROM deliveries WHERE state IN ('waiting', 'held')`),
  };
}

interface Row extends Omit<OverviewRow, 'faults' | 'keyKept' | 'paidTwice'> {
  faults: string;
  keyKept: number;
  paidTwice: number;
}

function readRows(db: Database, where: string, values: string[], page: number, now: number): OverviewRow[] {
  const rows = db.all<Row>(
    `SELECT p.id, p.created, p.amount, p.currency, p.status, p.failure_code AS failureCode, p.faults,
       p.idempotency_key AS key, ${OURS} AS payoutId, json_extract(p.metadata, '$.attempt_id') AS attemptId,
       EXISTS (SELECT 1 FROM idempotency_keys k WHERE k.key = p.idempotency_key AND k.saved_at > ?) AS keyKept,
       (SELECT count(*) FROM movements m WHERE m.provider_payout_id = p.id AND m.direction = 'out') AS debits,
       (SELECT count(*) FROM movements m WHERE m.provider_payout_id = p.id AND m.direction = 'back') AS returns,
       (SELECT count(*) FROM events e WHERE e.payout_id = p.id) AS events,
       (SELECT count(*) FROM deliveries d WHERE d.payout_id = p.id AND d.state = 'delivered') AS delivered,
       (SELECT count(*) FROM deliveries d WHERE d.payout_id = p.id AND d.state IN ('waiting', 'held')) AS waiting,
       ${OURS} IN (${TWICE}) AS paidTwice
     FROM payouts p ${where} ORDER BY p.created DESC, p.seq DESC LIMIT ${PAGE_SIZE} OFFSET ?`,
    now - KEY_LIFE_MS,
    ...values,
    (page - 1) * PAGE_SIZE,
  );
  return rows.map((row) => ({
    ...row,
    faults: JSON.parse(row.faults) as string[],
    keyKept: row.keyKept === 1,
    paidTwice: row.paidTwice === 1,
  }));
}
