import type { Effect } from './faults.ts';
import { type Form, refuseUnknown, wholeNumber } from './form.ts';
import { invalidRequest } from './provider-error.ts';

export const PAYOUT_STATUSES = ['pending', 'in_transit', 'paid', 'failed', 'canceled'] as const;
export type PayoutStatus = (typeof PAYOUT_STATUSES)[number];

/** A payout as the books hold it. `created` and `arrival_date` are Unix seconds, `amount` is in minor units. */
export interface Payout {
  id: string;
  created: number;
  amount: number;
  currency: string;
  status: PayoutStatus;
  method: string;
  destination: string | null;
  description: string | null;
  statement_descriptor: string | null;
  /** JSON object of strings. */
  metadata: string;
  arrival_date: number;
  failure_code: string | null;
  failure_message: string | null;
  balance_transaction: string | null;
  failure_balance_transaction: string | null;
  idempotency_key: string | null;
  /** JSON array of the names of the faults that struck it. */
  faults: string;
}

/** A stored payout; `seq` orders payouts of one second. */
export interface PayoutRow extends Payout {
  seq: number;
}

/** What a caller asks for, checked. */
export interface PayoutParams {
  amount: number;
  currency: string;
  method: 'standard' | 'instant';
  destination: string | null;
  description: string | null;
  statementDescriptor: string | null;
  metadata: Map<string, string>;
}

/** A move that a payout will make by itself. */
export interface PlannedStep {
  afterMs: number;
  status: PayoutStatus;
  failureCode?: string;
  failureMessage?: string;
}

/** How long the provider takes, in milliseconds. */
export interface Pace {
  /** From created to in transit. */
  submitMs: number;
  /** From in transit to paid or failed. */
  settleMs: number;
  /** From paid to failed, for payouts that the bank sends back. */
  returnMs: number;
}

const PARAMETERS = [
  'amount',
  'currency',
  'description',
  'destination',
  'expand',
  'metadata',
  'method',
  'payout_method',
  'source_type',
  'statement_descriptor',
];
const CURRENCIES = new Set(Intl.supportedValuesOf('currency').map((code) => code.toLowerCase()));
const DAY_S = 86_400;

/** Reads the parameters of `POST /v1/payouts`. Throws ProviderError, with the provider's codes, on what it refuses. */
export function readPayoutParams(form: Form): PayoutParams {
  refuseUnknown(form, PARAMETERS);
  const amountText = required(form, 'amount');
  const amount = wholeNumber(amountText, 'amount');
  if (amount < 1) {
    throw invalidRequest('This value must be greater than or equal to 1.', {
      code: 'parameter_invalid_integer',
      param: 'amount',
    });
  }
  const currency = required(form, 'currency').toLowerCase();
  if (!CURRENCIES.has(currency)) {
    throw invalidRequest(`Invalid currency: ${currency.slice(0, 20)}.`, { param: 'currency' });
  }
  const method = form.fields.get('method') ?? 'standard';
  if (method !== 'standard' && method !== 'instant') {
    throw invalidRequest('Invalid method: must be one of standard or instant', { param: 'method' });
  }
  const statementDescriptor = form.fields.get('statement_descriptor') ?? null;
  if (statementDescriptor !== null && statementDescriptor.length > 22) {
    throw invalidRequest('The statement descriptor must be at most 22 characters.', { param: 'statement_descriptor' });
  }
  return {
    amount,
    currency,
    method,
    destination: form.fields.get('destination') ?? null,
    description: form.fields.get('description') ?? null,
    statementDescriptor,
    metadata: readMetadata(form.groups.get('metadata') ?? new Map()),
  };
}

/** The provider's limits: 50 keys, 40 characters a key, 500 a value; an empty value is no value. */
function readMetadata(given: ReadonlyMap<string, string>): Map<string, string> {
  const metadata = new Map([...given].filter(([, value]) => value !== ''));
  if (metadata.size > 50) throw invalidRequest('Metadata can have up to 50 keys.', { param: 'metadata' });
  for (const [key, value] of metadata) {
    if (key.length > 40 || value.length > 500) {
      throw invalidRequest(
        'Metadata keys can be up to 40 characters long and their values up to 500 characters long.',
        { param: `metadata[${key.slice(0, 40)}]` },
      );
    }
  }
  return metadata;
}

function required(form: Form, param: string): string {
  const value = form.fields.get(param);
  if (value === undefined || value === '') {
    throw invalidRequest(`Missing required param: ${param}.`, { code: 'parameter_missing', param });
  }
  return value;
}

/** The payout object of the provider's API. */
export function payoutObject(row: Payout): Record<string, unknown> {
  return {
    id: row.id,
    object: 'payout',
    amount: row.amount,
    application_fee: null,
    application_fee_amount: null,
    arrival_date: row.arrival_date,
    automatic: false,
    balance_transaction: row.balance_transaction,
    created: row.created,
    currency: row.currency,
    description: row.description,
    destination: row.destination,
    failure_balance_transaction: row.failure_balance_transaction,
    failure_code: row.failure_code,
    failure_message: row.failure_message,
    livemode: false,
    metadata: JSON.parse(row.metadata) as Record<string, string>,
    method: row.method,
    original_payout: null,
    payout_method: null,
    reconciliation_status: 'not_applicable',
    reversed_by: null,
    source_type: 'card',
    statement_descriptor: row.statement_descriptor,
    status: row.status,
    trace_id: { status: 'pending', value: null },
    type: 'bank_account',
  };
}

/** The moves that a payout with these effects will make, counted from its creation. */
export function planOf(effects: readonly Effect[], pace: Pace): PlannedStep[] {
  const life = effects.find((effect) => effect.kind === 'life')?.plan;
  if (life === 'stays_pending') return [];
  const inTransit: PlannedStep = { afterMs: pace.submitMs, status: 'in_transit' };
  if (life === 'stays_in_transit') return [inTransit];
  const settledMs = pace.submitMs + pace.settleMs;
  const failure = effects.find((effect) => effect.kind === 'fail_later');
  if (failure) {
    return [
      inTransit,
      { afterMs: settledMs, status: 'failed', failureCode: failure.code, failureMessage: failure.message },
    ];
  }
  const paid: PlannedStep = { afterMs: settledMs, status: 'paid' };
  if (life !== 'paid_then_returned') return [inTransit, paid];
  return [
    inTransit,
    paid,
    {
      afterMs: settledMs + pace.returnMs,
      status: 'failed',
      failureCode: 'no_account',
      failureMessage: 'The bank could not find the account and sent the money back.',
    },
  ];
}

/** Whether the provider lets a payout go from one status to another; a paid payout may still be sent back by the bank. */
export function mayMove(from: PayoutStatus, to: PayoutStatus): boolean {
  if (from === 'pending') return to === 'in_transit' || to === 'canceled' || to === 'paid' || to === 'failed';
  if (from === 'in_transit') return to === 'paid' || to === 'failed';
  return from === 'paid' && to === 'failed';
}

/** The day, as Unix seconds at 00:00 UTC, on which the money should arrive: two business days on, at once if instant. */
export function arrivalDate(createdS: number, method: 'standard' | 'instant'): number {
  let day = createdS - (createdS % DAY_S);
  for (let left = method === 'instant' ? 0 : 2; left > 0; ) {
    day += DAY_S;
    const weekday = new Date(day * 1000).getUTCDay();
    if (weekday !== 0 && weekday !== 6) left -= 1;
  }
  return day;
}
