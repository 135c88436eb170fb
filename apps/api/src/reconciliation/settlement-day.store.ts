import type { Currency } from '../core/currency.ts';
import { addDays, type LocalDate, startOfDay } from '../core/time.ts';
import type { Queryable } from '../runtime/db.ts';
import type { MatchRule } from './settlement-input.ts';

/** How a day's payouts stand with the provider. */
export interface SettlementDay {
  /** Payouts of the day whose money is out, and how many of them a clean match holds. */
  compared: number;
  matched: number;
  byRule: Partial<Record<MatchRule, number>>;
  /** What went out that day, per currency, minor units. */
  volumes: { currency: Currency; volumeMinor: bigint }[];
}

/** How far apart the payouts of one batch can be. */
const BATCH_DAYS = 10;

/** Counts a day from its rows, so that a second run of the day says the same although it touches only what is new. */
export async function settlementDay(on: Queryable, day: LocalDate): Promise<SettlementDay> {
  const { rows } = await on.query<{ currency: Currency; rule: MatchRule | null; payouts: bigint; volume: bigint }>(
    `WITH batched AS (
       SELECT DISTINCT jsonb_array_elements_text(agreed -> 'payouts')::uuid AS payout_id, rule FROM recon_match
       WHERE kind = 'settlement' AND rule = 'sum' AND payout_id IS NULL AND agreed ->> 'pair' = 'ledger_provider'
         AND period_on BETWEEN $3 AND $4)
     SELECT p.currency, coalesce(m.rule, b.rule) AS rule, count(*) AS payouts, sum(p.amount_minor)::bigint AS volume
     FROM payout p
     LEFT JOIN recon_match m ON m.payout_id = p.id AND m.kind = 'settlement' AND m.agreed ->> 'pair' = 'ledger_provider'
     LEFT JOIN batched b ON b.payout_id = p.id
     WHERE p.created_at >= $1 AND p.created_at < $2
       AND p.status IN ('sending', 'unconfirmed', 'in_transit', 'paid', 'returned')
     GROUP BY 1, 2`,
    [startOfDay(day), startOfDay(addDays(day, 1)), addDays(day, -BATCH_DAYS), addDays(day, BATCH_DAYS)],
  );
  const volumes = new Map<Currency, bigint>();
  const byRule: Partial<Record<MatchRule, number>> = {};
  let [compared, matched] = [0, 0];
  for (const { currency, rule, payouts, volume } of rows) {
    volumes.set(currency, (volumes.get(currency) ?? 0n) + volume);
    compared += Number(payouts);
    if (rule === null) continue;
    matched += Number(payouts);
    byRule[rule] = (byRule[rule] ?? 0) + Number(payouts);
  }
  return {
    compared,
    matched,
    byRule,
    volumes: [...volumes]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([currency, volumeMinor]) => ({ currency, volumeMinor })),
  };
}
