import type { APIRequestContext } from '@playwright/test';

const HEADER =
  'balance_transaction_id,created,available_on,currency,gross,fee,net,reporting_category,source_id,description,payment_metadata[payout_id]';

export interface ProviderRow {
  payoutId: string;
  providerPayoutId: string;
  /** Major units, negative for money that left, as the provider writes it. */
  gross: string;
  net?: string;
}

/** A Stripe itemised payout reconciliation file of today, as the provider would send it. */
export function stripeFile(rows: readonly ProviderRow[]): { name: string; mimeType: string; buffer: Buffer } {
  const now = new Date();
  const at = now.toISOString().slice(0, 19).replace('T', ' ');
  const lines = rows.map(({ payoutId, providerPayoutId, gross, net }, no) =>
    [
      `txn_${payoutId.slice(-12)}_${no}`,
      at,
      at,
      'eur',
      gross,
      '0.00',
      net ?? gross,
      'payout',
      providerPayoutId,
      'Story',
      payoutId,
    ].join(','),
  );
  const text = `${[HEADER, ...lines].join('\n')}\n`;
  return { name: `stripe-${now.getTime()}.csv`, mimeType: 'text/csv', buffer: Buffer.from(text) };
}

/** The provider's own id of a payout of ours, from its books. */
export async function providerPayoutId(request: APIRequestContext, payoutId: string): Promise<string> {
  const url = `http://127.0.0.1:${process.env.E2E_SANDBOX_PORT}/__sandbox/books?payout_id=${payoutId}`;
  const books = (await (await request.get(url)).json()) as { movements: { provider_payout_id: string }[] };
  const id = books.movements[0]?.provider_payout_id;
  if (!id) throw new Error(`the sandbox's books have nothing of ${payoutId}`);
  return id;
}
