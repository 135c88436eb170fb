import { newUuid } from '../core/ids.ts';
import type { Payout, PayoutStatus } from '../payouts/payout.ts';
import { toResource } from '../payouts/payout-resource.ts';
import type { Tx } from '../runtime/db.ts';
import { insertMessage } from './delivery.store.ts';
import { followersOf } from './endpoint.store.ts';
import { payoutType } from './endpoint.ts';

/**
 * Tells the subscribers that a payout moved (from null: it was accepted), in the transaction that moves it: the message, its
 * deliveries and their jobs exist exactly when the move commits. Where nobody follows the type, that is one small query.
 */
export async function publishPayoutMove(tx: Tx, payout: Payout, from: PayoutStatus | null, at: Date): Promise<void> {
  const type = payoutType(payout.status);
  const followers = await followersOf(tx, type);
  if (followers.length === 0) return;
  const data = { ...toResource(payout), version: payout.version, previous_status: from };
  const payload = { type, timestamp: at.toISOString(), data };
  await insertMessage(tx, { id: newUuid(), type, payoutId: payout.id, payload, createdAt: at }, followers);
}
