import { moveMoney } from './books.ts';
import type { SandboxClock } from './clock.ts';
import type { Database } from './database.ts';
import { recordEvent } from './events.ts';
import { findPayout, nextDueStep, removeStep, savePayoutMove } from './payout.store.ts';
import { mayMove, type Payout, type PayoutStatus } from './payout.ts';

const EVENT_OF = {
  pending: 'payout.created',
  in_transit: 'payout.updated',
  paid: 'payout.paid',
  failed: 'payout.failed',
  canceled: 'payout.canceled',
} as const satisfies Record<PayoutStatus, string>;

/**
 * Moves a payout to a status, books the money's way back when it failed or was canceled, and records the event.
 * Must run inside a transaction. Returns the payout as it is now.
 */
export function movePayout(
  db: Database,
  payout: Payout,
  to: { status: PayoutStatus; failureCode?: string | null; failureMessage?: string | null },
  now: number,
  options: { lateMs: number },
): Payout {
  const moneyReturns = to.status === 'failed' || to.status === 'canceled';
  // Demo rows may stand for payouts whose money never left; then there is nothing to bring back.
  const moneyLeft = payout.balance_transaction !== null;
  const moved: Payout = {
    ...payout,
    status: to.status,
    failure_code: to.failureCode ?? null,
    failure_message: to.failureMessage ?? null,
    failure_balance_transaction: moneyReturns && moneyLeft ? moveMoney(db, 'back', payout, now) : null,
  };
  savePayoutMove(db, moved);
  recordEvent(db, EVENT_OF[to.status], moved, now, options);
  return moved;
}

/** Makes every planned move whose time has come, each in a transaction of its own. */
export function moveDuePayouts(db: Database, clock: SandboxClock, options: { lateMs: number }): void {
  for (let step = nextDueStep(db, clock.now()); step; step = nextDueStep(db, clock.now())) {
    const due = step;
    db.transaction(() => {
      removeStep(db, due.seq);
      const payout = findPayout(db, due.payout_id);
      if (!payout || !mayMove(payout.status, due.status)) return;
      const to = { status: due.status, failureCode: due.failure_code, failureMessage: due.failure_message };
      movePayout(db, payout, to, clock.now(), options);
    });
  }
}
