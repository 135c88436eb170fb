import { decimalString, money } from '../../apps/api/src/core/money.ts';
import type { Movement } from './movements.ts';

const COLUMNS = [
  'automatic_payout_id',
  'automatic_payout_effective_at_utc',
  'balance_transaction_id',
  'created_utc',
  'available_on_utc',
  'currency',
  'gross',
  'fee',
  'net',
  'reporting_category',
  'source_id',
  'description',
  'customer_name',
  'trace_id',
  'payment_metadata[payout_id]',
  'payment_metadata[attempt_id]',
] as const;

/**
 * Stripe's "Itemised payout reconciliation" report of these movements, as
 * apps/api/src/settlement/stripe-itemised-csv.ts reads it: one row each, decimal amounts in major units.
 */
export function stripeItemisedCsv(movements: readonly Movement[]): string {
  return [COLUMNS, ...movements.map(row)].map((cells) => `${cells.map(quoted).join(',')}\n`).join('');
}

function row({ providerRef, reversal, gross, feeMinor, at, arrivesOn, payee, descriptor, ours }: Movement): string[] {
  const { currency, minor } = gross;
  return [
    '',
    '',
    `txn_${providerRef.slice('po_'.length)}${reversal ? 'R' : ''}`,
    at.toISOString().slice(0, 19).replace('T', ' '),
    `${arrivesOn} 00:00:00`,
    currency.toLowerCase(),
    decimalString(gross),
    decimalString(money(feeMinor, currency)),
    decimalString(money(minor - feeMinor, currency)),
    reversal ? 'payout_reversal' : 'payout',
    providerRef,
    descriptor,
    payee,
    '',
    ours?.payoutId ?? '',
    ours?.attemptId ?? '',
  ];
}

/** RFC 4180: a cell that holds a comma, a quotation mark or a line end stands in quotation marks. */
function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
