import type { Actor } from '../core/actor.ts';
import { newUuid } from '../core/ids.ts';
import type { Clock } from '../core/time.ts';
import type { Db } from '../runtime/db.ts';
import { type Call, execute } from '../runtime/operation.ts';
import { applyStuckPolicy } from './apply-stuck-policy.ts';
import { behindPolicy } from './stuck-policy.queries.ts';

/** How many payouts one transaction gives their deadlines: a second of row locks at most. */
const BATCH = 1_000;

/**
 * The background work of the stuck policy. Each batch is a transaction of its own, so a worker that dies leaves a part done
 * and the next run does the rest. It also runs by the clock: a payout that moved while a version was being saved may
 * still have been given the old deadlines.
 */
export function stuckPolicyTasks({ db, clock }: { db: Db; clock: Clock }) {
  return {
    'stuck_policy.apply': async (): Promise<{ applied: number }> => {
      const ids = await behindPolicy(db);
      let applied = 0;
      for (let at = 0; at < ids.length; at += BATCH) {
        const { result } = await execute(db, applyStuckPolicy, callAt(clock()), {
          payoutIds: ids.slice(at, at + BATCH),
          last: at + BATCH >= ids.length,
        });
        applied += result.applied;
      }
      return { applied };
    },
  };
}

/** Jobs carry no idempotency key: the verb decides by the state under the locks. */
function callAt(now: Date): Call {
  const task = 'stuck_policy.apply';
  const actor: Actor = { kind: 'job', id: task, label: task };
  return { actor, now, request: { requestId: `job_${newUuid()}`, ip: null }, idempotencyKey: null };
}
