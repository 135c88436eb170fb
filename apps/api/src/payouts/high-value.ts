import type { Currency } from '../core/currency.ts';
import { RISK_POLICY_V1 } from '../reconciliation/risk-policy.ts';

/** From which amount (minor units, as text) a payout counts as of high value: where the risk policy begins to say HIGH. One table for both. */
export function highValueTable(): Readonly<Record<Currency, string>> {
  return TABLE;
}

const TABLE = Object.fromEntries(
  RISK_POLICY_V1.rules.flatMap((rule) =>
    rule.test === 'amount_at_least' && rule.risk === 'HIGH'
      ? Object.entries(rule.limitMinor).map(([currency, minor]) => [currency, minor.toString()])
      : [],
  ),
) as Record<Currency, string>;
