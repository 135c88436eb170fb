import type { Attempt } from '../payouts/attempt.ts';
import type { Payout } from '../payouts/payout.ts';
import type { RetryFacts } from '../payouts/retry-safety.ts';
import { NOW } from './calls.ts';

const PAYOUT_ID = '01930000-0000-7000-8000-000000000001';
const ATTEMPT_ID = '01930000-0000-7000-8000-0000000000a1';

/** `ms` before (negative: after) NOW. */
export function ago(ms: number): Date {
  return new Date(NOW.getTime() - ms);
}

/** A payout as a value, without a database: queued, EUR 125.00, one attempt made. */
export function aPayout(over: Partial<Payout> = {}): Payout {
  return {
    id: PAYOUT_ID,
    kind: 'payout',
    partyId: '01930000-0000-7000-8000-0000000000f1',
    amount: { minor: 12_500n, currency: 'EUR' },
    rail: 'sepa',
    provider: 'stripe',
    destination: { holder: 'Anna Schmidt', bank: 'Bank', masked: 'DE•• 4410', country: 'DE', token: 'ba_1' },
    merchantReference: null,
    descriptor: 'Payout',
    metadata: {},
    status: 'queued',
    statusAt: NOW,
    expectedBy: null,
    stuckAt: null,
    paidAt: null,
    failureCode: null,
    providerPayoutId: null,
    holdReason: null,
    assigneeId: null,
    requestedBy: 'marketplace-api',
    lastRetriedBy: null,
    attemptCount: 1,
    snoozedUntil: null,
    snoozedBy: null,
    stuckPolicyVersion: 1,
    version: 1,
    createdAt: NOW,
    ...over,
  };
}

/** An attempt as a value: ready, never sent, given to the worker at NOW. */
export function anAttempt(over: Partial<Attempt> = {}): Attempt {
  return {
    id: ATTEMPT_ID,
    payoutId: PAYOUT_ID,
    no: 1,
    provider: 'stripe',
    providerKey: 'at_01',
    status: 'ready',
    code: null,
    message: null,
    providerPayoutId: null,
    previousId: null,
    requestedBy: 'marketplace-api',
    proof: {},
    createdAt: NOW,
    queuedAt: NOW,
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
    ...over,
  };
}

/** The facts of a decision at NOW in which nothing stands in the way. */
export function someFacts(over: Partial<RetryFacts> = {}): RetryFacts {
  return {
    now: NOW,
    lastAttempt: null,
    earlierMoved: false,
    payoutsOn: true,
    overrideOpen: false,
    hold: null,
    replayWindowMs: 86_400_000,
    ...over,
  };
}
