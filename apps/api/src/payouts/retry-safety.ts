import type { RefusalCode } from '../core/refusal.ts';
import { type Attempt, isInFlight, isProvablyAbsent, isUnanswered } from './attempt.ts';
import { failureCodeRule } from './failure-codes.ts';
import type { Payout } from './payout.ts';

/** A hold that stops a payout without being its own. JSON-plain. */
export interface HoldFact {
  scope: 'merchant' | 'rail' | 'provider';
  reason: string;
  placedBy: string;
}

/** Everything that the decision rests on. Gathered by the caller; taken again under the lock. */
export interface RetryFacts {
  now: Date;
  lastAttempt: Attempt | null;
  /** Whether an attempt before the last, once written off, turned out to have moved money at the provider. */
  earlierMoved: boolean;
  /** Whether money movement is switched on; unknown counts as off. */
  payoutsOn: boolean;
  /** Whether an override on this payout waits for a decision or for its execution. */
  overrideOpen: boolean;
  /** The hold on the payout's merchant, rail or provider, when there is one. */
  hold: HoldFact | null;
  /** How long the provider replays a key (Stripe: 24 h). */
  replayWindowMs: number;
}

/** What a retry would do. */
export type RetryPlan =
  /** Send the attempt that never left us, under its own key. */
  | 'send'
  /** Send the unanswered attempt again under the same key: the provider replays it or runs it once. */
  | 'resend_same_key'
  /** A new attempt with a new key, linked to the old one, which certainly moved no money (an unanswered one is closed as absent). */
  | 'new_attempt'
  /** Ask the provider first; found: adopt, absent: new attempt, no answer: hold. */
  | 'ask_provider';

export type RetryVerdict = 'safe' | 'check_first' | 'unsafe' | 'blocked';

export type RetryCode =
  | 'never_sent'
  | 'attempt_never_left'
  | 'rejected_retryable'
  | 'unanswered_in_window'
  | 'provider_never_saw'
  | 'unanswered_out_of_window'
  | Extract<
      RefusalCode,
      | 'terminal_code'
      | 'money_is_moving'
      | 'already_paid'
      | 'returned_undecided'
      | 'payout_canceled'
      | 'payouts_paused'
      | 'payout_held'
      | 'scope_held'
      | 'override_open'
      | 'retry_in_flight'
    >;

/** The evidence that a person sees before a retry and that is stored with the attempt. JSON-plain. */
export interface RetryProof {
  decidedAt: string;
  attempt: { id: string; no: number; status: string; code: string | null; providerKey: string } | null;
  /** Age of the attempt's key since it was first sent, ms; null when it never was. */
  keyAgeMs: number | null;
  replayWindowMs: number;
  asked: { at: string; answer: unknown } | null;
  earlierMoved: boolean;
  payoutsOn: boolean;
  overrideOpen: boolean;
  hold: HoldFact | null;
}

export interface RetryDecision {
  verdict: RetryVerdict;
  code: RetryCode;
  plan: RetryPlan | null;
  proof: RetryProof;
  /** What to do instead when a retry may not be done. */
  next: 'retry' | 'wait' | 'override' | 'release' | 'resume_payouts' | 'none';
}

/**
 * Whether a payout may be sent again, and how, so that it is never paid twice (domain rules §1, table "retry safety").
 * Pure: it greys the button, fills the preview, and decides again under the lock.
 */
