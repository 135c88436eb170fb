import type { Currency } from '../core/currency.ts';
import { parseId, toId } from '../core/ids.ts';
import { addDays, type LocalDate, startOfDay, utcDate } from '../core/time.ts';
import type { PayoutStatus, Rail } from '../payouts/payout.ts';
import type { Queryable } from '../runtime/db.ts';
import type { LedgerItem } from './settlement-input.ts';
import { LOOKBACK_DAYS, type LoadedLine } from './settlement-lines.store.ts';
import { settleBy } from './settlement-window.ts';

/** Payouts up to `through` whose money is out and that no clean match holds yet. Uuids. */
export async function unmatchedPayoutIds(on: Queryable, through: LocalDate): Promise<string[]> {
  const { rows } = await on.query<{ id: string }>(
    `SELECT p.id FROM payout p
     WHERE p.created_at >= $1 AND p.created_at < $2
       AND p.status IN ('queued', 'sending', 'unconfirmed', 'in_transit', 'paid', 'returned')
       AND NOT EXISTS (SELECT 1 FROM recon_match m WHERE m.payout_id = p.id AND m.kind = 'settlement'
                         AND m.agreed ->> 'pair' = 'ledger_provider')`,
    [startOfDay(addDays(through, -LOOKBACK_DAYS)), startOfDay(addDays(through, 1))],
  );
  return rows.map((row) => row.id);
}

/** Payouts that lines name by any of their references, or that a match holds together with one of them. Uuids. */
export async function payoutIdsNamedBy(on: Queryable, lines: readonly LoadedLine[]): Promise<string[]> {
  const texts = new Set(lines.flatMap((line) => [line.our_ref, line.end_to_end_id, line.provider_ref]));
  const refs = [...texts].filter((ref) => ref !== null);
  if (lines.length === 0) return [];
  const uuids = (kind: 'payout' | 'attempt') => refs.flatMap((ref) => parseId(kind, ref) ?? []);
  const { rows } = await on.query<{ id: string }>(
    `SELECT id FROM payout WHERE id = ANY($1::uuid[])
     UNION SELECT payout_id FROM attempt WHERE id = ANY($2::uuid[])
     UNION SELECT payout_id FROM attempt WHERE provider_payout_id = ANY($3)
     UNION SELECT id FROM payout WHERE provider_payout_id = ANY($3)
     UNION SELECT id FROM payout WHERE merchant_reference = ANY($3)
     UNION SELECT jsonb_array_elements_text(m.agreed -> 'payouts')::uuid
           FROM recon_match_line c JOIN recon_match m ON m.id = c.match_id WHERE c.line_id = ANY($4::bigint[])`,
    [uuids('payout'), uuids('attempt'), refs, lines.map((line) => line.id)],
  );
  return rows.map((row) => row.id);
}

interface ItemRow {
  id: string;
  amount_minor: bigint;
  currency: Currency;
  status: PayoutStatus;
  rail: Rail;
  merchant_reference: string | null;
  provider_payout_id: string | null;
  created_at: Date;
  paid_at: Date | null;
  holder: string | null;
  attempts: { id: string; ref: string | null }[] | null;
  sent_at: Date | null;
  fee_minor: bigint;
  debited_minor: bigint;
}

/**
 * Payouts as the ledger holds them: gross from the payout, fee from the postings to `fees`, and as many items as the
 * ledger debits the provider's clearing account for one payout (more than one is a duplicate).
 */
export async function ledgerItems(on: Queryable, payoutIds: readonly string[]): Promise<LedgerItem[]> {
  if (payoutIds.length === 0) return [];
  const { rows } = await on.query<ItemRow>(
    `SELECT p.id, p.amount_minor, p.currency, p.status, p.rail, p.merchant_reference, p.provider_payout_id, p.created_at,
       p.paid_at, p.destination ->> 'holder' AS holder, a.attempts, a.sent_at,
       coalesce(l.fee_minor, 0)::bigint AS fee_minor, coalesce(l.debited_minor, 0)::bigint AS debited_minor
     FROM payout p
     LEFT JOIN LATERAL (
       SELECT json_agg(json_build_object('id', id, 'ref', provider_payout_id) ORDER BY no) AS attempts,
         max(first_sent_at) AS sent_at
       FROM attempt WHERE payout_id = p.id) a ON true
     LEFT JOIN LATERAL (
       SELECT sum(CASE o.side WHEN 'debit' THEN o.amount_minor ELSE -o.amount_minor END) FILTER (WHERE g.kind = 'fees') AS fee_minor,
         sum(CASE o.side WHEN 'credit' THEN o.amount_minor ELSE -o.amount_minor END) FILTER (WHERE g.kind = 'psp_clearing')
           AS debited_minor
       FROM journal_entry e JOIN posting o ON o.entry_id = e.id JOIN ledger_account g ON g.id = o.account_id
       WHERE e.payout_id = p.id AND o.currency = p.currency) l ON true
     WHERE p.id = ANY($1)`,
    [payoutIds],
  );
  return rows.flatMap(itemsOf);
}

function itemsOf(row: ItemRow): LedgerItem[] {
  const payoutId = toId('payout', row.id);
  const attempts = (row.attempts ?? []).map(({ id, ref }) => ({ attemptId: toId('attempt', id), providerRef: ref }));
  const last = attempts.at(-1);
  if (last && last.providerRef === null) last.providerRef = row.provider_payout_id;
  const occurredOn = utcDate(row.created_at);
  const item: LedgerItem = {
    key: payoutId,
    kind: 'payout',
    payoutId,
    attempts,
    ourRefs: row.merchant_reference === null ? [] : [row.merchant_reference],
    currency: row.currency,
    grossMinor: -row.amount_minor,
    feeMinor: row.fee_minor,
    status: row.status,
    occurredOn,
    settleBy: settleBy(row.rail, utcDate(row.paid_at ?? row.sent_at ?? row.created_at)),
    counterparty: row.holder,
  };
  const debits = Number((row.debited_minor - row.fee_minor) / row.amount_minor);
  const more = Array.from({ length: Math.max(0, debits - 1) }, (_, at) => ({ ...item, key: `${payoutId}#${at + 2}` }));
  return [item, ...more];
}
