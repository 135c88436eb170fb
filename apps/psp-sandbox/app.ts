import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { type Context, Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Answer } from './answer.ts';
import { type AppEnv, type AppParts, limitBody } from './app-parts.ts';
import { balanceObject } from './books.ts';
import { cancelPayout } from './cancel-payout.ts';
import { createPayout } from './create-payout.ts';
import { readForm } from './form.ts';
import type { KeyedRequest, Save } from './idempotency.ts';
import { readPayoutQuery } from './list-payouts.ts';
import { findPayout, listPayouts } from './payout.store.ts';
import { payoutObject } from './payout.ts';
import { noSuchPayout, ProviderError } from './provider-error.ts';
import { providerId } from './provider-id.ts';
import { overviewRoute, sandboxRoutes } from './sandbox-routes.ts';

/** The HTTP surface: the provider's API under `/v1`, the sandbox's own under `/__sandbox`, and `/healthz`. */
export function createApp(parts: AppParts): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  app.use(async (c, next) => {
    c.set('requestId', providerId('req'));
    // A page in somebody's browser must not reach a loopback service that resets books without asking who it is.
    if (isFromAWebPage(c)) throw new ProviderError(403, 'Requests from web pages are refused.');
    await next();
    c.header('Request-Id', c.get('requestId'));
  });
  app.onError((error, c) => {
    c.header('Request-Id', c.get('requestId'));
    if (error instanceof ProviderError) return c.json(error.body(), error.status as ContentfulStatusCode);
    console.error(`psp-sandbox: ${c.get('requestId')} failed:`, error);
    return c.json({ error: { message: 'An unexpected error occurred in the sandbox.', type: 'api_error' } }, 500);
  });
  app.notFound((c) => {
    throw new ProviderError(404, `Unrecognized request URL (${c.req.method}: ${c.req.path}).`);
  });
  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  app.get('/__sandbox/', overviewRoute(parts));
  app.route('/__sandbox', sandboxRoutes(parts));
  app.route('/v1', providerRoutes(parts));
  return app;
}

/**
 * Whether a web page makes the request. A person who opens the page of the books does not: browsers send no Origin then, and
 * call it a navigation; what a foreign page embeds or fetches without Origin, they call cross-site.
 */
function isFromAWebPage(c: Context<AppEnv>): boolean {
  if (c.req.header('origin') !== undefined) return true;
  const site = c.req.header('sec-fetch-site');
  const byAnotherPage = site === 'cross-site' || site === 'same-site';
  return byAnotherPage && !(c.req.method === 'GET' && c.req.header('sec-fetch-dest') === 'document');
}

function providerRoutes({ execution, idempotency, scheduler, secretKey }: AppParts): Hono<AppEnv> {
  const { db } = execution;
  const routes = new Hono<AppEnv>();
  routes.use(async (c, next) => {
    mustCarryKey(c.req.header('authorization'), secretKey);
    await next();
    const version = c.req.header('stripe-version');
    if (version !== undefined) c.header('Stripe-Version', version);
  });
  routes.use(limitBody(256 * 1024));

  const change =
    (execute: (request: KeyedRequest, c: Context<AppEnv>, save: Save) => Promise<Answer>) =>
    async (c: Context<AppEnv>): Promise<Response> => {
      const request: KeyedRequest = {
        key: c.req.header('idempotency-key') || undefined,
        endpoint: `${c.req.method} ${c.req.path}`,
        body: await c.req.text(),
        requestId: c.get('requestId'),
      };
      const answer = await idempotency.answer(request, (save) => execute(request, c, save));
      scheduler.wake();
      return respond(c, answer);
    };

  routes.post(
    '/payouts',
    change((request, _c, save) => createPayout(execution, request, readForm(request.body), save)),
  );
  routes.post(
    '/payouts/:id/cancel',
    change(async (_request, c, save) => cancelPayout(execution, c.req.param('id') ?? '', save)),
  );
  routes.get('/payouts', (c) => {
    const page = listPayouts(db, readPayoutQuery(new URL(c.req.url).search));
    return c.json({ object: 'list', data: page.rows.map(payoutObject), has_more: page.hasMore, url: '/v1/payouts' });
  });
  routes.get('/payouts/:id', (c) => {
    const payout = findPayout(db, c.req.param('id'));
    if (!payout) throw noSuchPayout(c.req.param('id'), 'payout');
    return c.json(payoutObject(payout));
  });
  routes.get('/balance', (c) => c.json(balanceObject(db)));
  return routes;
}

/** `Bearer <key>`, or HTTP Basic with the key as the user name. Throws ProviderError 401 otherwise. */
function mustCarryKey(header: string | undefined, secretKey: string): void {
  const [scheme = '', credentials = ''] = header?.split(' ') ?? [];
  const key =
    scheme.toLowerCase() === 'basic'
      ? Buffer.from(credentials, 'base64').toString('utf8').replace(/:.*$/s, '')
      : credentials;
  if (key === secretKey) return;
  if (key === '') {
    throw new ProviderError(401, 'You did not provide an API key, as a Bearer token in the Authorization header.');
  }
  throw new ProviderError(401, `Invalid API Key provided: ${key.slice(0, 7)}****`);
}

/** Sends an answer, or does with the connection what its fault says. */
function respond(c: Context<AppEnv>, answer: Answer): Response {
  if (answer.how === 'drop') c.env.incoming.socket.resetAndDestroy();
  if (answer.how === 'drop' || answer.how === 'hang') return RESPONSE_ALREADY_SENT;
  const body = answer.how === 'garble' ? answer.body.slice(0, answer.body.length / 2) : answer.body;
  return c.body(body, answer.status as ContentfulStatusCode, { 'Content-Type': 'application/json', ...answer.headers });
}
