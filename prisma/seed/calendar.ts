import {
  addBusinessDays,
  DAY_MS,
  HOUR_MS,
  isBusinessDay,
  MINUTE_MS,
  startOfDay,
  utcDate,
} from '../../apps/api/src/core/time.ts';
import { BANK_RAILS, type PayoutStatus, type Rail } from '../../apps/api/src/payouts/payout.ts';
import { deadlines } from '../../apps/api/src/payouts/stuck.ts';
import { FIRST_STUCK_POLICY } from '../../apps/api/src/payouts/stuck-policy.ts';
import type { Random } from './prng.ts';

/** How far back the demonstration reaches. */
export const WINDOW_MS = 14 * DAY_MS;

/** How busy each hour of a day is, UTC: a platform of Europe and Türkiye, with some of Asia and America. */
const BUSY_HOURS = [2, 1, 1, 2, 4, 8, 12, 14, 14, 13, 12, 12, 11, 10, 9, 8, 7, 5, 4, 3, 3, 2, 2, 2];
const WEEKEND = 0.22;

/** Moments of the window, as busy as the hours and weekdays are; none later than `latest`. */
export function busyMoments(now: Date, latest: Date): (random: Random) => Date {
  const hours: (readonly [number, number])[] = [];
  const first = now.getTime() - WINDOW_MS;
  for (let from = first; from < latest.getTime(); from += HOUR_MS) {
    hours.push([from, busyness(new Date(from)) * Math.min(1, (latest.getTime() - from) / HOUR_MS)]);
  }
  return (random) => {
    const from = random.weighted(hours);
    return new Date(from + random.int(0, Math.min(HOUR_MS, latest.getTime() - from) - 1));
  };
}

function busyness(at: Date): number {
  return (BUSY_HOURS[at.getUTCHours()] ?? 1) * (isBusinessDay(utcDate(at)) ? 1 : WEEKEND);
}

export type Level = 'fresh' | 'late' | 'stuck';

/** How overdue a payout is at `now` that entered the status then. */
export function levelAt(now: Date, rail: Rail, status: PayoutStatus, at: Date): Level {
  const { expectedBy, stuckAt } = deadlines(FIRST_STUCK_POLICY, rail, status, at);
  if (stuckAt && stuckAt < now) return 'stuck';
  return expectedBy && expectedBy < now ? 'late' : 'fresh';
}

/** Bounds of an age, ms. */
export interface Ages {
  atLeastMs: number;
  atMostMs: number;
}

/**
 * A moment at which a payout may have entered `status` so that it is `level` by `now`, and of that age. Whatever day or
 * hour `now` is: the limits of the bank rails stretch over weekends, and so must the moments. Throws RangeError when
 * no age within the bounds will do.
 */
export function momentOf(
  random: Random,
  now: Date,
  want: { rail: Rail; status: PayoutStatus; level: Level } & Partial<Ages>,
): Date {
  const { atLeastMs = MINUTE_MS, atMostMs = 11 * DAY_MS } = want;
  const [low, high] = [Math.log(atLeastMs), Math.log(atMostMs)];
  for (let tries = 0; tries < 5_000; tries += 1) {
    // Even in the logarithm, since limits range from minutes to days.
    const ageMs = Math.exp(low + random.next() * (high - low));
    const at = new Date(now.getTime() - Math.round(ageMs));
    const quietHour = ageMs > 12 * HOUR_MS && tries < 2_000 && random.next() * 14 > busyness(at);
    if (!quietHour && levelAt(now, want.rail, want.status, at) === want.level) return at;
  }
  throw new RangeError(`No moment makes a payout on ${want.rail} ${want.level} in ${want.status}.`);
}

/** How long the provider takes on rails that settle by the clock, ms: usual shortest and longest. */
const CLOCK_PACE: Partial<Record<Rail, readonly [number, number]>> = {
  instant: [4_000, 95_000],
  card_push: [45_000, 18 * MINUTE_MS],
  local: [4 * MINUTE_MS, 3 * HOUR_MS],
};

/**
 * When a payout that was accepted at `at` is paid if all goes well: never after it would count as late. Bank rails settle
 * in the morning of a business day.
 */
export function settledAt(random: Random, rail: Rail, at: Date): Date {
  const expectedMs = deadlines(FIRST_STUCK_POLICY, rail, 'in_transit', at).expectedBy?.getTime() ?? at.getTime();
  if (!BANK_RAILS.has(rail)) {
    const [least, most] = CLOCK_PACE[rail] ?? [MINUTE_MS, HOUR_MS];
    // Squared: most are quick, some take their time.
    return new Date(
      Math.min(at.getTime() + least + Math.round((most - least) * random.next() ** 2), expectedMs - 10_000),
    );
  }
  const morning = startOfDay(addBusinessDays(utcDate(at), rail === 'ach' ? 2 : 1)).getTime();
  const cleared = morning + 4 * HOUR_MS + random.int(0, 5 * HOUR_MS);
  return new Date(Math.min(cleared, expectedMs - random.int(1, 40) * MINUTE_MS));
}
