import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../apps/api/src/core/time.ts';
import type { Rail } from '../../apps/api/src/payouts/payout.ts';
import { type Ages, type Level, momentOf, settledAt } from './calendar.ts';
import { hearOfTransit, inTransit, later, queued, type Scene, sent } from './ordinary-stories.ts';
import { type DemoPerson, PEOPLE } from './people.ts';
import type { Random } from './prng.ts';
import type { Wanted } from './requests.ts';
import { type LostBy, PayoutStory } from './story.ts';
import type { AtProvider } from './story-parts.ts';

/** How long the product keeps asking by itself: after that, what is unanswered is a person's (attempt.ts, CHECK_DELAYS_MS). */
const ASKED_OUT_MS = 5.5 * HOUR_MS;
/** Age that keeps a key within the provider's replay window for some hours more, and one that is past it. */
export const WITHIN_WINDOW: Ages = { atLeastMs: ASKED_OUT_MS, atMostMs: 16 * HOUR_MS };
export const PAST_WINDOW: Ages = { atLeastMs: 26 * HOUR_MS, atMostMs: 80 * HOUR_MS };

/** Past it by less than the time in which an absence from the provider's files is still expected. */
export const JUST_PAST_WINDOW: Ages = { atLeastMs: 26 * HOUR_MS, atMostMs: 40 * HOUR_MS };

/** What an open payout must be: how overdue, and whatever else of it is given. */
export interface How extends Wanted, Partial<Ages> {
  level: Level;
}

const NO_ANSWERS = [
  'HTTP 503: The API is unavailable.',
  'No complete answer within 60000 ms.',
  'HTTP 500: An unknown error occurred.',
];

/** Asked for a moment ago and not sent yet. */
export function freshlyQueued(scene: Scene, random: Random, ageMs: number, wanted: Wanted = {}): PayoutStory {
  return queued(scene, random, later(scene.now, -ageMs), wanted);
}

/** On the wire a moment ago. */
export function freshlySent(scene: Scene, random: Random, ageMs: number, wanted: Wanted = {}): PayoutStory {
  return sent(scene, random, later(scene.now, -ageMs), wanted);
}

/** Accepted by a batch whose jobs were never made: there is no attempt at all. */
export function neverSent(scene: Scene, random: Random, how: How): PayoutStory {
  const what = scene.wish(random, how);
  const at = momentOf(random, scene.now, { atMostMs: 9 * HOUR_MS, ...how, rail: what.rail, status: 'queued' });
  return new PayoutStory(random, scene.now, what, at, 'nightly-batch');
}

export interface Unanswered {
  /** What really happened at the provider; null: the request never arrived. */
  truth: AtProvider['status'] | null;
  lostBy: LostBy;
  ages: Ages;
  wanted?: Wanted;
}

/** The answer to the send was lost, and the provider has not answered a look-up since. */
export function unanswered(scene: Scene, random: Random, { truth, lostBy, ages, wanted }: Unanswered): PayoutStory {
  const lostAt = later(scene.now, -Math.round(ages.atLeastMs + random.next() * (ages.atMostMs - ages.atLeastMs)));
  const tookMs = lostBy === 'timeout' ? random.int(30_000, 30_300) : random.int(300, 2_000);
  const story = sent(scene, random, later(lostAt, -tookMs - 6_100), wanted);
  if (truth) story.reached(truth);
  story.answerLost(lostAt, lostBy);
  story.keepAsking(random.pick(NO_ANSWERS));
  return story;
}

/** As `unanswered`, half an hour to an hour ago; a person looked at it and used up the look-ups. */
export function unansweredToAPerson(
  scene: Scene,
  random: Random,
  { by, ...what }: Omit<Unanswered, 'ages'> & { by: DemoPerson },
  ageMs: number,
): PayoutStory {
  const story = unanswered(scene, random, { ...what, ages: { atLeastMs: ageMs, atMostMs: ageMs } });
  const left = 5 - story.attempt.checkCount;
  for (let ask = left; ask > 0; ask -= 1) {
    const at = later(scene.now, -ask * 95 * SECOND_MS - random.int(0, 20_000));
    if (ask === left) story.assign(later(at, -20 * SECOND_MS), by);
    story.requestCheck(at, by);
    story.asked(later(at, random.int(900, 1_800)), random.pick(NO_ANSWERS));
  }
  return story;
}

/** The provider answers every send of the key with the same 500, and says each time that it has nothing: sent five times. */
export function sentOften(scene: Scene, random: Random, ages: Ages, wanted: Wanted = {}): PayoutStory {
  const firstAt = later(scene.now, -random.int(ages.atLeastMs, ages.atMostMs));
  const story = sent(scene, random, firstAt, wanted);
  let at = later(firstAt, 6_500);
  story.answerLost(at, 'server_error');
  for (let sends = 1; sends < 5; sends += 1) {
    at = later(story.attempt.nextCheckAt ?? at, random.int(300, 1_900));
    story.asked(at, 'absent');
    story.startSend(later(at, 400));
    story.answerLost(later(at, 1_100), 'server_error');
  }
  story.asked(later(story.attempt.nextCheckAt ?? at, 700), 'absent');
  return story;
}

/** The worker died with the request on the wire, and the provider did not answer since. */
export function lostOnTheWire(
  scene: Scene,
  random: Random,
  ageMs: number,
  reached: boolean,
  wanted: Wanted = {},
): PayoutStory {
  const at = later(scene.now, -ageMs);
  const story = sent(scene, random, at, wanted);
  if (reached) story.reached('paid');
  const askedAt = later(at, 2 * MINUTE_MS + random.int(7_000, 50_000));
  if (askedAt <= scene.now) story.asked(askedAt, random.pick(NO_ANSWERS));
  story.keepAsking(random.pick(NO_ANSWERS));
  return story;
}

