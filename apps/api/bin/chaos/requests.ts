import { randomOf } from '../../../../prisma/seed/prng.ts';
import { RAILS } from '../../src/payouts/payout.ts';

export const PARTIES = ['chaos-north', 'chaos-south', 'chaos-east', 'chaos-west'] as const;
export const CURRENCIES = ['EUR', 'USD', 'TRY', 'JPY'] as const;

/** A payout that a machine will ask for. */
export interface PlannedRequest {
  /** What the provider's faults are drawn by: the same in each run of a seed. */
  identity: string;
  idempotencyKey: string;
  amountMinor: number;
  currency: string;
  body: Record<string, unknown>;
  /** Whether two requests go out at once, as after a client that lost patience. */
  twice: boolean;
  /** Whether another amount is then asked for under the same key, which must be refused. */
  changed: boolean;
}

/** The `n`th request of a seed. Amounts keep away from those that the sandbox reads as faults. */
export function plannedRequest(seed: number, n: number): PlannedRequest {
  const random = randomOf(`chaos request ${seed} ${n}`);
  const identity = `chaos-${seed}-${n}`;
  const currency = random.pick(CURRENCIES);
  const amountMinor = random.int(1_000, 600_000);
  const party = random.pick(PARTIES);
  return {
    identity,
    idempotencyKey: `key-${identity}-${random.letters(12)}`,
    amountMinor,
    currency,
    body: {
      party,
      amount_minor: String(amountMinor),
      currency,
      rail: random.pick(RAILS),
      destination: {
        holder: `Chaos ${n}`,
        bank: 'Testbank',
        masked: 'DE•• 4410',
        country: 'DE',
        token: `ba_chaos_${n}`,
      },
      // Without a reference nothing but the idempotency key keeps a repeated request from being a second payout.
      ...(random.chance(0.3) ? { reference: `ref-${identity}` } : {}),
      metadata: { sandbox_identity: identity },
    },
    twice: random.chance(0.1),
    changed: random.chance(0.02),
  };
}
