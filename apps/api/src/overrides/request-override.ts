import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { newUuid, toId } from '../core/ids.ts';
import { mustNotRefuse, Refused } from '../core/refusal.ts';
import { lockPayout, retryFacts } from '../payouts/payout.store.ts';
import { idInput } from '../runtime/id-input.ts';
import { defineOperation, type Scope } from '../runtime/operation.ts';
import { evidenceFiles } from './evidence.store.ts';
import { EVIDENCE_MAX_FILES } from './evidence.ts';
import { insertOverride, policyInForce } from './override.store.ts';
import { contentHashOf, decideReason, OVERRIDE_KINDS, type Override } from './override.ts';
import { decideEffect } from './override-effects.ts';
import { policyFor } from './override-policy.ts';
import { snapshotOf } from './override-subject.ts';
import { personActing } from './person-acting.ts';

const input = z.strictObject({
  payoutId: idInput('payout'),
  /** The payout's version that the maker saw. */
  version: z.int().positive(),
  kind: z.enum(OVERRIDE_KINDS),
  reason: z.string().trim().max(2_000),
  /** SHA-256 of files uploaded before. */
  evidence: z
    .array(z.string().regex(/^[0-9a-f]{64}$/))
    .max(EVIDENCE_MAX_FILES)
    .default([]),
});

/**
 * Asks for an override: the command, what its subject looks like now, why, and on what evidence, kept as it will be signed.
 * Nothing else changes yet. While it is open, the payout cannot be retried and has no second override.
 */
export const requestOverride = defineOperation({
  name: 'overrides.request',
  permission: 'override:request',
  act: 'override.requested',
  input,
  subject: (given) => ({ kind: 'payout', id: given.payoutId }),
  async run(scope, given) {
    mustNotRefuse(decideReason(given.reason));
    const made = await compose(scope, given);
    await insertOverride(scope.tx, made);
    return {
      result: {
        overrideId: toId('override', made.id),
        contentHash: made.contentHash,
        approvalsRequired: made.approvalsRequired,
        expiresAt: made.expiresAt.toISOString(),
      },
      audit: {
        subject: { kind: 'override', id: made.id },
        reason: made.reason,
        after: {
          kind: made.kind,
          payoutId: toId('payout', made.subjectId),
          amount: made.amount,
          evidence: made.evidence,
          policyVersion: made.policyVersion,
          approvalsRequired: made.approvalsRequired,
          contentHash: made.contentHash,
          expiresAt: made.expiresAt,
        },
      },
    };
  },
});

async function compose({ tx, now, actor }: Scope, given: z.infer<typeof input>): Promise<Override> {
  const maker = personActing(actor);
  const payout = await lockPayout(tx, given.payoutId);
  if (payout.version !== given.version) throw new Refused('version_conflict');
  const facts = await retryFacts(tx, payout, now);
  if (facts.overrideOpen) throw new Refused('override_open');
  mustNotRefuse(decideEffect(given.kind, payout, facts));
  const demand = policyFor(await policyInForce(tx), given.kind, payout.amount);
  const evidence = [...new Set(given.evidence)];
  if (demand.evidenceRequired && evidence.length === 0) throw new Refused('evidence_required');
  const kept = await evidenceFiles(tx, evidence);
  if (kept.length < evidence.length) throw new Refused('not_found', { what: 'evidence' });
  const content = {
    id: newUuid(),
    kind: given.kind,
    subjectKind: 'payout' as const,
    subjectId: payout.id,
    subjectVersion: payout.version,
    subjectSnapshot: snapshotOf(payout, facts.lastAttempt),
    input: { payout: toId('payout', payout.id) },
    reason: given.reason,
    evidence,
    makerId: maker.id,
    policyVersion: demand.policyVersion,
    expiresAt: new Date(now.getTime() + demand.expiresInMs),
    // Two requests that read alike are still two: a signature of one is none of the other.
    nonce: randomBytes(16).toString('hex'),
  };
  return {
    ...content,
    contentHash: contentHashOf(content),
    amount: payout.amount,
    makerLabel: maker.label,
    approvalsRequired: demand.approvalsRequired,
    seats: demand.seats,
    status: 'requested',
    statusReason: null,
    createdAt: now,
    decidedAt: null,
    executedAt: null,
    executionError: null,
    version: 1,
  };
}
