import type { Currency } from '../core/currency.ts';
import { decimalString } from '../core/money.ts';
import { type CsvRow, CsvRows } from './csv-rows.ts';
import { type Complain, readCurrency, readDay, readMinor } from './settlement-amount.ts';
import { type SettlementBatch, SettlementCollector } from './settlement-batch.ts';
import { FILE_LIMITS, UnreadableFile } from './settlement-fault.ts';
import type { SettlementLineKind } from './settlement-line.ts';
import { csvText } from './settlement-text.ts';
import { StatementTotals } from './statement-totals.ts';

/**
 * Adyen's journal types in our words (source: docs.adyen.com/reporting/settlement-reconciliation/transaction-level/
 * settlement-details-report). A type that is not here is `other`, for Adyen adds to them.
 */
const KIND_OF_TYPE: Record<string, SettlementLineKind> = {
  Settled: 'payment',
  SettledReversed: 'payment',
  SettledInInstallments: 'payment',
  Refunded: 'refund',
  RefundedReversed: 'refund',
  RefundedBulk: 'refund',
  Chargeback: 'adjustment',
  ChargebackReversed: 'adjustment',
  SecondChargeback: 'adjustment',
  DepositCorrection: 'adjustment',
  InvoiceDeduction: 'fee',
  ManualCorrected: 'adjustment',
  BalanceTransfer: 'adjustment',
  Balancetransfer: 'adjustment',
  Fee: 'fee',
  MiscCosts: 'fee',
  PaymentCost: 'fee',
  AuthorisationSchemeFee: 'fee',
  BankInstructionFee: 'fee',
  MerchantPayout: 'payout',
  MerchantPayin: 'payout',
  InternalCompanyPayout: 'payout',
  PayoutReversed: 'payout',
  Payout: 'payout',
};

const REQUIRED = {
  merchant: 'Merchant Account',
  psp: 'Psp Reference',
  reference: 'Merchant Reference',
  created: 'Creation Date',
  type: 'Type',
  modification: 'Modification Reference',
  grossCurrency: 'Gross Currency',
  grossDebit: 'Gross Debit (GC)',
  grossCredit: 'Gross Credit (GC)',
  netCurrency: 'Net Currency',
  netDebit: 'Net Debit (NC)',
  netCredit: 'Net Credit (NC)',
} as const;
type RequiredKey = keyof typeof REQUIRED;

const OPTIONAL = {
  commission: 'Commission (NC)',
  markup: 'Markup (NC)',
  scheme: 'Scheme Fees (NC)',
  interchange: 'Interchange (NC)',
  batch: 'Batch Number',
  booked: 'Booking Date',
  modificationReference: 'Modification Merchant Reference',
  method: 'Payment Method',
} as const;
type OptionalKey = keyof typeof OPTIONAL;

/** Names of the columns that tell an Adyen settlement details report from another CSV. */
export const ADYEN_COLUMNS: readonly string[] = Object.values(REQUIRED);

interface Columns {
  count: number;
  place: Record<RequiredKey, number> & Partial<Record<OptionalKey, number>>;
}

/**
 * Reads Adyen's settlement details report (CSV). Amounts are decimal strings in major units, debit and credit in columns
 * of their own, from our balance's view. A line's fee is commission, markup, scheme fees and interchange; where gross and
 * net are in one currency, gross − fee = net is checked. Lines of one batch, account and currency are one statement.
 */
