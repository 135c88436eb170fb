import { describe, expect, test } from 'vitest';
import { MINUTE_MS } from '../core/time.ts';
import { ATTEMPT_STATUSES, type Attempt, type AttemptStatus } from '../payouts/attempt.ts';
import { canMove, PAYOUT_STATUSES, type PayoutStatus } from '../payouts/payout.ts';
import { ago, anAttempt, aPayout, someFacts } from '../testing/payout-samples.ts';
import { OVERRIDE_KINDS, type OverrideKind } from './override.ts';
import { closesAttempt, decideEffect, EFFECTS, previewOf } from './override-effects.ts';

/** The attempt that a payout in this status normally ends with. */
const LAST: Record<PayoutStatus, Partial<Attempt> | null> = {
  queued: { status: 'ready' },
  sending: { status: 'sending', firstSentAt: ago(10 * MINUTE_MS), lastSentAt: ago(10 * MINUTE_MS) },
  unconfirmed: { status: 'unknown', firstSentAt: ago(10 * MINUTE_MS), lastSentAt: ago(10 * MINUTE_MS) },
  in_transit: { status: 'accepted' },
  paid: { status: 'paid' },
  failed: { status: 'rejected', code: 'account_closed' },
  returned: { status: 'returned' },
  held: { status: 'canceled' },
  canceled: { status: 'canceled' },
};

function decide(kind: OverrideKind, status: PayoutStatus, last = LAST[status], over = {}) {
  const facts = someFacts({ lastAttempt: last && anAttempt(last), ...over });
  return decideEffect(kind, aPayout({ status }), facts)?.code ?? null;
}

describe('which status allows which kind', () => {
  const table: Record<PayoutStatus, Record<OverrideKind, string | null>> = {
    queued: {
      mark_payout_paid: 'status_forbids',
      cancel_payout: null,
      force_retry: 'already_queued',
      release_hold: 'status_forbids',
    },
    sending: {
      mark_payout_paid: null,
      cancel_payout: 'check_first',
      force_retry: 'check_first',
      release_hold: 'check_first',
    },
    unconfirmed: {
      mark_payout_paid: null,
      cancel_payout: 'check_first',
      force_retry: 'check_first',
      release_hold: 'check_first',
    },
    in_transit: {
      mark_payout_paid: null,
      cancel_payout: 'money_is_moving',
      force_retry: 'money_is_moving',
      release_hold: 'money_is_moving',
    },
    paid: {
      mark_payout_paid: 'already_paid',
      cancel_payout: 'already_paid',
      force_retry: 'already_paid',
      release_hold: 'already_paid',
    },
    failed: {
      mark_payout_paid: 'status_forbids',
      cancel_payout: null,
      force_retry: null,
      release_hold: 'status_forbids',
    },
    returned: {
      mark_payout_paid: 'status_forbids',
      cancel_payout: null,
      force_retry: null,
      release_hold: 'status_forbids',
    },
    held: { mark_payout_paid: 'status_forbids', cancel_payout: null, force_retry: 'payout_held', release_hold: null },
    canceled: {
      mark_payout_paid: 'payout_canceled',
      cancel_payout: 'payout_canceled',
      force_retry: 'payout_canceled',
      release_hold: 'payout_canceled',
    },
  };
  test.each(PAYOUT_STATUSES)('%s', (status) => {
    const decided = Object.fromEntries(OVERRIDE_KINDS.map((kind) => [kind, decide(kind, status)]));
    expect(decided).toEqual(table[status]);
  });

  test('every effect is a move that payouts know', () => {
    for (const kind of OVERRIDE_KINDS) {
      for (const from of EFFECTS[kind].from) expect(canMove(from, EFFECTS[kind].to), `${kind} from ${from}`).toBe(true);
    }
  });
});

describe('money that may have moved is never sent again or given back', () => {
  const guarded: [OverrideKind, PayoutStatus][] = [
    ['cancel_payout', 'queued'],
    ['cancel_payout', 'held'],
    ['cancel_payout', 'failed'],
    ['cancel_payout', 'returned'],
    ['force_retry', 'failed'],
    ['force_retry', 'returned'],
    ['release_hold', 'held'],
  ];
  const moved: [AttemptStatus, string][] = [
    ['unknown', 'check_first'],
    ['sending', 'check_first'],
    ['accepted', 'money_is_moving'],
    ['paid', 'already_paid'],
  ];
  test.each(
    guarded.flatMap(([kind, status]) => moved.map(([attempt, code]) => [kind, status, attempt, code] as const)),
  )('%s on %s with an attempt %s: %s', (kind, status, attempt, code) => {
    expect(
      decide(kind, status, { status: attempt, firstSentAt: ago(10 * MINUTE_MS), lastSentAt: ago(10 * MINUTE_MS) }),
    ).toBe(code);
  });

  test.each(guarded)('%s on %s when an earlier attempt moved it', (kind, status) => {
    expect(decide(kind, status, LAST[status], { earlierMoved: true })).toBe('already_paid');
  });

  test('an attempt that is ready again after it was sent counts as unanswered', () => {
    expect(decide('cancel_payout', 'queued', { status: 'ready', firstSentAt: ago(1) })).toBe('check_first');
  });

  test.each(ATTEMPT_STATUSES)('force_retry after an attempt %s never makes a second open one', (status) => {
    const code = decide('force_retry', 'failed', { status, code: 'account_closed' });
    if (['ready', 'sending', 'unknown', 'accepted'].includes(status)) expect(code).not.toBeNull();
  });
});

