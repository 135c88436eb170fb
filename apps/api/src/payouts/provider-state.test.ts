import { describe, expect, it } from 'vitest';
import { NOW } from '../testing/calls.ts';
import { ago, anAttempt, aPayout } from '../testing/payout-samples.ts';
import type { Attempt, AttemptStatus } from './attempt.ts';
import { canMove, type Payout, type PayoutStatus } from './payout.ts';
import { type ProviderState, providerMove } from './provider-state.ts';

const STATES = ['pending', 'in_transit', 'paid', 'failed', 'canceled', 'returned'] as const;
const say = (status: ProviderState['status'], over: Partial<ProviderState> = {}): ProviderState => ({
  status,
  code: null,
  at: NOW,
  ...over,
});

/** What the provider's word does to a payout and the attempt it follows; the payout's usual attempt status beside it. */
const FOLLOWED: [PayoutStatus, AttemptStatus, Record<ProviderState['status'], string>][] = [
  [
    'sending',
    'sending',
    {
      pending: 'in_transit',
      in_transit: 'in_transit',
      paid: 'paid',
      failed: 'failed',
      canceled: 'failed',
      returned: 'failed',
    },
  ],
  [
    'unconfirmed',
    'unknown',
    {
      pending: 'in_transit',
      in_transit: 'in_transit',
      paid: 'paid',
      failed: 'failed',
      canceled: 'failed',
      returned: 'failed',
    },
  ],
  [
    'unconfirmed',
    'ready',
    {
      pending: 'in_transit',
      in_transit: 'in_transit',
      paid: 'paid',
      failed: 'failed',
      canceled: 'failed',
      returned: 'failed',
    },
  ],
  [
    'in_transit',
    'accepted',
    { pending: 'stale', in_transit: 'stale', paid: 'paid', failed: 'failed', canceled: 'failed', returned: 'failed' },
  ],
  [
    'paid',
    'paid',
    {
      pending: 'stale',
      in_transit: 'stale',
      paid: 'stale',
      failed: 'returned',
      canceled: 'returned',
      returned: 'returned',
    },
  ],
  [
    'returned',
    'returned',
    { pending: 'stale', in_transit: 'stale', paid: 'stale', failed: 'stale', canceled: 'stale', returned: 'stale' },
  ],
];
const PROVIDER_ID = 'po_1';

describe('news of the attempt that the payout follows', () => {
  const rows = FOLLOWED.flatMap(([status, attempt, table]) =>
    STATES.map((said) => [status, attempt, said, table[said]] as const),
  );
  it.each(rows)('%s (%s) + %s → %s', (status, attempt, said, expected) => {
    const payout = aPayout({ status, paidAt: status === 'paid' ? NOW : null });
    const move = providerMove(
      payout,
      anAttempt({ status: attempt, providerPayoutId: PROVIDER_ID, firstSentAt: NOW }),
      say(said),
    );
    if (expected === 'stale') return expect(move).toEqual({ kind: 'stale' });
    expect(move).toMatchObject({ kind: 'move', to: expected });
    if (move.kind === 'move') expect(canMove(status, move.to)).toBe(true);
  });

  it.each([
    ['failed', 'account_closed', 'account_closed'],
    ['failed', null, 'unknown'],
    ['canceled', null, 'canceled_at_provider'],
    ['canceled', 'whatever', 'canceled_at_provider'],
    ['returned', 'no_account', 'no_account'],
  ] as const)('%s with code %s fails the payout with %s', (status, code, expected) => {
    const move = providerMove(
      aPayout({ status: 'in_transit' }),
      anAttempt({ status: 'accepted' }),
      say(status, { code }),
    );
    expect(move).toMatchObject({ to: 'failed', attempt: 'rejected', code: expected });
  });

  it('a code that it does not name ends in no table: never retried on a guess', () => {
    const move = providerMove(aPayout({ status: 'sending' }), anAttempt({ status: 'sending' }), say('failed'));
    expect(move).toMatchObject({ code: 'unknown' });
  });

  it.each(['pending', 'in_transit', 'paid'] as const)('%s clears the failure code', (said) => {
    expect(providerMove(aPayout({ status: 'sending' }), anAttempt({ status: 'sending' }), say(said))).toMatchObject({
      code: null,
    });
  });

  it.each([
    ['2026-11-27T10:00:00.000Z', 'move'],
    ['2026-11-27T10:00:00.001Z', 'conflict'],
  ])('paid on Friday the 20th, failed at %s: %s', (at, kind) => {
    const payout = aPayout({ status: 'paid', paidAt: NOW });
    expect(providerMove(payout, anAttempt({ status: 'paid' }), say('failed', { at: new Date(at) })).kind).toBe(kind);
  });
});

