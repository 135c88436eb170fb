import Stripe from 'stripe';
import type { SendOutcome } from '../connector.ts';
import { DeadlineError } from './stripe-client.ts';
import { readPayout } from './stripe-payout.ts';

/**
 * What an answer to `POST /v1/payouts` means. The SDK hands on any JSON that has no `error` member, whatever its HTTP
 * status, so a proxy's page in JSON would pass for success: only a payout counts as accepted.
 */
export function outcomeOfAnswer(answer: unknown): SendOutcome {
  const payout = readPayout(answer);
  if (!payout) return unknown('server_error', 'The answer was not a payout.');
  return { kind: 'accepted', providerPayoutId: payout.id, status: payout.status, raw: payout.raw };
}

/**
 * What a failed `POST /v1/payouts` means for the money. The rule for everything that is not certain: unknown. Calling a
 * moved payout refused pays twice; calling a refused one unknown costs a question to the provider.
 *
 * | error | outcome | why |
 * | --- | --- | --- |
 * | refused connection, unreachable network, no such host | not_sent | no connection, so no request |
 * | time-out, reset, closed, TLS, half an answer | unknown | the request may have arrived |
 * | 5xx, an answer that is not JSON | unknown | the money may have moved before the error |
 * | 409 | unknown | another request under this key is executing |
 * | 400 `idempotency_error` | unknown | see `ofIdempotencyError` |
 * | 400, 402, 404 | rejected, with the provider's code | the endpoint refused it |
 * | 401, 403, 429 | rejected | refused at the gate, before the key was looked at |
 * | any other | unknown | never guess |
 */
export function outcomeOfError(error: unknown): SendOutcome {
  if (error instanceof DeadlineError) return unknown('timeout', error.message);
  const { errors } = Stripe;
  if (!(error instanceof errors.StripeError)) return unknown('server_error', describeError(error));
  if (error instanceof errors.StripeConnectionError) return ofConnectionError(error);
  if (error instanceof errors.StripeIdempotencyError) return ofIdempotencyError(error);
  if (error instanceof errors.StripeRateLimitError) return rejected(error, error.code ?? 'rate_limit');
  // The provider's own words for a bad key are many and say nothing about the payout: one code stands for all.
  if (error instanceof errors.StripeAuthenticationError) return rejected(error, 'authentication_failed');
  if (error instanceof errors.StripePermissionError) return rejected(error, 'permission_denied');
  if (error instanceof errors.StripeCardError) return rejected(error, error.code ?? 'declined');
  if (error instanceof errors.StripeInvalidRequestError) return rejected(error, error.code ?? 'invalid_request');
  return unknown('server_error', describeError(error));
}

/** One line about an error, with the provider's request id when it gave one. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (!(error instanceof Stripe.errors.StripeError)) return error.message;
  const cause = causeOf(error);
  return [
    error.statusCode === undefined ? null : `HTTP ${error.statusCode}`,
    error.code ?? cause?.code ?? null,
    error.message,
    error.requestId ? `(${error.requestId})` : null,
  ]
    .filter((part) => part !== null)
    .join(' ');
}

/** The SDK keeps the socket's own error in `detail`, though it is typed as text. */
function causeOf(
  error: InstanceType<typeof Stripe.errors.StripeError>,
): { code?: string; syscall?: string } | undefined {
  const detail: unknown = error.detail;
  return typeof detail === 'object' && detail !== null ? detail : undefined;
}

const UNREACHABLE = new Set(['EHOSTUNREACH', 'ENETUNREACH']);

function ofConnectionError(error: InstanceType<typeof Stripe.errors.StripeConnectionError>): SendOutcome {
  const { code, syscall } = causeOf(error) ?? {};
  const message = describeError(error);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return { kind: 'not_sent', reason: 'dns', message };
  // A host can also become unreachable in the middle of a request; only while connecting is it certain.
  if (code === 'ECONNREFUSED' || (code !== undefined && UNREACHABLE.has(code) && syscall === 'connect')) {
    return { kind: 'not_sent', reason: 'connection_refused', message };
  }
  return unknown(code === 'ETIMEDOUT' ? 'timeout' : 'connection_lost', message);
}

/**
 * The key was used before with other parameters. This request did not execute, but an earlier one under this attempt's
 * key began to, and it may have moved money. Rejected would let a new attempt pay a second time, so it is unknown: asking
 * the provider for the attempt finds what the earlier request did.
 */
function ofIdempotencyError(error: InstanceType<typeof Stripe.errors.StripeIdempotencyError>): SendOutcome {
  return unknown('server_error', describeError(error));
}

function rejected(error: InstanceType<typeof Stripe.errors.StripeError>, code: string): SendOutcome {
  return {
    kind: 'rejected',
    code,
    message: error.message,
    raw: {
      status: error.statusCode ?? null,
      type: error.rawType ?? null,
      code: error.code ?? null,
      message: error.message,
      param: error.param ?? null,
      requestId: error.requestId ?? null,
      replayed: error.headers?.['idempotent-replayed'] === 'true',
    },
  };
}

function unknown(reason: 'timeout' | 'server_error' | 'connection_lost', message: string): SendOutcome {
  return { kind: 'unknown', reason, message };
}
