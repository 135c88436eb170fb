import { type Answer, noAnswer } from './answer.ts';
import { available, moveMoney } from './books.ts';
import { type SandboxClock, seconds } from './clock.ts';
import type { Database } from './database.ts';
import { recordEvent } from './events.ts';
import { type Effect, type Fault, faultsAskedFor } from './faults.ts';
import type { Form } from './form.ts';
import type { KeyedRequest, Save } from './idempotency.ts';
import { insertPayout, planSteps } from './payout.store.ts';
import {
  arrivalDate,
  type Pace,
  type Payout,
  type PayoutParams,
  payoutObject,
  planOf,
  readPayoutParams,
} from './payout.ts';
import { ProviderError } from './provider-error.ts';
import { providerId } from './provider-id.ts';
import { readSchedule, scheduledFaults } from './schedule.ts';

/** What executing a request needs. */
export interface Execution {
  db: Database;
  clock: SandboxClock;
  pace: Pace;
  lateMs: number;
  slowMs: number;
  /** Aborted when the sandbox stops. */
  stop: AbortSignal;
}

const SERVER_ERROR = {
  error: { message: 'An unknown error occurred. It is not known here whether the money moved.', type: 'api_error' },
};

/**
 * Executes `POST /v1/payouts`: the faults that strike it, the balance, the payout with its movement, event and plan, and
 * the saved answer, all in one transaction. Throws ProviderError for what is refused before execution begins.
 */
export async function createPayout(
  execution: Execution,
  request: KeyedRequest,
  form: Form,
  save: Save,
): Promise<Answer> {
  const { db } = execution;
  const params = readPayoutParams(form);
  const asked =
    faultsAskedFor(params.amount, params.metadata) ?? scheduledFaults(readSchedule(db), params.metadata, request.key);
  const faults = db.transaction(() => asked.filter((fault) => strikes(execution, fault, request, params)));
  const effects = faults.flatMap((fault) => fault.effects);

  const lost = find(effects, 'lose_request');
  if (lost) return noAnswer(lost.how);
  const refusal = find(effects, 'refuse');
  if (refusal) {
    const error = new ProviderError(refusal.status, refusal.message, { code: refusal.code });
    if (!refusal.saved) throw error;
    return db.transaction(() => save(error.status, error.body()));
  }
  if (find(effects, 'slow_answer')) await pause(execution.slowMs, execution.stop);
  // A sandbox that stops meanwhile executes nothing more: its books are about to close.
  if (execution.stop.aborted) return noAnswer('drop');
  const serverError = find(effects, 'server_error');
  if (serverError && !serverError.moneyMoves) return db.transaction(() => save(500, SERVER_ERROR));

  const answer = db.transaction(() => {
    if (available(db, params.currency) < params.amount) {
      const error = new ProviderError(400, 'The balance is too low to cover the payout.', {
        code: 'balance_insufficient',
      });
      return save(error.status, error.body());
    }
    const payout = open(execution, request, params, faults);
    return serverError ? save(500, SERVER_ERROR) : save(200, payoutObject(payout));
  });
  const mangled = find(effects, 'lose_answer');
  return mangled ? { ...answer, how: mangled.how } : answer;
}

/** Waits `ms`, or until the sandbox stops. */
function pause(ms: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    stop.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function find<Kind extends Effect['kind']>(
  effects: readonly Effect[],
  kind: Kind,
): Extract<Effect, { kind: Kind }> | undefined {
  return effects.find((effect): effect is Extract<Effect, { kind: Kind }> => effect.kind === kind);
}

/** Whether a fault strikes this request. The first that asks holds the scope; only its holder is ever struck. */
function strikes(execution: Execution, fault: Fault, request: KeyedRequest, params: PayoutParams): boolean {
  const { db, clock } = execution;
  if (fault.strikes === 'every request') return true;
  const byKey = fault.strikes === 'first request of a key';
  const subject = byKey ? request.key : params.metadata.get('payout_id');
  if (subject === undefined) return true;
  const holder = byKey ? request.requestId : (request.key ?? request.requestId);
  const scope = `${fault.name} ${subject}`;
  db.run('INSERT OR IGNORE INTO strikes (scope, holder, at) VALUES (?, ?, ?)', scope, holder, clock.now());
  return db.get<{ holder: string }>('SELECT holder FROM strikes WHERE scope = ?', scope)?.holder === holder;
}

/** Opens the payout: the debit, the row, its event and its plan. */
function open(execution: Execution, request: KeyedRequest, params: PayoutParams, faults: readonly Fault[]): Payout {
  const { db, clock } = execution;
  const now = clock.now();
  const id = providerId('po');
  const metadata = JSON.stringify(Object.fromEntries(params.metadata));
  const debit = moveMoney(
    db,
    'out',
    { id, amount: params.amount, currency: params.currency, metadata, idempotency_key: request.key ?? null },
    now,
  );
  const payout: Payout = {
    id,
    created: seconds(now),
    amount: params.amount,
    currency: params.currency,
    status: 'pending',
    method: params.method,
    destination: params.destination,
    description: params.description,
    statement_descriptor: params.statementDescriptor,
    metadata,
    arrival_date: arrivalDate(seconds(now), params.method),
    failure_code: null,
    failure_message: null,
    balance_transaction: debit,
    failure_balance_transaction: null,
    idempotency_key: request.key ?? null,
    faults: JSON.stringify(faults.map((fault) => fault.name)),
  };
  insertPayout(db, payout);
  recordEvent(db, 'payout.created', payout, now, execution);
  planSteps(
    db,
    id,
    now,
    planOf(
      faults.flatMap((fault) => fault.effects),
      execution.pace,
    ),
  );
  return payout;
}
