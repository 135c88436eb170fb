import type { Actor } from '../core/actor.ts';
import { newUuid, parseId, toId } from '../core/ids.ts';
import { money } from '../core/money.ts';
import { type RefusalCode, Refused } from '../core/refusal.ts';
import { utcDate } from '../core/time.ts';
import { balancedEntry, clearingOf, credit, debit, walletOf } from '../ledger/journal.ts';
import { balanceOf, postEntry } from '../ledger/ledger.store.ts';
import type { Attempt } from '../payouts/attempt.ts';
import { holdPayout } from '../payouts/hold-payout.ts';
import { findPayout, lastAttempt, lockPayout, movePayout, saveAttempt } from '../payouts/payout.store.ts';
import type { Payout, PayoutStatus } from '../payouts/payout.ts';
import { recordProviderEvent } from '../payouts/record-provider-event.ts';
import { recordSendOutcome } from '../payouts/record-send-outcome.ts';
import { requestPayout } from '../payouts/request-payout.ts';
import { startSend } from '../payouts/start-send.ts';
import { execute, type Operation } from '../runtime/operation.ts';
import { callBy, JOB, MACHINE, NOW, person } from './calls.ts';
import type { TestDatabase } from './database.ts';

/** A merchant with money in its wallet, by currency in minor units. */
export async function fundedParty(
  database: TestDatabase,
  funds: Record<string, bigint> = { EUR: 100_000_000n },
): Promise<{ id: string; reference: string }> {
  const id = newUuid();
  const reference = `merchant-${id.slice(-8)}`;
  await database.owner.query(
    `INSERT INTO party (id, kind, name, reference, country) VALUES ($1, 'merchant', $2, $2, 'DE')`,
    [id, reference],
  );
  for (const [currency, minor] of Object.entries(funds)) {
    const amount = money(minor, currency);
    const entry = balancedEntry('funding', 'test funds', [
      debit(clearingOf('stripe'), amount),
      credit(walletOf(id), amount),
    ]);
    await database.db.transaction((tx) => postEntry(tx, entry, { now: NOW, effectiveOn: utcDate(NOW) }));
  }
  return { id, reference };
}

/** Runs a verb as `actor` at `now`, and returns its result. */
export async function act<I, R>(
  database: TestDatabase,
  operation: Operation<I, R>,
  input: unknown,
  { actor = JOB, now = NOW }: { actor?: Actor; now?: Date } = {},
): Promise<R> {
  // Jobs carry no key, as in the worker; everyone else a fresh one.
  const call = callBy(actor, actor.kind === 'job' ? { now, idempotencyKey: null } : { now });
  const { result } = await execute(database.db, operation, call, input);
  return result;
}

/** The body of a request for a payout. */
export function requestBody(party: string, over: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    party,
    amount_minor: '12500',
    currency: 'EUR',
    rail: 'sepa',
    destination: { holder: 'Anna Schmidt', bank: 'Bank', masked: 'DE•• 4410', country: 'DE', token: 'ba_1' },
    ...over,
  };
}

/** A payout with its last attempt. */
export interface Sample {
  payout: Payout;
  attempt: Attempt;
}

/** Reads both again. */
export async function reread(database: TestDatabase, payoutId: string): Promise<Sample> {
  const payout = await findPayout(database.db, payoutId);
  const attempt = await lastAttempt(database.db, payoutId);
  if (!payout || !attempt) throw new Error(`payout ${payoutId} or its attempt is not there`);
  return { payout, attempt };
}

export interface SampleOptions {
  party?: string;
  at?: Date;
  body?: Record<string, unknown>;
  /** Code of the rejection, for `failed`. */
  code?: string;
}

