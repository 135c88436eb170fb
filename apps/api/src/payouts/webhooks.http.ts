import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { parseId } from '../core/ids.ts';
import { Refused } from '../core/refusal.ts';
import type { Clock } from '../core/time.ts';
import type { ProviderEvent, PspConnector } from '../psp/connector.ts';
import type { Db } from '../runtime/db.ts';
import { type HttpEnv, invariantProblem, problem, requestInfo } from '../runtime/http.ts';
import type { Log } from '../runtime/log.ts';
import { execute } from '../runtime/operation.ts';
import { recordProviderEvent } from './record-provider-event.ts';

export interface WebhookDeps {
  db: Db;
  clock: Clock;
  log: Log;
  connectors: Record<string, PspConnector>;
}

const MAX_WEBHOOK_BYTES = 256 * 1024;

/** Where each provider puts its signature. A provider that is not here sends us nothing. */
const SIGNATURE_HEADER: Readonly<Record<string, string>> = { stripe: 'stripe-signature' };

/**
 * `POST /webhooks/:provider`: events that a provider pushes. The signature is checked over the raw body before anything is
 * read from it. An answer of 200 means "kept": a fault answers 500 and the provider sends it again.
 */
export function webhooksHttp({ db, clock, log, connectors }: WebhookDeps): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>();
  app.use('/webhooks/*', async (c, next) => {
    if (!c.get('request')) c.set('request', requestInfo(null));
    await next();
  });
  app.onError((error, c) => {
    const { requestId } = c.get('request');
    if (error instanceof Refused) return problem(c, error.refusal, requestId);
    log.error({ err: error, requestId, path: c.req.path }, 'webhook failed');
    return invariantProblem(c, requestId);
  });
  const limit = bodyLimit({
    maxSize: MAX_WEBHOOK_BYTES,
    onError: () => {
      throw new Refused('too_large', { max_bytes: String(MAX_WEBHOOK_BYTES) });
    },
  });

  app.post('/webhooks/:provider', limit, async (c) => {
    const provider = c.req.param('provider');
    const connector = Object.hasOwn(connectors, provider) ? connectors[provider] : undefined;
    const header = Object.hasOwn(SIGNATURE_HEADER, provider) ? SIGNATURE_HEADER[provider] : undefined;
    if (!connector || !header) throw new Refused('not_found', { what: 'provider' });
    const raw = await c.req.text();
    const now = clock();
    const event = connector.readWebhook(raw, c.req.header(header), now);
    if (!event) {
      log.warn({ provider, requestId: c.get('request').requestId }, 'a webhook did not verify');
      throw new Refused('malformed', { problem: 'signature' });
    }
    const actor = { kind: 'job' as const, id: `webhook:${provider}`, label: `${provider} webhook` };
    const call = { actor, now, request: c.get('request'), idempotencyKey: null };
    const { result } = await execute(db, recordProviderEvent, call, inputOf(provider, event, raw));
    log.debug({ provider, event: event.providerEventId, type: event.type, ...result }, 'webhook kept');
    return c.json({ received: true });
  });
  return app;
}

function inputOf(provider: string, event: ProviderEvent, raw: string) {
  const { providerEventId, type, occurredAt, providerPayoutId, status, code } = event;
  const attemptId = event.attemptId === null ? null : attemptUuid(event.attemptId);
  return { provider, providerEventId, type, occurredAt, providerPayoutId, attemptId, status, code, raw };
}

/** The uuid in a provider's metadata: ours is a TypeID (`at_…`); a bare uuid is taken too; anything else names nobody. */
function attemptUuid(id: string): string | null {
  const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  return parseId('attempt', id) ?? (uuid.test(id) ? id : null);
}
