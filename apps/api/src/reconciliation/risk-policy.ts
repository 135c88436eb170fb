import { CURRENCIES, type Currency, minorDigits } from '../core/currency.ts';
import { absMinor, decimalString } from '../core/money.ts';
import { HOUR_MS } from '../core/time.ts';
import { amountAtStake, type BreakType, type DriftFacts, type Finding, RISKS, type Risk, worstRisk } from './break.ts';
import { withinDrift } from './drift.ts';

/** A rule as data: what it tests, and the class it gives. */
export type RiskRule = { rule: string; risk: Exclude<Risk, 'LOW'> } & (
  | { test: 'type_is'; types: readonly BreakType[] }
  | { test: 'fact'; fact: 'unknownDebit' | 'ledgerUnbalanced' | 'negativeWallet' }
  /** |amount| ≥ the currency's limit, minor units. */
  | { test: 'amount_at_least'; limitMinor: Readonly<Record<Currency, bigint>> }
  /** |drift| > times × its threshold. */
  | { test: 'drift_above'; times: bigint }
  /** Age ≥ this many milliseconds. */
  | { test: 'age_at_least'; ms: number }
  /** Mismatched sum > this share of the day's volume, in hundredths of a percent. */
  | { test: 'share_above'; basisPoints: bigint }
);

/** A version of the policy. Versions are never edited: a stored break names the version that classified it. */
export interface RiskPolicy {
  version: number;
  /** In order of precedence; within one class the first that fires decides. */
  rules: readonly RiskRule[];
}

/**
 * What is worth about 10 000.00 euros or dollars, in whole units of each currency, rounded to a figure that people
 * remember. Deliberately not an exchange rate: a class must not change because a rate moved overnight.
 */
const TEN_THOUSAND: Partial<Record<Currency, bigint>> = {
  AED: 35_000n,
  AUD: 15_000n,
  BGN: 18_000n,
  BHD: 4_000n,
  BRL: 50_000n,
  CAD: 14_000n,
  CHF: 9_000n,
  CLP: 10_000_000n,
  CNY: 70_000n,
  COP: 40_000_000n,
  CZK: 220_000n,
  DKK: 70_000n,
  EGP: 500_000n,
  EUR: 10_000n,
  GBP: 8_000n,
  GEL: 27_000n,
  HKD: 80_000n,
  HUF: 3_500_000n,
  IDR: 160_000_000n,
  ILS: 35_000n,
  INR: 850_000n,
  IQD: 13_000_000n,
  ISK: 1_300_000n,
  JOD: 7_000n,
  JPY: 1_500_000n,
  KRW: 14_000_000n,
  KWD: 3_000n,
  KZT: 5_000_000n,
  LBP: 900_000_000n,
  MAD: 90_000n,
  MGA: 45_000_000n,
  MXN: 180_000n,
  MYR: 42_000n,
  NOK: 100_000n,
  NZD: 17_000n,
  OMR: 4_000n,
  PHP: 570_000n,
  PKR: 2_800_000n,
  PLN: 40_000n,
  QAR: 36_000n,
  RON: 45_000n,
  RSD: 1_000_000n,
  SAR: 37_000n,
  SEK: 100_000n,
  SGD: 13_000n,
  THB: 330_000n,
  TND: 30_000n,
  TRY: 400_000n,
  TWD: 320_000n,
  UAH: 420_000n,
  USD: 10_000n,
  VND: 250_000_000n,
  ZAR: 180_000n,
};

/**
 * Limits in minor units for every currency that the product accepts. A currency without a figure of its own gets the
 * plain number of whole units, which errs towards the higher class for every currency worth less than a dollar.
 */
function limits(divisor: bigint): Readonly<Record<Currency, bigint>> {
  const entries = CURRENCIES.map((currency) => {
    const whole = (TEN_THOUSAND[currency] ?? 10_000n) * 10n ** BigInt(minorDigits(currency));
    return [currency, whole / divisor] as const;
  });
  return Object.fromEntries(entries) as Record<Currency, bigint>;
}

/** Domain rules §3, first version. */
export const RISK_POLICY_V1: RiskPolicy = {
  version: 1,
  rules: [
    { rule: 'money_may_have_left_twice', risk: 'HIGH', test: 'type_is', types: ['duplicate_at_provider'] },
    { rule: 'unknown_debit', risk: 'HIGH', test: 'fact', fact: 'unknownDebit' },
    { rule: 'ledger_unbalanced', risk: 'HIGH', test: 'fact', fact: 'ledgerUnbalanced' },
    { rule: 'negative_wallet', risk: 'HIGH', test: 'fact', fact: 'negativeWallet' },
    { rule: 'amount_high', risk: 'HIGH', test: 'amount_at_least', limitMinor: limits(1n) },
    { rule: 'drift_high', risk: 'HIGH', test: 'drift_above', times: 3n },
    { rule: 'age_high', risk: 'HIGH', test: 'age_at_least', ms: 72 * HOUR_MS },
    { rule: 'settlement_share', risk: 'HIGH', test: 'share_above', basisPoints: 10n },
    { rule: 'amount_medium', risk: 'MED', test: 'amount_at_least', limitMinor: limits(10n) },
    { rule: 'drift_medium', risk: 'MED', test: 'drift_above', times: 1n },
    { rule: 'age_medium', risk: 'MED', test: 'age_at_least', ms: 24 * HOUR_MS },
    { rule: 'status_mismatch', risk: 'MED', test: 'type_is', types: ['status_mismatch'] },
    { rule: 'ambiguous', risk: 'MED', test: 'type_is', types: ['ambiguous'] },
  ],
};

