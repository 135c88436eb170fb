import type { Act } from '../../apps/api/src/audit/audit-event.ts';
import type { Money } from '../../apps/api/src/core/money.ts';
import { type LocalDate, utcDate } from '../../apps/api/src/core/time.ts';
import type { Entry } from '../../apps/api/src/ledger/journal.ts';
import { type Attempt, providerKeyOf } from '../../apps/api/src/payouts/attempt.ts';
import type { TimelineKind } from '../../apps/api/src/payouts/payout.store.ts';
import type { Payout, PayoutStatus } from '../../apps/api/src/payouts/payout.ts';
import { deadlines } from '../../apps/api/src/payouts/stuck.ts';
import { FIRST_STUCK_POLICY } from '../../apps/api/src/payouts/stuck-policy.ts';
import type { DemoPerson } from './people.ts';
import type { PayoutWish } from './requests.ts';

/** One line of a payout's timeline. */
export interface TimelineLine {
  at: Date;
  kind: TimelineKind;
  from: PayoutStatus | null;
  to: PayoutStatus | null;
  attemptId: string | null;
  actor: string;
  data: Record<string, unknown>;
}

export interface PostedEntry {
  id: string;
  entry: Entry;
  payoutId: string | null;
  at: Date;
}

/** What the provider has of an attempt: the truth, whether our books know it or not. */
export interface AtProvider {
  id: string;
  attemptId: string;
  createdAt: Date;
  /** What it moved there: ours, but where the two disagree. */
  amount: Money;
  status: 'in_transit' | 'paid' | 'failed';
  failureCode: string | null;
  /** When it will be paid by itself; null: it stays as it is. */
  settlesAt: Date | null;
}

/** What settlement files tell of a payout otherwise than in the ordinary way. */
export interface FileQuirks {
  /** What the provider kept for it; else nothing. */
  providerFee?: Money;
  /** What the bank shows of it; else one debit that carries our reference. */
  bank?: 'not_yet' | 'twice' | 'without_reference';
  /** The day on which provider and bank booked it; else the day on which it was made. */
  bookedOn?: LocalDate;
  /** The day on which it arrived, where nobody told us. */
  arrivedOn?: LocalDate;
}

/** What a person did: it is in the audit log too. */
export interface PersonAct {
  at: Date;
  by: DemoPerson;
  act: Act;
  before: unknown;
  after: unknown;
  reason: string | null;
}

/** A payout as it is when it has just been asked for. */
export function newPayout(id: string, wish: PayoutWish, at: Date, requestedBy: string): Payout {
  return {
    id,
    kind: wish.kind,
    partyId: wish.party.id,
    amount: wish.amount,
    rail: wish.rail,
    provider: 'stripe',
    destination: wish.destination,
    merchantReference: null,
    descriptor: wish.descriptor,
    metadata: { ...wish.metadata, requested_on: utcDate(at) },
    status: 'queued',
    statusAt: at,
    ...deadlines(FIRST_STUCK_POLICY, wish.rail, 'queued', at),
    paidAt: null,
    failureCode: null,
    providerPayoutId: null,
    holdReason: null,
    assigneeId: null,
    requestedBy,
    lastRetriedBy: null,
    attemptCount: 0,
    snoozedUntil: null,
    snoozedBy: null,
    stuckPolicyVersion: FIRST_STUCK_POLICY.version,
    version: 1,
    createdAt: at,
  };
}

/** An attempt as it is when it has just been minted. */
export function newAttempt(
  id: string,
  payout: Payout,
  at: Date,
  by: Pick<Attempt, 'no' | 'previousId' | 'requestedBy' | 'proof'>,
): Attempt {
  return {
    id,
    payoutId: payout.id,
    provider: payout.provider,
    providerKey: providerKeyOf(id),
    status: 'ready',
    code: null,
    message: null,
    providerPayoutId: null,
    ...by,
    createdAt: at,
    queuedAt: at,
    firstSentAt: null,
    lastSentAt: null,
    sendCount: 0,
    checkCount: 0,
    answeredAt: null,
    lastAskedAt: null,
    lastAnswer: null,
    nextCheckAt: null,
    nextRetryAt: null,
    automatic: false,
  };
}
