import { z } from 'zod';
import { DAY_MS } from '../core/time.ts';
import { PAYOUT_STATUSES, type PayoutStatus } from '../payouts/payout.ts';

/** The type of the message that a move to `status` makes. */
export function payoutType(status: PayoutStatus): `payout.${PayoutStatus}` {
  return `payout.${status}`;
}

/** What an endpoint can follow: one type for every status that a payout can come to. */
export const PAYOUT_TYPES = PAYOUT_STATUSES.map(payoutType);
/** Every type, also those that come later. */
export const ALL_TYPES = '*';
/** What a person sends to try an endpoint out; it goes to that endpoint whatever it follows. */
export const TEST_TYPE = 'test.ping';

export type EndpointStatus = 'enabled' | 'disabled';

/** Where messages go. Its secrets are here as they are stored: sealed (seal.ts). */
export interface Endpoint {
  id: string;
  url: string;
  description: string;
  /** `['*']`, or some of PAYOUT_TYPES. */
  types: readonly string[];
  secretSealed: string;
  previousSecretSealed: string | null;
  previousSecretUntil: Date | null;
  status: EndpointStatus;
  /** Why it is disabled: what a person wrote, or `gone` when the receiver answered 410. */
  statusReason: string | null;
  /** Since when no try has succeeded; null while they do. */
  failingSince: Date | null;
  createdBy: string;
  createdAt: Date;
  updatedAt: Date;
  version: number;
}

/** The receiver said that it wants nothing any more (HTTP 410). */
export const GONE = 'gone';

/** How long the secret before the last rotation still signs: receivers change over within it. */
export const SECRET_OVERLAP_MS = DAY_MS;

/** The sealed secrets that a message is signed with now, the newest first. */
export function secretsInForce(endpoint: Endpoint, now: Date): string[] {
  const { secretSealed, previousSecretSealed, previousSecretUntil } = endpoint;
  const previous = previousSecretUntil && now < previousSecretUntil ? previousSecretSealed : null;
  return previous === null ? [secretSealed] : [secretSealed, previous];
}

/** What a person says about an endpoint. The address is judged by `decideUrl`. */
export const endpointFields = {
  url: z.string().trim().min(1).max(2_000),
  description: z.string().trim().max(200),
  types: z.union([
    z.tuple([z.literal(ALL_TYPES)]),
    z
      .array(z.enum(PAYOUT_TYPES))
      .min(1)
      .transform((types) => PAYOUT_TYPES.filter((type) => types.includes(type))),
  ]),
};
