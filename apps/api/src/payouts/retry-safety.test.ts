import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../core/time.ts';
import { NOW } from '../testing/calls.ts';
import { ago, anAttempt, aPayout, someFacts } from '../testing/payout-samples.ts';
import {
  ATTEMPT_STATUSES,
  type Attempt,
  FRESH_ANSWER_MS,
  IN_FLIGHT_MS,
  isProvablyAbsent,
  isUnanswered,
  OPEN_ATTEMPT,
  SETTLE_MS,
} from './attempt.ts';
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

describe('unknown, out of the window, and the provider was asked: only a provable absence is followed by a new attempt', () => {
  const askedAgo = (ms: number, over: Partial<Attempt> = {}): Partial<Attempt> => ({
    status: 'unknown',
    ...sent(DAY_MS),
    lastAskedAt: ago(ms),
    lastAnswer: { kind: 'absent', detail: '12 scanned' },
    ...over,
  });
  const SAFE = ['safe', 'provider_never_saw', 'new_attempt'] as const;
  const ASK = ['check_first', 'unanswered_out_of_window', 'ask_provider'] as const;
  const RESEND = ['safe', 'unanswered_in_window', 'resend_same_key'] as const;

  it.each([
    ['absent, asked just now', 'unconfirmed', askedAgo(0), SAFE],
    ['absent, asked two minutes ago', 'unconfirmed', askedAgo(FRESH_ANSWER_MS), SAFE],
    ['lost on the wire a day ago, absent', 'sending', askedAgo(0, { status: 'sending' }), SAFE],
    ['a resend that waited too long, absent', 'unconfirmed', askedAgo(0, { status: 'ready' }), SAFE],
    ['absent, but longer ago', 'unconfirmed', askedAgo(FRESH_ANSWER_MS + 1), ASK],
    ['absent, by a clock ahead of ours', 'unconfirmed', askedAgo(-1), ASK],
    ['no answer', 'unconfirmed', askedAgo(0, { lastAnswer: { kind: 'no_answer' } }), ASK],
    ['never asked', 'unconfirmed', askedAgo(0, { lastAskedAt: null, lastAnswer: null }), ASK],
    [
      'absent, but sent again since it was asked',
      'unconfirmed',
      askedAgo(1_000, { lastSentAt: ago(999), firstSentAt: ago(DAY_MS) }),
      ASK,
    ],
    [
      'absent, but the last send may still have been held back',
      'unconfirmed',
      askedAgo(0, { lastSentAt: ago(SETTLE_MS - 1), firstSentAt: ago(DAY_MS) }),
      ASK,
    ],
    [
      'absent, and the last send has settled',
      'unconfirmed',
      askedAgo(0, { lastSentAt: ago(SETTLE_MS), firstSentAt: ago(DAY_MS) }),
      SAFE,
    ],
    ['absent, though it was accepted once', 'unconfirmed', askedAgo(0, { providerPayoutId: 'po_1' }), ASK],
    ['absent, but nobody knows when it was sent', 'unconfirmed', askedAgo(0, { lastSentAt: null }), ASK],
    ['absent within the window: the same key stays the plan', 'unconfirmed', askedAgo(0, sent(DAY_MS - 1)), RESEND],
  ] as const)('%s', (_, status, last, [verdict, code, plan]) => {
    const facts = someFacts({ lastAttempt: anAttempt(last) });
    expect(decideRetry(aPayout({ status }), facts)).toMatchObject({ verdict, code, plan });
  });

  it('the proof says what was asked, when, and the answer', () => {
    const { proof } = decideRetry(
      aPayout({ status: 'unconfirmed' }),
      someFacts({ lastAttempt: anAttempt(askedAgo(1_000)) }),
    );
    expect(proof.asked).toEqual({ at: ago(1_000).toISOString(), answer: { kind: 'absent', detail: '12 scanned' } });
  });

  it.each([
    ['the switch is off', { payoutsOn: false }, 'payouts_paused'],
    ['an override is open', { overrideOpen: true }, 'override_open'],
    ['a hold', { hold: { scope: 'rail' as const, reason: 'odd', placedBy: 'Ada' } }, 'scope_held'],
    ['an earlier attempt moved', { earlierMoved: true }, 'already_paid'],
  ])('%s: not even then', (_, over, code) => {
    const facts = someFacts({ lastAttempt: anAttempt(askedAgo(0)), ...over });
    expect(decideRetry(aPayout({ status: 'unconfirmed' }), facts)).toMatchObject({ code, plan: null });
  });
});

