import { createHmac } from 'node:crypto';
import type { SandboxClock } from './clock.ts';
import type { Database } from './database.ts';
import { type DueDelivery, dueDeliveries, keepDelivery } from './events.ts';

export interface WebhookSettings {
  /** Where events go; null sends none, they wait. */
  url: string | null;
  secret: string;
  /** The first wait after a failed delivery; it doubles each time, up to five minutes. */
  backoffMs: number;
  /** How long the receiver may take. */
  timeoutMs: number;
}

const LONGEST_BACKOFF_MS = 300_000;
/** About a day of trying. */
const MOST_ATTEMPTS = 300;
const PAYOUTS_AT_ONCE = 8;

/** The `Stripe-Signature` header: HMAC-SHA256 over `t.rawBody`, as the provider's SDK verifies it. */
export function signatureHeader(rawBody: string, secret: string, atSeconds: number): string {
  const signature = createHmac('sha256', secret).update(`${atSeconds}.${rawBody}`).digest('hex');
  return `t=${atSeconds},v1=${signature}`;
}

/** Delay before the next try after `attempts` failed ones, in milliseconds. */
export function backoff(attempts: number, backoffMs: number): number {
  return Math.min(backoffMs * 2 ** Math.min(attempts - 1, 30), LONGEST_BACKOFF_MS);
}

/**
 * Delivers every due event; resolves when none is due. Events of one payout go one after the other in order of their
 * time, payouts go side by side. A delivery that was cut off by `stop` stays due.
 */
export async function deliverDue(
  db: Database,
  clock: SandboxClock,
  settings: WebhookSettings,
  stop: AbortSignal,
): Promise<void> {
  const { url } = settings;
  if (url === null) return;
  for (let due = dueDeliveries(db, clock.now()); due.length > 0; due = dueDeliveries(db, clock.now())) {
    const queues = [...Map.groupBy(due, (delivery) => delivery.payout_id).values()];
    const takeQueues = async (): Promise<void> => {
      for (let queue = queues.pop(); queue; queue = queues.pop()) {
        for (const delivery of queue) {
          if (stop.aborted) return;
          const answer = await post(url, delivery, settings, stop);
          if (stop.aborted) return;
          settle(db, clock, settings, delivery, answer);
        }
      }
    };
    await Promise.all(Array.from({ length: PAYOUTS_AT_ONCE }, takeQueues));
    if (stop.aborted) return;
  }
}

function settle(
  db: Database,
  clock: SandboxClock,
  settings: WebhookSettings,
  delivery: DueDelivery,
  answer: { delivered: boolean; text: string },
): void {
  const attempts = delivery.attempts + 1;
  const state = answer.delivered ? 'delivered' : attempts >= MOST_ATTEMPTS ? 'abandoned' : 'waiting';
  const dueAt = clock.now() + backoff(attempts, settings.backoffMs);
  keepDelivery(db, delivery.seq, { state, attempts, dueAt, answer: answer.text });
}

async function post(
  url: string,
  delivery: DueDelivery,
  settings: WebhookSettings,
  stop: AbortSignal,
): Promise<{ delivered: boolean; text: string }> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      body: delivery.body,
      redirect: 'manual',
      headers: {
        'Content-Type': 'application/json; charset=utf-8',
        'User-Agent': 'psp-sandbox',
        // Signed with real time, not with the sandbox's clock: the receiver compares it with its own.
        'Stripe-Signature': signatureHeader(delivery.body, settings.secret, Math.floor(Date.now() / 1000)),
      },
      signal: AbortSignal.any([stop, AbortSignal.timeout(settings.timeoutMs)]),
    });
    await response.body?.cancel();
    return { delivered: response.ok, text: `HTTP ${response.status}` };
  } catch (error) {
    return { delivered: false, text: error instanceof Error ? error.message : String(error) };
  }
}
