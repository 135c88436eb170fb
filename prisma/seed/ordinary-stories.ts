import type { Money } from '../../apps/api/src/core/money.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../apps/api/src/core/time.ts';
import { settledAt } from './calendar.ts';
import { PEOPLE } from './people.ts';
import type { Random } from './prng.ts';
import type { Wanted, Wish } from './requests.ts';
import { PayoutStory } from './story.ts';

/** Where every story plays. */
export interface Scene {
  now: Date;
  wish: Wish;
}

export const later = (at: Date, ms: number) => new Date(at.getTime() + ms);

/** Asked for, and its first attempt given to the worker. */
export function queued(scene: Scene, random: Random, at: Date, wanted: Wanted = {}): PayoutStory {
  const story = new PayoutStory(random, scene.now, scene.wish(random, wanted), at);
  story.mint(at);
  return story;
}

/** How long the worker took to get to an attempt, and the provider to answer, ms. */
const pickUpMs = (random: Random) => random.int(120, random.chance(0.05) ? 6_000 : 900);
const answerMs = (random: Random) => random.int(250, random.chance(0.04) ? 4_500 : 1_100);

/** On the wire. */
export function sent(scene: Scene, random: Random, at: Date, wanted: Wanted = {}): PayoutStory {
  const story = queued(scene, random, at, wanted);
  story.startSend(later(at, pickUpMs(random)));
  return story;
}

/** With the provider, which said so; `at` is when it said so. */
export function inTransit(scene: Scene, random: Random, at: Date, wanted: Wanted = {}): PayoutStory {
  const sentAt = later(at, -answerMs(random));
  const story = queued(scene, random, later(sentAt, -pickUpMs(random)), wanted);
  story.startSend(sentAt);
  story.reached();
  story.accepted(at);
  return story;
}

/** The provider's events "created" and "in transit" came in, as they do a moment after its answer. They change nothing. */
export function hearOfTransit(story: PayoutStory, from: Date): void {
  const { random, truth, now } = story;
  const created = later(from, random.int(200, 1_500));
  if (created > now) return;
  story.told('payout.created', truth.createdAt, created);
  const updated = later(created, random.int(700, 2_500));
  if (updated <= now) story.told('payout.updated', later(truth.createdAt, 1_000), updated);
}

/** In transit since `from`; paid when it is time, and heard of, unless that is still to come. */
function settle(story: PayoutStory, from: Date): PayoutStory {
  const { random, payout, now } = story;
  const at = settledAt(random, payout.rail, from);
  hearOfTransit(story, from);
  const heardAt = later(at, random.int(3_800, 6_500));
  if (heardAt > now) return story;
  story.truth.status = 'paid';
  story.told('payout.paid', at, heardAt, random.chance(0.015) ? 2 : 1);
  return story;
}

/** Asked for at `at`, and all goes well; `moved` is what the provider took it for, where that is not what we asked. */
export function paidAtOnce(scene: Scene, random: Random, at: Date, wanted: Wanted, moved?: Money): PayoutStory {
  return goesWell(queued(scene, random, at, wanted), at, moved);
}

/** Sends the attempt that is ready, and all goes well. */
function goesWell(story: PayoutStory, from: Date, moved?: Money): PayoutStory {
  const { random } = story;
  const sentAt = later(from, pickUpMs(random));
  story.startSend(sentAt);
  if (!story.atProvider.some((one) => one.attemptId === story.attempt.id)) story.reached('in_transit', moved);
  const at = later(sentAt, answerMs(random));
  story.accepted(at);
  return settle(story, at);
}

type Tell = (scene: Scene, random: Random, at: Date) => PayoutStory;

/** What becomes of payouts on any day, with shares; the rarer ones need some hours to come to their end. */
const FATES: readonly (readonly [Tell, number])[] = [
  [atOnce, 950],
  [onceRefused, 20],
  [failedOnTheWay, 6],
  [answerLostAndFound, 14],
  [requestLost, 10],
];

/** One of the payouts of an ordinary day, asked for at `at`. */
export function ordinary(scene: Scene, random: Random, at: Date): PayoutStory {
  const old = scene.now.getTime() - at.getTime() > 12 * HOUR_MS;
  return old ? random.weighted(FATES)(scene, random, at) : atOnce(scene, random, at);
}

function atOnce(scene: Scene, random: Random, at: Date): PayoutStory {
  return goesWell(queued(scene, random, at), at);
}

/** Refused for a cause that passed; a person sent it again. */
function onceRefused(scene: Scene, random: Random, at: Date): PayoutStory {
  const story = sent(scene, random, at);
  const code = random.weighted([
    ['balance_insufficient', 5],
    ['rate_limit', 3],
    ['payouts_limit_exceeded', 2],
  ]);
  const refusedAt = later(at, random.int(7_000, 9_000));
  story.rejected(refusedAt, code);
  return retried(story, later(refusedAt, random.int(8 * MINUTE_MS, 4 * HOUR_MS)));
}

/** Taken by the provider, refused by the bank for a cause that passed; a person sent it again. */
function failedOnTheWay(scene: Scene, random: Random, at: Date): PayoutStory {
  const acceptedAt = later(at, 8 * SECOND_MS);
  const story = inTransit(scene, random, acceptedAt);
  hearOfTransit(story, acceptedAt);
  const failedAt = later(acceptedAt, random.int(4 * MINUTE_MS, 90 * MINUTE_MS));
  Object.assign(story.truth, { status: 'failed', failureCode: 'could_not_process' });
  story.told('payout.failed', failedAt, later(failedAt, random.int(600, 2_000)));
  return retried(story, later(failedAt, random.int(10 * MINUTE_MS, 5 * HOUR_MS)));
}

function retried(story: PayoutStory, at: Date): PayoutStory {
  story.retry(at, story.random.chance(0.6) ? PEOPLE.ops : PEOPLE.ops2);
  return goesWell(story, at);
}

/** The answer was lost on its way back; an event or the first look-up told that the provider has it. */
function answerLostAndFound(scene: Scene, random: Random, at: Date): PayoutStory {
  const story = sent(scene, random, at);
  story.reached();
  const lostAt = later(at, 6_500 + random.int(30_000, 30_400));
  story.answerLost(
    lostAt,
    random.weighted([
      ['timeout', 6],
      ['connection_lost', 3],
    ]),
  );
  if (random.chance(0.5)) {
    const from = later(lostAt, 400);
    return settle(story, from);
  }
  const foundAt = later(lostAt, MINUTE_MS + random.int(300, 1_900));
  story.asked(foundAt, 'found');
  return settle(story, foundAt);
}

/** The request was lost on its way there; the provider did not have it, and got it under the same key. */
function requestLost(scene: Scene, random: Random, at: Date): PayoutStory {
  const story = sent(scene, random, at);
  const lostAt = later(at, 6_500 + random.int(30_000, 30_400));
  story.answerLost(
    lostAt,
    random.weighted([
      ['timeout', 5],
      ['connection_lost', 4],
    ]),
  );
  const askedAt = later(lostAt, MINUTE_MS + random.int(300, 1_900));
  story.asked(askedAt, 'absent');
  return goesWell(story, askedAt);
}

/** In transit and well in time; the provider settles it `afterNowMs` from now, so that a console left open sees it happen. */
export function settlesSoon(
  scene: Scene,
  random: Random,
  wanted: Wanted,
  ageMs: number,
  afterNowMs: number,
): PayoutStory {
  const at = later(scene.now, -ageMs);
  const story = inTransit(scene, random, at, wanted);
  hearOfTransit(story, at);
  story.truth.settlesAt = later(scene.now, afterNowMs);
  return story;
}
