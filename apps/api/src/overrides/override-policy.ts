import type { Currency } from '../core/currency.ts';
import type { Money } from '../core/money.ts';
import { HOUR_MS } from '../core/time.ts';
import { RISK_POLICY_V1 } from '../reconciliation/risk-policy.ts';
import { OVERRIDE_KINDS, type OverrideKind } from './override.ts';
import type { Seats } from './seats.ts';

/** Upper ends of amount bands, exclusive: minor units as text, by currency. */
type Limits = Readonly<Record<Currency, string>>;

export interface PolicyRule {
  kinds: readonly OverrideKind[];
  /** Name of the limit below which the rule applies; null for every amount. */
  below: string | null;
  seats: Seats;
  expiresInMs: number;
}

/** A version of the policy: data, stored in `override_policy`, never edited. An override names the version it was asked for under. */
export interface OverridePolicy {
  version: number;
  limits: Readonly<Record<string, Limits>>;
  /** The first rule that covers the kind and the amount decides. */
  rules: readonly PolicyRule[];
  evidenceRequired: readonly OverrideKind[];
}

/** What the policy demands of one override. */
export interface Demand {
  policyVersion: number;
  approvalsRequired: number;
  seats: Seats;
  expiresInMs: number;
  evidenceRequired: boolean;
  /** The band that the amount is in, minor units as text: from (inclusive) and below (exclusive); null where it has no end. */
  band: { fromMinor: string | null; belowMinor: string | null };
}

/** What the policy demands for this kind and amount. Throws when no rule covers the kind: a policy without an answer is a bug. */
export function policyFor(policy: OverridePolicy, kind: OverrideKind, amount: Money): Demand {
  let from: bigint | null = null;
  for (const rule of policy.rules) {
    if (!rule.kinds.includes(kind)) continue;
    const below = rule.below === null ? null : limitOf(policy, rule.below, amount.currency);
    if (below === null || amount.minor < below) {
      return {
        policyVersion: policy.version,
        approvalsRequired: rule.seats.length,
        seats: rule.seats,
        expiresInMs: rule.expiresInMs,
        evidenceRequired: policy.evidenceRequired.includes(kind),
        band: { fromMinor: from?.toString() ?? null, belowMinor: below?.toString() ?? null },
      };
    }
    from = below;
  }
  throw new Error(`override policy ${policy.version} has no rule for ${kind}`);
}

function limitOf(policy: OverridePolicy, name: string, currency: Currency): bigint {
  const limit = policy.limits[name]?.[currency];
  if (limit === undefined) throw new Error(`override policy ${policy.version} has no limit ${name} for ${currency}`);
  return BigInt(limit);
}

/** The risk policy's own table for a class, times a factor: "1 000" means the same in every policy of the product. */
function limits(risk: 'MED' | 'HIGH', times: bigint): Limits {
  const entries = RISK_POLICY_V1.rules.flatMap((rule) =>
    rule.test === 'amount_at_least' && rule.risk === risk
      ? Object.entries(rule.limitMinor).map(([currency, minor]) => [currency, (minor * times).toString()])
      : [],
  );
  return Object.fromEntries(entries) as Limits;
}

const DAY = 24 * HOUR_MS;

/**
 * Domain rules §4, "Policy", first version: below about 1 000.00 euros one approver or finance; below about 50 000.00 one
 * approver; above, two people, one of them finance. The same data is row 1 of `override_policy`, put there by a migration.
 */
export const OVERRIDE_POLICY_V1: OverridePolicy = {
  version: 1,
  limits: { about_1_000: limits('MED', 1n), about_50_000: limits('HIGH', 5n) },
  rules: [
    { kinds: OVERRIDE_KINDS, below: 'about_1_000', seats: [['approver', 'finance']], expiresInMs: DAY },
    { kinds: OVERRIDE_KINDS, below: 'about_50_000', seats: [['approver']], expiresInMs: DAY },
    { kinds: OVERRIDE_KINDS, below: null, seats: [['finance'], ['approver', 'finance']], expiresInMs: DAY },
  ],
  evidenceRequired: ['mark_payout_paid'],
};
