import { DAY_MS, HOUR_MS, MINUTE_MS, startOfDay, utcDate } from '../core/time.ts';
import type { BreakDetail, BreakType, Finding, Risk } from './break.ts';

/** What the payout's own retry decision says, as far as a recommendation needs it. */
export interface RetryAdvice {
  verdict: 'safe' | 'safe_same_key' | 'check_first' | 'unsafe' | 'blocked';
  /** The decision's reason, in its own codes. */
  code: string;
  /** When a blocked retry will be decided anew by itself, if that is known. */
  until?: Date;
}

export type ActionKind = 'retry' | 'check_provider' | 'manual_review' | 'escalate' | 'wait_until';

/** Why the action is recommended; one sentence per code in each language of the console. */
export const ACTION_REASONS = [
  'never_left_retry_safe',
  'same_key_retry_safe',
  'ask_before_retry',
  'paid_here_unknown_there',
  'money_is_moving',
  'destination_needs_correction',
  'retry_blocked',
  'retry_under_way',
  'no_payout_to_retry',
  'debit_unknown_to_us',
  'line_unknown_to_us',
  'amounts_differ',
  'currencies_differ',
  'fees_differ',
  'provider_state_differs',
  'money_out_after_end',
  'money_may_have_left_twice',
  'books_hold_it_twice',
  'accepted_but_not_settled',
  'bank_has_not_shown_it',
  'bank_line_without_owner',
  'next_file_may_show_it',
  'ledger_unbalanced',
  'wallet_negative',
  'balance_differs',
  'drift_far_past_limit',
  'counts_differ',
  'choose_among_candidates',
  'too_many_to_be_real',
] as const;
export type ActionReason = (typeof ACTION_REASONS)[number];

/** What must hold before the action is taken; checked again by the operation itself. */
export type Precondition =
  | 'no_attempt_open'
  | 'payouts_not_paused'
  | 'no_override_open'
  | 'provider_reachable'
  | 'override_approved'
  | 'both_sources_imported'
  | 'payout_blocked_for_retry';

export interface RecommendedAction {
  action: ActionKind;
  /** Only for `wait_until`. */
  until: Date | null;
  why: { code: ActionReason; params: Record<string, string> };
  preconditions: readonly Precondition[];
}

export interface ActionFacts {
  found: Pick<
    Finding,
    'type' | 'detail' | 'unknownDebit' | 'ledgerUnbalanced' | 'negativeWallet' | 'candidateCount' | 'runaway'
  >;
  risk: Risk;
  /** Null when the break is not about exactly one payout. */
  advice: RetryAdvice | null;
  /** When the next file of the source that lacks the line is due; null when none is. */
  nextFileAt: Date | null;
  now: Date;
}

/**
 * What a person should do about a break (domain rules §3). It is a recommendation: the operation behind its button
 * decides again, under its own lock.
 */
export function recommendAction(facts: ActionFacts): RecommendedAction {
  if (facts.found.runaway) {
    return act('escalate', 'too_many_to_be_real', ['both_sources_imported'], { count: `${facts.found.runaway.count}` });
  }
  return BY_TYPE[facts.found.type](facts);
}

/** Files arrive by this hour of the day (UTC), when the daily run reads them. */
const FILES_HOUR_MS = 5 * HOUR_MS + 15 * MINUTE_MS;

/** When the first files after a break was seen are in: until then a missing line may still come. */
export function nextFileAt(openedAt: Date): Date {
  const today = startOfDay(utcDate(openedAt)).getTime() + FILES_HOUR_MS;
  return new Date(today > openedAt.getTime() ? today : today + DAY_MS);
}

