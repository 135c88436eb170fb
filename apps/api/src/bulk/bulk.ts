import { type Refusal, type RefusalCode, refusal } from '../core/refusal.ts';
import { MINUTE_MS } from '../core/time.ts';
import type { Permission } from '../identity/permission.ts';
import type { Attempt } from '../payouts/attempt.ts';
import { highValueTable } from '../payouts/high-value.ts';
import type { Payout, PayoutStatus } from '../payouts/payout.ts';
import type { RetryDecision } from '../payouts/retry-safety.ts';

/** What can be done to many payouts at once. */
export const BULK_ACTS = ['retry', 'check', 'assign', 'hold'] as const;
export type BulkAct = (typeof BULK_ACTS)[number];

/** The permission that each act needs on its own; `payout:bulk` is needed besides. */
export const ACT_PERMISSION = {
  retry: 'payout:retry',
  check: 'payout:check',
  assign: 'payout:assign',
  hold: 'payout:hold',
} as const satisfies Record<BulkAct, Permission>;

export const BULK_STATUSES = ['previewed', 'running', 'paused', 'canceling', 'canceled', 'done', 'discarded'] as const;
export type BulkStatus = (typeof BULK_STATUSES)[number];

/** How a run moves, and no other way. What has ended stays as it ended. */
export const BULK_TRANSITIONS: Record<BulkStatus, readonly BulkStatus[]> = {
  previewed: ['running', 'discarded'],
  running: ['paused', 'canceling', 'done'],
  paused: ['running', 'canceling'],
  canceling: ['canceled', 'done'],
  canceled: [],
  done: [],
  discarded: [],
};

/** What the preview says will become of a payout. `skipped` never runs, and carries the reason. */
export const PLANNED = [
  'retry_new_attempt',
  'retry_same_key',
  'send',
  'check_first',
  'check',
  'assign',
  'hold',
  'skipped',
] as const;
export type Planned = (typeof PLANNED)[number];

/**
 * What became of an item: `done`, its command went through (a retry's attempt is made; what the provider says of it is the
 * payout's own story); `skipped`, it changed since the preview or may not be done by this person; `failed`, it was tried and a
 * rule or an error stood in the way; `canceled`, the rest was canceled first.
 */
export const OUTCOMES = ['done', 'skipped', 'failed', 'canceled'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Payouts in one run at most. */
export const BULK_LIMIT = 10_000;

/** How long a preview may be confirmed. After that, what it says is too old to act on. */
export const PREVIEW_MS = 15 * MINUTE_MS;

/** Above this many payouts, the number has to be typed. */
export const TYPED_ABOVE = 10;

/** What an act takes beside the payouts. JSON-plain, as it is stored. */
export interface BulkInput {
  /** For `assign`: a person's uuid, or null for nobody. */
  assigneeId?: string | null;
  /** For `hold`. */
  reason?: string;
}

/** A run without its items. */
export interface BulkRun {
  id: string;
  act: BulkAct;
  input: BulkInput;
  /** What the queue was asked for; to show, never to run. */
  asked: unknown;
  status: BulkStatus;
  parentId: string | null;
  createdBy: string;
  createdLabel: string;
  createdAt: Date;
  confirmedAt: Date | null;
  finishedAt: Date | null;
  itemCount: number;
  /** How many of the items are to be run, with their sums. */
  runnableCount: number;
  sums: Sum[];
  counts: Record<Outcome, number>;
  leasedBy: string | null;
  leasedUntil: Date | null;
  version: number;
}

/** An amount per currency, minor units as text. */
export interface Sum {
  currency: string;
  amountMinor: string;
}

export interface Plan {
  planned: Planned;
  /** Why: the decision's code, or the refusal for which it is skipped; null where there is nothing to say. */
  code: string | null;
}

/** What a plan rests on: a payout as it was read for the preview. */
export interface PlanFacts {
  payout: Payout;
  last: Attempt | null;
  decision: RetryDecision;
}

const RETRY_PLANS = {
  new_attempt: 'retry_new_attempt',
  resend_same_key: 'retry_same_key',
  send: 'send',
  ask_provider: 'check_first',
} as const satisfies Record<NonNullable<RetryDecision['plan']>, Planned>;

/** What the act would do with one payout now. The verb itself decides again, under the payout's lock, when its turn comes. */
export function planItem(act: BulkAct, input: BulkInput, { payout, last, decision }: PlanFacts): Plan {
  switch (act) {
    case 'retry':
      return decision.plan && (decision.verdict === 'safe' || decision.verdict === 'check_first')
        ? { planned: RETRY_PLANS[decision.plan], code: decision.code }
        : { planned: 'skipped', code: decision.code };
    case 'check':
      return last?.firstSentAt ? { planned: 'check', code: null } : { planned: 'skipped', code: 'never_sent' };
    case 'assign':
      return payout.assigneeId === (input.assigneeId ?? null)
        ? { planned: 'skipped', code: 'already_assigned' }
        : { planned: 'assign', code: null };
    case 'hold':
      return payout.status === 'queued'
        ? { planned: 'hold', code: null }
        : { planned: 'skipped', code: payout.status === 'held' ? 'payout_held' : 'status_forbids' };
  }
}

/** A payout as the preview freezes it. */
export interface FrozenItem extends Plan {
  payoutId: string;
  version: number;
  amountMinor: bigint;
  currency: string;
}

export function frozen(act: BulkAct, input: BulkInput, facts: PlanFacts): FrozenItem {
  const { payout } = facts;
  return {
    payoutId: payout.id,
    version: payout.version,
    amountMinor: payout.amount.minor,
    currency: payout.amount.currency,
    ...planItem(act, input, facts),
  };
}

/** Adds amounts up, currency by currency, in the order of the codes. */
export function sumUp(items: readonly { amountMinor: bigint; currency: string }[]): Sum[] {
  const totals = new Map<string, bigint>();
  for (const { amountMinor, currency } of items) totals.set(currency, (totals.get(currency) ?? 0n) + amountMinor);
  return [...totals]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([currency, minor]) => ({ currency, amountMinor: minor.toString() }));
}

