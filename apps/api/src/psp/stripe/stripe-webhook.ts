import Stripe from 'stripe';
import type { ProviderEvent } from '../connector.ts';
import { readPayout } from './stripe-payout.ts';

/** How old a signature may be, seconds: what Stripe recommends. A replayed webhook is older. */
const TOLERANCE_S = 300;

/**
 * Verifies a webhook's signature over its raw body and reads the event; null when it does not verify, was signed more
 * than five minutes before `now`, or is not an event.
 */
export function readStripeWebhook(
  rawBody: string,
  signatureHeader: string | undefined,
  secret: string,
  now: Date,
): ProviderEvent | null {
  let event: Stripe.Event;
  try {
    const header = signatureHeader ?? '';
    event = Stripe.webhooks.constructEvent(rawBody, header, secret, TOLERANCE_S, undefined, now.getTime());
  } catch {
    // A wrong signature, an old one, or a body that is not JSON: none of them is an event of the provider's.
    return null;
  }
  if (event?.object !== 'event' || typeof event.id !== 'string' || typeof event.created !== 'number') return null;
  const payout = readPayout(event.data?.object);
  return {
    providerEventId: event.id,
    type: event.type,
    occurredAt: new Date(event.created * 1000),
    providerPayoutId: payout?.id ?? null,
    attemptId: payout?.attemptId ?? null,
    status: payout?.status ?? null,
    code: payout?.failureCode ?? null,
  };
}
