import Stripe from 'stripe';
import { expect, it } from 'vitest';
import { DeadlineError } from './stripe-client.ts';
import { outcomeOfAnswer, outcomeOfError } from './stripe-outcome.ts';

const { errors } = Stripe;

function connectionError(code: string, syscall?: string): Error {
  // The SDK puts the socket's error in `detail`, which its types call a text.
  const detail = Object.assign(new Error(code), { code, ...(syscall === undefined ? {} : { syscall }) });
  return new errors.StripeConnectionError({ message: 'An error occurred.', detail: detail as never } as never);
}

/** An error as the SDK makes it from an HTTP status and an error body. */
function httpError(statusCode: number, body: { type?: string; code?: string } = {}): Error {
  return errors.generateV1Error({
    type: 'invalid_request_error',
    message: 'No.',
    headers: {},
    requestId: 'req_1',
    ...body,
    statusCode,
  } as never);
}

it.each([
  ['refused connection', connectionError('ECONNREFUSED', 'connect'), 'not_sent', 'connection_refused'],
  ['host unreachable while connecting', connectionError('EHOSTUNREACH', 'connect'), 'not_sent', 'connection_refused'],
  ['no such host', connectionError('ENOTFOUND', 'getaddrinfo'), 'not_sent', 'dns'],
  ['no name server', connectionError('EAI_AGAIN', 'getaddrinfo'), 'not_sent', 'dns'],
  ['host unreachable while reading', connectionError('EHOSTUNREACH', 'read'), 'unknown', 'connection_lost'],
  ['time-out', connectionError('ETIMEDOUT'), 'unknown', 'timeout'],
  ['time-out while connecting', connectionError('ETIMEDOUT', 'connect'), 'unknown', 'timeout'],
  ['deadline', new DeadlineError('too long'), 'unknown', 'timeout'],
  ['reset', connectionError('CONNECTION_CLOSED'), 'unknown', 'connection_lost'],
  ['expired certificate', connectionError('CERT_HAS_EXPIRED'), 'unknown', 'connection_lost'],
  ['connection error without a cause', new errors.StripeConnectionError({} as never), 'unknown', 'connection_lost'],
  ['500', httpError(500, { type: 'api_error' }), 'unknown', 'server_error'],
  ['503', httpError(503, { type: 'api_error' }), 'unknown', 'server_error'],
  ['409 key in use', httpError(409, { code: 'idempotency_key_in_use' }), 'unknown', 'server_error'],
  ['400 key with other parameters', httpError(400, { type: 'idempotency_error' }), 'unknown', 'server_error'],
  ['a status of no error class', httpError(405), 'unknown', 'server_error'],
  ['not JSON', new errors.StripeAPIError({ message: 'Invalid JSON' } as never), 'unknown', 'server_error'],
  ['an error of ours', new TypeError('x is null'), 'unknown', 'server_error'],
  ['something that is no error', 'no', 'unknown', 'server_error'],
])('%s', (_name, error, kind, reason) => {
  expect(outcomeOfError(error)).toMatchObject({ kind, reason });
});

it.each([
  [400, { code: 'balance_insufficient' }, 'balance_insufficient'],
  [400, {}, 'invalid_request'],
  [400, { code: 'rate_limit' }, 'rate_limit'],
  [401, { code: 'api_key_expired' }, 'authentication_failed'],
  [402, { type: 'card_error', code: 'account_closed' }, 'account_closed'],
  [402, { type: 'card_error' }, 'declined'],
  [403, { code: 'secret_key_required' }, 'permission_denied'],
  [404, { code: 'resource_missing' }, 'resource_missing'],
  [429, {}, 'rate_limit'],
  [429, { code: 'lock_timeout' }, 'lock_timeout'],
])('HTTP %i %o is refused with %s', (statusCode, body, code) => {
  expect(outcomeOfError(httpError(statusCode, body))).toMatchObject({
    kind: 'rejected',
    code,
    message: 'No.',
    raw: { status: statusCode, requestId: 'req_1', replayed: false },
  });
});

it.each([
  [null],
  [{}],
  [{ object: 'list' }],
  [{ object: 'payout', id: 'po_1' }],
  [{ message: 'Bad Gateway' }],
  ['text'],
])('an answer %j that is no payout is unknown', (answer) => {
  expect(outcomeOfAnswer(answer)).toMatchObject({ kind: 'unknown', reason: 'server_error' });
});
