import type { PspConnector } from '../src/psp/connector.ts';
import { createStripeConnector } from '../src/psp/stripe/stripe-connector.ts';
import type { ProcessConfig } from './config.ts';

/** The providers of this installation: real Stripe when its key is set, else our sandbox. */
export function connectorsOf(config: ProcessConfig): Record<string, PspConnector> {
  const real = config.STRIPE_SECRET_KEY;
  return {
    stripe: createStripeConnector({
      secretKey: real ?? config.PSP_SANDBOX_SECRET_KEY,
      webhookSecret: real ? (config.STRIPE_WEBHOOK_SECRET ?? '') : config.PSP_SANDBOX_WEBHOOK_SECRET,
      ...(real ? {} : { baseUrl: `http://127.0.0.1:${config.PSP_SANDBOX_PORT}` }),
      timeoutMs: config.PROVIDER_TIMEOUT_MS,
      allowLive: config.ALLOW_LIVE,
    }),
  };
}