/** A payout in any status, driven there through the real verbs at one instant (`canceled`, which no verb here does, through the store). */
export async function payoutIn(
  database: TestDatabase,
  status: PayoutStatus,
  { party, at = NOW, body = {}, code = 'insufficient_funds' }: SampleOptions = {},
): Promise<Sample> {
  const owner = party ?? (await fundedParty(database)).reference;
  const { id } = await act(database, requestPayout, requestBody(owner, body), { actor: MACHINE, now: at });
  const payoutId = parseId('payout', id) ?? '';
  const { payout, attempt } = await reread(database, payoutId);
  const send = async (outcome: Record<string, unknown>) => {
    await act(database, startSend, { attemptId: attempt.id }, { now: at });
    await act(database, recordSendOutcome, { attemptId: attempt.id, outcome }, { now: at });
  };
  const providerPayoutId = `po_${attempt.id.slice(-12)}`;
  switch (status) {
    case 'queued':
      break;
    case 'sending':
      await act(database, startSend, { attemptId: attempt.id }, { now: at });
      break;
    case 'unconfirmed':
      await send({ kind: 'unknown', reason: 'timeout', message: 'no answer' });
      break;
    case 'in_transit':
      await send({ kind: 'accepted', providerPayoutId, status: 'in_transit' });
      break;
    case 'paid':
      await send({ kind: 'accepted', providerPayoutId, status: 'paid' });
      break;
    case 'failed':
      await send({ kind: 'rejected', code, message: 'refused' });
      break;
    case 'returned':
      await send({ kind: 'accepted', providerPayoutId, status: 'paid' });
      await act(database, recordProviderEvent, providerEvent({ attempt }, 'failed', { providerPayoutId, at }), {
        now: at,
      });
      break;
    case 'held':
      await act(
        database,
        holdPayout,
        { payoutId: toId('payout', payoutId), version: payout.version, reason: 'looks odd' },
        { actor: await person(database, 'ops'), now: at },
      );
      break;
    case 'canceled':
      await cancel(database, payoutId, at);
      break;
  }
  return reread(database, payoutId);
}

/** Ends a payout and puts its money back, as an executed override does; a waiting attempt goes with it. */
export async function cancel(database: TestDatabase, payoutId: string, at: Date): Promise<void> {
  await database.db.transaction(async (tx) => {
    const payout = await lockPayout(tx, payoutId);
    const attempt = await lastAttempt(tx, payoutId);
    if (attempt?.status === 'ready') await saveAttempt(tx, attempt.id, { status: 'canceled' });
    await movePayout(tx, payout, 'canceled', { at, kind: 'override_executed', actorLabel: 'test' });
  });
}

/** What a provider pushes about an attempt, as the verb takes it. A fresh event id each time. */
export function providerEvent(
  { attempt }: Pick<Sample, 'attempt'>,
  status: string | null,
  over: { at?: Date; providerPayoutId?: string | null; code?: string | null; id?: string } = {},
): Record<string, unknown> {
  return {
    provider: 'stripe',
    providerEventId: over.id ?? `evt_${newUuid()}`,
    type: `payout.${status ?? 'other'}`,
    occurredAt: over.at ?? NOW,
    providerPayoutId: over.providerPayoutId === undefined ? attempt.providerPayoutId : over.providerPayoutId,
    attemptId: attempt.id,
    status,
    code: over.code ?? null,
    raw: '{}',
  };
}

/** A waiting job of the queue. */
export interface QueuedJob {
  task: string;
  key: string | null;
  payload: unknown;
  runAt: Date;
}

/** The jobs about an attempt (or all), by key. */
export async function jobsOf(database: TestDatabase, attemptId = ''): Promise<QueuedJob[]> {
  const { rows } = await database.owner.query<QueuedJob>(
    `SELECT t.identifier AS task, j.key, j.payload, j.run_at AS "runAt"
     FROM graphile_worker._private_jobs j JOIN graphile_worker._private_tasks t ON t.id = j.task_id
     WHERE $1 = '' OR j.key LIKE '%' || $1 ORDER BY j.key`,
    [attemptId],
  );
  return rows;
}

/** Takes every job out of the queue, as if a worker had died with them. */
export async function loseJobs(database: TestDatabase): Promise<void> {
  await database.owner.query('DELETE FROM graphile_worker._private_jobs');
}

/** The lines of a payout's timeline, oldest first. */
export async function timelineOf(
  database: TestDatabase,
  payoutId: string,
): Promise<{ kind: string; from: string | null; to: string | null; data: Record<string, unknown> }[]> {
  const { rows } = await database.db.query<{
    kind: string;
    from: string | null;
    to: string | null;
    data: Record<string, unknown>;
  }>(`SELECT kind, from_status AS "from", to_status AS "to", data FROM payout_event WHERE payout_id = $1 ORDER BY id`, [
    payoutId,
  ]);
  return rows;
}

