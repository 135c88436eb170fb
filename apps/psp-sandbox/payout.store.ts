import type { Database } from './database.ts';
import type { Payout, PayoutRow, PayoutStatus, PlannedStep } from './payout.ts';
import { invalidRequest, noSuchPayout } from './provider-error.ts';

/** One page of the provider's list: newest first. */
interface PayoutPage {
  rows: PayoutRow[];
  hasMore: boolean;
}

/** Bounds in Unix seconds, as `created[gte]=…`. */
export type Range = Partial<Record<'gt' | 'gte' | 'lt' | 'lte', number>>;

export interface PayoutQuery {
  limit: number;
  status?: string;
  destination?: string;
  created?: Range;
  arrivalDate?: Range;
  startingAfter?: string;
  endingBefore?: string;
}

/** A step that waits for its time. */
interface StepRow {
  seq: number;
  payout_id: string;
  due_at: number;
  status: PayoutStatus;
  failure_code: string | null;
  failure_message: string | null;
}

export function findPayout(db: Database, id: string): PayoutRow | undefined {
  return db.get<PayoutRow>('SELECT * FROM payouts WHERE id = ?', id);
}

export function insertPayout(db: Database, row: Payout): void {
  db.run(
    `INSERT INTO payouts (id, created, amount, currency, status, method, destination, description, statement_descriptor,
       metadata, arrival_date, failure_code, failure_message, balance_transaction, failure_balance_transaction,
       idempotency_key, faults)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    row.id,
    row.created,
    row.amount,
    row.currency,
    row.status,
    row.method,
    row.destination,
    row.description,
    row.statement_descriptor,
    row.metadata,
    row.arrival_date,
    row.failure_code,
    row.failure_message,
    row.balance_transaction,
    row.failure_balance_transaction,
    row.idempotency_key,
    row.faults,
  );
}

/** Stores what a move changes. */
export function savePayoutMove(db: Database, row: Payout): void {
  db.run(
    `UPDATE payouts SET status = ?, failure_code = ?, failure_message = ?, failure_balance_transaction = ? WHERE id = ?`,
    row.status,
    row.failure_code,
    row.failure_message,
    row.failure_balance_transaction,
    row.id,
  );
}

export function planSteps(db: Database, payoutId: string, fromMs: number, steps: readonly PlannedStep[]): void {
  for (const step of steps) {
    db.run(
      'INSERT INTO steps (payout_id, due_at, status, failure_code, failure_message) VALUES (?, ?, ?, ?, ?)',
      payoutId,
      fromMs + step.afterMs,
      step.status,
      step.failureCode ?? null,
      step.failureMessage ?? null,
    );
  }
}

export function nextDueStep(db: Database, now: number): StepRow | undefined {
  return db.get<StepRow>('SELECT * FROM steps WHERE due_at <= ? ORDER BY due_at, seq LIMIT 1', now);
}

/** When the next step is due, in Unix milliseconds; undefined when none waits. */
export function nextStepAt(db: Database): number | undefined {
  return db.get<{ due_at: number }>('SELECT due_at FROM steps ORDER BY due_at LIMIT 1')?.due_at;
}

export function removeStep(db: Database, seq: number): void {
  db.run('DELETE FROM steps WHERE seq = ?', seq);
}

export function removeSteps(db: Database, payoutId: string): void {
  db.run('DELETE FROM steps WHERE payout_id = ?', payoutId);
}

/**
 * One page of payouts, newest first. `startingAfter` continues to older ones, `endingBefore` to newer ones.
 * Throws ProviderError when the cursor is not a payout.
 */
export function listPayouts(db: Database, query: PayoutQuery): PayoutPage {
  const wheres: string[] = [];
  const values: (string | number)[] = [];
  const where = (sql: string, ...given: (string | number)[]): void => {
    wheres.push(sql);
    values.push(...given);
  };
  if (query.status !== undefined) where('status = ?', query.status);
  if (query.destination !== undefined) where('destination = ?', query.destination);
  rangeWheres('created', query.created, where);
  rangeWheres('arrival_date', query.arrivalDate, where);
  const newer = query.endingBefore !== undefined;
  const cursorId = query.endingBefore ?? query.startingAfter;
  if (cursorId !== undefined) {
    const cursor = findPayout(db, cursorId);
    if (!cursor) throw noSuchPayout(cursorId, newer ? 'ending_before' : 'starting_after');
    where(`(created, seq) ${newer ? '>' : '<'} (?, ?)`, cursor.created, cursor.seq);
  }
  const order = newer ? 'created ASC, seq ASC' : 'created DESC, seq DESC';
  const rows = db.all<PayoutRow>(
    `SELECT * FROM payouts ${wheres.length > 0 ? `WHERE ${wheres.join(' AND ')}` : ''} ORDER BY ${order} LIMIT ?`,
    ...values,
    query.limit + 1,
  );
  const page = rows.slice(0, query.limit);
  return { rows: newer ? page.reverse() : page, hasMore: rows.length > query.limit };
}

const COMPARISONS = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;

function rangeWheres(column: string, range: Range | undefined, where: (sql: string, value: number) => void): void {
  for (const [bound, value] of Object.entries(range ?? {})) {
    if (!isBound(bound)) throw invalidRequest(`Received unknown parameter: ${column}[${bound.slice(0, 40)}]`);
    where(`${column} ${COMPARISONS[bound]} ?`, value);
  }
}

function isBound(text: string): text is keyof typeof COMPARISONS {
  return Object.hasOwn(COMPARISONS, text);
}
