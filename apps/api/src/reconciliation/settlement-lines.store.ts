import { CURRENCIES, type Currency } from '../core/currency.ts';
import { kindOfId } from '../core/ids.ts';
import { addDays, type LocalDate } from '../core/time.ts';
import type { Queryable } from '../runtime/db.ts';
import type { SettlementLineKind, SettlementSource } from '../settlement/settlement-line.ts';
import { type BankLine, type ProviderLine, referenceOf } from './settlement-input.ts';
import { bankBy, type Coverage, type DayRange, mergeRanges } from './settlement-window.ts';

/** How far back a daily run looks for lines and payouts that nothing has claimed. What is older has a break by then. */
export const LOOKBACK_DAYS = 45;

/** A settlement line as reconciliation reads it. */
export interface LoadedLine {
  id: bigint;
  source: SettlementSource;
  kind: SettlementLineKind;
  currency: Currency;
  amount_minor: bigint;
  fee_minor: bigint;
  net_minor: bigint;
  provider_ref: string | null;
  our_ref: string | null;
  end_to_end_id: string | null;
  counterparty: string | null;
  value_on: LocalDate | null;
  /** The day it counts for: booked, else of value, else the last of its file. */
  on_day: LocalDate;
}

/** Days come last: a line that names none takes its file's, so that no line is ever left out for want of a date. */
const LINE = `
  SELECT l.id, l.source, l.kind, l.currency, l.amount_minor, l.fee_minor, l.net_minor, l.provider_ref, l.our_ref,
    l.end_to_end_id, l.counterparty, l.value_on,
    coalesce(l.booked_on, l.value_on, f.period_to, f.imported_at::date) AS on_day
  FROM settlement_line l JOIN settlement_file f ON f.id = l.file_id`;

/**
 * A movement that an earlier file has already reported, word for word and as often: two reports may overlap by a day.
 * Equal lines within one file are two movements.
 */
const REPORTED_BEFORE = `
  l.provider_ref IS NOT NULL AND EXISTS (
    SELECT 1 FROM settlement_line t
    WHERE t.provider_ref = l.provider_ref AND t.source = l.source AND t.raw = l.raw AND t.file_id <> l.file_id AND t.id < l.id
    GROUP BY t.file_id
    HAVING count(*) >= (SELECT count(*) FROM settlement_line s
                        WHERE s.provider_ref = l.provider_ref AND s.file_id = l.file_id AND s.raw = l.raw AND s.id <= l.id))`;

const claimed = (pair: string) =>
  `EXISTS (SELECT 1 FROM recon_match_line c WHERE c.line_id = l.id AND c.pair = '${pair}')`;

/**
 * Lines up to `through` that some comparison has not claimed yet. A payout waits for the bank only in a currency of
 * which there is a statement at all; when the first one comes, those of the last weeks are open again.
 */
export async function openLines(
  on: Queryable,
  through: LocalDate,
  bankCurrencies: readonly string[],
): Promise<LoadedLine[]> {
  const { rows } = await on.query<LoadedLine>(
    `${LINE}
     WHERE (l.booked_on BETWEEN $1 AND $2
            OR (l.booked_on IS NULL AND coalesce(l.value_on, f.period_to, f.imported_at::date) BETWEEN $1 AND $2))
       AND CASE l.source
             WHEN 'bank' THEN NOT ${claimed('provider_bank')}
             ELSE NOT ${claimed('ledger_provider')} OR (l.kind = 'payout' AND l.currency = ANY($3) AND NOT ${claimed('provider_bank')})
           END
       AND NOT (${REPORTED_BEFORE})`,
    [addDays(through, -LOOKBACK_DAYS), through, bankCurrencies],
  );
  return rows;
}

/** These lines, as far as they are no repetition of an earlier file. */
export async function linesById(on: Queryable, ids: readonly bigint[]): Promise<LoadedLine[]> {
  if (ids.length === 0) return [];
  const { rows } = await on.query<LoadedLine>(`${LINE} WHERE l.id = ANY($1) AND NOT (${REPORTED_BEFORE})`, [ids]);
  return rows;
}

/**
 * Ids of the lines that belong to the same stories: lines that matches hold together with these lines or for these
 * payouts, and lines that carry these provider references or the payouts' own.
 */
