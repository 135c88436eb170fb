import type { Actor } from '../core/actor.ts';
import { canonicalJson } from '../core/canonical-json.ts';
import { newUuid, toId } from '../core/ids.ts';
import { type Clock, SECOND_MS } from '../core/time.ts';
import type { TaskPayloads } from '../jobs/registry.ts';
import { enqueueDeliveries } from '../jobs/webhook-jobs.ts';
import type { Db } from '../runtime/db.ts';
import type { Log } from '../runtime/log.ts';
import { type Call, execute } from '../runtime/operation.ts';
import { isDue, type TryOutcome } from './delivery.ts';
import { type Endpoint, secretsInForce } from './endpoint.ts';
import { giveUpDelivery } from './give-up-delivery.ts';
import { hostOfUrl, type Post, postMessage } from './post-message.ts';
import { recordTry } from './record-try.ts';
import type { WebhookSettings } from './seal.ts';
import { signedHeaders } from './signature.ts';
import { findLostDeliveries, readDelivery } from './tries.queries.ts';

export interface WebhookTaskDeps {
  db: Db;
  clock: Clock;
  log: Log;
  webhooks: WebhookSettings;
  /** How a try is made; the real one unless a test says otherwise. */
  post?: (post: Post) => Promise<TryOutcome>;
  /** From 0 up to 1. */
  random?: () => number;
}

type Note = (line: string) => void;

/** How long a receiver may take. */
const TIMEOUT_MS = 10 * SECOND_MS;
/** How many lost deliveries one run gives back to the worker; the next run, a minute later, takes the next. */
const SWEEP_LIMIT = 1_000;

/** The background work on webhooks, by task name. */
export function webhookTasks(deps: WebhookTaskDeps) {
  return {
    'webhook.deliver': (payload: TaskPayloads['webhook.deliver'], note?: Note) =>
      deliver(deps, payload.deliveryId, note),
    'webhook.sweep': () => sweep(deps),
  };
}

/**
 * Makes one try: reads, posts with no transaction open, records what came of it. A worker that dies between the two leaves
 * the delivery waiting, and the job that runs again posts again: the receiver gets it at least once, always under one id.
 */
async function deliver(deps: WebhookTaskDeps, deliveryId: string, note: Note = () => undefined): Promise<unknown> {
  const { db, clock, webhooks, post = postMessage, random = Math.random } = deps;
  const read = await readDelivery(db, deliveryId);
  if (!read) return { step: 'skip', why: 'no_such_delivery' };
  const { delivery, endpoint, message } = read;
  const at = clock();
  if (delivery.status !== 'pending') return { step: 'skip', why: delivery.status };
  if (!isDue(delivery, at)) return { step: 'skip', why: 'not_due' };
  if (endpoint.status === 'disabled') {
    const { result } = await execute(db, giveUpDelivery, callAt(at), { deliveryId });
    return { step: 'given_up', ...result };
  }

  const body = canonicalJson(message.payload);
  const secrets = openSecrets(endpoint, webhooks, at);
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'Countersign-Webhooks/1',
    ...signedHeaders(secrets, toId('webhook_message', message.id), at, body),
  };
  const outcome: TryOutcome =
    secrets.length === 0
      ? { kind: 'failed', error: 'secret_unreadable' }
      : await post({ url: endpoint.url, headers, body, allowLocal: webhooks.allowLocal, timeoutMs: TIMEOUT_MS });
  const said = outcome.kind === 'answered' ? String(outcome.status) : outcome.error;
  note(`${hostOfUrl(endpoint.url)}, try ${delivery.tries + 1}: ${said}`);
  const recordedAt = clock();
  const { result } = await execute(db, recordTry, callAt(recordedAt), {
    deliveryId,
    at,
    tookMs: Math.max(0, recordedAt.getTime() - at.getTime()),
    url: endpoint.url,
    headers,
    outcome,
    jitter: random(),
  });
  return { step: 'tried', said, ...result };
}

/** The secrets to sign with. One that does not open (AUTH_SECRET is another one than when it was sealed) is left out. */
function openSecrets(endpoint: Endpoint, { seal }: WebhookSettings, now: Date): string[] {
  return secretsInForce(endpoint, now).flatMap((sealed) => {
    try {
      return [seal.open(sealed, endpoint.id)];
    } catch {
      // The try is recorded as `secret_unreadable` when none is left; a rotation gives the endpoint one that opens.
      return [];
    }
  });
}

/** Gives deliveries whose job was lost a new one. Sends nothing itself. */
async function sweep({ db, clock, log }: WebhookTaskDeps): Promise<{ lost: number }> {
  const lost = await findLostDeliveries(db, clock(), SWEEP_LIMIT);
  await db.transaction((tx) => enqueueDeliveries(tx, lost));
  if (lost.length > 0) log.warn({ lost: lost.length }, 'webhook deliveries without a job were given one');
  return { lost: lost.length };
}

/** Jobs carry no idempotency key: their verbs decide by the state under the lock. */
function callAt(now: Date): Call {
  const actor: Actor = { kind: 'job', id: 'webhook.deliver', label: 'webhook.deliver' };
  return { actor, now, request: { requestId: `job_${newUuid()}`, ip: null }, idempotencyKey: null };
}