const BY_TYPE: Record<BreakType, (facts: ActionFacts) => RecommendedAction> = {
  missing_at_provider: missingAtProvider,
  missing_in_ledger: ({ found }) =>
    found.unknownDebit
      ? act('manual_review', 'debit_unknown_to_us', ['override_approved'])
      : act('manual_review', 'line_unknown_to_us', ['override_approved']),
  amount_mismatch: () => act('manual_review', 'amounts_differ', ['override_approved']),
  currency_mismatch: () => act('manual_review', 'currencies_differ', ['override_approved']),
  status_mismatch: ({ found }) =>
    found.unknownDebit
      ? act('escalate', 'money_out_after_end', ['payout_blocked_for_retry'])
      : act('check_provider', 'provider_state_differs', ['provider_reachable']),
  duplicate_at_provider: () => act('escalate', 'money_may_have_left_twice', ['payout_blocked_for_retry']),
  duplicate_in_ledger: () => act('manual_review', 'books_hold_it_twice', ['override_approved']),
  fee_mismatch: () => act('manual_review', 'fees_differ', []),
  late_settlement: lateSettlement,
  unmatched_bank_line: (facts) =>
    waitForNextFile(facts) ?? act('manual_review', 'bank_line_without_owner', ['both_sources_imported']),
  balance_drift: balanceDrift,
  usage_drift: countDrift,
  counter_drift: countDrift,
  ambiguous: ({ found }) =>
    act('manual_review', 'choose_among_candidates', ['override_approved'], { count: `${found.candidateCount}` }),
};

function missingAtProvider({ advice, now }: ActionFacts): RecommendedAction {
  if (advice === null) return act('manual_review', 'no_payout_to_retry', []);
  const params = { code: advice.code };
  switch (advice.verdict) {
    case 'safe':
      return act('retry', 'never_left_retry_safe', READY_TO_RETRY, params);
    case 'safe_same_key':
      return act('retry', 'same_key_retry_safe', READY_TO_RETRY, params);
    case 'check_first':
      return act('check_provider', 'ask_before_retry', ['provider_reachable'], params);
    case 'unsafe':
      if (advice.code === 'already_paid') {
        return act('check_provider', 'paid_here_unknown_there', ['provider_reachable'], params);
      }
      if (advice.code === 'money_is_moving') {
        return act('check_provider', 'money_is_moving', ['provider_reachable'], params);
      }
      return act('manual_review', 'destination_needs_correction', ['override_approved'], params);
    case 'blocked':
      if (advice.until && advice.until > now) {
        return { ...act('wait_until', 'retry_under_way', [], params), until: advice.until };
      }
      return act('manual_review', 'retry_blocked', [], params);
  }
}

/** The provider has it and the bank does not show it yet, or the provider accepted it and never settled it. */
function lateSettlement(facts: ActionFacts): RecommendedAction {
  const atBank: BreakDetail = 'bank_late';
  if (facts.found.detail !== atBank) {
    return act('check_provider', 'accepted_but_not_settled', ['provider_reachable']);
  }
  return waitForNextFile(facts) ?? act('manual_review', 'bank_has_not_shown_it', ['both_sources_imported']);
}

/** A file that is still to come may explain the line; a HIGH break does not wait for it. */
function waitForNextFile({ risk, nextFileAt, now }: ActionFacts): RecommendedAction | null {
  if (risk === 'HIGH' || nextFileAt === null || nextFileAt <= now) return null;
  return { ...act('wait_until', 'next_file_may_show_it', []), until: nextFileAt };
}

function balanceDrift({ found, risk }: ActionFacts): RecommendedAction {
  if (found.ledgerUnbalanced) return act('escalate', 'ledger_unbalanced', []);
  if (found.negativeWallet) return act('escalate', 'wallet_negative', []);
  return act(risk === 'HIGH' ? 'escalate' : 'manual_review', 'balance_differs', ['override_approved']);
}

function countDrift({ risk }: ActionFacts): RecommendedAction {
  return risk === 'HIGH' ? act('escalate', 'drift_far_past_limit', []) : act('manual_review', 'counts_differ', []);
}

const READY_TO_RETRY: readonly Precondition[] = ['no_attempt_open', 'payouts_not_paused', 'no_override_open'];

function act(
  action: ActionKind,
  code: ActionReason,
  preconditions: readonly Precondition[],
  params: Record<string, string> = {},
): RecommendedAction {
  return { action, until: null, why: { code, params }, preconditions };
}
