import { type Money, parseMoney } from '../../apps/api/src/core/money.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, utcDate } from '../../apps/api/src/core/time.ts';
import {
  bankRefused,
  freshlySent,
  held,
  lostOnTheWire,
  PAST_WINDOW,
  providerSlow,
  refused,
  unanswered,
  unansweredToAPerson,
  webhookMissing,
} from './open-stories.ts';
import { hearOfTransit, inTransit, later, type Scene } from './ordinary-stories.ts';
import { PEOPLE } from './people.ts';
import type { Random } from './prng.ts';
import type { PayoutStory } from './story.ts';

export const of = (text: string): Money => {
  const [currency = '', major = ''] = text.split(' ');
  return parseMoney(major, currency);
};
export const around = (ms: number) => ({ atLeastMs: ms * 0.98, atMostMs: ms * 1.02 });

export type Featured = (scene: Scene, random: Random) => PayoutStory;

/** The payouts that the pictures and the stories in docs speak of. Each has its own merchant, amount and trouble. */
export const FEATURED: Record<string, Featured> = {
  // The money moved, and the answer was lost: the retry under the same key is replayed, and it is paid once.
  'Kadıköy Seramik': (scene, random) => {
    const wanted = { party: 'kadikoy-seramik', rail: 'local', amount: of('TRY 48250.00') } as const;
    return unansweredToAPerson(
      scene,
      random,
      { truth: 'paid', lostBy: 'timeout', wanted, by: PEOPLE.ops },
      42 * MINUTE_MS,
    );
  },
  Nordlicht: (scene, random) => {
    const wanted = { party: 'nordlicht', rail: 'sepa', amount: of('EUR 12904.10') } as const;
    return unansweredToAPerson(
      scene,
      random,
      { truth: null, lostBy: 'timeout', wanted, by: PEOPLE.ops2 },
      38 * MINUTE_MS,
    );
  },
  'Harbour & Sons': (scene, random) => {
    const how = {
      party: 'harbour-sons',
      rail: 'instant',
      amount: of('USD 7310.55'),
      ...around(52 * HOUR_MS),
    } as const;
    const story = webhookMissing(scene, random, how);
    // The provider's file said so on the same day.
    story.quirks.arrivedOn = utcDate(story.truth.createdAt);
    return story;
  },
  'Ege Zeytincilik': (scene, random) =>
    providerSlow(scene, random, {
      party: 'ege-zeytincilik',
      rail: 'local',
      amount: of('TRY 3180.00'),
      level: 'late',
      ...around(5.2 * HOUR_MS),
    }),
  'Tokyo Lantern': (scene, random) => {
    const how = {
      party: 'tokyo-lantern',
      rail: 'local',
      amount: of('JPY 1204000'),
      level: 'stuck',
      ...around(19 * HOUR_MS),
    } as const;
    return bankRefused(scene, random, how, 'account_closed');
  },
  'Al Noor Trading': (scene, random) =>
    held(scene, random, {
      party: 'al-noor-trading',
      rail: 'wire',
      amount: of('KWD 2450.750'),
      level: 'stuck',
      ...around(3 * DAY_MS),
    }),
  'Lumen Studio': (scene, random) =>
    lostOnTheWire(scene, random, 6 * MINUTE_MS, false, {
      party: 'lumen-studio',
      rail: 'sepa',
      amount: of('EUR 640.00'),
    }),
  'Mavi Kitap': (scene, random) => {
    const how = {
      party: 'mavi-kitap',
      rail: 'local',
      amount: of('TRY 912.40'),
      level: 'stuck',
      ...around(11 * HOUR_MS),
    } as const;
    return refused(scene, random, how, 'balance_insufficient');
  },
  'Quay Bicycles': (scene, random) =>
    freshlySent(scene, random, 14 * SECOND_MS, { party: 'quay-bicycles', rail: 'instant', amount: of('USD 430.25') }),
  'Fjord Data': (scene, random) =>
    moving(scene, random, 50 * MINUTE_MS, { party: 'fjord-data', rail: 'sepa', amount: of('EUR 18220.40') }),
  'Pamuk Tekstil': (scene, random) =>
    moving(scene, random, 35 * MINUTE_MS, { party: 'pamuk-tekstil', rail: 'local', amount: of('TRY 61300.00') }),
  // Above the limit of one approver: an override of it takes two people.
  'Bosphorus Freight': (scene, random) => {
    const wanted = { party: 'bosphorus-freight', rail: 'wire', amount: of('USD 88000.00') } as const;
    return unanswered(scene, random, { truth: 'paid', lostBy: 'connection_lost', ages: PAST_WINDOW, wanted });
  },
};

function moving(scene: Scene, random: Random, ageMs: number, wanted: Parameters<typeof inTransit>[3]): PayoutStory {
  const at = later(scene.now, -ageMs);
  const story = inTransit(scene, random, at, wanted);
  hearOfTransit(story, at);
  return story;
}
