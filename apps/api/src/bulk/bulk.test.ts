import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DAY_MS, HOUR_MS } from '../core/time.ts';
import { ATTEMPT_STATUSES } from '../payouts/attempt.ts';
import { PAYOUT_STATUSES } from '../payouts/payout.ts';
import { decideRetry } from '../payouts/retry-safety.ts';
import { NOW } from '../testing/calls.ts';
import { ago, anAttempt, aPayout, someFacts } from '../testing/payout-samples.ts';
import {
  BULK_STATUSES,
  BULK_TRANSITIONS,
  type BulkRun,
  countsAsFailed,
  decideConfirm,
  decideDiscard,
  decideMove,
  decideResume,
  decideRetryFailed,
  frozen,
  isFinished,
  needsTyping,
  OUTCOMES,
  outcomeOfRefusal,
  PREVIEW_MS,
  planItem,
  sumUp,
  TYPED_ABOVE,
} from './bulk.ts';

const MAKER = '01930000-0000-7000-8000-00000000000a';
const OTHER = '01930000-0000-7000-8000-00000000000b';

function aRun(over: Partial<BulkRun> = {}): BulkRun {
  return {
    id: '01930000-0000-7000-8000-0000000000b1',
    act: 'retry',
    input: {},
    asked: { filter: 'failed' },
    status: 'previewed',
    parentId: null,
    createdBy: MAKER,
    createdLabel: 'Ayşe',
    createdAt: NOW,
    confirmedAt: null,
    finishedAt: null,
    itemCount: 3,
    runnableCount: 2,
    sums: [{ currency: 'EUR', amountMinor: '25000' }],
    counts: { done: 0, skipped: 0, failed: 0, canceled: 0 },
    leasedBy: null,
    leasedUntil: null,
    version: 1,
    ...over,
  };
}

/** A payout with its last attempt, as the preview reads it. */
function read(payout = aPayout(), last: ReturnType<typeof anAttempt> | null = anAttempt(), facts = {}) {
  return { payout, last, decision: decideRetry(payout, someFacts({ lastAttempt: last, ...facts })) };
}

describe('how a run moves', () => {
  test('exactly along its table, and what has ended stays', () => {
    for (const from of BULK_STATUSES) {
      for (const to of BULK_STATUSES) {
        const legal = BULK_TRANSITIONS[from].includes(to);
        expect(decideMove({ status: from }, to)).toEqual(
          legal ? null : { code: 'bulk_not_open', params: { status: from } },
        );
      }
    }
    expect(BULK_STATUSES.filter((status) => isFinished({ status }))).toEqual(['canceled', 'done', 'discarded']);
  });

  test.each(BULK_STATUSES)('%s: confirmed, resumed or retried only where that makes sense', (status) => {
    const run = aRun({ status });
    expect(decideConfirm(run, MAKER, NOW)?.code ?? null).toBe(status === 'previewed' ? null : 'bulk_not_open');
    expect(decideDiscard(run, MAKER)?.code ?? null).toBe(status === 'previewed' ? null : 'bulk_not_open');
    expect(decideResume(run)?.code ?? null).toBe(status === 'paused' ? null : 'bulk_not_open');
    const ended = status === 'done' || status === 'canceled';
    expect(decideRetryFailed(run, 1)?.code ?? null).toBe(ended ? null : 'bulk_not_open');
    if (ended) expect(decideRetryFailed(run, 0)?.code).toBe('nothing_failed');
  });

  test('only who previewed it confirms it or puts it away', () => {
    expect(decideConfirm(aRun(), OTHER, NOW)?.code).toBe('not_the_owner');
    expect(decideDiscard(aRun(), OTHER)?.code).toBe('not_the_owner');
  });

  test('a preview is confirmed within a quarter of an hour, and not a moment later', () => {
    const at = (ms: number) => decideConfirm(aRun(), MAKER, new Date(NOW.getTime() + ms))?.code ?? null;
    expect(at(PREVIEW_MS - 1)).toBeNull();
    expect(at(PREVIEW_MS)).toBe('preview_expired');
  });

  test('a preview in which everything is skipped starts nothing', () => {
    expect(decideConfirm(aRun({ runnableCount: 0, sums: [] }), MAKER, NOW)?.code).toBe('nothing_to_run');
  });
});

describe('when the number has to be typed', () => {
  const eur = (amountMinor: string) => [{ currency: 'EUR', amountMinor }];
  test.each([
    [TYPED_ABOVE, eur('999999'), false],
    [TYPED_ABOVE + 1, eur('1'), true],
    [1, eur('999999'), false],
    [1, eur('1000000'), true],
    [2, [...eur('1'), { currency: 'USD', amountMinor: '99999999' }], true],
    // Nobody has said what is much in it.
    [1, [{ currency: 'XXX', amountMinor: '1' }], true],
  ])('%i payouts, %o: %s', (runnableCount, sums, typed) => {
    expect(needsTyping({ runnableCount, sums })).toBe(typed);
  });

  test('sums per currency are exact, and currencies are never added to each other', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ amountMinor: fc.bigInt(1n, 10n ** 18n), currency: fc.constantFrom('EUR', 'TRY', 'USD') })),
        (items) => {
          const sums = sumUp(items);
          expect(sums.map((sum) => sum.currency)).toEqual([...new Set(items.map((item) => item.currency))].sort());
          for (const { currency, amountMinor } of sums) {
            const own = items.filter((item) => item.currency === currency);
            expect(BigInt(amountMinor)).toBe(own.reduce((sum, item) => sum + item.amountMinor, 0n));
          }
        },
      ),
    );
  });
});

