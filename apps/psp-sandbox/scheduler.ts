import type { SandboxClock } from './clock.ts';
import type { Database } from './database.ts';
import { nextDeliveryAt } from './events.ts';
import { moveDuePayouts } from './moves.ts';
import { nextStepAt } from './payout.store.ts';
import { deliverDue, type WebhookSettings } from './webhooks.ts';

/** Does what is due, when it is due. Everything it does is on disk first, so a restart goes on where a kill struck. */
export interface Scheduler {
  /** Makes the moves that are due now, starts the deliveries that are due, and plans the next wake-up. */
  wake(): void;
  /** Resolves when nothing is under way any more. Abort the `stop` signal before. */
  idle(): Promise<void>;
}

/** A sleeping timer is checked at least this often, because the machine may have slept as well. */
const LONGEST_SLEEP_MS = 60_000;

export function createScheduler(
  db: Database,
  clock: SandboxClock,
  settings: { webhooks: WebhookSettings; lateMs: number },
  stop: AbortSignal,
): Scheduler {
  let timer: NodeJS.Timeout | undefined;
  let delivering: Promise<void> | undefined;

  const plan = (): void => {
    clearTimeout(timer);
    if (stop.aborted) return;
    const deliveryAt = delivering || settings.webhooks.url === null ? undefined : nextDeliveryAt(db);
    const dueAt = Math.min(nextStepAt(db) ?? Number.POSITIVE_INFINITY, deliveryAt ?? Number.POSITIVE_INFINITY);
    if (dueAt === Number.POSITIVE_INFINITY) return;
    timer = setTimeout(wake, Math.min(Math.max(dueAt - clock.now(), 0), LONGEST_SLEEP_MS));
  };

  const wake = (): void => {
    if (stop.aborted) return;
    moveDuePayouts(db, clock, settings);
    delivering ??= deliverDue(db, clock, settings.webhooks, stop).finally(() => {
      delivering = undefined;
      plan();
    });
    plan();
  };

  stop.addEventListener('abort', () => clearTimeout(timer));
  return { wake, idle: async () => delivering };
}
