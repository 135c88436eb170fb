import type { Actor } from '../core/actor.ts';
import { newUuid } from '../core/ids.ts';
import type { Clock } from '../core/time.ts';
import type { Db } from '../runtime/db.ts';
import { execute } from '../runtime/operation.ts';
import { expireOverride } from './expire-override.ts';
import { overridesToClose } from './overrides.queries.ts';

/** The background work on overrides, by task name. */
export function overrideTasks(deps: { db: Db; clock: Clock }) {
  return { 'override.expire': () => expireOverrides(deps) };
}

const JOB: Actor = { kind: 'job', id: 'override.expire', label: 'override.expire' };

/** How many are looked at in one run; the next run goes on. */
const BATCH = 500;

/** Ends what nobody can execute any more, one transaction and one audit event each. */
async function expireOverrides({ db, clock }: { db: Db; clock: Clock }): Promise<unknown> {
  const due = await overridesToClose(db, clock(), BATCH);
  const ended = { expired: 0, stale: 0 };
  for (const overrideId of due) {
    const request = { requestId: `job_${newUuid()}`, ip: null };
    const call = { actor: JOB, now: clock(), request, idempotencyKey: null };
    const { result } = await execute(db, expireOverride, call, { overrideId });
    if (result.status === 'expired' || result.status === 'stale') ended[result.status] += 1;
  }
  return { looked: due.length, ...ended };
}
