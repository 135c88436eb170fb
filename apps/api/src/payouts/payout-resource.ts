import { z } from 'zod';
import { toId } from '../core/ids.ts';
import { PAYOUT_STATUSES, type Payout, RAILS } from './payout.ts';

/** A payout as machines see it: amounts in minor units as decimal strings, instants in ISO 8601, never the destination's token. */
export const payoutResource = z.object({
  id: z.string(),
  object: z.literal('payout'),
  kind: z.enum(['payout', 'withdrawal']),
  party: z.string(),
  amount_minor: z.string(),
  currency: z.string(),
  rail: z.enum(RAILS),
  status: z.enum(PAYOUT_STATUSES),
  status_at: z.iso.datetime(),
  reference: z.string().nullable(),
  descriptor: z.string(),
  destination: z.object({ holder: z.string(), bank: z.string(), masked: z.string(), country: z.string() }),
  metadata: z.record(z.string(), z.string()),
  failure_code: z.string().nullable(),
  expected_by: z.iso.datetime().nullable(),
  paid_at: z.iso.datetime().nullable(),
  created_at: z.iso.datetime(),
});

export type PayoutResource = z.infer<typeof payoutResource>;

export function toResource(payout: Payout): PayoutResource {
  const { holder, bank, masked, country } = payout.destination;
  return {
    id: toId('payout', payout.id),
    object: 'payout',
    kind: payout.kind,
    party: toId('party', payout.partyId),
    amount_minor: payout.amount.minor.toString(),
    currency: payout.amount.currency,
    rail: payout.rail,
    status: payout.status,
    status_at: payout.statusAt.toISOString(),
    reference: payout.merchantReference,
    descriptor: payout.descriptor,
    destination: { holder, bank, masked, country },
    metadata: payout.metadata,
    failure_code: payout.failureCode,
    expected_by: payout.expectedBy?.toISOString() ?? null,
    paid_at: payout.paidAt?.toISOString() ?? null,
    created_at: payout.createdAt.toISOString(),
  };
}
