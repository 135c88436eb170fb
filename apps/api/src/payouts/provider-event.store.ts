import type { Tx } from '../runtime/db.ts';

export interface NewProviderEvent {
  id: string;
  provider: string;
  providerEventId: string;
  type: string;
  providerPayoutId: string | null;
  payoutId: string | null;
  occurredAt: Date;
  receivedAt: Date;
  raw: string;
}

export type StoredEvent =
  | { kind: 'seen_before' }
  | { kind: 'new'; newerApplied: boolean; settle(outcome: string): Promise<void> };

/** Stores an event once a provider's event id; the sole writer of `provider_event`. `newerApplied`: a later event of the same payout was applied already. */
export async function storeProviderEvent(tx: Tx, event: NewProviderEvent): Promise<StoredEvent> {
  const { rows } = await tx.query<{ fresh: boolean }>(
    `INSERT INTO provider_event (id, provider, provider_event_id, type, provider_payout_id, payout_id, occurred_at, received_at, raw, outcome)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'received')
     ON CONFLICT (provider, provider_event_id) DO UPDATE SET times_received = provider_event.times_received + 1
     RETURNING times_received = 1 AS fresh`,
    [
      event.id,
      event.provider,
      event.providerEventId,
      event.type,
      event.providerPayoutId,
      event.payoutId,
      event.occurredAt,
      event.receivedAt,
      event.raw,
    ],
  );
  if (!rows[0]?.fresh) return { kind: 'seen_before' };
  const newer = await tx.query(
    `SELECT 1 FROM provider_event WHERE provider = $1 AND provider_payout_id = $2 AND outcome = 'applied' AND occurred_at > $3 LIMIT 1`,
    [event.provider, event.providerPayoutId, event.occurredAt],
  );
  return {
    kind: 'new',
    newerApplied: newer.rowCount > 0,
    async settle(outcome) {
      await tx.query('UPDATE provider_event SET outcome = $2 WHERE id = $1', [event.id, outcome]);
    },
  };
}