/** What the rules look at. */
export interface RiskFacts {
  type: BreakType | null;
  currency: Currency | null;
  /** Minor units; null when the break is not about money. */
  amountMinor: bigint | null;
  /** Since the break was first seen. */
  ageMs: number;
  unknownDebit: boolean;
  ledgerUnbalanced: boolean;
  negativeWallet: boolean;
  drift: DriftFacts | null;
  /** Mismatched sum and the day's volume of one currency. Given when a settlement as a whole is classified. */
  share: { mismatchedMinor: bigint; volumeMinor: bigint } | null;
}

/** A rule that fired: what it looked at and what it compared with, as text to store and show. */
export interface FiredRule {
  rule: string;
  risk: Risk;
  inputs: Record<string, string>;
  thresholds: Record<string, string>;
}

export interface RiskClass {
  risk: Risk;
  /** Every rule that fired; the first decided. Holds `otherwise` alone when none did. */
  fired: readonly FiredRule[];
  policyVersion: number;
}

/** The facts of a finding that has been known for `ageMs`. */
export function riskFacts(found: Finding, ageMs: number): RiskFacts {
  return {
    type: found.type,
    currency: found.currency,
    amountMinor: amountAtStake(found),
    ageMs,
    unknownDebit: found.unknownDebit,
    ledgerUnbalanced: found.ledgerUnbalanced,
    negativeWallet: found.negativeWallet,
    drift: found.drift,
    share: null,
  };
}

/** Classifies a break. Limits on amounts and ages are inclusive; drift and share have to be past theirs. */
export function classifyRisk(facts: RiskFacts, policy: RiskPolicy = RISK_POLICY_V1): RiskClass {
  const fired = policy.rules
    .map((rule) => fire(rule, facts))
    .filter((rule) => rule !== null)
    .sort((a, b) => RISKS.indexOf(b.risk) - RISKS.indexOf(a.risk));
  if (fired.length === 0) fired.push({ rule: 'otherwise', risk: 'LOW', inputs: {}, thresholds: {} });
  return { risk: fired[0]?.risk ?? 'LOW', fired, policyVersion: policy.version };
}

/**
 * The class of a report: that of its worst open break, and HIGH when any currency's mismatched sum is past its share
 * of the day's volume. Null when nothing is open and nothing fired.
 */
export function classifyReport(
  open: Iterable<Risk>,
  settlements: readonly { currency: Currency; mismatchedMinor: bigint; volumeMinor: bigint }[],
  policy: RiskPolicy = RISK_POLICY_V1,
): { risk: Risk | null; fired: readonly FiredRule[]; policyVersion: number } {
  const fired = settlements.flatMap(({ currency, ...share }) => {
    const facts: RiskFacts = { ...NOTHING, currency, share };
    return policy.rules.map((rule) => fire(rule, facts)).filter((rule) => rule !== null);
  });
  const risk = worstRisk([...open, ...fired.map((rule) => rule.risk)]);
  return { risk, fired, policyVersion: policy.version };
}

const NOTHING: RiskFacts = {
  type: null,
  currency: null,
  amountMinor: null,
  ageMs: 0,
  unknownDebit: false,
  ledgerUnbalanced: false,
  negativeWallet: false,
  drift: null,
  share: null,
};

function fire(rule: RiskRule, facts: RiskFacts): FiredRule | null {
  const shown = compare(rule, facts);
  return shown && { rule: rule.rule, risk: rule.risk, ...shown };
}

/** Inputs and thresholds of a rule that holds; null when it does not. */
function compare(rule: RiskRule, facts: RiskFacts): Pick<FiredRule, 'inputs' | 'thresholds'> | null {
  switch (rule.test) {
    case 'type_is':
      return facts.type && rule.types.includes(facts.type) ? { inputs: { type: facts.type }, thresholds: {} } : null;
    case 'fact':
      return facts[rule.fact] ? { inputs: { [rule.fact]: 'true' }, thresholds: {} } : null;
    case 'age_at_least':
      if (facts.ageMs < rule.ms) return null;
      return { inputs: { age_ms: String(facts.ageMs) }, thresholds: { age_ms: String(rule.ms) } };
    case 'amount_at_least': {
      const { currency, amountMinor } = facts;
      if (currency === null || amountMinor === null || absMinor(amountMinor) < rule.limitMinor[currency]) return null;
      return {
        inputs: { currency, amount: decimalString({ minor: absMinor(amountMinor), currency }) },
        thresholds: { amount: decimalString({ minor: rule.limitMinor[currency], currency }) },
      };
    }
    case 'drift_above':
      if (facts.drift === null || withinDrift(facts.drift, rule.times)) return null;
      return {
        inputs: { drift: String(facts.drift.drift) },
        thresholds: { drift: hundredths(facts.drift.thresholdHundredths * rule.times) },
      };
    case 'share_above': {
      if (facts.share === null) return null;
      const { mismatchedMinor, volumeMinor } = facts.share;
      if (absMinor(mismatchedMinor) * 10_000n <= absMinor(volumeMinor) * rule.basisPoints) return null;
      return {
        inputs: {
          currency: facts.currency ?? '',
          mismatched_minor: String(absMinor(mismatchedMinor)),
          volume_minor: String(absMinor(volumeMinor)),
        },
        thresholds: { share_percent: hundredths(rule.basisPoints) },
      };
    }
  }
}

/** 1050n → "10.50". */
function hundredths(value: bigint): string {
  const text = value.toString().padStart(3, '0');
  return `${text.slice(0, -2)}.${text.slice(-2)}`;
}
