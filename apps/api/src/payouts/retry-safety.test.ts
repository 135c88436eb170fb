import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../core/time.ts';
import { NOW } from '../testing/calls.ts';
import { ago, anAttempt, aPayout, someFacts } from '../testing/payout-samples.ts';
import { ATTEMPT_STATUSES, type Attempt, IN_FLIGHT_MS, isUnanswered, OPEN_ATTEMPT } from './attempt.ts';
import { PAYOUT_STATUSES, type PayoutStatus } from './payout.ts';
import { decideRetry, type RetryCode, type RetryFacts, type RetryPlan, type RetryVerdict } from './retry-safety.ts';

const old = { queuedAt: ago(2 * DAY_MS), createdAt: ago(2 * DAY_MS) };
const sent = (ms: number) => ({ ...old, firstSentAt: ago(ms), lastSentAt: ago(ms), sendCount: 1 });
type Row = [string, PayoutStatus, Partial<Attempt> | null, RetryVerdict, RetryCode, RetryPlan | null];

/** The table of domain rules §1, "retry safety", row by row. */
const TABLE: Row[] = [
  ['none', 'queued', null, 'safe', 'never_sent', 'new_attempt'],
  ['never left us', 'queued', { status: 'ready', ...old }, 'safe', 'attempt_never_left', 'send'],
  ['never left us', 'failed', { status: 'not_sent', ...sent(HOUR_MS) }, 'safe', 'attempt_never_left', 'new_attempt'],
  ['canceled while held', 'queued', { status: 'canceled', ...old }, 'safe', 'attempt_never_left', 'new_attempt'],
  ...(['insufficient_funds', 'balance_insufficient', 'could_not_process', 'rate_limit', 'lock_timeout'] as const).map(
    (code): Row => [
      'rejected',
      'failed',
      { status: 'rejected', code, ...sent(HOUR_MS) },
      'safe',
      'rejected_retryable',
      'new_attempt',
    ],
  ),
  ...(
    [
      'account_closed',
      'invalid_account_number',
      'bank_account_restricted',
      'declined',
      'unknown',
      'next_years_code',
    ] as const
  ).map(
    (code): Row => [
      'rejected',
      'failed',
      { status: 'rejected', code, ...sent(HOUR_MS) },
      'unsafe',
      'terminal_code',
      null,
    ],
  ),
  [
    'rejected without a code',
    'failed',
    { status: 'rejected', code: null, ...sent(HOUR_MS) },
    'unsafe',
    'terminal_code',
    null,
  ],
  [
    'unknown, young',
    'unconfirmed',
    { status: 'unknown', ...sent(0) },
    'safe',
    'unanswered_in_window',
    'resend_same_key',
  ],
  [
    'unknown, 1 ms before 24 h',
    'unconfirmed',
    { status: 'unknown', ...sent(DAY_MS - 1) },
    'safe',
    'unanswered_in_window',
    'resend_same_key',
  ],
  [
    'unknown, exactly 24 h',
    'unconfirmed',
    { status: 'unknown', ...sent(DAY_MS) },
    'check_first',
    'unanswered_out_of_window',
    'ask_provider',
  ],
  [
    'unknown, older',
    'unconfirmed',
    { status: 'unknown', ...sent(DAY_MS + 1) },
    'check_first',
    'unanswered_out_of_window',
    'ask_provider',
  ],
  [
    'lost on the wire',
    'sending',
    { status: 'sending', ...sent(IN_FLIGHT_MS) },
    'safe',
    'unanswered_in_window',
    'resend_same_key',
  ],
  [
    'lost on the wire, older',
    'sending',
    { status: 'sending', ...sent(DAY_MS) },
    'check_first',
    'unanswered_out_of_window',
    'ask_provider',
  ],
  [
    'a resend that waits',
    'unconfirmed',
    { status: 'ready', ...sent(HOUR_MS) },
    'safe',
    'unanswered_in_window',
    'resend_same_key',
  ],
  [
    'a resend that waited too long',
    'unconfirmed',
    { status: 'ready', ...sent(DAY_MS) },
    'check_first',
    'unanswered_out_of_window',
    'ask_provider',
  ],
  ['provably absent', 'queued', { status: 'absent', ...sent(2 * DAY_MS) }, 'safe', 'provider_never_saw', 'new_attempt'],
  ['accepted', 'in_transit', { status: 'accepted', ...sent(HOUR_MS) }, 'unsafe', 'money_is_moving', null],
  ['paid', 'paid', { status: 'paid', ...sent(HOUR_MS) }, 'unsafe', 'already_paid', null],
  ['returned', 'returned', { status: 'returned', ...sent(HOUR_MS) }, 'unsafe', 'returned_undecided', null],
  ['canceled', 'canceled', { status: 'rejected', ...sent(HOUR_MS) }, 'unsafe', 'payout_canceled', null],
  ['held', 'held', { status: 'canceled', ...old }, 'blocked', 'payout_held', null],
  ['a retry in the queue', 'queued', { status: 'ready' }, 'blocked', 'retry_in_flight', null],
  [
    'a retry on the wire',
    'sending',
    { status: 'sending', ...sent(IN_FLIGHT_MS - 1) },
    'blocked',
    'retry_in_flight',
    null,
  ],
  [
    'a resend in the queue',
    'unconfirmed',
    { status: 'ready', ...sent(HOUR_MS), queuedAt: ago(1) },
    'blocked',
    'retry_in_flight',
    null,
  ],
  // Contradictions: whatever we believed of the payout, the provider moved the money of its last attempt.
  ['moving after all', 'failed', { status: 'accepted', ...sent(HOUR_MS) }, 'unsafe', 'money_is_moving', null],
  ['paid after all', 'failed', { status: 'paid', ...sent(HOUR_MS) }, 'unsafe', 'already_paid', null],
  ['paid after all', 'queued', { status: 'paid', ...sent(HOUR_MS) }, 'unsafe', 'already_paid', null],
  [
    'found, not yet adopted',
    'unconfirmed',
    { status: 'unknown', ...sent(HOUR_MS), lastAnswer: { kind: 'found', status: 'paid' } },
    'unsafe',
    'money_is_moving',
    null,
  ],
];

