import type { Money } from '../core/money.ts';

/**
 * The port to payment providers. A connector does network calls and nothing else: it opens no transaction, decides
 * nothing about our payouts and never retries by itself (attempts own retrying).
 */
export interface PspConnector {
  /** Name of the provider as stored on payouts and in account codes: `stripe`. */
  readonly provider: string;
  /** How long the provider replays an idempotency key instead of running the request anew (Stripe: 24 h). */
  readonly replayWindowMs: number;
  /** Sends one attempt. Never throws for what a provider or a network can do: every outcome is a value. */
  sendPayout(instruction: PayoutInstruction): Promise<SendOutcome>;
  /** Asks the provider what it knows about an attempt. */
  findPayout(question: PayoutQuestion): Promise<LookupAnswer>;
  /** Verifies and reads a webhook from its raw body; null when the signature does not verify. */
  readWebhook(rawBody: string, signatureHeader: string | undefined, now: Date): ProviderEvent | null;
  /** Whether the provider can be reached now, for readiness. */
  ping(): Promise<boolean>;
}

export interface PayoutInstruction {
  /** The attempt's idempotency key: minted once with the attempt, contains no time, never changes. */
  providerKey: string;
  attemptId: string;
  payoutId: string;
  amount: Money;
  rail: string;
  /** Provider token of the destination account. */
  destinationToken: string;
  /** What the payee sees. */
  descriptor: string;
  /** The creator's own metadata; passed on so that the sandbox's faults can be chosen by it. */
  metadata: Record<string, string>;
}

export type SendOutcome =
  | { kind: 'accepted'; providerPayoutId: string; status: ProviderStatus; raw: unknown }
  /** A definitive refusal by the provider: no money moved. */
  | { kind: 'rejected'; code: string; message: string; raw: unknown }
  /** The answer was lost (read timeout, 5xx, reset): money may have moved. */
  | { kind: 'unknown'; reason: 'timeout' | 'server_error' | 'connection_lost'; message: string }
  /** The request certainly never reached the provider (connection refused, DNS). */
  | { kind: 'not_sent'; reason: 'connection_refused' | 'dns' | 'not_configured'; message: string };

/** Status of a payout in the provider's own words, narrowed to what matters here. */
export type ProviderStatus = 'pending' | 'in_transit' | 'paid' | 'failed' | 'canceled' | 'returned';

export interface PayoutQuestion {
  attemptId: string;
  /** Known when the provider once accepted the attempt. */
  providerPayoutId: string | null;
  currency: string;
  /** When the attempt was first sent; the search window starts before it. */
  sentAt: Date;
  now: Date;
}

export type LookupAnswer =
  | { kind: 'found'; providerPayoutId: string; status: ProviderStatus; code: string | null; raw: unknown }
  /** The provider listed everything it has for the window and the attempt is not among it. */
  | { kind: 'absent'; scanned: number; from: Date; to: Date }
  | { kind: 'no_answer'; reason: string };

/** One event that a provider pushed, already verified. */
export interface ProviderEvent {
  providerEventId: string;
  type: string;
  occurredAt: Date;
  providerPayoutId: string | null;
  /** Our attempt id as the provider carries it in its metadata, when it does. */
  attemptId: string | null;
  status: ProviderStatus | null;
  /** Failure code in the provider's words. */
  code: string | null;
}
