import { type Currency, minorDigits } from '../core/currency.ts';
import { DAY_MS } from '../core/time.ts';

/** The providers that this product can pay through, as payouts name them. */
export const PROVIDERS = ['stripe'] as const;
export type Provider = (typeof PROVIDERS)[number];

/** How long each provider replays an idempotency key before it would run the request anew. Source: Stripe API reference, "Idempotent requests". */
const REPLAY_WINDOW_MS: Record<Provider, number> = { stripe: DAY_MS };

/** The provider's replay window, ms; 0 for a provider we know nothing of, so that nothing is ever resent blindly. */
export function replayWindowMs(provider: string): number {
  return Object.hasOwn(REPLAY_WINDOW_MS, provider) ? REPLAY_WINDOW_MS[provider as Provider] : 0;
}

/** The largest amount that a payout may have, minor units: the largest whole number that every provider's JSON carries exactly (2^53 - 1). */
export const MAX_PAYOUT_MINOR = BigInt(Number.MAX_SAFE_INTEGER);

/** Currencies with cents in ISO 4217 that are paid out in whole units only. Source: Stripe's docs, "Currencies", special cases. */
const WHOLE_UNITS: ReadonlySet<Currency> = new Set(['HUF', 'MGA', 'TWD']);

/** The step in which payouts of a currency can be made, minor units: the last digit of three-decimal currencies must be 0. */
export function payoutStepMinor(currency: Currency): bigint {
  if (WHOLE_UNITS.has(currency)) return 100n;
  return minorDigits(currency) === 3 ? 10n : 1n;
}
