import { canonicalHash } from '../core/canonical-json.ts';
import { toId } from '../core/ids.ts';
import type { Attempt } from '../payouts/attempt.ts';
import type { Payout } from '../payouts/payout.ts';

/** What an approver is shown of a payout, in the order in which a change of it is told. */
const SNAPSHOT_FIELDS = [
  'status',
  'amount_minor',
  'currency',
  'party',
  'holder',
  'bank',
  'account',
  'country',
  'destination_hash',
  'rail',
  'provider',
  'provider_payout_id',
  'failure_code',
  'hold_reason',
  'attempt',
  'attempt_status',
] as const;
type SnapshotField = (typeof SNAPSHOT_FIELDS)[number];

/** A payout as it was when an override on it was asked for. Flat and text only, so that it reads the same everywhere it is hashed. */
export type SubjectSnapshot = Record<SnapshotField, string | null>;

/**
 * Takes the snapshot. The destination's token stays inside the product: its hash is enough to see that it changed, and
 * that is what "the payee changed" means when the name stayed the same.
 */
export function snapshotOf(payout: Payout, last: Attempt | null): SubjectSnapshot {
  const { destination } = payout;
  return {
    status: payout.status,
    amount_minor: payout.amount.minor.toString(),
    currency: payout.amount.currency,
    party: toId('party', payout.partyId),
    holder: destination.holder,
    bank: destination.bank,
    account: destination.masked,
    country: destination.country,
    destination_hash: canonicalHash(destination),
    rail: payout.rail,
    provider: payout.provider,
    provider_payout_id: payout.providerPayoutId,
    failure_code: payout.failureCode,
    hold_reason: payout.holdReason,
    attempt: last && toId('attempt', last.id),
    attempt_status: last?.status ?? null,
  };
}

/** A field that is not any more what was signed. */
export interface Moved {
  field: string;
  signed: string | null;
  now: string | null;
}

/** The first field that differs, or null when the subject is what was signed. A field that one side lacks counts as null. */
export function movedSince(signed: SubjectSnapshot, now: SubjectSnapshot): Moved | null {
  for (const field of SNAPSHOT_FIELDS) {
    const [before, after] = [signed[field] ?? null, now[field] ?? null];
    if (before !== after) return { field, signed: before, now: after };
  }
  return null;
}

/** What moved, as the row of a stale override keeps it. */
export function movedText(moved: Moved): string {
  return JSON.stringify(moved);
}

/** The inverse of `movedText`. */
export function movedFromText(text: string): Moved {
  return JSON.parse(text) as Moved;
}
