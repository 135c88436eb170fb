import { DAY_MS, HOUR_MS } from '../../apps/api/src/core/time.ts';
import { around, type Featured, of } from './featured.ts';
import { bankRefused, held, neverSent, returned, unanswered } from './open-stories.ts';
import { later } from './ordinary-stories.ts';
import { PEOPLE } from './people.ts';

/** Payouts that overrides are about (override-diary.ts), beside those of featured.ts. */
export const OVERRIDE_STORIES: Record<string, Featured> = {
  // The money arrived, and no look-up was ever answered.
  'Granit Mimarlık': (scene, random) => {
    const wanted = { party: 'granit-mimarlik', rail: 'local', amount: of('TRY 46900.00') } as const;
    const ages = around(6.5 * HOUR_MS);
    const story = unanswered(scene, random, { truth: 'paid', lostBy: 'timeout', ages, wanted });
    story.assign(later(scene.now, -26 * 60_000), PEOPLE.ops);
    return story;
  },
  'Gülçiçek Gıda': (scene, random) =>
    held(scene, random, {
      party: 'gulcicek-gida',
      rail: 'local',
      amount: of('TRY 6400.00'),
      level: 'stuck',
      ...around(2.6 * DAY_MS),
    }),
  'Souk Al Mubarak': (scene, random) =>
    held(scene, random, {
      party: 'souk-al-mubarak',
      rail: 'local',
      amount: of('KWD 1180.000'),
      level: 'stuck',
      ...around(70 * HOUR_MS),
    }),
  'Rialto Glass': (scene, random) => {
    const how = {
      party: 'rialto-glass',
      rail: 'sepa',
      amount: of('EUR 2310.00'),
      level: 'stuck',
      ...around(60 * HOUR_MS),
    } as const;
    return returned(scene, random, how, 'no_account');
  },
  'Hanse Optik': (scene, random) => {
    const how = {
      party: 'hanse-optik',
      rail: 'sepa',
      amount: of('EUR 3460.00'),
      level: 'stuck',
      ...around(40 * HOUR_MS),
    } as const;
    return bankRefused(scene, random, how, 'account_closed');
  },
  'Copper Kettle': (scene, random) => {
    const how = {
      party: 'copper-kettle',
      rail: 'ach',
      amount: of('USD 615.00'),
      level: 'stuck',
      ...around(36 * HOUR_MS),
    } as const;
    return bankRefused(scene, random, how, 'could_not_process');
  },
  'Anka Yazılım': (scene, random) =>
    neverSent(scene, random, {
      party: 'anka-yazilim',
      rail: 'local',
      amount: of('TRY 18900.00'),
      level: 'stuck',
      ...around(11 * HOUR_MS),
    }),
};
