import { addBusinessDaysAt, HOUR_MS, MINUTE_MS } from '../core/time.ts';
import type { Attempt } from './attempt.ts';
import { failureCodeRule } from './failure-codes.ts';
import type { Payout, PayoutStatus, Rail } from './payout.ts';

/** How long a payout may stay in a status: `ms` of clock time, or business days on the bank rails. */
type Limit = { ms: number } | { businessDays: number };

interface StuckRule {
  expected: Limit;
  stuck: Limit;
}

const minutes = (n: number): Limit => ({ ms: n * MINUTE_MS });
const hours = (n: number): Limit => ({ ms: n * HOUR_MS });
const businessDays = (n: number): Limit => ({ businessDays: n });

export const STUCK_POLICY_VERSION = 1;

const IN_TRANSIT: Record<Rail, StuckRule> = {
  instant: { expected: minutes(10), stuck: minutes(30) },
  card_push: { expected: minutes(30), stuck: hours(2) },
  local: { expected: hours(4), stuck: hours(24) },
  sepa: { expected: businessDays(1), stuck: businessDays(2) },
  wire: { expected: businessDays(1), stuck: businessDays(2) },
  ach: { expected: businessDays(2), stuck: businessDays(4) },
};

const ANY_RAIL: Partial<Record<PayoutStatus, StuckRule>> = {
  queued: { expected: minutes(2), stuck: minutes(15) },
  sending: { expected: minutes(2), stuck: minutes(15) },
  unconfirmed: { expected: minutes(5), stuck: minutes(15) },
  failed: { expected: hours(4), stuck: hours(8) },
  returned: { expected: hours(4), stuck: hours(24) },
  held: { expected: hours(24), stuck: hours(48) },
};

/** When a payout that enters `status` at `at` is late, and when it is stuck; null for both where it may rest. */
export function deadlines(
  rail: Rail,
  status: PayoutStatus,
  at: Date,
): { expectedBy: Date | null; stuckAt: Date | null } {
  const rule = status === 'in_transit' ? IN_TRANSIT[rail] : ANY_RAIL[status];
  if (!rule) return { expectedBy: null, stuckAt: null };
  return { expectedBy: after(at, rule.expected), stuckAt: after(at, rule.stuck) };
}

function after(at: Date, limit: Limit): Date {
  return 'ms' in limit ? new Date(at.getTime() + limit.ms) : addBusinessDaysAt(at, limit.businessDays);
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
  | 'check_provider'
  | 'wait'
  | 'correct_destination_or_cancel'
  | 'release_or_cancel';

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
  /** When the provider is asked again, for `checking_at`. */
  nextAt: Date | null;
  policyVersion: number;
}

/** Late past `expectedBy`, stuck past `stuckAt`, else null. */
export function stuckOf(payout: Payout, last: Attempt | null, now: Date): Stuck | null {
  const isStuck = payout.stuckAt !== null && payout.stuckAt < now;
  const isLate = payout.expectedBy !== null && payout.expectedBy < now;
  if (!isStuck && !isLate) return null;
  const limitAt = isStuck ? payout.stuckAt : payout.expectedBy;
  if (!limitAt) return null;
  const cause = causeOf(payout, last);
  const { next, nextAt } = nextOf(payout, cause, last, now);
  return {
    level: isStuck ? 'stuck' : 'late',
    status: payout.status,
    since: payout.statusAt,
    limitAt,
    cause,
    code: payout.failureCode,
    next,
    nextAt,
    policyVersion: STUCK_POLICY_VERSION,
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

function nextOf(payout: Payout, cause: StuckCause, last: Attempt | null, now: Date) {
  const say = (next: StuckNext, nextAt: Date | null = null) => ({ next, nextAt });
  const asking = last?.nextCheckAt && last.nextCheckAt > now ? last.nextCheckAt : null;
  switch (cause) {
    case 'never_sent':
      return say('retry');
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
      return failureCodeRule(payout.provider, payout.failureCode ?? '').retryable
        ? say('retry')
        : say('correct_destination_or_cancel');
  }
}