export async function* readAdyenSettlementCsv(
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<SettlementBatch, void> {
  const report = new AdyenReport();
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

class AdyenReport {
  readonly found = new SettlementCollector();
  readonly #rows = new CsvRows({
    row: (row) => (this.#columns ? this.#row(row, this.#columns) : this.#header(row)),
    bad: (line, code) => this.found.fault(code, line, { limit: FILE_LIMITS.lineChars }),
  });
  readonly #statements = new Map<string, { totals: StatementTotals; account: string; currency: Currency }>();
  #columns: Columns | null = null;

  get line(): number | null {
    return this.#columns ? this.#rows.line : null;
  }

  push(text: string): void {
    this.#rows.push(text);
  }

  end(): void {
    this.#rows.end();
    if (!this.#columns) throw new UnreadableFile('file_empty', null);
    for (const { totals, account, currency } of this.#statements.values()) {
      this.found.statement(
        totals.finish(account, currency, 'provider', (line) => (code, params) => this.found.fault(code, line, params)),
      );
    }
  }

  #header(row: CsvRow): void {
    const names = row.cells.map((cell) => cell.trim());
    const place = {} as Columns['place'];
    const missing: string[] = [];
    for (const [key, column] of [...Object.entries(REQUIRED), ...Object.entries(OPTIONAL)]) {
      const at = names.indexOf(column);
      if (at < 0) {
        if (Object.hasOwn(REQUIRED, key)) missing.push(column);
        continue;
      }
      if (names.lastIndexOf(column) !== at) throw new UnreadableFile('column_repeated', row.line, { column });
      place[key as RequiredKey] = at;
    }
    const last = missing.pop();
    for (const column of missing) this.found.fault('column_missing', row.line, { column });
    if (last !== undefined) throw new UnreadableFile('column_missing', row.line, { column: last });
    this.#columns = { count: names.length, place };
  }

  #row(row: CsvRow, { count, place }: Columns): void {
    const { cells, line } = row;
    if (cells.length !== count) {
      this.found.fault('cell_count', line, { found: cells.length, expected: count });
      return;
    }
    const before = this.found.faultCount;
    const complain: Complain = (code, params) => this.found.fault(code, line, params);
    const cell = (key: RequiredKey | OptionalKey): string => {
      const at = place[key];
      return at === undefined ? '' : (cells[at] ?? '').trim();
    };
    const must = (key: RequiredKey): string => {
      const value = cell(key);
      if (value === '') complain('value_missing', { field: REQUIRED[key] });
      return value;
    };
    const type = must('type');
    const account = must('merchant');
    const createdText = must('created');
    const bookedText = cell('booked') || createdText;
    const bookedOn = bookedText === '' ? null : readDay(bookedText, 'Booking Date', complain);
    const money = this.#money(cell, complain);
    if (!money || this.found.faultCount > before) return;

    const statement = this.#statementOf(cell('batch'), account, money.currency);
    statement.entry(money.netMinor, bookedOn);
    this.found.line({
      lineNo: line,
      statementNo: statement.statementNo,
      source: 'provider',
      kind: Object.hasOwn(KIND_OF_TYPE, type) ? (KIND_OF_TYPE[type] ?? 'other') : 'other',
      account,
      ...money,
      // A modification (a refund, a payout's reversal) has a reference of its own beside the payment's.
      providerRef: cell('modification') || cell('psp') || null,
      ourRef: cell('modificationReference') || cell('reference') || null,
      endToEndId: null,
      counterparty: null,
      description: [type, cell('method')].filter(Boolean).join(' · ') || null,
      valueOn: null,
      bookedOn,
      raw: row.raw,
    });
  }

  #money(cell: (key: RequiredKey | OptionalKey) => string, complain: Complain) {
    const code = cell('netCurrency');
    if (code === '') complain('value_missing', { field: REQUIRED.netCurrency });
    const currency = code === '' ? null : readCurrency(code, REQUIRED.netCurrency, complain);
    if (!currency) return null;
    const read = (key: RequiredKey | OptionalKey, of: Currency): bigint | null => {
      const text = cell(key);
      return text === ''
        ? 0n
        : readMinor(text, of, key in REQUIRED ? REQUIRED[key as RequiredKey] : OPTIONAL[key as OptionalKey], complain);
    };
    const [debit, credit] = [read('netDebit', currency), read('netCredit', currency)];
    const fees = (['commission', 'markup', 'scheme', 'interchange'] as const).map((key) => read(key, currency));
    if (debit === null || credit === null || fees.includes(null)) return null;
    if (cell('netDebit') === '' && cell('netCredit') === '') complain('value_missing', { field: REQUIRED.netCredit });
    const netMinor = credit - debit;
    const feeMinor = fees.reduce<bigint>((sum, fee) => sum + (fee ?? 0n), 0n);
    this.#checkGross(cell, currency, { netMinor, feeMinor }, complain);
    return { currency, amountMinor: netMinor + feeMinor, feeMinor, netMinor };
  }

  /** Where gross and net are in one currency and the line states a gross, the three must agree. */
  #checkGross(
    cell: (key: RequiredKey | OptionalKey) => string,
    currency: Currency,
    { netMinor, feeMinor }: { netMinor: bigint; feeMinor: bigint },
    complain: Complain,
  ): void {
    const stated = cell('grossDebit') !== '' || cell('grossCredit') !== '';
    if (!stated || cell('grossCurrency').toUpperCase() !== currency) return;
    const read = (key: 'grossDebit' | 'grossCredit') =>
      cell(key) === '' ? 0n : readMinor(cell(key), currency, REQUIRED[key], complain);
    const [debit, credit] = [read('grossDebit'), read('grossCredit')];
    if (debit === null || credit === null || credit - debit - feeMinor === netMinor) return;
    const shown = (minor: bigint) => decimalString({ minor, currency });
    complain('net_mismatch', {
      gross: shown(credit - debit),
      fee: shown(feeMinor),
      net: shown(netMinor),
      currency,
    });
  }

  #statementOf(batch: string, account: string, currency: Currency): StatementTotals {
    const key = `${batch} ${account} ${currency}`;
    let statement = this.#statements.get(key);
    if (!statement) {
      const totals = new StatementTotals(this.#statements.size + 1);
      totals.reference = batch === '' ? null : batch;
      statement = { totals, account, currency };
      this.#statements.set(key, statement);
    }
    return statement.totals;
  }
}
