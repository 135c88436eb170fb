import type { Payout, PayoutStatus } from '@countersign/api/src/payouts/payout.ts';
import { moneyTrail } from '@countersign/api/src/payouts/payout-detail.queries.ts';
import { expect, it } from 'vitest';
import { legOf } from './money-legs.ts';

function legs(status: PayoutStatus): string {
  const payout = { status, amount: { minor: 4_825_000n, currency: 'TRY' } } as Payout;
  const trail = moneyTrail(payout);
  return trail
    .slice(1)
    .map((to, at) => legOf(trail[at] ?? to, to))
    .join(' → ');
}

it.each<[PayoutStatus, string]>([
  ['queued', 'moved → not_yet → not_yet'],
  ['held', 'moved → not_yet → not_yet'],
  ['sending', 'moved → unknown → not_yet'],
  ['unconfirmed', 'moved → unknown → not_yet'],
  ['in_transit', 'moved → moved → not_yet'],
  ['paid', 'moved → moved → moved'],
  ['returned', 'moved → back → back'],
  ['failed', 'back → not_yet → not_yet'],
  ['canceled', 'back → not_yet → not_yet'],
])('%s: %s', (status, way) => {
  expect(legs(status)).toBe(way);
});
