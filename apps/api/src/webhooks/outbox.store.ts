import type { Payout, PayoutStatus } from '../payouts/payout.ts';
import type { Tx } from '../runtime/db.ts';

/** Tells the subscribers that a payout moved (from null: it was accepted), in the transaction that moves it. */
export async function publishPayoutMove(
  _tx: Tx,
  _payout: Payout,
  _from: PayoutStatus | null,
  _at: Date,
): Promise<void> {
  return Promise.resolve();
}