/** How many attempts a payout has. */
export async function attemptsOf(database: TestDatabase, payoutId: string): Promise<{ no: number; status: string }[]> {
  const { rows } = await database.db.query<{ no: number; status: string }>(
    'SELECT no, status FROM attempt WHERE payout_id = $1 ORDER BY no',
    [payoutId],
  );
  return rows;
}

/** What a party's wallet holds, minor units. */
export function walletMinor(database: TestDatabase, partyId: string, currency = 'EUR'): Promise<bigint> {
  return balanceOf(database.db, walletOf(partyId), currency);
}

/** Kinds of the journal entries of a payout, oldest first. */
export async function entriesOf(database: TestDatabase, payoutId: string): Promise<string[]> {
  const { rows } = await database.db.query<{ kind: string }>(
    'SELECT kind FROM journal_entry WHERE payout_id = $1 ORDER BY id',
    [payoutId],
  );
  return rows.map((row) => row.kind);
}

/** Turns money movement on or off without a person. */
export async function setPayoutsOn(database: TestDatabase, on: boolean): Promise<void> {
  await database.owner.query(`UPDATE control_switch SET "on" = $1 WHERE name = 'payouts'`, [on]);
}

/** A hold on a merchant (uuid), a rail or a provider, as the database keeps it; returns its id. */
export async function holdOn(
  database: TestDatabase,
  scope: 'merchant' | 'rail' | 'provider',
  value: string,
): Promise<string> {
  const id = newUuid();
  const by = await person(database, 'ops');
  await database.owner.query(
    `INSERT INTO hold (id, scope, value, reason, placed_by, placed_by_id, placed_at) VALUES ($1, $2, $3, 'a test', $4, $5, $6)`,
    [id, scope, value, by.label, by.id, NOW],
  );
  return id;
}

/** An override that waits for its approval, about a payout. */
export async function openOverride(database: TestDatabase, payout: Payout): Promise<string> {
  const id = newUuid();
  const maker = await person(database, 'ops');
  await database.owner.query(
    `INSERT INTO override_policy (version, rules, created_by) VALUES (1, '{}', 'test') ON CONFLICT DO NOTHING`,
  );
  await database.owner.query(
    `INSERT INTO override_request (id, kind, subject_kind, subject_id, subject_version, subject_snapshot, input,
       amount_minor, currency, reason, evidence, maker_id, maker_label, policy_version, approvals_required,
       approver_roles, nonce, content_hash, status, created_at, expires_at)
     VALUES ($1, 'cancel_payout', 'payout', $2, $3, '{}', '{}', $4, $5, 'a test', '[]', $6, $7, 1, 1, '[]', 'n', 'h',
       'requested', $8, $8)`,
    [id, payout.id, payout.version, payout.amount.minor, payout.amount.currency, maker.id, maker.label, NOW],
  );
  return id;
}

/** The code that a promise was refused with, null when it went through; any other error is thrown on. */
export async function refusalOf(work: Promise<unknown>): Promise<RefusalCode | null> {
  try {
    await work;
    return null;
  } catch (error) {
    if (error instanceof Refused) return error.refusal.code;
    throw error;
  }
}

/** Everything that a refused or failed command may not have changed: compare before and after. */
export async function footprint(database: TestDatabase): Promise<Record<string, unknown>> {
  const { rows } = await database.owner.query(
    `SELECT (SELECT count(*) FROM payout) AS payouts, (SELECT count(*) FROM attempt) AS attempts,
       (SELECT count(*) FROM journal_entry) AS entries, (SELECT count(*) FROM posting) AS postings,
       (SELECT count(*) FROM payout_event) AS events, (SELECT count(*) FROM provider_event) AS provider_events,
       (SELECT count(*) FROM graphile_worker._private_jobs) AS jobs, (SELECT count(*) FROM idempotency_key) AS keys,
       (SELECT coalesce(sum(balance_minor), 0)::text FROM account_balance) AS balances,
       (SELECT coalesce(sum(version), 0) FROM payout) AS versions,
       (SELECT md5(coalesce(string_agg(p.id || p.status, ',' ORDER BY p.id), '')) FROM payout p) AS statuses,
       (SELECT md5(coalesce(string_agg(a.id || a.status || a.send_count, ',' ORDER BY a.id), '')) FROM attempt a) AS sends`,
  );
  return rows[0] ?? {};
}
