import type { Actor } from '../core/actor.ts';
import { newUuid, toId } from '../core/ids.ts';
import type { Clock } from '../core/time.ts';
import { enqueueLost } from '../jobs/payout-jobs.ts';
import type { TaskPayloads } from '../jobs/registry.ts';
import type { PspConnector } from '../psp/connector.ts';
import type { Db } from '../runtime/db.ts';
import type { Log } from '../runtime/log.ts';
import { type Call, execute } from '../runtime/operation.ts';
import { recordProviderAnswer } from './record-provider-answer.ts';
import { recordSendOutcome } from './record-send-outcome.ts';
import { findLostWork, LOST_CAUSES, readSend } from './sends.queries.ts';
import { startSend } from './start-send.ts';

export interface PayoutTaskDeps {
  db: Db;
  clock: Clock;
  /** By the provider's name as stored on payouts. */
  connectors: Record<string, PspConnector>;
  log: Log;
}

type Note = (line: string) => void;

/** The background work on payouts, by task name. Each handler returns what the run history keeps. */
export function payoutTasks(deps: PayoutTaskDeps) {
  return {
    'payout.send': (payload: TaskPayloads['payout.send'], note?: Note) => sendPayout(deps, payload.attemptId, note),
    'payout.check': (payload: TaskPayloads['payout.check'], note?: Note) => checkPayout(deps, payload.attemptId, note),
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
  const recorded = await execute(db, recordSendOutcome, callAt('payout.send', clock()), { attemptId, outcome });
  return { step: 'sent', outcome: outcome.kind, ...recorded.result };
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
  const idsOf = (isSend: boolean) =>
    lost.filter(({ cause }) => (cause === 'ready_unsent') === isSend).map(({ attemptId }) => attemptId);
  await db.transaction((tx) => enqueueLost(tx, { sends: idsOf(true), checks: idsOf(false) }));
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
