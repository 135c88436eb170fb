import type { RefusalCode } from '../core/refusal.ts';
import { HOUR_MS, MINUTE_MS } from '../core/time.ts';
import type { Attempt } from './attempt.ts';
import { failureCodeRule } from './failure-codes.ts';
import type { Payout } from './payout.ts';

/** How many attempts a payout may get in all before it is a person's (domain rules §1: bounded, default 5). */
export const AUTOMATIC_ATTEMPTS = 5;

/** The longest wait before the second attempt; it doubles with every attempt, up to RETRY_CAP_MS. */
export const RETRY_BASE_MS = MINUTE_MS;
export const RETRY_CAP_MS = HOUR_MS;

/**
 * When the attempt after the `attempts` that a payout has had follows without a person: exponential backoff with full jitter,
 * anywhere from now to the longest wait. `random` is from 0 (inclusive) to 1 (exclusive). Null when it has had its share.
 */
export function nextRetry(attempts: number, now: Date, random: number): Date | null {
  if (attempts >= AUTOMATIC_ATTEMPTS) return null;
  const longest = Math.min(RETRY_CAP_MS, RETRY_BASE_MS * 2 ** Math.max(0, attempts - 1));
  return new Date(now.getTime() + Math.floor(longest * random));
}

/**
 * The jitter of an attempt, from 0 to 1: the random end of its own id. A verb that the database has run twice therefore
 * decides the same, and payouts that failed together do not come back together.
 */
export function jitterOf(attemptId: string): number {
  return Number.parseInt(attemptId.slice(-8), 16) / 2 ** 32;
}

/**
 * When a failed payout is retried without a person; null when it is a person's. Only what `decideRetry` calls safe with a new
 * attempt: the last attempt certainly moved no money, and its cause passes by itself.
 */
export function automaticRetryAt(payout: Payout, attempt: Attempt, now: Date): Date | null {
  if (payout.status !== 'failed' || attempt.no !== payout.attemptCount) return null;
  const passes =
    attempt.status === 'not_sent' ||
    (attempt.status === 'rejected' && failureCodeRule(attempt.provider, attempt.code ?? '').retryable);
  return passes ? nextRetry(payout.attemptCount, now, jitterOf(attempt.id)) : null;
}

/** Whether what refuses a scheduled retry passes without the payout: the retry is then still to come, else it is a person's. */
export function waitsFor(code: RefusalCode): boolean {
  return code === 'payouts_paused' || code === 'scope_held' || code === 'override_open';
}