describe('news of an attempt that was written off', () => {
  const current = (status: AttemptStatus, over: Partial<Attempt> = {}) => anAttempt({ status, ...over });
  const failed = aPayout({ status: 'failed' });

  it.each(['rejected', 'not_sent', 'absent', 'canceled'] as const)(
    '%s, and the provider never had it: its "%s" is what we knew',
    (status) => {
      for (const said of ['failed', 'canceled', 'returned'] as const) {
        expect(providerMove(failed, current(status), say(said))).toEqual({ kind: 'stale' });
      }
    },
  );

  it.each([
    ['pending', 'accepted'],
    ['in_transit', 'accepted'],
    ['paid', 'paid'],
  ] as const)(
    'rejected at the door, yet %s there: a conflict, and the attempt is %s, so that no retry trusts it',
    (said, attempt) => {
      for (const status of ['rejected', 'not_sent', 'absent', 'canceled'] as const) {
        expect(providerMove(failed, current(status), say(said))).toEqual({ kind: 'conflict', attempt, hold: false });
      }
    },
  );

  it('accepted once and ended: "pending" and "in transit" are from before, "paid" contradicts', () => {
    const ended = current('rejected', { providerPayoutId: PROVIDER_ID });
    expect(providerMove(failed, ended, say('pending'))).toEqual({ kind: 'stale' });
    expect(providerMove(failed, ended, say('in_transit'))).toEqual({ kind: 'stale' });
    expect(providerMove(failed, ended, say('paid'))).toEqual({ kind: 'conflict', attempt: 'paid', hold: false });
  });

  it('a payout that waits to be sent is held: its money may be on its way', () => {
    const queued = aPayout({ status: 'queued' });
    expect(providerMove(queued, current('absent'), say('in_transit'))).toMatchObject({ kind: 'conflict', hold: true });
    expect(providerMove(queued, current('ready'), say('paid'))).toMatchObject({
      kind: 'conflict',
      attempt: 'paid',
      hold: true,
    });
  });

  it('older than what the provider told us when it was asked: stale', () => {
    const asked = { lastAskedAt: NOW, lastAnswer: { kind: 'found' as const, status: 'failed' } };
    const ended = current('rejected', { providerPayoutId: PROVIDER_ID, ...asked });
    expect(providerMove(failed, ended, say('paid', { at: ago(1_000) }))).toEqual({ kind: 'stale' });
    expect(providerMove(failed, ended, say('paid', { at: ago(-1_000) })).kind).toBe('conflict');
  });

  it('found to have moved, then to have ended: only the attempt is settled, with the code to judge a retry by', () => {
    for (const status of ['accepted', 'paid'] as const) {
      for (const payout of ['failed', 'held', 'canceled', 'queued'] as const) {
        const move = providerMove(aPayout({ status: payout }), current(status), say('failed', { code: 'no_account' }));
        expect(move).toEqual({ kind: 'settled', attempt: 'rejected', code: 'no_account' });
      }
    }
  });
});

describe('bug class: news of an older attempt while a newer one is under way', () => {
  const older = (status: AttemptStatus, over: Partial<Attempt> = {}) => anAttempt({ no: 1, status, ...over });
  const payouts: Payout[] = (['queued', 'sending', 'unconfirmed', 'in_transit', 'paid', 'failed', 'held'] as const).map(
    (status) => aPayout({ status, attemptCount: 2, paidAt: status === 'paid' ? NOW : null }),
  );

  it('a late failure of the first attempt never fails the second', () => {
    for (const payout of payouts) {
      for (const said of ['failed', 'canceled', 'returned'] as const) {
        for (const status of ['rejected', 'absent', 'returned'] as const) {
          expect(providerMove(payout, older(status), say(said))).toEqual({ kind: 'stale' });
        }
      }
    }
  });

  it('a late success of the first attempt never pays the second: a conflict, and what waits is held', () => {
    for (const payout of payouts) {
      for (const said of ['pending', 'in_transit', 'paid'] as const) {
        expect(providerMove(payout, older('absent'), say(said))).toEqual({
          kind: 'conflict',
          // At most one attempt is open: an older one that moves counts as paid at once.
          attempt: 'paid',
          hold: payout.status === 'queued',
        });
      }
    }
  });

  it('never moves the payout, whatever is said of it', () => {
    for (const payout of payouts) {
      for (const said of STATES) {
        for (const status of ['rejected', 'not_sent', 'absent', 'canceled', 'returned', 'paid', 'accepted'] as const) {
          expect(providerMove(payout, older(status, { providerPayoutId: PROVIDER_ID }), say(said)).kind).not.toBe(
            'move',
          );
        }
      }
    }
  });

  it('what had moved and came back is settled', () => {
    const payout = aPayout({ status: 'held', attemptCount: 2 });
    expect(providerMove(payout, older('paid'), say('failed', { code: 'no_account' }))).toEqual({
      kind: 'settled',
      attempt: 'rejected',
      code: 'no_account',
    });
  });
});
