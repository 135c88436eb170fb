import { randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import type { RequestInfo } from '../audit/audit-event.ts';
import { REFUSAL_STATUS, type Refusal, type RefusalCode } from '../core/refusal.ts';

/** English titles of problem documents, for machines' logs; people read the console's own sentences. */
const TITLES: Partial<Record<RefusalCode, string>> = {
  not_signed_in: 'The API key is missing, unknown, expired or revoked.',
  permission_missing: 'The key lacks the scope for this.',
  malformed: 'The request is not well-formed.',
  not_found: 'There is nothing under this id.',
  idempotency_key_missing: 'The Idempotency-Key header is required.',
  idempotency_key_malformed: 'The Idempotency-Key header must be 1 to 200 printable characters.',
  idempotency_key_reused: 'This Idempotency-Key was used with another request body.',
  idempotency_key_in_flight: 'A request with this Idempotency-Key is being processed; repeat it shortly.',
  too_large: 'The body is too large.',
  unsupported_media_type: 'The body must be application/json.',
  unknown_currency: 'The currency is not one we know.',
  amount_not_positive: 'The amount must be more than zero.',
  amount_too_large: 'The amount is too large.',
  wrong_decimals: 'The amount has decimals that the currency does not pay out.',
  insufficient_balance: 'The wallet does not hold this amount.',
  party_unknown: 'There is no such party.',
  duplicate_reference: 'This reference names another payout already.',
};

export interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  detail?: string;
  instance: string;
  params?: Record<string, string>;
}

/** A refusal as an RFC 9457 problem document. `instance` carries the request id to quote. */
export function problemOf({ code, params }: Refusal, requestId: string): Problem {
  const detail =
    params &&
    Object.entries(params)
      .map(([key, value]) => `${key}: ${value}`)
      .join('; ');
  return {
    type: `urn:countersign:problem:${code}`,
    title: TITLES[code] ?? code.replaceAll('_', ' '),
    status: REFUSAL_STATUS[code],
    code,
    ...(detail ? { detail } : {}),
    instance: `urn:countersign:request:${requestId}`,
    ...(params ? { params } : {}),
  };
}

/** Answers with a refusal. */
export function problem(c: Context, refused: Refusal, requestId: string): Response {
  const document = problemOf(refused, requestId);
  return c.json(document, document.status as 400, { 'content-type': 'application/problem+json' });
}

/** Answers for what nobody expected: a reference, and nothing of what happened inside. */
export function invariantProblem(c: Context, requestId: string): Response {
  const document = {
    type: 'urn:countersign:problem:internal',
    title: 'Something went wrong on our side. Repeat the request with the same Idempotency-Key.',
    status: 500,
    code: 'internal',
    instance: `urn:countersign:request:${requestId}`,
  };
  return c.json(document, 500, { 'content-type': 'application/problem+json' });
}

/** A request's id (ours, never the caller's) and the address it came from. */
export function requestInfo(ip: string | null): RequestInfo {
  return { requestId: `req_${randomUUID()}`, ip };
}

/** What Hono carries from the server's first middleware to every shell. */
export interface HttpEnv {
  Variables: { request: RequestInfo };
}