export async function lineIdsOf(
  on: Queryable,
  of: { payoutIds: readonly string[]; providerRefs: readonly string[]; lineIds: readonly bigint[] },
): Promise<bigint[]> {
  const { rows } = await on.query<{ id: bigint }>(
    `SELECT c.line_id AS id FROM recon_match m JOIN recon_match_line c ON c.match_id = m.id
     WHERE m.kind = 'settlement' AND m.payout_id = ANY($1::uuid[])
     UNION
     SELECT c.line_id FROM recon_match m JOIN recon_match_line c ON c.match_id = m.id
     WHERE m.kind = 'settlement' AND m.rule = 'sum' AND m.agreed -> 'payouts' ?| $2::text[]
     UNION
     SELECT l.id FROM settlement_line l WHERE l.provider_ref = ANY($3::text[])
     UNION
     SELECT l.id FROM attempt a JOIN settlement_line l ON l.provider_ref = a.provider_payout_id WHERE a.payout_id = ANY($1)
     UNION
     SELECT o.line_id FROM recon_match_line c JOIN recon_match_line o ON o.match_id = c.match_id WHERE c.line_id = ANY($4::bigint[])`,
    [of.payoutIds, of.payoutIds, of.providerRefs, of.lineIds],
  );
  return rows.map((row) => row.id);
}

/** The days that a source's files cover. A provider's file is about all currencies; a bank's only about its accounts'. */
export async function coverageOf(on: Queryable, source: SettlementSource): Promise<Coverage> {
  const { rows } = await on.query<{ currency: Currency | null; from: LocalDate; through: LocalDate }>(
    source === 'provider'
      ? `SELECT NULL AS currency, period_from AS "from", period_to AS "through" FROM settlement_file
         WHERE source = 'provider' AND period_from IS NOT NULL AND period_to IS NOT NULL`
      : `SELECT DISTINCT s.currency, f.period_from AS "from", f.period_to AS "through"
         FROM settlement_file f JOIN settlement_statement s ON s.file_id = f.id
         WHERE f.source = 'bank' AND f.period_from IS NOT NULL AND f.period_to IS NOT NULL`,
  );
  const ranges = new Map<Currency, DayRange[]>();
  for (const { currency, from, through } of rows) {
    for (const each of currency === null ? CURRENCIES : [currency]) {
      ranges.set(each, [...(ranges.get(each) ?? []), { from, through }]);
    }
  }
  return Object.fromEntries([...ranges].map(([currency, of]) => [currency, mergeRanges(of)]));
}

/** What the engine compares with the ledger. `known`: references of ours, to tell them from anybody's text. */
export function providerLine(line: LoadedLine, known: ReadonlySet<string>, asOf: LocalDate): ProviderLine {
  const isPayout = line.kind === 'payout';
  return {
    key: line.id.toString(),
    kind: line.kind === 'bank_entry' ? 'other' : line.kind,
    currency: line.currency,
    grossMinor: line.amount_minor,
    feeMinor: line.fee_minor,
    netMinor: line.net_minor,
    providerRef: line.provider_ref,
    ourRefs: [...ownRefs(line.our_ref, known, true), ...ownRefs(line.end_to_end_id, known, false)],
    batchRef: null,
    // Money leaves our balance when a payout is made; it has arrived when the provider's value date has come.
    status: isPayout && (line.value_on === null || line.value_on > asOf) ? 'moved' : 'paid',
    bookedOn: line.on_day,
    bankBy: isPayout ? bankBy(line.on_day) : null,
    counterparty: line.counterparty,
  };
}

/**
 * What the engine compares with the provider. A bank's own reference of an entry is nobody else's, and an end-to-end id
 * may be anybody's: they count only where they are known to us, or are an id of ours.
 */
export function bankLine(line: LoadedLine, known: ReadonlySet<string>, providerRefs: ReadonlySet<string>): BankLine {
  const providerRef = referenceOf(line.provider_ref);
  return {
    key: line.id.toString(),
    currency: line.currency,
    amountMinor: line.amount_minor,
    providerRef: providerRef !== null && providerRefs.has(providerRef) ? providerRef : null,
    ourRefs: [...ownRefs(line.our_ref, known, false), ...ownRefs(line.end_to_end_id, known, false)],
    bookedOn: line.on_day,
    counterparty: line.counterparty,
  };
}

/** The reference, when it is one of ours or (`claimed`) stands where only ours do. */
function ownRefs(text: string | null, known: ReadonlySet<string>, claimed: boolean): string[] {
  const ref = referenceOf(text);
  if (ref === null) return [];
  const kind = kindOfId(ref);
  return claimed || known.has(ref) || kind === 'payout' || kind === 'attempt' ? [ref] : [];
}