describe('the table of domain rules §1', () => {
  it.each(TABLE)('%s: %s %o is %s, %s, %s', (_, status, last, verdict, code, plan) => {
    const facts = someFacts({ lastAttempt: last && anAttempt(last) });
    expect(decideRetry(aPayout({ status }), facts)).toMatchObject({ verdict, code, plan });
  });

  it('has a row for every status of a payout', () => {
    expect(new Set(TABLE.map(([, status]) => status))).toEqual(new Set(PAYOUT_STATUSES));
  });

  it('a provider whose window is not known replays nothing: ask first', () => {
    const facts = someFacts({ lastAttempt: anAttempt({ status: 'unknown', ...sent(1) }), replayWindowMs: 0 });
    expect(decideRetry(aPayout({ status: 'unconfirmed' }), facts).plan).toBe('ask_provider');
  });

  it('a key that never left counts as old, however the attempt came to be unknown', () => {
    const facts = someFacts({ lastAttempt: anAttempt({ status: 'unknown', firstSentAt: null }) });
    expect(decideRetry(aPayout({ status: 'unconfirmed' }), facts).plan).toBe('ask_provider');
  });
});

describe('what blocks, and in which order it is named', () => {
  const waiting = anAttempt({ status: 'ready', ...old });
  const retryOf = (status: PayoutStatus, over: Partial<RetryFacts>) =>
    decideRetry(aPayout({ status }), someFacts({ lastAttempt: waiting, ...over }));

  it.each([
    ['the switch is off', { payoutsOn: false }, 'blocked', 'payouts_paused', 'resume_payouts'],
    ['an override is open', { overrideOpen: true }, 'blocked', 'override_open', 'override'],
    ['an earlier attempt moved', { earlierMoved: true }, 'unsafe', 'already_paid', 'override'],
    ['switch and override', { payoutsOn: false, overrideOpen: true }, 'blocked', 'payouts_paused', 'resume_payouts'],
    [
      'moved, switch and override',
      { earlierMoved: true, payoutsOn: false, overrideOpen: true },
      'unsafe',
      'already_paid',
      'override',
    ],
    [
      'in flight and all',
      { lastAttempt: anAttempt(), payoutsOn: false, overrideOpen: true },
      'blocked',
      'retry_in_flight',
      'wait',
    ],
  ] as const)('%s', (_, over, verdict, code, next) => {
    expect(retryOf('queued', over)).toMatchObject({ verdict, code, plan: null, next });
  });

  it.each([
    ['paid', 'already_paid'],
    ['in_transit', 'money_is_moving'],
    ['canceled', 'payout_canceled'],
    ['returned', 'returned_undecided'],
    ['held', 'payout_held'],
  ] as const)('the status %s is named before anything else', (status, code) => {
    expect(retryOf(status, { payoutsOn: false, overrideOpen: true, earlierMoved: true }).code).toBe(code);
  });
});

