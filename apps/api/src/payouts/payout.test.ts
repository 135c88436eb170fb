import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Entry } from '../ledger/journal.ts';
import { balanceChange, clearingOf, IN_FLIGHT, walletOf } from '../ledger/journal.ts';
import { aPayout } from '../testing/payout-samples.ts';
import {
  canMove,
  isWatched,
  moveEntry,
  OPEN_STATUSES,
  PAYOUT_STATUSES,
  type PayoutStatus,
  requestEntry,
  TRANSITIONS,
} from './payout.ts';

/** Domain rules §1, "goes to", column by column. */
const LEGAL: Record<PayoutStatus, string> = {
  queued: 'sending held canceled',
  sending: 'in_transit paid failed unconfirmed',
  unconfirmed: 'in_transit paid failed queued',
  in_transit: 'paid failed',
  paid: 'returned failed',
  failed: 'queued canceled',
  returned: 'queued canceled',
  held: 'queued canceled',
  canceled: '',
};
const PAIRS = PAYOUT_STATUSES.flatMap((from) => PAYOUT_STATUSES.map((to) => [from, to] as const));

describe('how a payout moves', () => {
  it.each(PAIRS)('%s → %s', (from, to) => {
    const legal = LEGAL[from].split(' ').includes(to);
    expect(canMove(from, to)).toBe(legal);
    const post = () => moveEntry(aPayout(), from, to);
    if (legal) expect(post).not.toThrow();
    else expect(post).toThrow(`never moves from ${from} to ${to}`);
  });

  it('can always end: every status but canceled and paid leads on, and every way can reach an end', () => {
    for (const status of PAYOUT_STATUSES) {
      const reached = new Set<PayoutStatus>([status]);
      for (const from of reached) for (const to of TRANSITIONS[from]) reached.add(to);
      expect(reached.has('paid') || reached.has('canceled')).toBe(true);
    }
    expect([...OPEN_STATUSES].sort()).toEqual(PAYOUT_STATUSES.filter((s) => s !== 'paid' && s !== 'canceled').sort());
  });
});

describe('where the money is', () => {
  const payout = aPayout();
  const places = { wallet: walletOf(payout.partyId), inFlight: IN_FLIGHT, clearing: clearingOf('stripe') };
  const amount = payout.amount.minor;

  /** Sum of an entry's changes on one account, counted on its normal side. */
  const change = (entry: Entry | null, account: string) =>
    (entry?.lines ?? [])
      .filter((line) => line.account === account)
      .reduce((sum, line) => sum + balanceChange(line), 0n);

  /** Where the money of a payout in `status` must be, seen from the beginning of its life. */
  const expected = (status: PayoutStatus) => {
    if (status === 'failed' || status === 'canceled') return { wallet: 0n, inFlight: 0n, clearing: 0n };
    // Our money at the provider grows on the debit side: paying takes it away.
    if (status === 'paid') return { wallet: -amount, inFlight: 0n, clearing: -amount };
    return { wallet: -amount, inFlight: amount, clearing: 0n };
  };

  it.each(PAIRS.filter(([from, to]) => canMove(from, to)))('%s → %s posts a balanced entry, or none', (from, to) => {
    const entry = moveEntry(payout, from, to);
    if (!entry) return expect(expected(from)).toEqual(expected(to));
    const side = (of: 'debit' | 'credit') =>
      entry.lines.filter((line) => line.side === of).reduce((sum, line) => sum + line.amount.minor, 0n);
    expect(side('debit')).toBe(side('credit'));
    expect(side('debit')).toBe(amount);
    for (const line of entry.lines) expect(line.amount.minor > 0n).toBe(true);
  });

  it('after any legal walk, wallet, in flight and clearing say where the money is, and nothing is lost', () => {
    const walk = fc.array(fc.nat(), { maxLength: 40 });
    fc.assert(
      fc.property(walk, (choices) => {
        let status: PayoutStatus = 'queued';
        const first = requestEntry(payout);
        const held = {
          wallet: change(first, places.wallet),
          inFlight: change(first, places.inFlight),
          clearing: change(first, places.clearing),
        };
        expect(held).toEqual(expected('queued'));
        for (const choice of choices) {
          const ways: readonly PayoutStatus[] = TRANSITIONS[status];
          const to: PayoutStatus | undefined = ways[choice % Math.max(ways.length, 1)];
          if (!to) break;
          const entry = moveEntry(payout, status, to);
          held.wallet += change(entry, places.wallet);
          held.inFlight += change(entry, places.inFlight);
          held.clearing += change(entry, places.clearing);
          status = to;
          expect(held).toEqual(expected(status));
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('the watch over a paid payout', () => {
  // NOW is a Friday; five business days later is the next Friday.
  const paidAt = new Date('2026-11-20T10:00:00Z');
  it.each([
    ['2026-11-20T10:00:00.000Z', true],
    ['2026-11-27T10:00:00.000Z', true],
    ['2026-11-27T10:00:00.001Z', false],
    ['2026-12-04T10:00:00.000Z', false],
  ])('a failure at %s is within it: %s', (at, watched) => {
    expect(isWatched(aPayout({ status: 'paid', paidAt }), new Date(at))).toBe(watched);
  });

  it('does not begin before the payout is paid', () => {
    expect(isWatched(aPayout({ paidAt: null }), paidAt)).toBe(false);
  });
});
