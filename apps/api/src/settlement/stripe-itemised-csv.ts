import type { Currency } from '../core/currency.ts';
import { decimalString } from '../core/money.ts';
import type { LocalDate } from '../core/time.ts';
import { type CsvRow, CsvRows } from './csv-rows.ts';
import { type Complain, readCurrency, readDay, readMinor } from './settlement-amount.ts';
import { type SettlementBatch, SettlementCollector } from './settlement-batch.ts';
import { FILE_LIMITS, UnreadableFile } from './settlement-fault.ts';
import type { SettlementLineKind, SettlementStatement } from './settlement-line.ts';
import { csvText } from './settlement-text.ts';

/** The account that a Stripe report is about: our balance there. */
const ACCOUNT = 'stripe';

/**
 * Stripe's `reporting_category` in our words. Source: docs.stripe.com/reports/reporting-categories and the SDK's list.
 * A category that is not here is `other`, for Stripe adds to them.
 */
const KIND_OF_CATEGORY: Record<string, SettlementLineKind> = {
  payout: 'payout',
  payout_reversal: 'payout',
  charge: 'payment',
  charge_failure: 'payment',
  partial_capture_reversal: 'payment',
  platform_earning: 'payment',
  refund: 'refund',
  refund_failure: 'refund',
  platform_earning_refund: 'refund',
  fee: 'fee',
  network_cost: 'fee',
  tax: 'fee',
  dispute: 'adjustment',
  dispute_reversal: 'adjustment',
  other_adjustment: 'adjustment',
  connect_reserved_funds: 'adjustment',
  risk_reserved_funds: 'adjustment',
};

/** Columns without which a report cannot be reconciled. Of two names either will do; the first is preferred. */
const REQUIRED = {
  transaction: ['balance_transaction_id'],
  created: ['created_utc', 'created'],
  currency: ['currency'],
  gross: ['gross'],
  fee: ['fee'],
  net: ['net'],
  category: ['reporting_category'],
  source: ['source_id'],
} as const;

const OPTIONAL = {
  available: ['available_on_utc', 'available_on'],
  description: ['description'],
  customer: ['customer_name'],
  trace: ['trace_id'],
} as const;

/** Metadata that carries our ids back, whatever object it hangs on: `payment_metadata[payout_id]`, `metadata[…]`. */
const OUR_REFERENCE = [/^(?:\w+_)?metadata\[payout_id\]$/, /^(?:\w+_)?metadata\[attempt_id\]$/];

interface Columns {
  count: number;
  required: Record<keyof typeof REQUIRED, number>;
  optional: Record<keyof typeof OPTIONAL, number | null>;
  /** In order of preference. */
  ours: number[];
}

/** Names of every column that tells a Stripe itemised report from another CSV. */
export const STRIPE_COLUMNS: readonly string[] = Object.values(REQUIRED).flat();

/**
 * Reads Stripe's "Itemised payout reconciliation" report (API report types `payout_reconciliation.itemized.*`,
 * `ending_balance_reconciliation.itemized.*` and `balance_change_from_activity.itemized.*` share its columns; source:
 * docs.stripe.com/reports/report-types/payout-reconciliation). Columns may stand in any order; those that are not used
 * stay in `raw`. Amounts are decimal strings in major units from our Stripe balance's view, so a payout is negative,
 * and gross − fee = net is checked on each row. A payout's `source_id` is the provider's payout (`po_…`).
 */
export async function* readStripeItemisedCsv(source: AsyncIterable<Uint8Array>): AsyncGenerator<SettlementBatch, void> {
  const report = new StripeReport();
  try {
    for await (const text of csvText(source)) {
      report.push(text);
      if (!report.found.isEmpty) yield report.found.take();
    }
    report.end();
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    report.found.add({ ...error.fault, line: error.fault.line ?? report.line });
  }
  yield report.found.take();
}

