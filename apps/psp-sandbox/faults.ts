import { invalidRequest } from './provider-error.ts';

/** What a fault does. One fault may do several things. */
export type Effect =
  /** The request is refused. `saved`: execution had begun, so the idempotency key remembers the refusal. */
  | { kind: 'refuse'; status: number; code: string; message: string; saved: boolean }
  /** The request is lost on its way in: nothing executes, nothing is saved. */
  | { kind: 'lose_request'; how: 'hang' | 'drop' }
  /** The payout is made and saved under its key, but its answer does not arrive whole. */
  | { kind: 'lose_answer'; how: 'hang' | 'drop' | 'garble' }
  /** A 500, saved under the key and replayed, before or after the money moved. */
  | { kind: 'server_error'; moneyMoves: boolean }
  /** The request executes only after a delay; meanwhile its key is in flight. */
  | { kind: 'slow_answer' }
  /** The payout is accepted and fails after it was in transit. */
  | { kind: 'fail_later'; code: string; message: string }
  | { kind: 'webhooks'; how: 'drop' | 'twice' | 'late' | 'reorder' }
  | { kind: 'life'; plan: 'paid_then_returned' | 'stays_in_transit' | 'stays_pending' };

/** Which requests a fault strikes: each one, the first of an idempotency key, the first key of `metadata[payout_id]`. */
type Strikes = 'every request' | 'first request of a key' | 'first key of a payout';

export interface Fault {
  name: string;
  /** A payout of exactly this many minor units, in any currency, has the fault. */
  amount: number;
  strikes: Strikes;
  means: string;
  effects: Effect[];
}

const CLOSED = 'The bank account has been closed.';
const INVALID = 'The routing number is right but the account number is invalid.';
const RESTRICTED = 'The bank account restricts the kind or the number of payouts it takes.';
const NO_FUNDS = 'The balance is too low to cover the payout.';

/** Every fault of the sandbox. This table is the single source: `GET /__sandbox/faults` and README.md show it. */
export const FAULTS: readonly Fault[] = [
  rejection('reject_balance_insufficient', 666_001, 'balance_insufficient', NO_FUNDS),
  {
    ...rejection('reject_rate_limit', 666_002, 'rate_limit', 'Too many requests hit the API too quickly.', 429),
    means: 'HTTP 429 `rate_limit`. The key does not remember it. No money moves.',
  },
  rejection('reject_account_closed', 666_003, 'account_closed', CLOSED),
  rejection('reject_invalid_account_number', 666_004, 'invalid_account_number', INVALID),
  rejection('reject_bank_account_restricted', 666_005, 'bank_account_restricted', RESTRICTED),
  rejection('reject_payouts_not_allowed', 666_006, 'payouts_not_allowed', 'Payouts are not allowed on this account.'),
  {
    ...rejection('balance_insufficient_once', 666_007, 'balance_insufficient', NO_FUNDS),
    strikes: 'first key of a payout',
    means: 'HTTP 400 `balance_insufficient`, remembered by the key. The next attempt (a new key) goes through.',
  },
  {
    ...rejection('rate_limit_once', 666_008, 'rate_limit', 'Too many requests hit the API too quickly.', 429),
    strikes: 'first request of a key',
    means: 'HTTP 429 `rate_limit`, not remembered. The same request goes through when sent again.',
  },
  failure('fail_account_closed', 666_011, 'account_closed', CLOSED),
  failure('fail_invalid_account_number', 666_012, 'invalid_account_number', INVALID),
  failure('fail_insufficient_funds', 666_013, 'insufficient_funds', NO_FUNDS),
  failure('fail_could_not_process', 666_014, 'could_not_process', 'The bank could not process the payout.'),
  failure('fail_bank_account_restricted', 666_015, 'bank_account_restricted', RESTRICTED),
  {
    ...failure('fail_could_not_process_once', 666_016, 'could_not_process', 'The bank could not process the payout.'),
    strikes: 'first key of a payout',
    means:
      'Accepted, in transit, then failed with `could_not_process`; the money comes back. The next attempt is paid.',
  },
  {
    name: 'timeout_before',
    amount: 666_021,
    strikes: 'first request of a key',
    means: 'The connection hangs without an answer. No money moves. Sent again under its key, it executes once.',
    effects: [{ kind: 'lose_request', how: 'hang' }],
  },
  {
    name: 'timeout_after',
    amount: 666_022,
    strikes: 'first request of a key',
    means: 'The money moves, then the connection hangs without an answer. Sent again under its key, it is replayed.',
    effects: [{ kind: 'lose_answer', how: 'hang' }],
  },
  {
    name: 'server_error_before',
    amount: 666_023,
    strikes: 'first key of a payout',
    means: 'HTTP 500, remembered and replayed by its key. No money moves. The next attempt goes through.',
    effects: [{ kind: 'server_error', moneyMoves: false }],
  },
  {
    name: 'server_error_after',
    amount: 666_024,
    strikes: 'first key of a payout',
    means: 'The money moves, then HTTP 500, remembered and replayed by its key. Another attempt would pay twice.',
    effects: [{ kind: 'server_error', moneyMoves: true }],
  },
  {
    name: 'connection_dropped_before',
    amount: 666_025,
    strikes: 'first request of a key',
    means: 'The connection is reset. No money moves. Sent again under its key, it executes once.',
    effects: [{ kind: 'lose_request', how: 'drop' }],
  },
  {
    name: 'connection_dropped_after',
    amount: 666_026,
    strikes: 'first request of a key',
    means: 'The money moves, then the connection is reset. Sent again under its key, it is replayed.',
    effects: [{ kind: 'lose_answer', how: 'drop' }],
  },
  {
    name: 'garbled_answer',
    amount: 666_027,
    strikes: 'first request of a key',
    means: 'The money moves, then HTTP 200 with half a JSON document. Sent again under its key, it is replayed.',
    effects: [{ kind: 'lose_answer', how: 'garble' }],
  },
  {
    name: 'slow_answer',
    amount: 666_028,
    strikes: 'first request of a key',
    means:
      'The request executes after `PSP_SANDBOX_SLOW_MS`; until then its key is in flight, and the same key gets HTTP 409.',
    effects: [{ kind: 'slow_answer' }],
  },
  {
    name: 'timeout_after_without_webhook',
    amount: 666_029,
    strikes: 'first request of a key',
    means: '`timeout_after` and `webhook_dropped` together: only asking the provider shows that the money moved.',
    effects: [
      { kind: 'lose_answer', how: 'hang' },
      { kind: 'webhooks', how: 'drop' },
    ],
  },
  {
    name: 'webhook_dropped',
    amount: 666_031,
    strikes: 'every request',
    means: 'No event of the payout is ever delivered.',
    effects: [{ kind: 'webhooks', how: 'drop' }],
  },
  {
    name: 'webhook_twice',
    amount: 666_032,
    strikes: 'every request',
    means: 'Each event of the payout is delivered twice, with one event id.',
    effects: [{ kind: 'webhooks', how: 'twice' }],
  },
  {
    name: 'webhook_late',
    amount: 666_033,
    strikes: 'every request',
    means: 'Each event of the payout is delivered `PSP_SANDBOX_LATE_WEBHOOK_MS` after it happened.',
    effects: [{ kind: 'webhooks', how: 'late' }],
  },
  {
    name: 'webhook_reordered',
    amount: 666_034,
    strikes: 'every request',
    means: 'The final event of the payout is delivered first, the earlier ones after it, newest to oldest.',
    effects: [{ kind: 'webhooks', how: 'reorder' }],
  },
  {
    name: 'paid_then_returned',
    amount: 666_041,
    strikes: 'every request',
    means:
      'Paid, then `PSP_SANDBOX_RETURN_MS` later failed with `no_account` and the money comes back, as bank returns do.',
    effects: [{ kind: 'life', plan: 'paid_then_returned' }],
  },
  {
    name: 'stays_in_transit',
    amount: 666_042,
    strikes: 'every request',
    means: 'In transit for ever: the provider is slow.',
    effects: [{ kind: 'life', plan: 'stays_in_transit' }],
  },
  {
    name: 'stays_pending',
    amount: 666_043,
    strikes: 'every request',
    means: 'Pending for ever: it can be canceled.',
    effects: [{ kind: 'life', plan: 'stays_pending' }],
  },
];

