import { type Attempt, IN_FLIGHT_MS, isInFlight } from './attempt.ts';
import { saysNothingAboutKey } from './failure-codes.ts';
import type { Payout } from './payout.ts';
import type { ProviderState } from './provider-state.ts';
import type { RetryFacts } from './retry-safety.ts';

export type SendStep = { step: 'send' } | { step: 'skip'; why: string } | { step: 'ask' };

/**
 * Whether an attempt goes on the wire now: the last look before it, under the payout's lock. Never twice at once, never past a
 * switch, a hold, an override or an earlier attempt that moved money, and never under a key that the provider may have forgotten.
 */
export function decideSend(payout: Payout, attempt: Attempt, facts: RetryFacts): SendStep {
  const { now, payoutsOn, hold, overrideOpen, earlierMoved, replayWindowMs } = facts;
  if (!payoutsOn) return { step: 'skip', why: 'payouts_paused' };
  if (hold) return { step: 'skip', why: `${hold.scope}_held` };
  if (attempt.status !== 'ready' && attempt.status !== 'sending')
    return { step: 'skip', why: `attempt_${attempt.status}` };
  if (!['queued', 'sending', 'unconfirmed'].includes(payout.status))
    return { step: 'skip', why: `payout_${payout.status}` };
  // "sending" and recent: another worker has it on the wire right now.
  if (attempt.status === 'sending' && isInFlight(attempt, now)) return { step: 'skip', why: 'on_the_wire' };
  if (overrideOpen) return { step: 'skip', why: 'override_open' };
  if (earlierMoved) return { step: 'skip', why: 'earlier_attempt_moved' };
  if (attempt.firstSentAt === null) return { step: 'send' };
  // The request must arrive within the window, not only leave within it: what a call may take is counted in.
  const age = now.getTime() - attempt.firstSentAt.getTime();
  return age + IN_FLIGHT_MS < replayWindowMs ? { step: 'send' } : { step: 'ask' };
}

/** What the worker brings back from the wire. */
export type SendOutcome =
  | { kind: 'accepted'; providerPayoutId: string; status: ProviderState['status'] }
  | { kind: 'rejected'; code: string; message: string }
  | { kind: 'unknown'; reason: string; message: string }
  | { kind: 'not_sent'; reason: string; message: string };

/**
 * On a resend, "rate limited", "bad key" or "connection refused" tell nothing of what the first send did: still unknown.
 * (Believing them once failed payouts that had been paid.)
 */
export function believed(attempt: Attempt, said: SendOutcome): SendOutcome {
  const resent = attempt.sendCount > 1;
  if (resent && said.kind === 'not_sent') return { kind: 'unknown', reason: said.reason, message: said.message };
  if (
    said.kind === 'rejected' &&
    saysNothingAboutKey(said.code) &&
    (resent || said.code === 'idempotency_key_in_use')
  ) {
    return { kind: 'unknown', reason: said.code, message: said.message };
  }
  return said;
}
