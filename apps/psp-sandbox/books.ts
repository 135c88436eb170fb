import type { Database } from './database.ts';
import type { Payout } from './payout.ts';
import { providerId } from './provider-id.ts';

/**
 * What each currency's balance starts with, in minor units. Large enough for any demonstration, and small enough that
 * every sum of it stays an exact JavaScript number.
 */
const OPENING_BALANCE = 500_000_000_000_000;

type Direction = 'out' | 'back';

interface MovementRow {
  id: string;
  at: number;
  direction: Direction;
  amount: number;
  currency: string;
  balance_after: number;
  provider_payout_id: string;
  provider_key: string | null;
  payout_id: string | null;
  attempt_id: string | null;
}

/** What of the books to show: the movements of one of our payouts, of one attempt, or all of them. */
export interface BooksFilter {
  payoutId?: string;
  attemptId?: string;
}

/** What can be paid out in a currency (lower case), in minor units. */
export function available(db: Database, currency: string): number {
  const row = db.get<{ available: number }>('SELECT available FROM balances WHERE currency = ?', currency);
  return row?.available ?? OPENING_BALANCE;
}

/**
 * Books one movement of money: `out` debits the balance, `back` returns it. Returns the movement's id, which is also
 * its balance transaction. Must run inside the transaction that changes the payout.
 */
export function moveMoney(db: Database, direction: Direction, payout: MovedPayout, atMs: number): string {
  const id = providerId('txn');
  const after = available(db, payout.currency) + (direction === 'out' ? -payout.amount : payout.amount);
  db.run('INSERT OR REPLACE INTO balances (currency, available) VALUES (?, ?)', payout.currency, after);
  const metadata = JSON.parse(payout.metadata) as Record<string, string>;
  db.run(
    `INSERT INTO movements (id, at, direction, amount, currency, balance_after, provider_payout_id, provider_key,
       payout_id, attempt_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    id,
    atMs,
    direction,
    payout.amount,
    payout.currency,
    after,
    payout.id,
    payout.idempotency_key,
    metadata.payout_id ?? null,
    metadata.attempt_id ?? null,
  );
  return id;
}

/** The part of a payout that a movement is booked from. */
type MovedPayout = Pick<Payout, 'id' | 'amount' | 'currency' | 'metadata' | 'idempotency_key'>;

/**
 * Every movement of money, oldest first, and totals. `by_payout` counts the debits of each of our payouts; one whose
 * money is out more than once (`debits - returns > 1`) has `paid_twice`. Amounts are minor units, `at` is ISO 8601.
 */
export function readBooks(db: Database, filter: BooksFilter): Record<string, unknown> {
  const [where, values] = filtered(filter);
  const movements = db.all<MovementRow>(`SELECT * FROM movements ${where} ORDER BY seq`, ...values);
  const totals = db.all<{ payout_id: string; currency: string; debits: number; returns: number; out: number }>(
    `SELECT payout_id, currency, sum(direction = 'out') AS debits, sum(direction = 'back') AS returns,
       sum(CASE direction WHEN 'out' THEN amount ELSE -amount END) AS out
     FROM movements ${where === '' ? 'WHERE' : `${where} AND`} payout_id IS NOT NULL
     GROUP BY payout_id, currency ORDER BY min(seq)`,
    ...values,
  );
  return {
    object: 'books',
    movements: movements.map((row) => ({
      id: row.id,
      at: new Date(row.at).toISOString(),
      direction: row.direction,
      amount: row.amount,
      currency: row.currency,
      balance_after: row.balance_after,
      provider_payout_id: row.provider_payout_id,
      provider_key: row.provider_key,
      payout_id: row.payout_id,
      attempt_id: row.attempt_id,
    })),
    totals: {
      by_payout: totals.map((row) => ({
        payout_id: row.payout_id,
        currency: row.currency,
        debits: row.debits,
        returns: row.returns,
        amount_out: row.out,
        paid_twice: row.debits - row.returns > 1,
      })),
      paid_twice: totals.filter((row) => row.debits - row.returns > 1).length,
      balances: balances(db),
    },
  };
}

/** The balance object of the provider's API. */
export function balanceObject(db: Database): Record<string, unknown> {
  const amounts = Object.entries(balances(db)).map(([currency, amount]) => ({
    amount,
    currency,
    source_types: { card: amount },
  }));
  return {
    object: 'balance',
    available: amounts,
    livemode: false,
    pending: amounts.map(({ currency }) => ({ amount: 0, currency, source_types: { card: 0 } })),
  };
}

/** What each currency has, in minor units: those of the demonstration and every one that moved. */
export function balances(db: Database): Record<string, number> {
  const moved = db.all<{ currency: string; available: number }>('SELECT * FROM balances ORDER BY currency');
  return Object.fromEntries([
    ...['eur', 'jpy', 'kwd', 'try', 'usd'].map((currency) => [currency, OPENING_BALANCE]),
    ...moved.map((row) => [row.currency, row.available]),
  ]);
}

function filtered(filter: BooksFilter): [where: string, values: string[]] {
  const wheres: string[] = [];
  const values: string[] = [];
  if (filter.payoutId !== undefined) {
    wheres.push('payout_id = ?');
    values.push(filter.payoutId);
  }
  if (filter.attemptId !== undefined) {
    wheres.push('attempt_id = ?');
    values.push(filter.attemptId);
  }
  return [wheres.length > 0 ? `WHERE ${wheres.join(' AND ')}` : '', values];
}
