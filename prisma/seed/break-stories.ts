import type { Money } from '../../apps/api/src/core/money.ts';
import {
  addDays,
  HOUR_MS,
  isBusinessDay,
  type LocalDate,
  MINUTE_MS,
  startOfDay,
  utcDate,
} from '../../apps/api/src/core/time.ts';
import { type Featured, of } from './featured.ts';
import { later, paidAtOnce, type Scene } from './ordinary-stories.ts';
import { type Random, randomOf } from './prng.ts';
import type { Wanted } from './requests.ts';
import { dueBefore, settlementDays } from './settlement-days.ts';
import { PayoutStory } from './story.ts';
import type { FileQuirks } from './story-parts.ts';

const yesterday = ({ now }: Scene): LocalDate => addDays(utcDate(now), -1);
const clock = (day: LocalDate, hours: number, minutes: number) =>
  later(startOfDay(day), hours * HOUR_MS + minutes * MINUTE_MS);

interface Disagreement {
  at: Date;
  wanted: Wanted;
  /** What the provider took it for. */
  moved?: Money;
  quirks?: FileQuirks;
}

/** Paid, as far as we know; what the files tell of it is something else. */
function disagreeing(scene: Scene, random: Random, { at, wanted, moved, quirks }: Disagreement): PayoutStory {
  const story = paidAtOnce(scene, random, at, wanted, moved);
  Object.assign(story.quirks, quirks);
  return story;
}

/**
 * Payouts that a reconciliation finds, one for each way in which ledger, provider and bank can disagree; those that were
 * never answered (featured.ts, open-stories.ts) are found as well. What the provider moved is in the sandbox's books too.
 */
export const BREAK_STORIES: Record<string, Featured> = {
  'two debits at the bank': (scene, random) =>
    disagreeing(scene, random, {
      at: clock(yesterday(scene), 11, 18),
      wanted: { party: 'hanse-optik', rail: 'instant', amount: of('EUR 12480.60') },
      quirks: { bank: 'twice' },
    }),
  'digits transposed': (scene, random) =>
    disagreeing(scene, random, {
      at: clock(yesterday(scene), 8, 41),
      wanted: { party: 'delta-medikal', rail: 'local', amount: of('TRY 4180.00') },
      moved: of('TRY 4108.00'),
    }),
  'another currency': (scene, random) =>
    disagreeing(scene, random, {
      at: clock(yesterday(scene), 14, 6),
      wanted: { party: 'pamuk-tekstil', rail: 'instant', amount: of('EUR 1480.00') },
      moved: of('USD 1480.00'),
    }),
  'two cents of fee': (scene, random) => {
    const story = disagreeing(scene, random, {
      at: clock(yesterday(scene), 9, 27),
      wanted: { party: 'petit-four', rail: 'instant', amount: of('EUR 812.50') },
      quirks: { providerFee: of('EUR 0.37') },
    });
    story.charged(later(story.payout.paidAt ?? story.payout.statusAt, MINUTE_MS), of('EUR 0.35'));
    return story;
  },
  'late at the bank': (scene, random) =>
    disagreeing(scene, random, {
      at: clock(dueBefore(yesterday(scene), 2), 10, 52),
      wanted: { party: 'fjord-data', rail: 'instant', amount: of('EUR 2077.35') },
      quirks: { bank: 'not_yet' },
    }),
  'one of two alike': (scene, random) => alike(scene, random, 31),
  'the other of two alike': (scene, random) => alike(scene, random, 44),
  // Accepted by a batch whose jobs were never made: the provider has never heard of it.
  'never sent': (scene, random) => {
    const at = clock(dueBefore(yesterday(scene), 1), 16, 20);
    const wanted = { party: 'copper-kettle', rail: 'instant', amount: of('USD 430.25') } as const;
    return new PayoutStory(random, scene.now, scene.wish(random, wanted), at, 'nightly-batch');
  },
  // The provider and the bank booked it days later, so that it was missing for a while.
  'booked late': (scene, random) => {
    const [first, , , fourth] = settlementDays(scene.now).filter((on) => isBusinessDay(on));
    return disagreeing(scene, random, {
      at: clock(first ?? yesterday(scene), 9, 12),
      wanted: { party: 'dogus-eczacilik', rail: 'local', amount: of('TRY 9150.00') },
      quirks: { bookedOn: fourth ?? yesterday(scene) },
    });
  },
};

/** Two payouts to one merchant of the same amount on the same day, which the bank shows without our references. */
function alike(scene: Scene, random: Random, minute: number): PayoutStory {
  return disagreeing(scene, random, {
    at: clock(yesterday(scene), 12, minute),
    wanted: { party: 'izmir-cini', rail: 'local', amount: of('TRY 640.00') },
    quirks: { bank: 'without_reference' },
  });
}

/** A payout that the provider made without us: somebody ordered it in the provider's own console. */
export interface Stranger {
  id: string;
  createdAt: Date;
  amount: Money;
  payee: string;
}

export function strangers(now: Date): Stranger[] {
  return [
    {
      id: `po_1S${randomOf('stranger Northgate').letters(22)}`,
      createdAt: clock(addDays(utcDate(now), -3), 15, 33),
      amount: of('USD 6880.30'),
      payee: 'Northgate Supplies Ltd',
    },
  ];
}
