import type { Currency } from '../../apps/api/src/core/currency.ts';
import { DAY_MS } from '../../apps/api/src/core/time.ts';
import type { Destination } from '../../apps/api/src/payouts/payout.ts';
import { type Random, randomOf } from './prng.ts';

/** Who owns a wallet, and where its payouts go. */
export interface DemoParty {
  id: string;
  kind: 'merchant' | 'customer';
  name: string;
  reference: string;
  country: string;
  createdAt: Date;
  /** Currencies it is paid in, with weights. */
  currencies: readonly (readonly [Currency, number])[];
  /** Its share of the payouts of its kind. */
  weight: number;
  /** Median of its amounts, in euros; other currencies follow by `SCALE`. */
  medianEuros: number;
  destinations: readonly Destination[];
}

type Line = readonly [
  name: string,
  reference: string,
  country: string,
  currencies: string,
  weight: number,
  median: number,
];

/** Name, reference, country, currencies with weights, share, median amount in euros. */
const MERCHANTS: readonly Line[] = [
  ['Kadıköy Seramik A.Ş.', 'kadikoy-seramik', 'TR', 'TRY 9 EUR 1', 8, 760],
  ['Nordlicht GmbH', 'nordlicht', 'DE', 'EUR 1', 8, 1_450],
  ['Harbour & Sons Ltd', 'harbour-sons', 'GB', 'USD 3 EUR 1', 5, 2_100],
  ['Ege Zeytincilik', 'ege-zeytincilik', 'TR', 'TRY 4 EUR 1', 6, 420],
  ['Tokyo Lantern KK', 'tokyo-lantern', 'JP', 'JPY 1', 6, 1_900],
  ['Al Noor Trading', 'al-noor-trading', 'KW', 'KWD 3 USD 1', 5, 2_600],
  ['Lumen Studio', 'lumen-studio', 'NL', 'EUR 1', 4, 540],
  ['Bosphorus Freight', 'bosphorus-freight', 'TR', 'USD 3 TRY 1', 4, 4_200],
  ['Mavi Kitap', 'mavi-kitap', 'TR', 'TRY 1', 7, 95],
  ['Petit Four SARL', 'petit-four', 'FR', 'EUR 1', 5, 610],
  ['Anka Yazılım', 'anka-yazilim', 'TR', 'TRY 3 USD 2', 4, 980],
  ['Quay Bicycles', 'quay-bicycles', 'US', 'USD 1', 5, 390],
  ['Hanse Optik', 'hanse-optik', 'DE', 'EUR 1', 5, 1_150],
  ['Sakura Foods', 'sakura-foods', 'JP', 'JPY 1', 5, 1_300],
  ['Delta Medikal', 'delta-medikal', 'TR', 'TRY 1', 5, 720],
  ['Granit Mimarlık', 'granit-mimarlik', 'TR', 'TRY 4 EUR 1', 3, 1_350],
  ['Fjord Data AS', 'fjord-data', 'NO', 'EUR 1', 3, 3_900],
  ['Copper Kettle', 'copper-kettle', 'US', 'USD 1', 5, 310],
  ['Pamuk Tekstil', 'pamuk-tekstil', 'TR', 'TRY 3 EUR 2', 5, 1_250],
  ['Rialto Glass', 'rialto-glass', 'IT', 'EUR 1', 4, 680],
  ['İzmir Çini Atölyesi', 'izmir-cini', 'TR', 'TRY 1', 4, 240],
  ['Gülçiçek Gıda', 'gulcicek-gida', 'TR', 'TRY 1', 5, 330],
  ['Doğuş Eczacılık Ltd. Şti.', 'dogus-eczacilik', 'TR', 'TRY 5 EUR 1', 3, 890],
  ['Souk Al Mubarak', 'souk-al-mubarak', 'KW', 'KWD 1', 4, 1_100],
];