describe('what blocks, and in which order it is named', () => {
  const waiting = anAttempt({ status: 'ready', ...old });
  const hold = { scope: 'rail', reason: 'the bank is closed', placedBy: 'Deniz' } as const;
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
      'on the wire and all',
      { lastAttempt: anAttempt({ status: 'sending', lastSentAt: NOW }), payoutsOn: false, overrideOpen: true, hold },
      'blocked',
      'retry_in_flight',
      'wait',
    ],
    [
      'given to the worker, but the switch is off',
      { lastAttempt: anAttempt(), payoutsOn: false, hold },
      'blocked',
      'payouts_paused',
      'resume_payouts',
    ],
    ['given to the worker, but on hold', { lastAttempt: anAttempt(), hold }, 'blocked', 'scope_held', 'release'],
    ['given to the worker, and nothing stops it', { lastAttempt: anAttempt() }, 'blocked', 'retry_in_flight', 'wait'],
    ['on hold', { hold }, 'blocked', 'scope_held', 'release'],
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
  // Near the limits that decide, as often as anywhere.
  const age = fc.oneof(
    fc.integer({ min: -DAY_MS, max: 10 * DAY_MS }),
    fc.integer({ min: -2_000, max: FRESH_ANSWER_MS + SETTLE_MS + 2_000 }),
    fc.integer({ min: DAY_MS - 2_000, max: DAY_MS + FRESH_ANSWER_MS }),
  );
  const when = fc.option(age.map(ago), { nil: null });
  const codes = fc.constantFrom(null, 'insufficient_funds', 'rate_limit', 'account_closed', 'nonsense', 'constructor');
  const attempt = fc
    .record({
      status: fc.constantFrom(...ATTEMPT_STATUSES),
      code: codes,
      providerPayoutId: fc.constantFrom(null, null, 'po_1'),
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

  /** Unanswered attempts close to every limit that makes an absence a proof. */
  const closeTo = (...limits: number[]) =>
    fc.tuple(fc.constantFrom(...limits), fc.integer({ min: -1, max: 1 })).map(([limit, off]) => limit + off);
  const unanswered = fc
    .record({
      status: fc.constantFrom('unknown' as const, 'sending' as const, 'ready' as const),
      asked: closeTo(0, FRESH_ANSWER_MS),
      quiet: closeTo(-HOUR_MS, 0, SETTLE_MS, IN_FLIGHT_MS, HOUR_MS),
      keyAge: closeTo(HOUR_MS, DAY_MS, 2 * DAY_MS),
      answer: fc.constantFrom('absent' as const, 'absent' as const, 'no_answer' as const, 'found' as const),
      providerPayoutId: fc.constantFrom(null, null, null, 'po_1'),
      payout: fc.constantFrom('sending' as const, 'unconfirmed' as const, 'queued' as const),
    })
    .map(({ asked, quiet, keyAge, answer, payout, ...over }) => ({
      payout,
      last: anAttempt({
        ...over,
        ...old,
        firstSentAt: ago(keyAge),
        lastSentAt: ago(asked + quiet),
        lastAskedAt: ago(asked),
        lastAnswer: { kind: answer },
      }),
    }));

  it('bug class: unknown + new attempt: an unanswered attempt is followed by a new one only when it is provably absent', () => {
    let followed = 0;
    fc.assert(
      fc.property(unanswered, ({ payout, last }) => {
        const { plan } = decideRetry(aPayout({ status: payout }), someFacts({ lastAttempt: last }));
        if (plan !== 'new_attempt') return;
        followed += 1;
        expect(payout).not.toBe('queued');
        // The provider was asked, said that it has nothing, and never said otherwise.
        expect(last.lastAnswer?.kind).toBe('absent');
        expect(last.providerPayoutId).toBeNull();
        // Of what was sent, all was there by then: nothing has left since, and nothing can still be under way.
        const askedAt = last.lastAskedAt?.getTime() ?? Number.NaN;
        expect(askedAt - (last.lastSentAt?.getTime() ?? Number.NaN)).toBeGreaterThanOrEqual(
          last.status === 'sending' ? IN_FLIGHT_MS : SETTLE_MS,
        );
        // A moment ago, by our clock, and not in the future.
        expect(NOW.getTime() - askedAt).toBeGreaterThanOrEqual(0);
        expect(NOW.getTime() - askedAt).toBeLessThanOrEqual(FRESH_ANSWER_MS);
        // Never while the same key would do.
        expect(NOW.getTime() - (last.firstSentAt?.getTime() ?? Number.NaN)).toBeGreaterThanOrEqual(DAY_MS);
      }),
      { numRuns: 5_000 },
    );
    // The property has something to say: such attempts are generated.
    expect(followed).toBeGreaterThan(50);
  });

  it('without a proof of absence an unanswered attempt is never followed by a new one, whatever else holds', () => {
    always(({ given, decision }) => {
      const last = given.lastAttempt;
      if (last && isUnanswered(last) && !isProvablyAbsent(last, NOW)) expect(decision.plan).not.toBe('new_attempt');
    });
  });

  it('any other open attempt is never followed by a new one', () => {
    always(({ given, decision }) => {
      const last = given.lastAttempt;
      if (last && OPEN_ATTEMPT.has(last.status) && !isUnanswered(last)) expect(decision.plan).not.toBe('new_attempt');
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