class StripeReport {
  readonly found = new SettlementCollector();
  readonly #rows = new CsvRows({
    row: (row) => (this.#columns ? this.#row(row, this.#columns) : this.#header(row)),
    bad: (line, code) => this.found.fault(code, line, { limit: FILE_LIMITS.lineChars }),
  });
  readonly #statements = new Map<Currency, SettlementStatement>();
  #columns: Columns | null = null;

  /** The text line that is being read; null before the first. */
  get line(): number | null {
    return this.#columns ? this.#rows.line : null;
  }

  push(text: string): void {
    this.#rows.push(text);
  }

  end(): void {
    this.#rows.end();
    if (!this.#columns) throw new UnreadableFile('file_empty', null);
    for (const statement of this.#statements.values()) this.found.statement(statement);
  }

  #header(row: CsvRow): void {
    const names = row.cells.map((cell) => cell.trim());
    const place = (candidates: readonly string[]): number | null => {
      const name = candidates.find((candidate) => names.includes(candidate));
      if (name === undefined) return null;
      if (names.indexOf(name) !== names.lastIndexOf(name)) {
        throw new UnreadableFile('column_repeated', row.line, { column: name });
      }
      return names.indexOf(name);
    };
    const missing: string[] = [];
    const required = {} as Columns['required'];
    for (const [key, candidates] of Object.entries(REQUIRED)) {
      const at = place(candidates);
      if (at === null) missing.push(candidates[0]);
      else required[key as keyof typeof REQUIRED] = at;
    }
    const optional = {} as Columns['optional'];
    for (const [key, candidates] of Object.entries(OPTIONAL)) {
      optional[key as keyof typeof OPTIONAL] = place(candidates);
    }
    const last = missing.pop();
    for (const column of missing) this.found.fault('column_missing', row.line, { column });
    if (last !== undefined) throw new UnreadableFile('column_missing', row.line, { column: last });
    const ours = OUR_REFERENCE.flatMap((pattern) => names.flatMap((name, at) => (pattern.test(name) ? [at] : [])));
    this.#columns = { count: names.length, required, optional, ours };
  }

  #row(row: CsvRow, columns: Columns): void {
    const { cells, line } = row;
    if (cells.length !== columns.count) {
      this.found.fault('cell_count', line, { found: cells.length, expected: columns.count });
      return;
    }
    const before = this.found.faultCount;
    const complain: Complain = (code, params) => this.found.fault(code, line, params);
    const must = (key: keyof typeof REQUIRED): string => {
      const value = (cells[columns.required[key]] ?? '').trim();
      if (value === '') complain('value_missing', { field: REQUIRED[key][0] });
      return value;
    };
    const may = (key: keyof typeof OPTIONAL): string | null => {
      const at = columns.optional[key];
      return at === null ? null : (cells[at] ?? '').trim() || null;
    };
    const transaction = must('transaction');
    const category = must('category');
    const day = (text: string | null, field: string) => (text ? readDay(text, field, complain) : null);
    const bookedOn = day(must('created'), 'created');
    const valueOn = day(may('available'), 'available_on');
    const money = this.#money(must('currency'), must('gross'), must('fee'), must('net'), complain);
    if (!money || this.found.faultCount > before) return;

    const statement = this.#tally(money.currency, money.netMinor, bookedOn);
    this.found.line({
      lineNo: line,
      statementNo: statement.statementNo,
      source: 'provider',
      kind: Object.hasOwn(KIND_OF_CATEGORY, category) ? (KIND_OF_CATEGORY[category] ?? 'other') : 'other',
      account: ACCOUNT,
      ...money,
      providerRef: (cells[columns.required.source] ?? '').trim() || transaction,
      ourRef: columns.ours.map((at) => (cells[at] ?? '').trim()).find((value) => value !== '') ?? null,
      endToEndId: may('trace'),
      counterparty: may('customer'),
      description: may('description'),
      valueOn,
      bookedOn,
      raw: row.raw,
    });
  }

  #money(code: string, grossText: string, feeText: string, netText: string, complain: Complain) {
    const currency = code === '' ? null : readCurrency(code, 'currency', complain);
    if (!currency) return null;
    const read = (text: string, field: string) => (text === '' ? null : readMinor(text, currency, field, complain));
    const [amountMinor, feeMinor, netMinor] = [read(grossText, 'gross'), read(feeText, 'fee'), read(netText, 'net')];
    if (amountMinor === null || feeMinor === null || netMinor === null) return null;
    if (amountMinor - feeMinor !== netMinor) {
      const shown = (minor: bigint) => decimalString({ minor, currency });
      complain('net_mismatch', { gross: shown(amountMinor), fee: shown(feeMinor), net: shown(netMinor), currency });
    }
    return { currency, amountMinor, feeMinor, netMinor };
  }

  /** Adds a row to the statement of its currency: a report has no balances, so what is kept are its own sums. */
  #tally(currency: Currency, netMinor: bigint, bookedOn: LocalDate | null): SettlementStatement {
    let statement = this.#statements.get(currency);
    if (!statement) {
      statement = {
        statementNo: this.#statements.size + 1,
        source: 'provider',
        reference: null,
        account: ACCOUNT,
        currency,
        openingMinor: null,
        closingMinor: null,
        entries: 0,
        pendingEntries: 0,
        creditsMinor: 0n,
        debitsMinor: 0n,
        balanceCheck: 'unchecked',
        fromOn: null,
        toOn: null,
      };
      this.#statements.set(currency, statement);
    }
    statement.entries += 1;
    if (netMinor < 0n) statement.debitsMinor -= netMinor;
    else statement.creditsMinor += netMinor;
    if (bookedOn && (!statement.fromOn || bookedOn < statement.fromOn)) statement.fromOn = bookedOn;
    if (bookedOn && (!statement.toOn || bookedOn > statement.toOn)) statement.toOn = bookedOn;
    return statement;
  }
}
