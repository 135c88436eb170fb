import type { Actor } from '../core/actor.ts';
import { toId } from '../core/ids.ts';
import { type Refusal, refusal } from '../core/refusal.ts';
import { may } from '../identity/permission.ts';
import { retryFacts } from '../payouts/payout.store.ts';
import { readPayout } from '../payouts/payouts.queries.ts';
import type { Queryable } from '../runtime/db.ts';
import { policyInForce } from './override.store.ts';
import { OVERRIDE_KINDS, type OverrideKind } from './override.ts';
import { readPreviewFacts } from './override-detail.queries.ts';
import { decideEffect, type PreviewLine, previewOf } from './override-effects.ts';
import { type Demand, policyFor } from './override-policy.ts';

/** What the request dialog offers for a payout. */
export interface Requestable {
  payoutId: string;
  /** Give it back with the request: it is refused when the payout changed in between. */
  version: number;
  kinds: {
    kind: OverrideKind;
    /** Why it cannot be asked for; null when it can. */
    refusal: Refusal | null;
    policy: Demand;
    /** What it would change; null where the payout's status does not allow it. */
    preview: PreviewLine[] | null;
  }[];
}

/** Kind by kind, whether the person may ask for an override of the payout now, and what it takes; null when there is no such payout. */
export async function requestable(
  on: Queryable,
  actor: Actor,
  payoutId: string,
  now: Date,
): Promise<Requestable | null> {
  const read = await readPayout(on, payoutId, now);
  if (!read) return null;
  const { payout } = read;
  const [policy, facts, previewFacts] = await Promise.all([
    policyInForce(on),
    retryFacts(on, payout, now),
    readPreviewFacts(on, payout, read.partyName),
  ]);
  const permission = 'override:request' as const;
  const barred = may(actor, permission)
    ? facts.overrideOpen
      ? refusal('override_open')
      : null
    : refusal('permission_missing', { permission });
  return {
    payoutId: toId('payout', payout.id),
    version: payout.version,
    kinds: OVERRIDE_KINDS.map((kind) => ({
      kind,
      refusal: barred ?? decideEffect(kind, payout, facts),
      policy: policyFor(policy, kind, payout.amount),
      preview: previewOf(kind, payout, previewFacts),
    })),
  };
}