/** What people of a country are called, and in what they are paid. */
const COUNTRIES: readonly {
  country: string;
  currency: Currency;
  weight: number;
  given: string;
  family: string;
}[] = [
  {
    country: 'TR',
    currency: 'TRY',
    weight: 46,
    given:
      'Ayşegül Çağla Işıl İbrahim Gökhan Oğuz Şeyma Ümit Özlem Yiğit Nazlı Barış Tuğçe İpek Koray Sıla Doğan Müge Çetin Ebru',
    family:
      'Yıldız Şahin Öztürk Çelik Kılıç Aydın Güneş Doğan Işık Ünal Kaya Aslan Koç Bulut Tekin Özdemir Arıcı Sarı Demirtaş Uçar',
  },
  {
    country: 'DE',
    currency: 'EUR',
    weight: 22,
    given: 'Lena Jürgen Sören Käthe Björn Mareike Ömer Anneliese Götz Franziska',
    family: 'Müller Schäfer Größling Köhler Vogt Jäger Weiß Brandt Hübner Lorenz',
  },
  {
    country: 'FR',
    currency: 'EUR',
    weight: 10,
    given: 'Chloé Théo Inès Loïc Maëlle François Noémie Gaël',
    family: 'Lefèvre Dubois Mercier Garçon Rousseau Béranger Poirier Châtelain',
  },
  {
    country: 'US',
    currency: 'USD',
    weight: 12,
    given: 'Maya Ethan Rosa Caleb Imani Owen Priya Miles',
    family: "Hart O'Neill Castillo Brooks Nakamura Whitfield Okafor Lindgren",
  },
  {
    country: 'JP',
    currency: 'JPY',
    weight: 6,
    given: 'Haruka Ren Sakura Daiki Yui Sota',
    family: 'Tanaka Suzuki Watanabe Kobayashi Yamamoto Ito',
  },
  {
    country: 'KW',
    currency: 'KWD',
    weight: 4,
    given: 'Fatima Yousef Noura Khaled Maryam Abdullah',
    family: 'Al-Sabah Al-Mutairi Al-Rashidi Al-Ajmi Al-Kandari Al-Enezi',
  },
];

const BANKS: Record<string, readonly string[]> = {
  TR: ['Marmara Bankası', 'Anadolu Katılım', 'Boğaziçi Bankası', 'Ege Bank'],
  DE: ['Hansebank', 'Rheinische Landesbank', 'Spree Direkt'],
  FR: ['Crédit du Rhône', 'Banque Sainte-Marie'],
  GB: ['Thames & County', 'Severn Bank'],
  IT: ['Banca della Laguna'],
  JP: ['Sumida Bank', 'Kantō Shinkin'],
  KW: ['Gulf Commerce Bank', 'Bank Al Safat'],
  NL: ['Polderbank'],
  NO: ['Fjordbanken'],
  US: ['First Harbor Bank', 'Prairie Trust', 'Cascade Credit Union'],
};

export const CUSTOMER_COUNT = 300;

/** Every merchant and customer, older than anything that `now` can show of them. */
export function demoParties(now: Date): DemoParty[] {
  return [...MERCHANTS.map((line) => merchant(line, now)), ...customers(now)];
}

function merchant([name, reference, country, currencies, weight, medianEuros]: Line, now: Date): DemoParty {
  const random = randomOf(`party ${reference}`);
  const createdAt = new Date(now.getTime() - random.int(90, 700) * DAY_MS - random.int(0, DAY_MS));
  const words = currencies.split(' ');
  return {
    id: random.uuid(createdAt),
    kind: 'merchant',
    name,
    reference,
    country,
    createdAt,
    currencies: words.flatMap((word, i) => (i % 2 === 0 ? [[word as Currency, Number(words[i + 1])] as const] : [])),
    weight,
    medianEuros,
    destinations: Array.from({ length: random.chance(0.3) ? 2 : 1 }, () => destination(random, name, country)),
  };
}

function customers(now: Date): DemoParty[] {
  const random = randomOf('customers');
  return Array.from({ length: CUSTOMER_COUNT }, (_, at) => {
    const home = random.weighted(COUNTRIES.map((one) => [one, one.weight] as const));
    const name = `${random.pick(home.given.split(' '))} ${random.pick(home.family.split(' '))}`;
    const createdAt = new Date(now.getTime() - random.int(20, 500) * DAY_MS - random.int(0, DAY_MS));
    return {
      id: random.uuid(createdAt),
      kind: 'customer',
      name,
      reference: `cus_${String(at + 1).padStart(4, '0')}`,
      country: home.country,
      createdAt,
      currencies: [[home.currency, 1]],
      weight: 1 + random.int(0, 4),
      medianEuros: random.int(40, 220),
      destinations: [destination(random, name, home.country)],
    };
  });
}

function destination(random: Random, holder: string, country: string): Destination {
  const digits = String(random.int(0, 9999)).padStart(4, '0');
  return {
    holder,
    bank: random.pick(BANKS[country] ?? ['Interbank']),
    masked: `${country}•• ${digits}`,
    country,
    token: `ba_1S${random.letters(22)}`,
  };
}