it('proves what it rests on: the attempt, its key’s age, what was asked and answered', () => {
  const answer = { kind: 'absent' as const, detail: '12 scanned' };
  const last = anAttempt({ status: 'unknown', ...sent(HOUR_MS), lastAskedAt: ago(1_000), lastAnswer: answer });
  const { proof } = decideRetry(aPayout({ status: 'unconfirmed' }), someFacts({ lastAttempt: last }));
  expect(proof).toEqual({
    decidedAt: NOW.toISOString(),
    attempt: { id: last.id, no: 1, status: 'unknown', code: null, providerKey: 'at_01' },
    keyAgeMs: HOUR_MS,
    replayWindowMs: DAY_MS,
    asked: { at: ago(1_000).toISOString(), answer },
    earlierMoved: false,
    payoutsOn: true,
    overrideOpen: false,
    hold: null,
  });
  expect(JSON.parse(JSON.stringify(proof))).toEqual(proof);
});

it('an answer from before the last send is no proof of it', () => {
  const answer = { kind: 'absent' as const, detail: '12 scanned' };
  const last = anAttempt({ status: 'unknown', ...sent(HOUR_MS), lastAskedAt: ago(HOUR_MS + 1), lastAnswer: answer });
  expect(decideRetry(aPayout({ status: 'unconfirmed' }), someFacts({ lastAttempt: last })).proof.asked).toBeNull();
});

describe('whatever the facts', () => {
  const when = fc.option(fc.integer({ min: -DAY_MS, max: 10 * DAY_MS }).map(ago), { nil: null });
  const codes = fc.constantFrom(null, 'insufficient_funds', 'rate_limit', 'account_closed', 'nonsense', 'constructor');
  const attempt = fc
    .record({
      status: fc.constantFrom(...ATTEMPT_STATUSES),
      code: codes,
      queuedAt: fc.integer({ min: 0, max: 10 * DAY_MS }).map(ago),
      firstSentAt: when,
      lastSentAt: when,
      lastAskedAt: when,
      lastAnswer: fc.constantFrom(
        null,
        { kind: 'found' as const },
        { kind: 'absent' as const },
        { kind: 'no_answer' as const },
      ),
      provider: fc.constantFrom('stripe', 'another', '__proto__'),
    })
    .map(anAttempt);
  const facts = fc
    .record({
      lastAttempt: fc.option(attempt, { nil: null }),
      earlierMoved: fc.boolean(),
      payoutsOn: fc.boolean(),
      overrideOpen: fc.boolean(),
      replayWindowMs: fc.constantFrom(0, HOUR_MS, DAY_MS),
    })
    .map(someFacts);
  const anyRetry = fc
    .tuple(fc.constantFrom(...PAYOUT_STATUSES), facts)
    .map(([status, given]) => ({ status, given, decision: decideRetry(aPayout({ status }), given) }));
  const always = (
    check: (retry: { status: PayoutStatus; given: RetryFacts; decision: ReturnType<typeof decideRetry> }) => void,
  ) => fc.assert(fc.property(anyRetry, check), { numRuns: 2_000 });

  it('an unanswered attempt is never followed by a new one', () => {
    always(({ given, decision }) => {
      if (given.lastAttempt && isUnanswered(given.lastAttempt)) expect(decision.plan).not.toBe('new_attempt');
    });
  });

  it('an open attempt is never followed by a new one', () => {
    always(({ given, decision }) => {
      if (given.lastAttempt && OPEN_ATTEMPT.has(given.lastAttempt.status))
        expect(decision.plan).not.toBe('new_attempt');
    });
  });

  it('what is paid or in transit, by status or by attempt, is never sent at all', () => {
    always(({ status, given, decision }) => {
      const moved = ['paid', 'in_transit', 'returned', 'canceled', 'held'].includes(status);
      const last = given.lastAttempt?.status;
      if (moved || given.earlierMoved || last === 'paid' || last === 'accepted' || last === 'returned') {
        expect(decision.plan).toBeNull();
      }
    });
  });

  it('the same key goes out again only while the provider replays it', () => {
    always(({ given, decision }) => {
      if (decision.plan !== 'resend_same_key') return;
      const firstSentAt = given.lastAttempt?.firstSentAt;
      expect(firstSentAt).toBeInstanceOf(Date);
      expect(NOW.getTime() - (firstSentAt?.getTime() ?? 0)).toBeLessThan(given.replayWindowMs);
    });
  });

  it('nothing is sent while the switch is off or an override is open', () => {
    always(({ given, decision }) => {
      if (!given.payoutsOn || given.overrideOpen) expect(decision.plan).toBeNull();
    });
  });

  it('there is a plan exactly when the verdict allows one', () => {
    always(({ decision }) => {
      expect(decision.plan !== null).toBe(decision.verdict === 'safe' || decision.verdict === 'check_first');
      expect(decision.plan === 'ask_provider').toBe(decision.verdict === 'check_first');
    });
  });
});
