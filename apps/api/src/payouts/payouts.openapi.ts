import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { REFUSAL_STATUS, type RefusalCode } from '../core/refusal.ts';
import type { HttpEnv } from '../runtime/http.ts';
import { payoutResource } from './payout-resource.ts';
import { payoutRequest } from './request-payout.ts';

/** What `POST /v1/payouts` can refuse with. */
export const REQUEST_REFUSALS = [
  'not_signed_in',
  'permission_missing',
  'idempotency_key_missing',
  'idempotency_key_malformed',
  'idempotency_key_reused',
  'idempotency_key_in_flight',
  'too_large',
  'unsupported_media_type',
  'malformed',
  'unknown_currency',
  'amount_not_positive',
  'amount_too_large',
  'wrong_decimals',
  'party_unknown',
  'insufficient_balance',
  'duplicate_reference',
] as const satisfies readonly RefusalCode[];

/** What `GET /v1/payouts/{id}` can refuse with. */
export const READ_REFUSALS = ['not_signed_in', 'permission_missing', 'not_found'] as const satisfies RefusalCode[];

const CODES: string[] = [...new Set<string>([...REQUEST_REFUSALS, ...READ_REFUSALS, 'internal'])];

const problemSchema = z
  .object({
    type: z
      .string()
      .openapi({ description: 'A URN that names the code.', example: 'urn:countersign:problem:malformed' }),
    title: z.string().openapi({ description: 'One English sentence.' }),
    status: z.int(),
    code: z.enum(CODES as [string, ...string[]]).openapi({ description: 'What to act on; never changes its meaning.' }),
    detail: z.string().optional(),
    instance: z.string().openapi({ description: 'The request, to quote to support.' }),
    params: z.record(z.string(), z.string()).optional(),
  })
  .openapi('Problem', { description: 'RFC 9457 problem document.' });

// Built here once more: only schemas that were made after the extension of zod can be named components.
const resourceSchema = z.object(payoutResource.shape).openapi('Payout');

const idempotencyKey = z.string().min(1).max(200).openapi({
  description:
    'Names this command (draft-ietf-httpapi-idempotency-key-header). Sent again with the same body, the stored answer comes back; with another body, 422.',
  example: '"8e03978e-40d5-43e8-bc93-6894a57f9324"',
});

const replayed = z
  .object({
    'Idempotent-Replayed': z
      .literal('true')
      .optional()
      .openapi({ description: 'Present when this is the stored answer of an earlier request under the same key.' }),
  })
  .openapi({ type: 'object' });

/** One response a status, with the codes that it carries. */
function problems(codes: readonly RefusalCode[]) {
  const content = { 'application/problem+json': { schema: problemSchema } };
  const byStatus = Map.groupBy(codes, (code) => REFUSAL_STATUS[code]);
  return Object.fromEntries([
    ...[...byStatus].map(([status, of]) => [status, { description: of.map((c) => `\`${c}\``).join(', '), content }]),
    [500, { description: '`internal`: repeat the request with the same Idempotency-Key', content }],
  ]);
}

const createPayoutRoute = createRoute({
  method: 'post',
  path: '/v1/payouts',
  operationId: 'createPayout',
  summary: 'Request a payout',
  description: 'Accepts a payout and queues it. The money leaves the wallet with the answer.',
  security: [{ apiKey: ['payouts:write'] }],
  request: {
    headers: z.object({ 'Idempotency-Key': idempotencyKey }),
    body: { required: true, content: { 'application/json': { schema: payoutRequest } } },
  },
  responses: {
    201: {
      description: 'Accepted.',
      headers: replayed,
      content: { 'application/json': { schema: resourceSchema } },
    },
    ...problems(REQUEST_REFUSALS),
  },
});

const readPayoutRoute = createRoute({
  method: 'get',
  path: '/v1/payouts/{id}',
  operationId: 'getPayout',
  summary: 'Read a payout',
  security: [{ apiKey: ['payouts:read'] }],
  request: { params: z.object({ id: z.string().openapi({ example: 'po_01kfh1v9c5fr0s2ph9b4w2zq6n' }) }) },
  responses: {
    200: { description: 'The payout as it is now.', content: { 'application/json': { schema: resourceSchema } } },
    ...problems(READ_REFUSALS),
  },
});

/** The OpenAPI 3.1 document of the machine API. */
export function describePayoutsApi(app: OpenAPIHono<HttpEnv>) {
  app.openAPIRegistry.registerComponent('securitySchemes', 'apiKey', {
    type: 'http',
    scheme: 'bearer',
    description: 'An API key, `csk_…`, with the scopes that each operation names.',
  });
  app.openAPIRegistry.registerPath(createPayoutRoute);
  app.openAPIRegistry.registerPath(readPayoutRoute);
  return app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Countersign machine API',
      version: '1',
      description: 'Amounts are decimal strings of minor units (ISO 4217). Errors are RFC 9457 problem documents.',
    },
  });
}
