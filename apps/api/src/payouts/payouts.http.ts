import { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Actor } from '../core/actor.ts';
import { canonicalJson } from '../core/canonical-json.ts';
import { parseId } from '../core/ids.ts';
import { Refused } from '../core/refusal.ts';
import type { Clock } from '../core/time.ts';
import { actorOfApiKey } from '../identity/api-key.store.ts';
import { may } from '../identity/permission.ts';
import type { Db } from '../runtime/db.ts';
import { type HttpEnv, invariantProblem, problem, requestInfo } from '../runtime/http.ts';
import { idempotencyKeyOf } from '../runtime/idempotency-header.ts';
import type { Log } from '../runtime/log.ts';
import { execute } from '../runtime/operation.ts';
import { describePayoutsApi } from './payouts.openapi.ts';
import { requestPayout } from './request-payout.ts';
import { findPayoutResource } from './sends.queries.ts';

export interface PayoutsHttpDeps {
  db: Db;
  clock: Clock;
  log: Log;
}

const MAX_BODY_BYTES = 64 * 1024;

/** The machine API: `POST /v1/payouts`, `GET /v1/payouts/{id}`, and its OpenAPI document. Mounted at `/`. */
export function payoutsHttp({ db, clock, log }: PayoutsHttpDeps): OpenAPIHono<HttpEnv> {
  const app = new OpenAPIHono<HttpEnv>();
  app.use('/v1/*', async (c, next) => {
    if (!c.get('request')) c.set('request', requestInfo(null));
    await next();
  });
  app.onError((error, c) => {
    const { requestId } = c.get('request');
    if (error instanceof Refused) return refusedAnswer(c, error);
    log.error({ err: error, requestId, path: c.req.path }, 'request failed');
    return invariantProblem(c, requestId);
  });

  const signedIn = async (c: Context<HttpEnv>): Promise<Extract<Actor, { kind: 'machine' }>> => {
    const actor = await actorOfApiKey(db, c.req.header('authorization'), clock());
    if (!actor) throw new Refused('not_signed_in');
    return actor;
  };
  const limit = bodyLimit({
    maxSize: MAX_BODY_BYTES,
    onError: () => {
      throw new Refused('too_large', { max_bytes: String(MAX_BODY_BYTES) });
    },
  });

  app.post('/v1/payouts', limit, async (c) => {
    const actor = await signedIn(c);
    const idempotencyKey = idempotencyKeyOf(c.req.header('idempotency-key'));
    const body = await jsonBody(c);
    const call = { actor, now: clock(), request: c.get('request'), idempotencyKey };
    const { result, replayed } = await execute(db, requestPayout, call, body);
    // Canonical, so that a replayed answer is the first one byte for byte.
    return c.body(canonicalJson(result), 201, {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      location: `/v1/payouts/${result.id}`,
      ...(replayed ? { 'Idempotent-Replayed': 'true' } : {}),
    });
  });

  app.get('/v1/payouts/:id', async (c) => {
    const actor = await signedIn(c);
    if (!may(actor, 'payout:read')) throw new Refused('permission_missing', { permission: 'payout:read' });
    const id = parseId('payout', c.req.param('id'));
    const resource = id && (await findPayoutResource(db, id));
    if (!resource) throw new Refused('not_found', { what: 'payout' });
    return c.body(canonicalJson(resource), 200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  });

  const document = describePayoutsApi(app);
  app.get('/v1/openapi.json', (c) => c.json(document));
  return app;
}

/** A problem document, with the headers that HTTP asks for beside some of them. */
function refusedAnswer(c: Context<HttpEnv>, { refusal }: Refused): Response {
  if (refusal.code === 'not_signed_in') c.header('www-authenticate', 'Bearer realm="countersign"');
  if (refusal.code === 'idempotency_key_in_flight') c.header('retry-after', '1');
  return problem(c, refusal, c.get('request').requestId);
}

async function jsonBody(c: Context): Promise<unknown> {
  const type = c.req.header('content-type')?.split(';', 1)[0]?.trim().toLowerCase();
  if (type !== 'application/json') throw new Refused('unsupported_media_type');
  try {
    return JSON.parse(await c.req.text()) as unknown;
  } catch {
    // The parser's own message would quote the body; where it is malformed is the sender's to find.
    throw new Refused('malformed', { problem: 'the body is not JSON' });
  }
}
