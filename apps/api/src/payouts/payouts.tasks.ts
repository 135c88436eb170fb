import type { Actor } from '../core/actor.ts';
import { newUuid, toId } from '../core/ids.ts';
import { Refused } from '../core/refusal.ts';
import type { Clock } from '../core/time.ts';
import { enqueueLost } from '../jobs/payout-jobs.ts';
import type { TaskPayloads } from '../jobs/registry.ts';
import type { PspConnector, SendOutcome } from '../psp/connector.ts';
import type { Db } from '../runtime/db.ts';
import type { Log } from '../runtime/log.ts';
import { type Call, execute } from '../runtime/operation.ts';
import { leaveRetry } from './leave-retry.ts';
import { recordProviderAnswer } from './record-provider-answer.ts';
import { recordSendOutcome } from './record-send-outcome.ts';
import { retryPayout } from './retry-payout.ts';
import { findLostWork, LOST_CAUSES, type LostWork, readSend } from './sends.queries.ts';
import { startSend } from './start-send.ts';

export interface PayoutTaskDeps {
  db: Db;
  clock: Clock;
  /** By the provider's name as stored on payouts. */
  connectors: Record<string, PspConnector>;
  log: Log;
  /**
   * A rule of safety that is broken on purpose, so that a chaos run can show that its checker sees what comes of it. Never set
   * outside a test build: `apps/api/bin/chaos-unsafe.ts` is the only one who may.
   */
  unsafe?: Unsafe | null;
}

/** The rules that a test build may break: here "unknown is never failed, and mints no new attempt". */
export type Unsafe = 'unknown_mints_new_attempt';

type Note = (line: string) => void;

/** The background work on payouts, by task name. Each handler returns what the run history keeps. */
export function payoutTasks(deps: PayoutTaskDeps) {
  return {
    'payout.send': (payload: TaskPayloads['payout.send'], note?: Note) => sendPayout(deps, payload.attemptId, note),
    'payout.check': (payload: TaskPayloads['payout.check'], note?: Note) => checkPayout(deps, payload.attemptId, note),
    'payout.retry': (payload: TaskPayloads['payout.retry'], note?: Note) => retryByItself(deps, payload, note),
    detect_stuck_finance_jobs: () => detectStuck(deps),
  };
}

/** How long after the last look at the database a request may leave. A process that slept longer looks again. */
const STALE_LOOK_MS = 30_000;

/**
 * Sends one attempt: marks it as sending, calls the provider with no transaction open, records what came of it. A crash
 * anywhere between leaves the attempt "sending"; the next run, or a check, goes on from there under the same key.
 */
async function sendPayout(deps: PayoutTaskDeps, attemptId: string, note: Note = () => undefined): Promise<unknown> {
  const { db, clock } = deps;
  const asked = await readSend(db, attemptId);
  // Before anything is marked: a provider that this installation cannot call leaves the payout queued, not failed.
  if (asked) connectorOf(deps, asked.payout.provider);
  const lookedAt = clock();
  const { result: step } = await execute(db, startSend, callAt('payout.send', lookedAt), { attemptId });
  if (step.step !== 'send') return step;

  const send = await readSend(db, attemptId);
  if (!send) throw new Error(`attempt ${attemptId} vanished after it was marked as sending`);
  const { payout, attempt } = send;
  if (clock().getTime() - lookedAt.getTime() > STALE_LOOK_MS) {
    throw new Error('This process slept between marking the attempt and sending it: nothing was sent.');
  }
  const outcome = await connectorOf(deps, payout.provider).sendPayout({
    providerKey: attempt.providerKey,
    attemptId: toId('attempt', attempt.id),
    payoutId: toId('payout', payout.id),
    amount: payout.amount,
    rail: payout.rail,
    destinationToken: payout.destination.token,
    descriptor: payout.descriptor,
    metadata: payout.metadata,
  });
  note(`${attempt.providerKey}, send ${attempt.sendCount}: ${outcome.kind}`);
  if (deps.unsafe === 'unknown_mints_new_attempt' && outcome.kind === 'unknown') {
    return breakTheRule(deps, { payoutId: payout.id, attemptId }, outcome);
  }
  const recorded = await execute(db, recordSendOutcome, callAt('payout.send', clock()), { attemptId, outcome });
  return { step: 'sent', outcome: outcome.kind, ...recorded.result };
}