/** Other names that metadata may use. */
const ALIASES: Readonly<Record<string, string>> = { absent_after_timeout: 'timeout_before' };

/**
 * The faults that a request asks for: those that `metadata[sandbox_fault]` names (comma-separated), else the one whose
 * sentinel the amount is; null when it asks for nothing, and chance may decide. Throws ProviderError on a name that the
 * table does not have.
 */
export function faultsAskedFor(amount: number, metadata: ReadonlyMap<string, string>): Fault[] | null {
  const named = metadata.get('sandbox_fault');
  if (named !== undefined) return faultsNamed(named);
  const byAmount = FAULTS.filter((fault) => fault.amount === amount);
  return byAmount.length > 0 ? byAmount : null;
}

/** The faults of a comma-separated list. Throws ProviderError on a name that the table does not have. */
export function faultsNamed(names: string, param = 'metadata[sandbox_fault]'): Fault[] {
  return names
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .map((name) => {
      const fault = FAULTS.find((known) => known.name === (ALIASES[name] ?? name));
      if (fault) return fault;
      throw invalidRequest(`Unknown sandbox fault "${name.slice(0, 60)}"; GET /__sandbox/faults lists them.`, {
        param,
      });
    });
}

/** The effects of the named faults; names that the table no longer has do nothing. */
export function effectsOf(names: readonly string[]): Effect[] {
  return FAULTS.filter((fault) => names.includes(fault.name)).flatMap((fault) => fault.effects);
}

function rejection(name: string, amount: number, code: string, message: string, status = 400): Fault {
  return {
    name,
    amount,
    strikes: 'every request',
    means: `HTTP ${status} \`${code}\`, remembered by the key. No money moves.`,
    effects: [{ kind: 'refuse', status, code, message, saved: status !== 429 }],
  };
}

function failure(name: string, amount: number, code: string, message: string): Fault {
  return {
    name,
    amount,
    strikes: 'every request',
    means: `Accepted, in transit, then failed with \`${code}\`; the money comes back.`,
    effects: [{ kind: 'fail_later', code, message }],
  };
}
