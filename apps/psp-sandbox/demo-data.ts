import { moveMoney } from './books.ts';
import type { Database } from './database.ts';
import { keepKey } from './idempotency.ts';
import { findPayout, insertPayout, planSteps } from './payout.store.ts';
import { PAYOUT_STATUSES, type Payout, type PayoutStatus, payoutObject } from './payout.ts';
import { invalidRequest } from './provider-error.ts';

/** One row of `POST /__sandbox/load`. Times are Unix seconds, the amount is in minor units. */
interface LoadedPayout {
  id: string;
  amount: number;
  currency: string;
  status: PayoutStatus;
  created: number;
  arrival_date: number;
  metadata: Record<string, string>;
  failure_code: string | null;
  /** The provider will replay this payout for the key, whatever the parameters, until 24 hours after `created`. */
  idempotency_key: string | null;
  /** Whether the money left; for a failed or canceled payout it came back too. */
  moved: boolean;
  /** When the payout settles by itself, with its event: failed if it has a failure code, else paid. */
  settles_at: number | null;
}

/**
 * Loads payouts as they are, in one transaction; rows whose id is known are skipped. No event is sent for what already
 * happened. Throws ProviderError naming the faulty rows, and then loads none.
 */
export function loadPayouts(db: Database, body: unknown): { loaded: number; skipped: number } {
  const given = isRecord(body) ? body.payouts : undefined;
  if (!Array.isArray(given)) throw invalidRequest('The body must be {"payouts": […]}.', { param: 'payouts' });
  const rows: LoadedPayout[] = [];
  const faulty: string[] = [];
  for (const [index, value] of given.entries()) {
    const row = readRow(value);
    if (typeof row === 'string') faulty.push(`payouts[${index}]: ${row}`);
    else rows.push(row);
  }
  if (faulty.length > 0) {
    const more = faulty.length > 20 ? `; and ${faulty.length - 20} more` : '';
    throw invalidRequest(faulty.slice(0, 20).join('; ') + more, { param: 'payouts' });
  }
  rows.sort((a, b) => a.created - b.created);
  return db.transaction(() => {
    const before = rows.length;
    const fresh = rows.filter((row) => load(db, row));
    return { loaded: fresh.length, skipped: before - fresh.length };
  });
}

/** Empties the books: payouts, movements, keys, events. */
export function resetBooks(db: Database): void {
  db.transaction(() => {
    for (const table of [
      'payouts',
      'movements',
      'balances',
      'idempotency_keys',
      'strikes',
      'steps',
      'events',
      'deliveries',
    ]) {
      db.run(`DELETE FROM ${table}`);
    }
  });
}

function load(db: Database, row: LoadedPayout): boolean {
  if (findPayout(db, row.id)) return false;
  const metadata = JSON.stringify(row.metadata);
  const ended = row.status === 'failed' || row.status === 'canceled';
  const moved = { ...row, metadata };
  const debit = row.moved ? moveMoney(db, 'out', moved, row.created * 1000) : null;
  const payout: Payout = {
    id: row.id,
    created: row.created,
    amount: row.amount,
    currency: row.currency,
    status: row.status,
    method: 'standard',
    destination: null,
    description: null,
    statement_descriptor: null,
    metadata,
    arrival_date: row.arrival_date,
    failure_code: ended ? row.failure_code : null,
    failure_message: null,
    balance_transaction: debit,
    failure_balance_transaction: debit && ended ? moveMoney(db, 'back', moved, row.created * 1000) : null,
    idempotency_key: row.idempotency_key,
    faults: '[]',
  };
  insertPayout(db, payout);
  if (row.idempotency_key !== null) {
    keepKey(db, {
      key: row.idempotency_key,
      fingerprint: null,
      status: 200,
      body: JSON.stringify(payoutObject(payout)),
      requestId: 'req_loaded',
      savedAt: row.created * 1000,
    });
  }
  if (row.settles_at !== null) {
    const status = row.failure_code === null ? 'paid' : 'failed';
    planSteps(db, row.id, row.settles_at * 1000, [
      { afterMs: 0, status, ...(row.failure_code === null ? {} : { failureCode: row.failure_code }) },
    ]);
  }
  return true;
}

/** Reads one row, or says what is wrong with it. */
function readRow(value: unknown): LoadedPayout | string {
  if (!isRecord(value)) return 'must be an object';
  const { id, amount, currency, created, arrival_date, metadata, failure_code, idempotency_key, settles_at } = value;
  const status = PAYOUT_STATUSES.find((known) => known === value.status);
  if (typeof id !== 'string' || !/^[\w-]{1,100}$/.test(id)) return 'id must be a plain id';
  if (!isWhole(amount) || amount < 1) return 'amount must be a positive whole number of minor units';
  if (typeof currency !== 'string' || !/^[a-z]{3}$/i.test(currency)) return 'currency must be a three-letter code';
  if (status === undefined) return `status must be one of ${PAYOUT_STATUSES.join(', ')}`;
  if (!isWhole(created)) return 'created must be Unix seconds';
  if (arrival_date !== undefined && !isWhole(arrival_date)) return 'arrival_date must be Unix seconds';
  if (settles_at != null && !isWhole(settles_at)) return 'settles_at must be Unix seconds';
  if (typeof value.moved !== 'boolean') return 'moved must be true or false';
  if (!isOptionalText(failure_code)) return 'failure_code must be text';
  if (!isOptionalText(idempotency_key)) return 'idempotency_key must be text';
  if (metadata !== undefined && !isTextRecord(metadata)) return 'metadata must be an object of texts';
  return {
    id,
    amount,
    currency: currency.toLowerCase(),
    status,
    created,
    arrival_date: arrival_date ?? created,
    metadata: metadata ?? {},
    failure_code: failure_code ?? null,
    idempotency_key: idempotency_key ?? null,
    moved: value.moved,
    settles_at: settles_at ?? null,
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTextRecord(value: unknown): value is Record<string, string> {
  return isRecord(value) && Object.values(value).every((member) => typeof member === 'string');
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function isOptionalText(value: unknown): value is string | null | undefined {
  return value == null || typeof value === 'string';
}
