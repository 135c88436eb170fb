import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../apps/api/src/core/time.ts';
import type { Rail } from '../../apps/api/src/payouts/payout.ts';
import { BREAK_STORIES, type Stranger, strangers } from './break-stories.ts';
import { busyMoments } from './calendar.ts';
import { FEATURED, type Featured } from './featured.ts';
import {
  aboutToHeal,
  bankRefused,
  freshlyQueued,
  freshlySent,
  held,
  JUST_PAST_WINDOW,
  lostOnTheWire,
  neverLeft,
  neverSent,
  providerSlow,
  refused,
  returned,
  sentOften,
  unanswered,
  WITHIN_WINDOW,
  webhookMissing,
} from './open-stories.ts';
import { later, ordinary, type Scene, settlesSoon } from './ordinary-stories.ts';
import { OVERRIDE_STORIES } from './override-stories.ts';
import { type DemoParty, demoParties } from './parties.ts';
import { PEOPLE } from './people.ts';
import { type Random, randomOf } from './prng.ts';
import { wishesOf } from './requests.ts';
import type { PayoutStory } from './story.ts';

export const PAYOUT_COUNT = 5_000;

/** Everything that the demonstration knows: the same for the same `now`. */
export interface BadDay {
  now: Date;
  parties: readonly DemoParty[];
  /** Oldest first. */
  stories: readonly PayoutStory[];
  /** Those that have a name, by it. */
  named: ReadonlyMap<string, PayoutStory>;
  /** What the provider did without us. */
  strangers: readonly Stranger[];
}

/** Tells the name's `turn`-th story. */
type Tell = (scene: Scene, random: Random, turn: number) => PayoutStory;

const rails = (turns: readonly (readonly [Rail, number])[]): Rail[] =>
  turns.flatMap(([rail, times]) => Array.from({ length: times }, () => rail));
const at = <T>(from: readonly T[], turn: number): T => from[turn % from.length] as T;

const LATE_RAILS = rails([
  ['local', 29],
  ['sepa', 21],
  ['ach', 8],
  ['wire', 6],
  ['card_push', 5],
  ['instant', 4],
]);
const SLOW_RAILS = rails([
  ['sepa', 3],
  ['local', 2],
  ['ach', 1],
  ['wire', 1],
]);
const MISSING_RAILS = rails([
  ['instant', 1],
  ['local', 2],
  ['card_push', 1],
  ['sepa', 1],
]);
const TERMINAL = ['account_closed', 'invalid_account_number', 'bank_account_restricted', 'account_closed'];
const RETURN_CODES = ['no_account', 'account_closed', 'bank_account_declined', 'account_frozen'];
/** What really became of payouts whose answer was lost. A file of the provider's tells it, so the older ones never arrived there. */
const TRUTHS = ['paid', null, 'in_transit', null] as const;
const OLDER_TRUTHS = ['paid', null, null, 'in_transit', null, null, null] as const;
const LOSSES = ['timeout', 'connection_lost', 'timeout', 'server_error'] as const;

/** What is open at `now`, beside the payouts that are in transit as they should: how many of each, and how it is told. */
const OPEN: Record<string, readonly [times: number, tell: Tell]> = {
  // Stuck, each cause of it.
  'never sent': [2, (scene, random) => neverSent(scene, random, { level: 'stuck' })],
  'no answer, key remembered': [
    7,
    (scene, random, turn) =>
      unanswered(scene, random, { truth: at(OLDER_TRUTHS, turn), lostBy: at(LOSSES, turn), ages: WITHIN_WINDOW }),
  ],
  'no answer, key forgotten': [
    4,
    (scene, random, turn) =>
      unanswered(scene, random, { truth: null, lostBy: at(LOSSES, turn + 1), ages: JUST_PAST_WINDOW }),
  ],
  'sent five times': [2, (scene, random) => sentOften(scene, random, WITHIN_WINDOW)],
  'lost on the wire': [
    2,
    (scene, random, turn) => lostOnTheWire(scene, random, (6 + 2 * turn) * HOUR_MS + random.int(0, HOUR_MS), false),
  ],
  'provider slow': [
    7,
    (scene, random, turn) => providerSlow(scene, random, { level: 'stuck', rail: at(SLOW_RAILS, turn) }),
  ],
  'webhook missing': [5, (scene, random, turn) => webhookMissing(scene, random, { rail: at(MISSING_RAILS, turn) })],
  'webhook of a failure missing': [
    1,
    (scene, random) => webhookMissing(scene, random, { rail: 'local' }, { status: 'failed', code: 'account_closed' }),
  ],
  'held too long': [1, (scene, random) => held(scene, random, { level: 'stuck' })],
  'returned, undecided': [
    3,
    (scene, random, turn) => returned(scene, random, { level: 'stuck' }, at(RETURN_CODES, turn)),
  ],
  'refused, may be retried': [
    4,
    (scene, random, turn) =>
      refused(scene, random, { level: 'stuck' }, at(['balance_insufficient', 'rate_limit'], turn)),
  ],
  'refused, destination must change': [
    2,
    (scene, random, turn) => bankRefused(scene, random, { level: 'stuck' }, at(TERMINAL, turn)),
  ],
  'never left us': [2, (scene, random) => neverLeft(scene, random, { level: 'stuck' })],

  // Late.
  'late in transit': [
    73,
    (scene, random, turn) => providerSlow(scene, random, { level: 'late', rail: at(LATE_RAILS, turn) }),
  ],
  'late without an answer': [
    6,
    (scene, random, turn) =>
      unanswered(scene, random, {
        truth: at(TRUTHS, turn),
        lostBy: at(LOSSES, turn),
        ages: { atLeastMs: 6 * MINUTE_MS, atMostMs: 13 * MINUTE_MS },
      }),
  ],
  'late on the wire': [1, (scene, random) => lostOnTheWire(scene, random, 4 * MINUTE_MS, true)],
  'late after a refusal': [
    5,
    (scene, random, turn) => bankRefused(scene, random, { level: 'late' }, at(TERMINAL, turn)),
  ],
  'late, may be retried': [4, (scene, random) => refused(scene, random, { level: 'late' }, 'balance_insufficient')],
  'late return': [3, (scene, random, turn) => returned(scene, random, { level: 'late' }, at(RETURN_CODES, turn))],
  'held for a day': [3, (scene, random) => held(scene, random, { level: 'late' })],
  'about to heal': [2, (scene, random) => aboutToHeal(scene, random)],

  // As it should be.
  'just asked for': [8, (scene, random, turn) => freshlyQueued(scene, random, 3 * SECOND_MS + turn * 7 * SECOND_MS)],
  'just sent': [5, (scene, random, turn) => freshlySent(scene, random, 9 * SECOND_MS + turn * 5 * SECOND_MS)],
  'answer lost just now': [
    3,
    (scene, random, turn) =>
      unanswered(scene, random, {
        truth: at(TRUTHS, turn),
        lostBy: 'connection_lost',
        ages: { atLeastMs: 20 * SECOND_MS, atMostMs: 3 * MINUTE_MS },
      }),
  ],
  'just refused': [
    5,
    (scene, random, turn) => refused(scene, random, { level: 'fresh' }, at(['rate_limit', 'account_closed'], turn)),
  ],
  'just returned': [2, (scene, random, turn) => returned(scene, random, { level: 'fresh' }, at(RETURN_CODES, turn))],
  'held today': [4, (scene, random) => held(scene, random, { level: 'fresh' })],
  'settles soon': [
    20,
    (scene, random, turn) =>
      settlesSoon(scene, random, { rail: 'local' }, random.int(6, 100) * MINUTE_MS, (turn + 1) * 85 * SECOND_MS),
  ],
};

