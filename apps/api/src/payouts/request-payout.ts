import { z } from 'zod';
import { isCurrency } from '../core/currency.ts';
import { newUuid } from '../core/ids.ts';
import { money } from '../core/money.ts';
import { Refused } from '../core/refusal.ts';
import { enqueueSend } from '../jobs/payout-jobs.ts';
import { findParty } from '../ledger/party.store.ts';
import { defineOperation } from '../runtime/operation.ts';
import { insertPayout, mintAttempt } from './payout.store.ts';
import { type Payout, RAILS } from './payout.ts';
import { toResource } from './payout-resource.ts';
import { MAX_PAYOUT_MINOR, payoutStepMinor } from './provider-rules.ts';
import { deadlines } from './stuck.ts';
import { currentStuckPolicy } from './stuck-policy.store.ts';

const text = (max: number) => z.string().trim().min(1).max(max);

export const payoutRequest = z.strictObject({
  kind: z.enum(['payout', 'withdrawal']).default('payout'),
  /** Our party id (`pa_…`) or the creator's own reference of it. */
  party: text(100),
  amount_minor: z.string().regex(/^-?\d{1,30}$/, 'a whole number of minor units, as a string'),
  currency: text(8),
  rail: z.enum(RAILS),
  destination: z.strictObject({
    holder: text(140),
    bank: text(140),
    masked: text(40),
    country: z.string().regex(/^[A-Z]{2}$/),
    token: text(200),
  }),
  reference: text(100).optional(),
  descriptor: text(140).default('Payout'),
  metadata: z
    .record(z.string().max(40), z.string().max(500))
    .default({})
    .refine((m) => Object.keys(m).length <= 20, 'at most 20 keys'),
});

export type PayoutRequest = z.infer<typeof payoutRequest>;

/**
 * Accepts a payout from a machine: the money leaves the wallet for "in flight", the first attempt is minted and given to the
 * worker. The kill switch does not stop it: accepted payouts wait in the queue until it is on.
 */
export const requestPayout = defineOperation({
  name: 'payouts.request',
  permission: 'payout:request',
  act: 'payout.requested',
  input: payoutRequest,
  subject: () => null,
  async run({ tx, actor, now }, input) {
    const amount = amountOf(input);
    const party = await findParty(tx, input.party);
    if (!party) throw new Refused('party_unknown', { party: input.party });
    const policy = await currentStuckPolicy(tx);
    const payout: Payout = {
      id: newUuid(),
      kind: input.kind,
      partyId: party.id,
      amount,
      rail: input.rail,
      provider: 'stripe',
      destination: input.destination,
      merchantReference: input.reference ?? null,
      descriptor: input.descriptor,
      metadata: input.metadata,
      status: 'queued',
      statusAt: now,
      ...deadlines(policy, input.rail, 'queued', now),
      stuckPolicyVersion: policy.version,
      snoozedUntil: null,
      snoozedBy: null,
      paidAt: null,
      failureCode: null,
      providerPayoutId: null,
      holdReason: null,
      assigneeId: null,
      requestedBy: actor.label,
      lastRetriedBy: null,
      attemptCount: 0,
      version: 1,
      createdAt: now,
    };
    await insertPayout(tx, payout, actor.label);
    const attempt = await mintAttempt(tx, payout, {
      now,
      requestedBy: actor.label,
      proof: { code: 'never_sent' },
      previousId: null,
    });
    await enqueueSend(tx, attempt.id);
    return {
      result: toResource(payout),
      audit: {
        subject: { kind: 'payout', id: payout.id },
        after: {
          status: 'queued',
          amount,
          rail: payout.rail,
          party: party.reference,
          reference: payout.merchantReference,
        },
      },
    };
  },
});

/** The amount that a request names. Throws Refused with the reason when it is no amount that can be paid. */
function amountOf(input: PayoutRequest) {
  if (!isCurrency(input.currency)) throw new Refused('unknown_currency', { currency: input.currency });
  const minor = BigInt(input.amount_minor);
  if (minor <= 0n) throw new Refused('amount_not_positive', { amount_minor: input.amount_minor });
  if (minor > MAX_PAYOUT_MINOR) throw new Refused('amount_too_large', { amount_minor: input.amount_minor });
  if (minor % payoutStepMinor(input.currency) !== 0n) throw new Refused('wrong_decimals', { currency: input.currency });
  return money(minor, input.currency);
}