describe('finer points', () => {
  test.each<[PayoutStatus, Partial<Attempt>]>([
    ['sending', { status: 'sending', lastSentAt: ago(1_000), firstSentAt: ago(1_000) }],
    ['unconfirmed', { status: 'sending', lastSentAt: ago(1_000), firstSentAt: ago(1_000) }],
    ['unconfirmed', { status: 'ready', queuedAt: ago(1_000), firstSentAt: ago(10 * MINUTE_MS) }],
  ])('while it is on the wire (%s), nothing is marked paid', (status, last) => {
    expect(decide('mark_payout_paid', status, last)).toBe('retry_in_flight');
  });

  test('force_retry is for what a retry does not do: a retryable code needs no override', () => {
    expect(decide('force_retry', 'failed', { status: 'rejected', code: 'insufficient_funds' })).toBe('retry_suffices');
    expect(decide('force_retry', 'failed', { status: 'rejected', code: 'a code of no table' })).toBeNull();
  });

  test.each<[OverrideKind, PayoutStatus, string | null]>([
    ['force_retry', 'failed', 'payouts_paused'],
    ['release_hold', 'held', 'payouts_paused'],
    ['cancel_payout', 'held', null],
    ['mark_payout_paid', 'unconfirmed', null],
  ])('with sending switched off, %s: %s', (kind, status, code) => {
    expect(decide(kind, status, LAST[status], { payoutsOn: false })).toBe(code);
  });

  test('what becomes of the last attempt', () => {
    expect(closesAttempt('mark_payout_paid', anAttempt({ status: 'unknown' }))).toBe('paid');
    expect(closesAttempt('cancel_payout', anAttempt({ status: 'ready' }))).toBe('canceled');
    expect(closesAttempt('cancel_payout', anAttempt({ status: 'rejected' }))).toBeNull();
    expect(closesAttempt('force_retry', anAttempt({ status: 'rejected' }))).toBeNull();
    expect(closesAttempt('cancel_payout', null)).toBeNull();
  });
});

describe('the preview', () => {
  const facts = {
    inFlightMinor: 12_500n,
    clearingMinor: -100_000n,
    walletMinor: 700n,
    partyName: 'Kadıköy Seramik',
    breaks: [{ id: 'br_1', type: 'missing_at_provider', risk: 'HIGH', status: 'open' }],
  };
  const preview = (kind: OverrideKind, status: PayoutStatus, over = {}) =>
    previewOf(kind, aPayout({ status }), { ...facts, ...over });
  const amounts = (kind: OverrideKind, status: PayoutStatus, over = {}) =>
    Object.fromEntries(
      (preview(kind, status, over) ?? []).flatMap((line) =>
        'beforeMinor' in line ? [[line.what, [line.beforeMinor, line.afterMinor]]] : [],
      ),
    );

  test('marking paid takes it out of flight and off what we hold at the provider; the break waits for the next run', () => {
    expect(preview('mark_payout_paid', 'unconfirmed')).toEqual([
      { what: 'payout_status', before: 'unconfirmed', after: 'paid' },
      { what: 'in_flight', currency: 'EUR', beforeMinor: '12500', afterMinor: '0' },
      { what: 'clearing', provider: 'stripe', currency: 'EUR', beforeMinor: '-100000', afterMinor: '-112500' },
      { what: 'wallet', party: 'Kadıköy Seramik', currency: 'EUR', beforeMinor: '700', afterMinor: '700' },
      { what: 'break', id: 'br_1', type: 'missing_at_provider', risk: 'HIGH', before: 'open', after: 'rechecked' },
    ]);
  });

  test('canceling gives it back to the wallet, unless its failure did already', () => {
    expect(amounts('cancel_payout', 'held')).toMatchObject({ in_flight: ['12500', '0'], wallet: ['700', '13200'] });
    expect(amounts('cancel_payout', 'failed', { inFlightMinor: 0n })).toMatchObject({
      in_flight: ['0', '0'],
      wallet: ['700', '700'],
    });
  });

  test('a forced retry after a failure takes it from the wallet again, and shows when the wallet cannot pay', () => {
    expect(amounts('force_retry', 'failed', { inFlightMinor: 0n })).toMatchObject({
      in_flight: ['0', '12500'],
      wallet: ['700', '-11800'],
    });
    expect(preview('force_retry', 'returned')).toContainEqual({ what: 'attempt', before: 1, after: 2 });
  });

  test('there is none where the status does not allow it', () => {
    expect(preview('force_retry', 'paid')).toBeNull();
  });
});
