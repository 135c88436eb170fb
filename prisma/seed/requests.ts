import { type Currency, minorDigits } from '../../apps/api/src/core/currency.ts';
import { type Money, money } from '../../apps/api/src/core/money.ts';
import type { Destination, Rail } from '../../apps/api/src/payouts/payout.ts';
import type { DemoParty } from './parties.ts';
import type { Random } from './prng.ts';

/** What somebody asks to be paid: everything of a payout that never changes afterwards, but its time and its id. */
export interface PayoutWish {
  kind: 'payout' | 'withdrawal';
  party: DemoParty;
  amount: Money;
  rail: Rail;
  destination: Destination;
  descriptor: string;
  metadata: Record<string, string>;
}

/** What a story must have; the rest is chosen. */
export interface Wanted {
  rail?: Rail;
  /** Reference of the party. */
  party?: string;
  amount?: Money;
}

const WITHDRAWAL_SHARE = 0.15;

/** Rails by currency with their shares; `card_push` is for people's cards. */
const RAILS_OF: Partial<Record<Currency, Record<DemoParty['kind'], readonly (readonly [Rail, number])[]>>> = {
  TRY: {
    merchant: [
      ['local', 74],
      ['instant', 18],
      ['wire', 8],
    ],
    customer: [
      ['local', 60],
      ['instant', 25],
      ['card_push', 15],
    ],
  },
  EUR: {
    merchant: [
      ['sepa', 70],
      ['instant', 18],
      ['wire', 12],
    ],
    customer: [
      ['sepa', 45],
      ['instant', 35],
      ['card_push', 20],
    ],
  },
  USD: {
    merchant: [
      ['ach', 58],
      ['instant', 22],
      ['wire', 20],
    ],
    customer: [
      ['ach', 40],
      ['instant', 30],
      ['card_push', 30],
    ],
  },
  JPY: {
    merchant: [
      ['local', 70],
      ['wire', 30],
    ],
    customer: [
      ['local', 80],
      ['card_push', 20],
    ],
  },
  KWD: {
    merchant: [
      ['wire', 55],
      ['local', 45],
    ],
    customer: [
      ['local', 70],
      ['card_push', 30],
    ],
  },
};

/** Rails that only one kind of party uses. */
const ONLY_FOR: Partial<Record<Rail, DemoParty['kind']>> = { card_push: 'customer', wire: 'merchant' };

/** Roughly what one euro is worth: amounts only have to look right, so no rate is kept. */
const PER_EURO: Partial<Record<Currency, number>> = { TRY: 42, EUR: 1, USD: 1.1, JPY: 165, KWD: 0.33 };

export type Wish = (random: Random, wanted?: Wanted) => PayoutWish;

/** Chooses who asks for what, among these parties. Throws RangeError when none of them can have what is wanted. */
export function wishesOf(parties: readonly DemoParty[]): Wish {
  const known = new Map<string, readonly (readonly [DemoParty, number])[]>();
  return (random, wanted = {}) => {
    const chosen = random.chance(WITHDRAWAL_SHARE) ? 'customer' : 'merchant';
    const kind = (wanted.rail && ONLY_FOR[wanted.rail]) ?? chosen;
    const key = [kind, wanted.party, wanted.rail, wanted.amount?.currency].join(' ');
    const fitting = known.get(key) ?? fittingParties(parties, kind, wanted);
    known.set(key, fitting);
    return wishOf(random, random.weighted(fitting), wanted);
  };
}

function fittingParties(parties: readonly DemoParty[], kind: DemoParty['kind'], wanted: Wanted) {
  return parties
    .filter((party) => (wanted.party ? party.reference === wanted.party : party.kind === kind))
    .map((party) => [party, party.weight * share(currenciesFor(party, wanted))] as const)
    .filter(([, weight]) => weight > 0);
}

function wishOf(random: Random, party: DemoParty, wanted: Wanted): PayoutWish {
  const currency = wanted.amount?.currency ?? random.weighted(currenciesFor(party, wanted));
  const isPerson = party.kind === 'customer';
  return {
    kind: isPerson ? 'withdrawal' : 'payout',
    party,
    amount: wanted.amount ?? amount(random, party, currency),
    rail: wanted.rail ?? random.weighted(railsOf(party, currency)),
    destination: random.pick(party.destinations),
    descriptor: isPerson ? 'Wallet withdrawal' : `${party.name.split(' ')[0]} payout`,
    metadata: isPerson
      ? { source: random.pick(['ios', 'android', 'web']) }
      : { batch: random.pick(['morning', 'noon', 'evening']) },
  };
}

/** The party's currencies in which the wanted rail exists, with the share of its payouts that are so. */
function currenciesFor(party: DemoParty, { rail, amount: fixed }: Wanted): (readonly [Currency, number])[] {
  const whole = share(party.currencies);
  return party.currencies
    .filter(([currency]) => !fixed || fixed.currency === currency)
    .map(([currency, weight]) => {
      const rails = railsOf(party, currency);
      const onRail = rails.filter(([one]) => !rail || one === rail);
      return [currency, (weight * share(onRail)) / (whole * (share(rails) || 1))] as const;
    })
    .filter(([, weight]) => weight > 0);
}

function railsOf(party: DemoParty, currency: Currency) {
  return RAILS_OF[currency]?.[party.kind] ?? [];
}

function share(of: readonly (readonly [unknown, number])[]): number {
  return of.reduce((sum, [, weight]) => sum + weight, 0);
}

/** A log-normal amount around the party's median, rounded as people round in that currency. */
function amount(random: Random, party: DemoParty, currency: Currency): Money {
  const spread = party.kind === 'merchant' ? 0.95 : 0.7;
  const euros = Math.max(5, party.medianEuros * Math.exp(spread * random.normal()));
  const minor = euros * (PER_EURO[currency] ?? 1) * 10 ** minorDigits(currency);
  const step = random.weighted(ROUNDING[currency] ?? [[1, 1]]);
  return money(BigInt(notSentinel(Math.max(1, Math.round(minor / step)) * step)), currency);
}

/** Steps in minor units that amounts are rounded to, with shares. Three-decimal currencies are paid in tens (Stripe). */
const ROUNDING: Partial<Record<Currency, readonly (readonly [number, number])[]>> = {
  TRY: [
    [1, 3],
    [10, 3],
    [100, 4],
    [5_000, 2],
  ],
  EUR: [
    [1, 6],
    [5, 2],
    [100, 2],
    [5_000, 1],
  ],
  USD: [
    [1, 6],
    [5, 2],
    [100, 2],
    [5_000, 1],
  ],
  JPY: [
    [1, 3],
    [100, 5],
    [1_000, 2],
  ],
  KWD: [
    [10, 3],
    [50, 3],
    [250, 2],
    [1_000, 2],
  ],
};

/** Amounts from 666 001 to 666 099 minor units are the sandbox's faults on demand; no ordinary payout has one. */
function notSentinel(minor: number): number {
  return minor > 666_000 && minor < 666_100 ? minor + 1_000 : minor;
}