export function decideRetry(payout: Payout, facts: RetryFacts): RetryDecision {
  const proof = proofOf(facts);
  const decide = (verdict: RetryVerdict, code: RetryCode, plan: RetryPlan | null, next: RetryDecision['next']) => ({
    verdict,
    code,
    plan,
    proof,
    next,
  });
  const byStatus = decideByStatus(payout, decide);
  if (byStatus) return byStatus;

  if (facts.earlierMoved) return decide('unsafe', 'already_paid', null, 'override');
  const last = facts.lastAttempt;
  const inFlight = last !== null && isInFlight(last, facts.now);
  // What waits for a worker is stopped by these as well, and nobody should be told to wait for an outcome that cannot come.
  if (!inFlight || last.status === 'ready') {
    if (!facts.payoutsOn) return decide('blocked', 'payouts_paused', null, 'resume_payouts');
    if (facts.hold) return decide('blocked', 'scope_held', null, 'release');
  }
  if (inFlight) return decide('blocked', 'retry_in_flight', null, 'wait');
  if (facts.overrideOpen) return decide('blocked', 'override_open', null, 'override');
  if (!last) return decide('safe', 'never_sent', 'new_attempt', 'retry');

  if (isUnanswered(last)) {
    if (last.lastAnswer?.kind === 'found' && payout.status === 'unconfirmed') {
      // The provider knows it; the answer is about to be adopted, or contradicts us. Never send.
      return decide('unsafe', 'money_is_moving', null, 'wait');
    }
    if (proof.keyAgeMs !== null && proof.keyAgeMs < facts.replayWindowMs) {
      return decide('safe', 'unanswered_in_window', 'resend_same_key', 'retry');
    }
    const waits = payout.status === 'sending' || payout.status === 'unconfirmed';
    return waits && isProvablyAbsent(last, facts.now)
      ? decide('safe', 'provider_never_saw', 'new_attempt', 'retry')
      : decide('check_first', 'unanswered_out_of_window', 'ask_provider', 'retry');
  }
  switch (last.status) {
    case 'ready':
      return decide('safe', 'attempt_never_left', 'send', 'retry');
    case 'not_sent':
      return decide('safe', 'attempt_never_left', 'new_attempt', 'retry');
    case 'absent':
      return decide('safe', 'provider_never_saw', 'new_attempt', 'retry');
    case 'rejected': {
      const { retryable } = failureCodeRule(last.provider, last.code ?? '');
      return retryable
        ? decide('safe', 'rejected_retryable', 'new_attempt', 'retry')
        : decide('unsafe', 'terminal_code', null, 'override');
    }
    case 'paid':
      return decide('unsafe', 'already_paid', null, 'none');
    case 'returned':
      return decide('unsafe', 'returned_undecided', null, 'override');
    case 'canceled':
      return decide('safe', 'attempt_never_left', 'new_attempt', 'retry');
    default:
      return decide('unsafe', 'money_is_moving', null, 'wait');
  }
}

type Decide = (v: RetryVerdict, c: RetryCode, p: RetryPlan | null, n: RetryDecision['next']) => RetryDecision;

function decideByStatus(payout: Payout, decide: Decide): RetryDecision | null {
  switch (payout.status) {
    case 'paid':
      return decide('unsafe', 'already_paid', null, 'none');
    case 'in_transit':
      return decide('unsafe', 'money_is_moving', null, 'wait');
    case 'canceled':
      return decide('unsafe', 'payout_canceled', null, 'none');
    case 'held':
      return decide('blocked', 'payout_held', null, 'release');
    case 'returned':
      return decide('unsafe', 'returned_undecided', null, 'override');
    default:
      return null;
  }
}

function proofOf(facts: RetryFacts): RetryProof {
  const last = facts.lastAttempt;
  return {
    decidedAt: facts.now.toISOString(),
    attempt: last && {
      id: last.id,
      no: last.no,
      status: last.status,
      code: last.code,
      providerKey: last.providerKey,
    },
    keyAgeMs: last?.firstSentAt ? facts.now.getTime() - last.firstSentAt.getTime() : null,
    replayWindowMs: facts.replayWindowMs,
    asked:
      last?.lastAskedAt && !sentSince(last, last.lastAskedAt)
        ? { at: last.lastAskedAt.toISOString(), answer: last.lastAnswer }
        : null,
    earlierMoved: facts.earlierMoved,
    payoutsOn: facts.payoutsOn,
    overrideOpen: facts.overrideOpen,
    hold: facts.hold,
  };
}

/** An answer from before the attempt was last sent says nothing about that send: it is no proof of anything any more. */
function sentSince(attempt: Attempt, askedAt: Date): boolean {
  return attempt.lastSentAt !== null && attempt.lastSentAt > askedAt;
}
