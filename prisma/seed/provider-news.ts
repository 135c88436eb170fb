import { toId } from '../../apps/api/src/core/ids.ts';
import type { Attempt } from '../../apps/api/src/payouts/attempt.ts';
import type { Payout } from '../../apps/api/src/payouts/payout.ts';
import type { AtProvider } from './story-parts.ts';

/** An event of the provider's as we keep it. */
export interface ProviderNews {
  id: string;
  providerEventId: string;
  type: 'payout.created' | 'payout.updated' | 'payout.paid' | 'payout.failed';
  providerPayoutId: string;
  payoutId: string | null;
  occurredAt: Date;
  receivedAt: Date;
  raw: string;
  outcome: 'applied' | 'stale' | 'unmatched';
  timesReceived: number;
}

interface Told {
  providerEventId: string;
  type: ProviderNews['type'];
  occurredAt: Date;
  payout: Payout;
  attempt: Attempt;
  truth: AtProvider;
}

/** What a payout is when the event tells of it. */
export const STATUS_OF_EVENT = {
  'payout.created': 'pending',
  'payout.updated': 'in_transit',
  'payout.paid': 'paid',
  'payout.failed': 'failed',
} as const satisfies Record<ProviderNews['type'], string>;

const unix = (at: Date) => Math.floor(at.getTime() / 1000);

/** The body of the webhook, shaped as Stripe's `payout.*` events are. */
export function rawEvent({ providerEventId, type, occurredAt, payout, attempt, truth }: Told): string {
  const status = STATUS_OF_EVENT[type];
  return JSON.stringify({
    id: providerEventId,
    object: 'event',
    api_version: '2026-10-28.endive',
    created: unix(occurredAt),
    data: {
      object: {
        id: truth.id,
        object: 'payout',
        amount: Number(truth.amount.minor),
        arrival_date: unix(truth.createdAt),
        automatic: false,
        created: unix(truth.createdAt),
        currency: truth.amount.currency.toLowerCase(),
        destination: payout.destination.token,
        failure_code: status === 'failed' ? truth.failureCode : null,
        livemode: false,
        metadata: metadataOf(payout, attempt.id),
        method: payout.rail === 'instant' || payout.rail === 'card_push' ? 'instant' : 'standard',
        status,
        type: 'bank_account',
      },
    },
    livemode: false,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: attempt.providerKey },
    type,
  });
}

/** What a payout carries at the provider, as the connector sends it. */
export function metadataOf(payout: Payout, attemptId: string): Record<string, string> {
  return {
    ...payout.metadata,
    payout_id: toId('payout', payout.id),
    attempt_id: toId('attempt', attemptId),
  };
}
