import type { Currency } from '@countersign/api/src/core/currency.ts';

/** How a currency is said in full: one, several, and its hundredth or thousandth; Turkish has one form after a number. */
interface CurrencyWords {
  en: { one: string; other: string; minorOne: string; minorOther: string };
  tr: { unit: string; minor: string };
}

function words(
  [one, other, minorOne, minorOther]: readonly [string, string, string, string],
  [unit, minor]: readonly [string, string],
): CurrencyWords {
  return { en: { one, other, minorOne, minorOther }, tr: { unit, minor } };
}

const CENT = ['cent', 'cents'] as const;
const FILS = ['fils', 'fils'] as const;
const ORE = ['øre', 'øre'] as const;

/**
 * The names of every currency that the product accepts (ISO 4217). Those that share a name with another say whose they
 * are: a lira is Turkish here, a dollar is not only American. Currencies without a minor unit keep its traditional name,
 * which is never said.
 */
export const CURRENCY_WORDS: Readonly<Record<Currency, CurrencyWords>> = {
  AED: words(['UAE dirham', 'UAE dirhams', ...FILS], ['BAE dirhemi', 'fils']),
  AUD: words(['Australian dollar', 'Australian dollars', ...CENT], ['Avustralya doları', 'sent']),
  BGN: words(['lev', 'leva', 'stotinka', 'stotinki'], ['Bulgar levası', 'stotinka']),
  BHD: words(['Bahraini dinar', 'Bahraini dinars', ...FILS], ['Bahreyn dinarı', 'fils']),
  BRL: words(['real', 'reais', 'centavo', 'centavos'], ['Brezilya reali', 'sentavo']),
  CAD: words(['Canadian dollar', 'Canadian dollars', ...CENT], ['Kanada doları', 'sent']),
  CHF: words(['Swiss franc', 'Swiss francs', 'rappen', 'rappen'], ['İsviçre frangı', 'rappen']),
  CLP: words(['Chilean peso', 'Chilean pesos', 'centavo', 'centavos'], ['Şili pesosu', 'sentavo']),
  CNY: words(['yuan', 'yuan', 'fen', 'fen'], ['Çin yuanı', 'fen']),
  COP: words(['Colombian peso', 'Colombian pesos', 'centavo', 'centavos'], ['Kolombiya pesosu', 'sentavo']),
  CZK: words(['Czech koruna', 'Czech korunas', 'haléř', 'haléřů'], ['Çek korunası', 'haleru']),
  DKK: words(['Danish krone', 'Danish kroner', ...ORE], ['Danimarka kronu', 'øre']),
  EGP: words(['Egyptian pound', 'Egyptian pounds', 'piastre', 'piastres'], ['Mısır lirası', 'kuruş']),
  EUR: words(['euro', 'euros', ...CENT], ['avro', 'sent']),
  GBP: words(['pound sterling', 'pounds sterling', 'penny', 'pence'], ['İngiliz sterlini', 'peni']),
  GEL: words(['lari', 'lari', 'tetri', 'tetri'], ['Gürcistan larisi', 'tetri']),
  HKD: words(['Hong Kong dollar', 'Hong Kong dollars', ...CENT], ['Hong Kong doları', 'sent']),
  HUF: words(['forint', 'forints', 'fillér', 'fillér'], ['Macar forinti', 'filler']),
  IDR: words(['rupiah', 'rupiah', 'sen', 'sen'], ['Endonezya rupisi', 'sen']),
  ILS: words(['shekel', 'shekels', 'agora', 'agorot'], ['İsrail şekeli', 'agora']),
  INR: words(['Indian rupee', 'Indian rupees', 'paisa', 'paise'], ['Hindistan rupisi', 'paisa']),
  IQD: words(['Iraqi dinar', 'Iraqi dinars', ...FILS], ['Irak dinarı', 'fils']),
  ISK: words(['Icelandic króna', 'Icelandic krónur', 'eyrir', 'aurar'], ['İzlanda kronu', 'eyrir']),
  JOD: words(['Jordanian dinar', 'Jordanian dinars', ...FILS], ['Ürdün dinarı', 'fils']),
  JPY: words(['yen', 'yen', 'sen', 'sen'], ['Japon yeni', 'sen']),
  KRW: words(['won', 'won', 'jeon', 'jeon'], ['Güney Kore wonu', 'jeon']),
  KWD: words(['Kuwaiti dinar', 'Kuwaiti dinars', ...FILS], ['Kuveyt dinarı', 'fils']),
  KZT: words(['tenge', 'tenge', 'tiyn', 'tiyn'], ['Kazak tengesi', 'tiyin']),
  LBP: words(['Lebanese pound', 'Lebanese pounds', 'piastre', 'piastres'], ['Lübnan lirası', 'kuruş']),
  MAD: words(['Moroccan dirham', 'Moroccan dirhams', 'centime', 'centimes'], ['Fas dirhemi', 'santim']),
  MGA: words(['ariary', 'ariary', 'hundredth', 'hundredths'], ['Madagaskar ariarisi', 'yüzde bir']),
  MXN: words(['Mexican peso', 'Mexican pesos', 'centavo', 'centavos'], ['Meksika pesosu', 'sentavo']),
  MYR: words(['ringgit', 'ringgit', 'sen', 'sen'], ['Malezya ringgiti', 'sen']),
  NOK: words(['Norwegian krone', 'Norwegian kroner', ...ORE], ['Norveç kronu', 'øre']),
  NZD: words(['New Zealand dollar', 'New Zealand dollars', ...CENT], ['Yeni Zelanda doları', 'sent']),
  OMR: words(['Omani rial', 'Omani rials', 'baisa', 'baisa'], ['Umman riyali', 'beyza']),
  PHP: words(['Philippine peso', 'Philippine pesos', 'centavo', 'centavos'], ['Filipin pesosu', 'sentavo']),
  PKR: words(['Pakistani rupee', 'Pakistani rupees', 'paisa', 'paise'], ['Pakistan rupisi', 'paisa']),
  PLN: words(['złoty', 'złotys', 'grosz', 'groszy'], ['Polonya zlotisi', 'grosz']),
  QAR: words(['Qatari riyal', 'Qatari riyals', 'dirham', 'dirhams'], ['Katar riyali', 'dirhem']),
  RON: words(['Romanian leu', 'Romanian lei', 'ban', 'bani'], ['Rumen leyi', 'ban']),
  RSD: words(['Serbian dinar', 'Serbian dinars', 'para', 'para'], ['Sırp dinarı', 'para']),
  SAR: words(['Saudi riyal', 'Saudi riyals', 'halala', 'halalas'], ['Suudi riyali', 'halala']),
  SEK: words(['Swedish krona', 'Swedish kronor', 'öre', 'öre'], ['İsveç kronu', 'öre']),
  SGD: words(['Singapore dollar', 'Singapore dollars', ...CENT], ['Singapur doları', 'sent']),
  THB: words(['baht', 'baht', 'satang', 'satang'], ['Tayland bahtı', 'satang']),
  TND: words(['Tunisian dinar', 'Tunisian dinars', 'millime', 'millimes'], ['Tunus dinarı', 'milim']),
  TRY: words(['lira', 'lira', 'kuruş', 'kuruş'], ['lira', 'kuruş']),
  TWD: words(['New Taiwan dollar', 'New Taiwan dollars', ...CENT], ['Yeni Tayvan doları', 'sent']),
  UAH: words(['hryvnia', 'hryvnias', 'kopiyka', 'kopiykas'], ['Ukrayna grivnası', 'kopiyka']),
  USD: words(['US dollar', 'US dollars', ...CENT], ['ABD doları', 'sent']),
  VND: words(['dong', 'dong', 'hào', 'hào'], ['Vietnam dongu', 'hao']),
  ZAR: words(['rand', 'rand', ...CENT], ['Güney Afrika randı', 'sent']),
};