/** Whether the number has to be typed: more than ten payouts, or a sum of high value in its currency. */
export function needsTyping({ runnableCount, sums }: Pick<BulkRun, 'runnableCount' | 'sums'>): boolean {
  const limits = highValueTable() as Readonly<Record<string, string>>;
  return (
    runnableCount > TYPED_ABOVE ||
    // A currency without a limit is one that nobody has weighed: it is typed.
    sums.some(({ currency, amountMinor }) => BigInt(amountMinor) >= BigInt(limits[currency] ?? '0'))
  );
}

export function isFinished({ status }: Pick<BulkRun, 'status'>): boolean {
  return BULK_TRANSITIONS[status].length === 0;
}

/** Whether the preview can still be confirmed at `now`. */
export function isExpired({ createdAt }: Pick<BulkRun, 'createdAt'>, now: Date): boolean {
  return now.getTime() - createdAt.getTime() >= PREVIEW_MS;
}

/** Whether a run may go from its status to `to`, or the refusal that says no. */
export function decideMove({ status }: Pick<BulkRun, 'status'>, to: BulkStatus): Refusal | null {
  return BULK_TRANSITIONS[status].includes(to) ? null : refusal('bulk_not_open', { status });
}

/** Whether `personId` may confirm the preview now. Only who has seen it confirms it: it runs in their name. */
export function decideConfirm(run: BulkRun, personId: string, now: Date): Refusal | null {
  if (run.status !== 'previewed') return refusal('bulk_not_open', { status: run.status });
  if (run.createdBy !== personId) return refusal('not_the_owner');
  if (isExpired(run, now)) return refusal('preview_expired');
  return run.runnableCount === 0 ? refusal('nothing_to_run') : null;
}

/** Whether a paused run may go on. A preview does not go on: it is confirmed. */
export function decideResume({ status }: Pick<BulkRun, 'status'>): Refusal | null {
  return status === 'paused' ? null : refusal('bulk_not_open', { status });
}

/** Whether `personId` may put the preview away. */
export function decideDiscard(run: BulkRun, personId: string): Refusal | null {
  return decideMove(run, 'discarded') ?? (run.createdBy === personId ? null : refusal('not_the_owner'));
}

/**
 * Whether "retry failed only" takes an item: its command failed, or it is a retry that was made and has failed again at the
 * provider since. `statusNow` is the payout's.
 */
export function countsAsFailed(act: BulkAct, outcome: Outcome | null, statusNow: PayoutStatus): boolean {
  return outcome === 'failed' || (act === 'retry' && outcome === 'done' && statusNow === 'failed');
}

/** Whether what failed may be taken up again, when `failed` items would be. A run that goes on is not judged yet. */
export function decideRetryFailed(run: BulkRun, failed: number): Refusal | null {
  if (run.status !== 'done' && run.status !== 'canceled') return refusal('bulk_not_open', { status: run.status });
  return failed === 0 ? refusal('nothing_failed') : null;
}

/** Refusals that mean that this payout, or this person, is no longer as it was when the preview was confirmed. */
const SKIPS: ReadonlySet<RefusalCode> = new Set(['version_conflict', 'permission_missing', 'not_found']);

/** What an item's refusal makes of it. */
export function outcomeOfRefusal(code: RefusalCode): { outcome: Outcome; code: string } {
  return { outcome: SKIPS.has(code) ? 'skipped' : 'failed', code };
}

/** How often an error of ours is tried again under the same key, before the item is given up and the rest goes on. */
export const MAX_TRIES = 3;

/** The idempotency key of an item: whoever runs it, and however often, its command is carried out once. */
export function itemKey(publicRunId: string, position: number): string {
  return `bulk:${publicRunId}:${position}`;
}