/** Open stories that somebody has taken on, and who; the rest is nobody's yet. */
const TAKEN: Record<string, (typeof PEOPLE)['ops' | 'ops2' | 'finance']> = {
  'provider slow 0': PEOPLE.ops,
  'refused, may be retried 0': PEOPLE.ops,
  'no answer, key forgotten 0': PEOPLE.ops2,
  'returned, undecided 0': PEOPLE.finance,
};

/** One bad day at the end of two ordinary weeks. Pure: `now` is the only thing that it looks at. */
export function badDay(now: Date): BadDay {
  const parties = demoParties(now);
  const scene: Scene = { now, wish: wishesOf(parties) };
  const named = namedStories(scene);
  const stories = [...named.values(), ...openStories(scene)];
  const random = randomOf('moments');
  const moment = busyMoments(now, later(now, -3 * MINUTE_MS));
  for (let turn = stories.length; turn < PAYOUT_COUNT; turn += 1) {
    stories.push(ordinary(scene, randomOf(`ordinary ${turn}`), moment(random)));
  }
  stories.sort(
    (a, b) => a.payout.createdAt.getTime() - b.payout.createdAt.getTime() || (a.payout.id < b.payout.id ? -1 : 1),
  );
  nameThem(stories, parties);
  return { now, parties, stories, named, strangers: strangers(now) };
}

function namedStories(scene: Scene): Map<string, PayoutStory> {
  const tellers: Record<string, Featured> = { ...FEATURED, ...BREAK_STORIES, ...OVERRIDE_STORIES };
  return new Map(Object.entries(tellers).map(([name, tell]) => [name, tell(scene, randomOf(`featured ${name}`))]));
}

function openStories(scene: Scene): PayoutStory[] {
  return Object.entries(OPEN).flatMap(([name, [times, tell]]) =>
    Array.from({ length: times }, (_, turn) => {
      const story = tell(scene, randomOf(`open ${name} ${turn}`), turn);
      const by = TAKEN[`${name} ${turn}`];
      if (by) story.assign(later(scene.now, -(turn + 7) * MINUTE_MS), by);
      return story;
    }),
  );
}

/** References of those who asked, in the order in which they did; people share one row of numbers, and some payouts have none. */
function nameThem(stories: readonly PayoutStory[], parties: readonly DemoParty[]): void {
  const random = randomOf('references');
  const people = { prefix: 'WD', asked: 20_417 };
  const counters = new Map(
    parties.map(({ id, kind, reference }) => {
      const prefix = reference.replace(/(\w)\w*-?/g, '$1').toUpperCase();
      return [id, kind === 'customer' ? people : { prefix, asked: random.int(100, 900) }];
    }),
  );
  for (const story of stories) {
    const counter = counters.get(story.payout.partyId);
    if (!counter || random.chance(1 / 30)) continue;
    counter.asked += 1;
    story.payout = {
      ...story.payout,
      merchantReference: `${counter.prefix}-${String(counter.asked).padStart(5, '0')}`,
    };
  }
}
