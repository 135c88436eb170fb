import { describe, expect, test } from 'vitest';
import { BREAK_TYPES, type BreakType, type Risk } from './break.ts';
import {
  type ActionFacts,
  type ActionKind,
  type ActionReason,
  nextFileAt,
  recommendAction,
} from './recommended-action.ts';

const NOW = new Date('2026-11-20T10:00:00Z');
const LATER = new Date('2026-11-20T18:00:00Z');

type Over = Partial<Omit<ActionFacts, 'found'>> & { found?: Partial<ActionFacts['found']> };

function facts(type: BreakType, over: Over = {}): ActionFacts {
  return {
    risk: 'MED',
    advice: null,
    nextFileAt: null,
    now: NOW,
    ...over,
    found: {
      type,
      detail: 'gross_differs',
      unknownDebit: false,
      ledgerUnbalanced: false,
      negativeWallet: false,
      candidateCount: 0,
      runaway: null,
      ...over.found,
    },
  };
}

const advised = (
  verdict: 'safe' | 'safe_same_key' | 'check_first' | 'unsafe' | 'blocked',
  code: string,
  until?: Date,
) => ({
  advice: { verdict, code, ...(until ? { until } : {}) },
});
const HIGH = { risk: 'HIGH' as Risk };

const TABLE: [BreakType, string, Over, ActionKind, ActionReason][] = [
  ['missing_at_provider', 'safe', advised('safe', 'never_sent'), 'retry', 'never_left_retry_safe'],
  ['missing_at_provider', 'same key', advised('safe_same_key', 'x'), 'retry', 'same_key_retry_safe'],
  ['missing_at_provider', 'check first', advised('check_first', 'x'), 'check_provider', 'ask_before_retry'],
  ['missing_at_provider', 'paid here', advised('unsafe', 'already_paid'), 'check_provider', 'paid_here_unknown_there'],
  ['missing_at_provider', 'moving', advised('unsafe', 'money_is_moving'), 'check_provider', 'money_is_moving'],
  [
    'missing_at_provider',
    'terminal',
    advised('unsafe', 'terminal_code'),
    'manual_review',
    'destination_needs_correction',
  ],
  ['missing_at_provider', 'blocked', advised('blocked', 'payouts_paused'), 'manual_review', 'retry_blocked'],
  ['missing_at_provider', 'under way', advised('blocked', 'retry_in_flight', LATER), 'wait_until', 'retry_under_way'],
  [
    'missing_at_provider',
    'was under way',
    advised('blocked', 'retry_in_flight', NOW),
    'manual_review',
    'retry_blocked',
  ],
  ['missing_at_provider', 'no payout', {}, 'manual_review', 'no_payout_to_retry'],
  ['missing_in_ledger', 'a debit', { found: { unknownDebit: true } }, 'manual_review', 'debit_unknown_to_us'],
  ['missing_in_ledger', 'a credit', {}, 'manual_review', 'line_unknown_to_us'],
  ['amount_mismatch', '', {}, 'manual_review', 'amounts_differ'],
  ['currency_mismatch', '', {}, 'manual_review', 'currencies_differ'],
  ['status_mismatch', '', {}, 'check_provider', 'provider_state_differs'],
  ['status_mismatch', 'money out', { found: { unknownDebit: true } }, 'escalate', 'money_out_after_end'],
  ['duplicate_at_provider', '', {}, 'escalate', 'money_may_have_left_twice'],
  ['duplicate_in_ledger', '', {}, 'manual_review', 'books_hold_it_twice'],
  ['fee_mismatch', '', {}, 'manual_review', 'fees_differ'],
  [
    'late_settlement',
    'provider',
    { found: { detail: 'accepted_not_settled' } },
    'check_provider',
    'accepted_but_not_settled',
  ],
  ['late_settlement', 'bank', { found: { detail: 'bank_late' } }, 'manual_review', 'bank_has_not_shown_it'],
  [
    'late_settlement',
    'bank, file due',
    { found: { detail: 'bank_late' }, nextFileAt: LATER },
    'wait_until',
    'next_file_may_show_it',
  ],
  ['unmatched_bank_line', '', {}, 'manual_review', 'bank_line_without_owner'],
  ['unmatched_bank_line', 'file due', { nextFileAt: LATER }, 'wait_until', 'next_file_may_show_it'],
  ['unmatched_bank_line', 'file due now', { nextFileAt: NOW }, 'manual_review', 'bank_line_without_owner'],
  [
    'unmatched_bank_line',
    'HIGH does not wait',
    { ...HIGH, nextFileAt: LATER },
    'manual_review',
    'bank_line_without_owner',
  ],
  ['balance_drift', '', {}, 'manual_review', 'balance_differs'],
  ['balance_drift', 'HIGH', HIGH, 'escalate', 'balance_differs'],
  ['balance_drift', 'unbalanced', { found: { ledgerUnbalanced: true } }, 'escalate', 'ledger_unbalanced'],
  ['balance_drift', 'negative', { found: { negativeWallet: true } }, 'escalate', 'wallet_negative'],
  ['usage_drift', '', {}, 'manual_review', 'counts_differ'],
  ['usage_drift', 'HIGH', HIGH, 'escalate', 'drift_far_past_limit'],
  ['counter_drift', '', {}, 'manual_review', 'counts_differ'],
  ['counter_drift', 'HIGH', HIGH, 'escalate', 'drift_far_past_limit'],
  ['ambiguous', '', { found: { candidateCount: 3 } }, 'manual_review', 'choose_among_candidates'],
];

describe('every break type', () => {
  test.each(TABLE)('%s %s', (type, _, over, action, reason) => {
    const seen = recommendAction(facts(type, over));
    expect([seen.action, seen.why.code]).toEqual([action, reason]);
    expect(seen.until).toEqual(action === 'wait_until' ? LATER : null);
  });

  test('the table covers all of them', () => {
    expect(new Set(TABLE.map(([type]) => type))).toEqual(new Set(BREAK_TYPES));
  });
});

test('a retry is recommended only when the payout itself says it is safe', () => {
  for (const type of BREAK_TYPES) {
    for (const verdict of ['check_first', 'unsafe', 'blocked'] as const) {
      expect(recommendAction(facts(type, advised(verdict, 'terminal_code'))).action).not.toBe('retry');
    }
  }
});

test('a retry names its preconditions, and the reason carries the decision it rests on', () => {
  expect(recommendAction(facts('missing_at_provider', advised('safe', 'never_sent')))).toMatchObject({
    why: { params: { code: 'never_sent' } },
    preconditions: ['no_attempt_open', 'payouts_not_paused', 'no_override_open'],
  });
});

test('a runaway of any type is escalated', () => {
  const runaway = { count: 240, differences: [], sample: [] };
  for (const type of BREAK_TYPES) {
    const seen = recommendAction(facts(type, { found: { runaway } }));
    expect(seen).toMatchObject({ action: 'escalate', why: { code: 'too_many_to_be_real', params: { count: '240' } } });
  }
});

test('the next files are those of the next morning', () => {
  const at = (text: string) => new Date(`2026-11-${text}:00Z`);
  expect(nextFileAt(at('20T05:14'))).toEqual(at('20T05:15'));
  expect(nextFileAt(at('20T05:15'))).toEqual(at('21T05:15'));
  expect(nextFileAt(at('20T23:59'))).toEqual(at('21T05:15'));
});