/** The provider has it, is asked since it is late, and says each time that it is still in transit. */
export function providerSlow(scene: Scene, random: Random, how: How & { rail: Rail }): PayoutStory {
  return overdue(scene, random, how, 'found');
}

/** A payout that is late has been asked about since, the first time within a minute of its limit. */
function overdue(scene: Scene, random: Random, how: How & { rail: Rail }, said: string): PayoutStory {
  // Older ones would have been taken up long ago.
  const atMostMs = (how.rail === 'ach' ? 8.5 : 5.5) * DAY_MS;
  const at = momentOf(random, scene.now, { atMostMs, ...how, status: 'in_transit' });
  const story = inTransit(scene, random, at, how);
  if (said === 'found') hearOfTransit(story, at);
  const dueAt = story.payout.expectedBy ?? at;
  story.asked(later(dueAt, Math.min(random.int(2_000, 58_000), scene.now.getTime() - dueAt.getTime())), said);
  story.keepAsking(said);
  return story;
}

/** It ended at the provider, but the news never came and no look-up was answered. */
export function webhookMissing(
  scene: Scene,
  random: Random,
  how: Omit<How, 'level'> & { rail: Rail },
  truth: { status: 'paid' | 'failed'; code: string | null } = { status: 'paid', code: null },
): PayoutStory {
  const long = { atLeastMs: 8 * HOUR_MS, ...how, level: 'stuck' } as const;
  return ended(overdue(scene, random, long, random.pick(NO_ANSWERS)), truth);
}

/** As `webhookMissing`, but late only a moment ago: the first look-up of the running product finds out and heals it. */
export function aboutToHeal(scene: Scene, random: Random): PayoutStory {
  const at = later(scene.now, -(10 * MINUTE_MS + random.int(1_000, 2_000)));
  return ended(inTransit(scene, random, at, { rail: 'instant' }), { status: 'paid', code: null });
}

function ended(story: PayoutStory, { status, code }: { status: 'paid' | 'failed'; code: string | null }): PayoutStory {
  Object.assign(story.truth, { status, failureCode: code });
  return story;
}

const HOLD_REASONS = [
  'The account holder’s name differs from the merchant’s: call back before it leaves.',
  'Bank details were changed yesterday; waiting for the merchant’s confirmation.',
  'Screening found a name that is alike: compliance is looking at it.',
  'The merchant asked us to wait: the invoice is disputed.',
  'Third large payout today; checking with the account manager.',
];

/** A person stopped it before it left. */
export function held(scene: Scene, random: Random, how: How): PayoutStory {
  const at = momentOf(random, scene.now, { atMostMs: 6 * DAY_MS, ...how, rail: 'local', status: 'held' });
  const story = queued(scene, random, later(at, -random.int(25_000, 100_000)), how);
  story.hold(at, random.chance(0.7) ? PEOPLE.ops : PEOPLE.ops2, random.pick(HOLD_REASONS));
  return story;
}

/** Paid, and sent back by the bank. */
export function returned(scene: Scene, random: Random, how: How, code: string): PayoutStory {
  const rail = how.rail ?? random.pick(['local', 'sepa'] as const);
  const at = momentOf(random, scene.now, { atMostMs: 5 * DAY_MS, ...how, rail, status: 'returned' });
  // Between clearing houses it takes longer to come back than within one country.
  let acceptedAt = later(at, -random.int(30 * HOUR_MS, rail === 'local' ? 46 * HOUR_MS : 3 * DAY_MS));
  // Bank rails stand still over a weekend: go back until it was paid well before it came back.
  while (settledAt(random, rail, acceptedAt).getTime() > at.getTime() - 2 * HOUR_MS)
    acceptedAt = later(acceptedAt, -DAY_MS);
  const story = inTransit(scene, random, acceptedAt, { ...how, rail });
  hearOfTransit(story, acceptedAt);
  const paidAt = new Date(Math.min(settledAt(random, rail, acceptedAt).getTime(), at.getTime() - HOUR_MS));
  story.truth.status = 'paid';
  story.told('payout.paid', paidAt, later(paidAt, random.int(700, 2_500)));
  Object.assign(story.truth, { status: 'failed', failureCode: code });
  story.told('payout.failed', later(at, -1_200), at);
  return story;
}

/** Refused by the provider as soon as it was sent. */
export function refused(scene: Scene, random: Random, how: How, code: string): PayoutStory {
  const at = momentOf(random, scene.now, { atMostMs: 4 * DAY_MS, ...how, rail: 'local', status: 'failed' });
  const story = sent(scene, random, later(at, -7_500), how);
  story.rejected(at, code);
  return story;
}

/** Taken by the provider, then refused by the bank. */
export function bankRefused(scene: Scene, random: Random, how: How, code: string): PayoutStory {
  const at = momentOf(random, scene.now, { atMostMs: 4 * DAY_MS, ...how, rail: 'local', status: 'failed' });
  const acceptedAt = later(at, -random.int(3 * MINUTE_MS, 3 * HOUR_MS));
  const story = inTransit(scene, random, acceptedAt, how);
  hearOfTransit(story, acceptedAt);
  Object.assign(story.truth, { status: 'failed', failureCode: code });
  story.told('payout.failed', later(at, -1_400), at);
  return story;
}

/** The provider could not be reached at all, so nothing left us. */
export function neverLeft(scene: Scene, random: Random, how: How): PayoutStory {
  const at = momentOf(random, scene.now, { atMostMs: 2 * DAY_MS, ...how, rail: 'local', status: 'failed' });
  const story = sent(scene, random, later(at, -6_400), how);
  story.neverLeft(at);
  return story;
}
