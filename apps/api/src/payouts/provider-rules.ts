import { DAY_MS } from '../core/time.ts';

/** How long each provider replays an idempotency key before it would run the request anew. Source: Stripe API reference, "Idempotent requests". */
const REPLAY_WINDOW_MS: Record<string, number> = { stripe: DAY_MS };

/** The provider's replay window, ms; 0 for a provider we know nothing of, so that nothing is ever resent blindly. */
export function replayWindowMs(provider: string): number {
  return REPLAY_WINDOW_MS[provider] ?? 0;
}
