import { toId } from '../core/ids.ts';
import { type AttemptRow, attemptFromRow, type PayoutRow, payoutFromRow } from '../payouts/payout.rows.ts';
import { earlierMovedSql, holdSql, overrideOpenSql, payoutsOn } from '../payouts/payout.store.ts';
import { replayWindowMs } from '../payouts/provider-rules.ts';
import { decideRetry, type HoldFact } from '../payouts/retry-safety.ts';
import type { Queryable } from '../runtime/db.ts';
import type { RetryAdvice } from './recommended-action.ts';

/** What each payout's own retry decision says now, by the payout's public id. Set-based: a report asks for all of its breaks at once. */
export async function retryAdvice(
  on: Queryable,
  payoutUuids: readonly string[],
  now: Date,
): Promise<Map<string, RetryAdvice>> {
  if (payoutUuids.length === 0) return new Map();
  const payouts = await on.query<PayoutRow & { override_open: boolean; earlier_moved: boolean; hold: HoldFact | null }>(
    `SELECT p.*, ${overrideOpenSql('p.id')} AS override_open, ${earlierMovedSql('p.id')} AS earlier_moved, ${holdSql('p')} AS hold
     FROM payout p WHERE p.id = ANY($1)`,
    [payoutUuids],
  );
  const attempts = await on.query<AttemptRow>(
    'SELECT DISTINCT ON (payout_id) * FROM attempt WHERE payout_id = ANY($1) ORDER BY payout_id, no DESC',
    [payoutUuids],
  );
  const last = new Map(attempts.rows.map((row) => [row.payout_id, attemptFromRow(row)]));
  const switchedOn = await payoutsOn(on);
  return new Map(
    payouts.rows.map((row) => {
      const payout = payoutFromRow(row);
      const { verdict, code, plan } = decideRetry(payout, {
        now,
        lastAttempt: last.get(row.id) ?? null,
        earlierMoved: row.earlier_moved,
        payoutsOn: switchedOn,
        overrideOpen: row.override_open,
        hold: row.hold,
        replayWindowMs: replayWindowMs(payout.provider),
      });
      const sameKey = verdict === 'safe' && plan === 'resend_same_key';
      return [toId('payout', row.id), { verdict: sameKey ? 'safe_same_key' : verdict, code }];
    }),
  );
}
