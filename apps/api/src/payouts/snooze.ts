import { type Refusal, refusal } from '../core/refusal.ts';
import { DAY_MS } from '../core/time.ts';
import { OPEN_STATUSES, type Payout } from './payout.ts';

/** The longest that a payout may be put aside, days: after a month somebody has to look again. */
export const SNOOZE_DAYS = 30;

/** Whether a payout is put aside at `now`. */
export function isSnoozed(payout: Pick<Payout, 'snoozedUntil'>, now: Date): boolean {
  return payout.snoozedUntil !== null && payout.snoozedUntil > now;
}

/** Why a payout cannot be put aside at all; null when it can. What rests already is in no queue to be taken out of. */
export function snoozeRefusal({ status }: Pick<Payout, 'status'>): Refusal | null {
  return (OPEN_STATUSES as readonly string[]).includes(status) ? null : refusal('status_forbids', { status });
}

/** Why it cannot be put aside until then; null when it can: a time to come, and at most SNOOZE_DAYS away. */
export function snoozeTimeRefusal(until: Date, now: Date): Refusal | null {
  const ahead = until.getTime() - now.getTime();
  return ahead > 0 && ahead <= SNOOZE_DAYS * DAY_MS ? null : refusal('snooze_in_the_past');
}
