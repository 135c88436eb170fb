import { toId } from '../core/ids.ts';

export const ATTEMPT_STATUSES = [
  'ready',
  'sending',
  'unknown',
  'accepted',
  'paid',
  'rejected',
  'not_sent',
  'absent',
  'returned',
  'canceled',
] as const;
export type AttemptStatus = (typeof ATTEMPT_STATUSES)[number];

/** Statuses in which an attempt may still move money; at most one such attempt a payout (a partial unique index). */
export const OPEN_ATTEMPT: ReadonlySet<AttemptStatus> = new Set(['ready', 'sending', 'unknown', 'accepted']);

/** What the provider answered when it was last asked about an attempt. */
export interface AskedAnswer {
  kind: 'found' | 'absent' | 'no_answer';
  status?: string;
  code?: string | null;
  detail?: string;
}

/** One try at a provider. */
export interface Attempt {
  id: string;
  payoutId: string;
  no: number;
  provider: string;
  /** Idempotency key at the provider: minted once with the attempt, contains no time, never changes. */
  providerKey: string;
  status: AttemptStatus;
  code: string | null;
  message: string | null;
  providerPayoutId: string | null;
  previousId: string | null;
  requestedBy: string;
  /** What the decision to make or resend this attempt rested on. */
  proof: unknown;
  createdAt: Date;
  /** When it was last given to the worker. */
  queuedAt: Date;
  firstSentAt: Date | null;
  lastSentAt: Date | null;
  sendCount: number;
  checkCount: number;
  answeredAt: Date | null;
  lastAskedAt: Date | null;
  lastAnswer: AskedAnswer | null;
  nextCheckAt: Date | null;
  /** When another attempt follows this rejected one without a person. */
  nextRetryAt: Date | null;
  /** Whether a job minted it, without a person. */
  automatic: boolean;
}

/** The provider key of an attempt: its public id, which no second attempt can share. */
export function providerKeyOf(attemptId: string): string {
  return toId('attempt', attemptId);
}

/** How long a request may be on the wire or wait for a worker before it counts as lost. Provider calls time out at 30 s. */
export const IN_FLIGHT_MS = 120_000;

/** Whether the attempt was handed to the worker or the wire so recently that its outcome is still to be expected. */
export function isInFlight(attempt: Attempt, now: Date): boolean {
  if (attempt.status === 'ready') return now.getTime() - attempt.queuedAt.getTime() < IN_FLIGHT_MS;
  if (attempt.status !== 'sending') return false;
  const since = attempt.lastSentAt ?? attempt.queuedAt;
  return now.getTime() - since.getTime() < IN_FLIGHT_MS;
}

/** Whether the attempt may have reached the provider without an answer to us: unknown, or lost on the wire. */
export function isUnanswered(attempt: Attempt): boolean {
  if (attempt.status === 'unknown' || attempt.status === 'sending') return true;
  return attempt.status === 'ready' && attempt.firstSentAt !== null;
}

/** How long a request whose answer was lost may still be held back by the network before an absence counts. */
export const SETTLE_MS = 45_000;

/** Whether no request of the attempt can have arrived after the provider was asked at `askedAt`: only then does an absence count. */
export function isSettled(attempt: Attempt, askedAt: Date): boolean {
  if (attempt.lastSentAt === null) return false;
  const quiet = askedAt.getTime() - attempt.lastSentAt.getTime();
  return quiet >= (attempt.status === 'sending' ? IN_FLIGHT_MS : SETTLE_MS);
}

/** How long an absence is fresh enough to send a new attempt on. */
export const FRESH_ANSWER_MS = 120_000;

/**
 * Whether the provider, asked a moment ago, provably never saw an attempt: it answered "absent", long enough after the last
 * send that no request can have arrived since, and no acceptance of it was ever seen.
 */
export function isProvablyAbsent(attempt: Attempt, now: Date): boolean {
  const { lastAnswer, lastAskedAt } = attempt;
  if (lastAnswer?.kind !== 'absent' || lastAskedAt === null || attempt.providerPayoutId !== null) return false;
  const age = now.getTime() - lastAskedAt.getTime();
  return age >= 0 && age <= FRESH_ANSWER_MS && isSettled(attempt, lastAskedAt);
}

/** When the provider is asked again about an unanswered attempt, after `checks` asks: 1, 5, 15, 60, 240 min; then a person's. */
export const CHECK_DELAYS_MS = [60_000, 300_000, 900_000, 3_600_000, 14_400_000] as const;

export function nextCheck(checks: number, now: Date): Date | null {
  const delay = CHECK_DELAYS_MS[checks];
  return delay === undefined ? null : new Date(now.getTime() + delay);
}