describe('what a preview plans', () => {
  const failed = aPayout({ status: 'failed', failureCode: 'insufficient_funds' });
  const rejected = anAttempt({ status: 'rejected', code: 'insufficient_funds' });
  const unknown = (sent: Date) => anAttempt({ status: 'unknown', firstSentAt: sent, lastSentAt: sent });
  const unconfirmed = aPayout({ status: 'unconfirmed' });

  test.each([
    ['a passing refusal', read(failed, rejected), 'retry_new_attempt', 'rejected_retryable'],
    ['a lost answer', read(unconfirmed, unknown(ago(HOUR_MS))), 'retry_same_key', 'unanswered_in_window'],
    ['a lost answer of old', read(unconfirmed, unknown(ago(2 * DAY_MS))), 'check_first', 'unanswered_out_of_window'],
    ['never left', read(aPayout(), anAttempt({ queuedAt: ago(HOUR_MS) })), 'send', 'attempt_never_left'],
    ['a final refusal', read(failed, { ...rejected, code: 'account_closed' }), 'skipped', 'terminal_code'],
    ['paid', read(aPayout({ status: 'paid' })), 'skipped', 'already_paid'],
    ['payouts are paused', read(failed, rejected, { payoutsOn: false }), 'skipped', 'payouts_paused'],
  ])('retry, %s', (_, facts, planned, code) => {
    expect(planItem('retry', {}, facts)).toEqual({ planned, code });
  });

  test('check: what was ever sent', () => {
    expect(planItem('check', {}, read(unconfirmed, unknown(NOW)))).toEqual({ planned: 'check', code: null });
    expect(planItem('check', {}, read())).toEqual({ planned: 'skipped', code: 'never_sent' });
    expect(planItem('check', {}, read(aPayout(), null))).toEqual({ planned: 'skipped', code: 'never_sent' });
  });

  test('assign: whoever does not have it yet; nobody is somebody too', () => {
    const theirs = read(aPayout({ assigneeId: MAKER }));
    expect(planItem('assign', { assigneeId: MAKER }, theirs)).toEqual({ planned: 'skipped', code: 'already_assigned' });
    expect(planItem('assign', { assigneeId: OTHER }, theirs)).toEqual({ planned: 'assign', code: null });
    expect(planItem('assign', { assigneeId: null }, theirs)).toEqual({ planned: 'assign', code: null });
    expect(planItem('assign', { assigneeId: null }, read()).planned).toBe('skipped');
  });

  test.each(PAYOUT_STATUSES)('hold, %s: only what has not left', (status) => {
    const plan = planItem('hold', { reason: 'looks odd' }, read(aPayout({ status })));
    if (status === 'queued') expect(plan).toEqual({ planned: 'hold', code: null });
    else expect(plan).toEqual({ planned: 'skipped', code: status === 'held' ? 'payout_held' : 'status_forbids' });
  });

  test('a retry is planned exactly where the decision allows one: bulk knows no rule of its own', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...PAYOUT_STATUSES),
        fc.constantFrom(...ATTEMPT_STATUSES),
        fc.integer({ min: 0, max: 3 * DAY_MS }),
        fc.boolean(),
        fc.boolean(),
        (status, attemptStatus, age, payoutsOn, overrideOpen) => {
          const last = anAttempt({
            status: attemptStatus,
            code: 'insufficient_funds',
            queuedAt: ago(age),
            firstSentAt: ago(age),
            lastSentAt: ago(age),
          });
          const facts = read(aPayout({ status }), last, { payoutsOn, overrideOpen });
          const plan = planItem('retry', {}, facts);
          const { verdict, code } = facts.decision;
          expect(plan.planned !== 'skipped').toBe(verdict === 'safe' || verdict === 'check_first');
          expect(plan.planned === 'check_first').toBe(verdict === 'check_first');
          expect(plan.code).toBe(code);
        },
      ),
    );
  });

  test('freezes the version and the amount that were seen', () => {
    const payout = aPayout({ version: 7, amount: { minor: 99n, currency: 'TRY' } });
    expect(frozen('hold', {}, read(payout))).toEqual({
      payoutId: payout.id,
      version: 7,
      amountMinor: 99n,
      currency: 'TRY',
      planned: 'hold',
      code: null,
    });
  });
});

describe('what becomes of an item', () => {
  test.each([
    ['version_conflict', 'skipped'],
    ['permission_missing', 'skipped'],
    ['insufficient_balance', 'failed'],
    ['payouts_paused', 'failed'],
    ['terminal_code', 'failed'],
  ] as const)('refused with %s: %s', (code, outcome) => {
    expect(outcomeOfRefusal(code)).toEqual({ outcome, code });
  });

  test('“retry failed only” takes what failed here, and retries that failed again at the provider', () => {
    for (const outcome of [...OUTCOMES, null]) {
      for (const status of PAYOUT_STATUSES) {
        const again = outcome === 'done' && status === 'failed';
        expect(countsAsFailed('retry', outcome, status)).toBe(outcome === 'failed' || again);
        expect(countsAsFailed('hold', outcome, status)).toBe(outcome === 'failed');
      }
    }
  });
});