/** Takes a lost answer for "it never left", and sends a new attempt at once: what must never be done, for chaos to be seen. */
async function breakTheRule(
  deps: PayoutTaskDeps,
  of: TaskPayloads['payout.retry'],
  { message }: Extract<SendOutcome, { kind: 'unknown' }>,
): Promise<unknown> {
  const outcome = { kind: 'not_sent' as const, reason: 'unsafe_test_build', message };
  await execute(deps.db, recordSendOutcome, callAt('payout.send', deps.clock()), { attemptId: of.attemptId, outcome });
  return { step: 'sent', outcome: 'unknown', unsafe: await retryByItself(deps, of) };
}

/**
 * Retries a failed payout without a person, when that was scheduled and nobody acted meanwhile. A refusal is kept with its
 * reason, and is no failure of the job: asking the same again would be refused again.
 */
async function retryByItself(
  { db, clock }: PayoutTaskDeps,
  { payoutId, attemptId }: TaskPayloads['payout.retry'],
  note: Note = () => undefined,
): Promise<unknown> {
  const call = callAt('payout.retry', clock());
  try {
    const input = { payoutId: toId('payout', payoutId), automatic: { attemptId } };
    const { result } = await execute(db, retryPayout, call, input);
    return result.plan === null ? { step: 'skip', why: 'no_longer_scheduled' } : { step: 'retried', ...result };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const { code } = error.refusal;
    note(`refused: ${code}`);
    const { result } = await execute(db, leaveRetry, callAt('payout.retry', clock()), { payoutId, attemptId, code });
    return { step: 'refused', code, ...result };
  }
}

/** Asks the provider about one attempt, with no transaction open, and records the answer. */
async function checkPayout(deps: PayoutTaskDeps, attemptId: string, note: Note = () => undefined): Promise<unknown> {
  const { db, clock } = deps;
  const asked = await readSend(db, attemptId);
  if (!asked) return { step: 'skip', why: 'no_such_attempt' };
  const { payout, attempt } = asked;
  // Read before the question: what is sent while the provider answers cannot be in its answer.
  const askedAt = clock();
  const answer = await connectorOf(deps, payout.provider).findPayout({
    attemptId: toId('attempt', attempt.id),
    providerPayoutId: attempt.providerPayoutId,
    currency: payout.amount.currency,
    sentAt: attempt.firstSentAt ?? attempt.createdAt,
    now: askedAt,
  });
  note(`${attempt.providerKey}: ${answer.kind}`);
  const { result } = await execute(db, recordProviderAnswer, callAt('payout.check', clock()), {
    attemptId,
    askedAt,
    answer,
  });
  return { step: 'asked', answer: answer.kind, ...result };
}

/** How many attempts one run gives back to the worker; the next run, a minute later, takes the next. */
const DETECT_LIMIT = 500;

/** Finds the attempts whose job was lost, and gives them a new one. Sends nothing and decides nothing itself. */
async function detectStuck({ db, clock, log }: PayoutTaskDeps): Promise<Record<string, number>> {
  const lost = await findLostWork(db, clock(), DETECT_LIMIT);
  const of = (job: LostWork['job']) => lost.filter((one) => one.job === job);
  const attemptsOf = (job: LostWork['job']) => of(job).map(({ attemptId }) => attemptId);
  await db.transaction((tx) =>
    enqueueLost(tx, {
      sends: attemptsOf('payout.send'),
      checks: attemptsOf('payout.check'),
      retries: of('payout.retry').map(({ payoutId, attemptId }) => ({ payoutId, attemptId })),
    }),
  );
  const counts = Object.fromEntries(
    LOST_CAUSES.map((cause) => [cause, lost.filter((one) => one.cause === cause).length]),
  );
  if (lost.length > 0) log.warn(counts, 'attempts without a job were given one');
  return counts;
}

function connectorOf({ connectors }: PayoutTaskDeps, provider: string): PspConnector {
  const connector = Object.hasOwn(connectors, provider) ? connectors[provider] : undefined;
  if (!connector) throw new Error(`This installation has no connector to the provider "${provider}".`);
  return connector;
}

/** Jobs carry no idempotency key: their verbs decide by the state under the lock, so running twice is running once. */
function callAt(task: string, now: Date): Call {
  const actor: Actor = { kind: 'job', id: task, label: task };
  return { actor, now, request: { requestId: `job_${newUuid()}`, ip: null }, idempotencyKey: null };
}
