import type { Answer } from './answer.ts';
import type { Execution } from './create-payout.ts';
import type { Save } from './idempotency.ts';
import { movePayout } from './moves.ts';
import { findPayout, removeSteps } from './payout.store.ts';
import { payoutObject } from './payout.ts';
import { noSuchPayout, ProviderError } from './provider-error.ts';

/** Executes `POST /v1/payouts/:id/cancel`: only a pending payout can be canceled; its money comes back. */
export function cancelPayout(execution: Execution, id: string, save: Save): Answer {
  const { db, clock } = execution;
  const found = findPayout(db, id);
  if (!found) throw noSuchPayout(id, 'payout');
  return db.transaction(() => {
    if (found.status !== 'pending') {
      const error = new ProviderError(400, `A payout with status ${found.status} can no longer be canceled.`, {
        code: 'payout_not_cancelable',
        param: 'payout',
      });
      return save(error.status, error.body());
    }
    removeSteps(db, id);
    return save(200, payoutObject(movePayout(db, found, { status: 'canceled' }, clock.now(), execution)));
  });
}
