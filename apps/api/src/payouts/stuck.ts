import { addBusinessDaysAt, MINUTE_MS } from '../core/time.ts';
import type { Attempt } from './attempt.ts';
import { failureCodeRule } from './failure-codes.ts';
import type { Payout, PayoutStatus, Rail } from './payout.ts';
import type { RetryFacts } from './retry-safety.ts';
import type { Limit, StuckPolicy } from './stuck-policy.ts';

/** When a payout that enters `status` at `at` is late, and when it is stuck; null for both where it may rest. */
export function deadlines(
  { rules }: StuckPolicy,
  rail: Rail,
  status: PayoutStatus,
  at: Date,
): { expectedBy: Date | null; stuckAt: Date | null } {
  const rule = rules.limits[rail][status];
  if (!rule) return { expectedBy: null, stuckAt: null };
  const closed = new Set(rules.calendars[rules.railCalendar[rail] ?? ''] ?? []);
  const after = (limit: Limit) =>
    'minutes' in limit
      ? new Date(at.getTime() + limit.minutes * MINUTE_MS)
      : addBusinessDaysAt(at, limit.businessDays, closed);
  return { expectedBy: after(rule.expected), stuckAt: after(rule.stuck) };
}

export const STUCK_CAUSES = [
  'never_sent',
  'no_answer',
  'provider_slow',
  'webhook_missing',
  'held_too_long',
  'returned_undecided',
  'failed_undecided',
] as const;
export type StuckCause = (typeof STUCK_CAUSES)[number];

export type StuckNext =
  | 'retry'
  | 'checking_at'
  | 'retrying_at'
  | 'check_provider'
  | 'wait'
  | 'correct_destination_or_cancel'
  | 'release_or_cancel'
  | 'release_hold'
  /** An attempt before the last moved the money, so nothing may be sent. */
  | 'settle_by_override'
  | 'resume_payouts';

/** What the badge says. Derived at every read from the clock, never stored. */
export interface Stuck {
  level: 'late' | 'stuck';
  status: PayoutStatus;
  /** When the payout entered its status. */
  since: Date;
  /** When it became late or stuck. */
  limitAt: Date;
  cause: StuckCause;
  /** Failure code, for `failed_undecided` and `returned_undecided`. */
  code: string | null;
  next: StuckNext;
  /** When the provider is asked again, for `checking_at`; when it is retried without a person, for `retrying_at`. */
  nextAt: Date | null;
  policyVersion: number;
}

/** What stops every send of a payout, beside itself. */
export type Stops = Pick<RetryFacts, 'payoutsOn' | 'hold' | 'earlierMoved'>;

const NOTHING_STOPS: Stops = { payoutsOn: true, hold: null, earlierMoved: false };

/** Late past `expectedBy`, stuck past `stuckAt`, else null. */
export function stuckOf(payout: Payout, last: Attempt | null, now: Date, stops: Stops = NOTHING_STOPS): Stuck | null {
  const isStuck = payout.stuckAt !== null && payout.stuckAt < now;
  const isLate = payout.expectedBy !== null && payout.expectedBy < now;
  if (!isStuck && !isLate) return null;
  const limitAt = isStuck ? payout.stuckAt : payout.expectedBy;
  if (!limitAt) return null;
  const cause = causeOf(payout, last);
  const { next, nextAt } = nextOf(payout, cause, last, now, stops);
  return {
    level: isStuck ? 'stuck' : 'late',
    status: payout.status,
    since: payout.statusAt,
    limitAt,
    cause,
    code: payout.failureCode,
    next,
    nextAt,
    policyVersion: payout.stuckPolicyVersion,
  };
}

function causeOf(payout: Payout, last: Attempt | null): StuckCause {
  switch (payout.status) {
    case 'queued':
      return 'never_sent';
    case 'held':
      return 'held_too_long';
    case 'returned':
      return 'returned_undecided';
    case 'failed':
      return 'failed_undecided';
    case 'in_transit':
      // Asked since the limit passed and told "still in transit": slow. Else the news itself may be what is missing.
      return last?.lastAnswer?.kind === 'found' && isAfter(last.lastAskedAt, payout.expectedBy)
        ? 'provider_slow'
        : 'webhook_missing';
    default:
      return 'no_answer';
  }
}

function isAfter(at: Date | null, limit: Date | null): boolean {
  return at !== null && limit !== null && at >= limit;
}

function nextOf(payout: Payout, cause: StuckCause, last: Attempt | null, now: Date, stops: Stops) {
  const say = (next: StuckNext, nextAt: Date | null = null) => ({ next, nextAt });
  const asking = last?.nextCheckAt && last.nextCheckAt > now ? last.nextCheckAt : null;
  // Sending is what comes next, and it is stopped: saying "retry" would send a person to a greyed button.
  const stopped = stops.payoutsOn ? (stops.hold ? say('release_hold') : null) : say('resume_payouts');
  if (stops.earlierMoved && cause !== 'provider_slow' && cause !== 'webhook_missing') return say('settle_by_override');
  switch (cause) {
    case 'never_sent':
      return stopped ?? say('retry');
    case 'no_answer':
      return asking ? say('checking_at', asking) : say('retry');
    case 'provider_slow':
      return asking ? say('checking_at', asking) : say('wait');
    case 'webhook_missing':
      return asking ? say('checking_at', asking) : say('check_provider');
    case 'held_too_long':
      return say('release_or_cancel');
    case 'returned_undecided':
      return say('correct_destination_or_cancel');
    case 'failed_undecided':
      if (last?.nextRetryAt && stopped) return stopped;
      if (last?.nextRetryAt && last.nextRetryAt > now) return say('retrying_at', last.nextRetryAt);
      return failureCodeRule(payout.provider, payout.failureCode ?? '').retryable
        ? say('retry')
        : say('correct_destination_or_cancel');
  }
}
