import { DAY_MS } from '../../core/time.ts';
import type { PspConnector, SendOutcome } from '../connector.ts';
import { createStripeClient, within } from './stripe-client.ts';
import { findStripePayout } from './stripe-lookup.ts';
import { outcomeOfAnswer, outcomeOfError } from './stripe-outcome.ts';
import { payoutParams } from './stripe-payout.ts';
import { readStripeWebhook } from './stripe-webhook.ts';

export interface StripeConnectorOptions {
  secretKey: string;
  webhookSecret: string;
  /** A Stripe-shaped provider elsewhere (the sandbox), `http://127.0.0.1:4410`; Stripe itself when absent. */
  baseUrl?: string;
  /** How long the provider may be silent, ms. A whole call takes at most twice that. */
  timeoutMs: number;
  /** Whether a live key, which moves real money, may be used. */
  allowLive: boolean;
}

/** Readiness asks often and must answer fast. */
const PING_TIMEOUT_MS = 2_000;

/**
 * Makes the connector to Stripe. Throws Error with one clear sentence when the key is missing, when it is a live key
 * without `allowLive` or with a `baseUrl`, or when the address is not an http(s) URL.
 */
export function createStripeConnector(options: StripeConnectorOptions): PspConnector {
  mustBeUsable(options);
  const { timeoutMs, webhookSecret } = options;
  const deadlineMs = timeoutMs * 2;
  const stripe = createStripeClient(options);
  return {
    provider: 'stripe',
    // "You can remove keys from the system automatically after they're at least 24 hours old" (Stripe API reference).
    replayWindowMs: DAY_MS,
    sendPayout: async (instruction): Promise<SendOutcome> => {
      const params = payoutParams(instruction);
      if (!params) {
        const message = 'The amount is above 9 007 199 254 740 991 minor units, which the provider cannot take.';
        return { kind: 'rejected', code: 'amount_too_large', message, raw: null };
      }
      try {
        const idempotencyKey = instruction.providerKey;
        return outcomeOfAnswer(await within(deadlineMs, stripe.payouts.create(params, { idempotencyKey })));
      } catch (error) {
        return outcomeOfError(error);
      }
    },
    findPayout: (question) => findStripePayout(stripe, question, deadlineMs),
    readWebhook: (rawBody, signatureHeader, now) => readStripeWebhook(rawBody, signatureHeader, webhookSecret, now),
    ping: async () => {
      const timeout = Math.min(timeoutMs, PING_TIMEOUT_MS);
      try {
        const balance: { object?: unknown } | null = await within(timeout, stripe.balance.retrieve({}, { timeout }));
        return balance?.object === 'balance';
      } catch {
        // Whatever went wrong, the answer to "can it be reached now" is no.
        return false;
      }
    },
  };
}

function mustBeUsable({ secretKey, baseUrl, allowLive }: StripeConnectorOptions): void {
  if (secretKey === '') throw new Error('The Stripe secret key is empty.');
  const live = /^[sr]k_live_/.test(secretKey);
  if (live && !allowLive) {
    throw new Error(
      'The Stripe secret key is a live key, which moves real money; it is refused unless ALLOW_LIVE=true.',
    );
  }
  if (baseUrl === undefined) return;
  if (live) throw new Error('A live Stripe key is never sent anywhere but to Stripe.');
  if (!URL.canParse(baseUrl) || !/^https?:$/.test(new URL(baseUrl).protocol)) {
    throw new Error(`The address of the payment provider must be an http or https URL, not "${baseUrl}".`);
  }
}
