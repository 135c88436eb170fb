import { type Refusal, refusal } from '../core/refusal.ts';

/** What a hold stops: every payout of a merchant, on a rail, or by a provider. */
export const HOLD_SCOPES = ['merchant', 'rail', 'provider'] as const;
export type HoldScope = (typeof HOLD_SCOPES)[number];

/** What a hold is on. For a merchant the value is the party's uuid, else the rail's or the provider's name. */
export interface HoldTarget {
  scope: HoldScope;
  value: string;
}

/** A stop that somebody placed, with who, why and since when; `released…` are null while it is open. */
export interface Hold extends HoldTarget {
  id: string;
  reason: string;
  placedBy: string;
  placedById: string;
  placedAt: Date;
  releasedBy: string | null;
  releasedAt: Date | null;
  releaseReason: string | null;
}

/** Why a hold may not be released; null when it may. */
export function decideRelease(hold: Hold): Refusal | null {
  return hold.releasedAt === null ? null : refusal('hold_released');
}
