import type { Currency } from '../core/currency.ts';
import { decimalString } from '../core/money.ts';
import type { LocalDate } from '../core/time.ts';
import { type Bai2Record, Bai2Records } from './bai2-records.ts';
import { readShortDay } from './mt940-fields.ts';
import { type Complain, readCurrency } from './settlement-amount.ts';
import { type SettlementBatch, SettlementCollector } from './settlement-batch.ts';
import { FILE_LIMITS, UnreadableFile } from './settlement-fault.ts';
import { bankText } from './settlement-text.ts';
import { StatementTotals } from './statement-totals.ts';
import { TextLines } from './text-lines.ts';

/**
 * Reads BAI2 balance reports. Amounts are whole minor units; a currency that neither account nor group names is USD.
 * Checked: the control totals and record counts of accounts (49), groups (98) and the file (99), which add up every
 * amount as it stands; opening + credits − debits = closing ledger balance; the counted totals of credits and debits.
 */
export async function* readBai2(source: AsyncIterable<Uint8Array>): AsyncGenerator<SettlementBatch, void> {
  const found = new SettlementCollector();
  const file = new Bai2File(found);
  const records = new Bai2Records({
    record: (record) => file.record(record),
    bad: (line, code) => found.fault(code, line, { limit: FILE_LIMITS.lineChars }),
    stray: (line, text) => found.fault('field_malformed', line, { field: 'record', value: text }),
  });
  const lines = new TextLines(records);
  try {
    for await (const text of bankText(source)) {
      lines.push(text);
      if (!found.isEmpty) yield found.take();
    }
    lines.end();
    records.end();
    file.end();
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    found.add(error.fault);
  }
  yield found.take();
}

/** What a trailer counts and adds up: records, and amounts as they stand, whatever their currency. */
interface Control {
  sum: bigint;
  records: number;
  parts: number;
}

interface Account {
  line: number;
  number: string;
  currency: Currency | null;
  totals: StatementTotals;
  control: Control;
  /** Stated totals with their item counts, by type code. */
  stated: { code: '100' | '400'; minor: bigint; items: number; line: number }[];
}

interface Group {
  line: number;
  currency: string;
  asOf: LocalDate | null;
  control: Control;
}

/** Type codes of balances that are imported: opening and closing ledger. */
const OPENING = '010';
const CLOSING = '015';
/** Usual when neither the account nor the group names a currency. */
const DEFAULT_CURRENCY = 'USD';

class Bai2File {
  readonly #found: SettlementCollector;
  readonly #control: Control = { sum: 0n, records: 0, parts: 0 };
  #group: Group | null = null;
  #account: Account | null = null;
  #statements = 0;
  #ended = false;
  #begun = false;

  constructor(found: SettlementCollector) {
    this.#found = found;
  }

  record(record: Bai2Record): void {
    this.#control.records += record.count;
    if (this.#group) this.#group.control.records += record.count;
    if (this.#account) this.#account.control.records += record.count;
    const complain = this.#complainAt(record.line);
    switch (record.code) {
      case '01':
        this.#begun = true;
        return;
      case '02':
        this.#beginGroup(record, complain);
        return;
      case '03':
        this.#beginAccount(record, complain);
        return;
      case '16':
        this.#transaction(record, complain);
        return;
      case '49':
        this.#endAccount(record, complain);
        return;
      case '98':
        this.#endGroup(record, complain);
        return;
      case '99':
        this.#ended = true;
        this.#check('99', record, this.#control, 'groups', complain);
    }
  }

  end(): void {
    if (!this.#begun) throw new UnreadableFile('statement_missing', null, { element: '01' });
    if (!this.#ended) this.#found.fault('value_missing', null, { field: '99 (file trailer)' });
  }

  #beginGroup(record: Bai2Record, complain: Complain): void {
    const [, , status = '', asOf = '', , currency = ''] = record.text.split(',');
    if (status.trim() === '2' || status.trim() === '4') {
      complain('group_status_unsupported', { value: status.trim() });
    }
    this.#group = {
      line: record.line,
      currency: currency.trim(),
      asOf: readShortDay(asOf.trim(), '02 as-of date', complain),
      control: { sum: 0n, records: record.count, parts: 0 },
    };
  }

  #beginAccount(record: Bai2Record, complain: Complain): void {
    if (!this.#group) {
      complain('value_missing', { field: '02 (group header)' });
      return;
    }
    this.#statements += 1;
    if (this.#statements > FILE_LIMITS.statements) {
      throw new UnreadableFile('statements_too_many', record.line, { limit: FILE_LIMITS.statements });
    }
    const [number = '', code = '', ...rest] = record.text.split(',').map((field) => field.trim());
    if (number === '') complain('value_missing', { field: '03 account number' });
    const account: Account = {
      line: record.line,
      number,
      currency: readCurrency(code || this.#group.currency || DEFAULT_CURRENCY, '03 currency', complain),
      totals: new StatementTotals(this.#statements),
      control: { sum: 0n, records: record.count, parts: 0 },
      stated: [],
    };
    account.totals.day(this.#group.asOf);
    this.#summaries(account, rest, record.line, complain);
    this.#account = account;
  }

  /** Balances and totals of an account: type code, amount, item count, funds type with its own fields, and again. */
  #summaries(account: Account, fields: string[], line: number, complain: Complain): void {
    for (let at = 0; at < fields.length; ) {
      const type = fields[at] ?? '';
      const text = fields[at + 1] ?? '';
      const items = fields[at + 2] ?? '';
      const funds = fundsFields(fields, at + 3);
      at = funds.next;
      if (type === '') continue;
      // A type without an amount states nothing.
      if (text === '') continue;
      const minor = readWhole(text, `03 ${type}`, complain);
      if (minor === null) {
        account.totals.broken = true;
        continue;
      }
      account.control.sum += minor;
      if (type === OPENING) account.totals.opening = { minor, line };
      else if (type === CLOSING) account.totals.closing = { minor, line };
      else if ((type === '100' || type === '400') && /^\d{1,9}$/.test(items)) {
        account.stated.push({ code: type, minor, items: Number(items), line });
      }
    }
  }

  #transaction(record: Bai2Record, complain: Complain): void {
    const account = this.#account;
    if (!account || !this.#group) {
      complain('value_missing', { field: '03 (account)' });
      return;
    }
    const fields = record.text.split(',');
    const type = (fields[0] ?? '').trim();
    const funds = fundsFields(fields, 2);
    const unsigned = readWhole((fields[1] ?? '').trim() || '0', '16 amount', complain);
    const side = sideOf(type);
    if (unsigned !== null) account.control.sum += unsigned;
    if (side === null) complain('field_malformed', { field: '16 type code', value: type });
    if (unsigned === null || side === null || !account.currency) {
      account.totals.broken = true;
      return;
    }
    const [bankRef = '', customerRef = '', ...text] = fields.slice(funds.next);
    const minor = side * unsigned;
    const valueOn = funds.valueDate === null ? null : readShortDay(funds.valueDate, '16 value date', complain);
    account.totals.entry(minor, this.#group.asOf);
    this.#found.line({
      lineNo: record.line,
      statementNo: account.totals.statementNo,
      source: 'bank',
      kind: 'bank_entry',
      account: account.number,
      currency: account.currency,
      amountMinor: minor,
      feeMinor: 0n,
      netMinor: minor,
      providerRef: said(bankRef),
      ourRef: said(customerRef),
      endToEndId: null,
      counterparty: null,
      description: said(text.join(',')),
      valueOn: valueOn ?? this.#group.asOf,
      bookedOn: this.#group.asOf,
      raw: record.raw,
    });
  }

  #endAccount(record: Bai2Record, complain: Complain): void {
    const account = this.#account;
    this.#account = null;
    if (!account || !this.#group) {
      complain('value_missing', { field: '03 (account)' });
      return;
    }
    this.#check('49', record, account.control, null, complain);
    this.#group.control.sum += account.control.sum;
    this.#group.control.parts += 1;
    const { currency, totals } = account;
    if (!currency) return;
    for (const stated of account.stated) this.#checkStated(stated, totals, currency);
    // A report of balances alone, or of some transactions only, states no movements to check its balances by.
    const itemised =
      account.stated.length > 0 && account.stated.every(({ code, items }) => items === countOf(code, totals));
    if (!itemised && totals.entries === 0) totals.broken = true;
    this.#found.statement(totals.finish(account.number, currency, 'bank', (line) => this.#complainAt(line)));
  }

  #checkStated(stated: Account['stated'][number], totals: StatementTotals, currency: Currency): void {
    if (totals.broken) return;
    const field = stated.code === '100' ? 'Total credits (100)' : 'Total debits (400)';
    const found = stated.code === '100' ? totals.creditsMinor : totals.debitsMinor;
    const complain = this.#complainAt(stated.line);
    const items = countOf(stated.code, totals);
    if (stated.items !== items) complain('entry_count_mismatch', { field, expected: stated.items, found: items });
    if (stated.minor !== found) {
      const shown = (minor: bigint) => decimalString({ minor, currency });
      complain('entry_sum_mismatch', { field, expected: shown(stated.minor), found: shown(found), currency });
    }
  }

  #endGroup(record: Bai2Record, complain: Complain): void {
    const group = this.#group;
    this.#group = null;
    if (!group) {
      complain('value_missing', { field: '02 (group header)' });
      return;
    }
    this.#check('98', record, group.control, 'accounts', complain);
    this.#control.sum += group.control.sum;
    this.#control.parts += 1;
  }

  /** A trailer: its control total, how many accounts or groups it closes (49 says none), and how many records. */
  #check(code: string, record: Bai2Record, control: Control, parts: string | null, complain: Complain): void {
    const fields = record.text.split(',').map((field) => field.trim());
    const stated = readWhole(fields[0] ?? '', `${code} control total`, complain);
    if (stated !== null && stated !== control.sum) {
      complain('control_total_mismatch', { field: code, expected: stated.toString(), found: control.sum.toString() });
    }
    const counts: [string, string, number][] = [
      ...(parts === null ? [] : [[`${code} ${parts}`, fields[1] ?? '', control.parts] as [string, string, number]]),
      [`${code} records`, fields[parts === null ? 1 : 2] ?? '', control.records],
    ];
    for (const [field, text, found] of counts) {
      if (!/^\d{1,9}$/.test(text)) complain('count_malformed', { field, value: text });
      else if (Number(text) !== found) complain('entry_count_mismatch', { field, expected: text, found });
    }
  }

  #complainAt(line: number): Complain {
    return (code, params) => this.#found.fault(code, line, params);
  }
}

function countOf(code: '100' | '400', totals: StatementTotals): number {
  return code === '100' ? totals.credits : totals.debits;
}

/** Type codes 100 to 399 are credits, 400 to 699 debits; the rest move no booked money that could be signed. */
function sideOf(type: string): 1n | -1n | null {
  if (!/^\d{3}$/.test(type)) return null;
  const code = Number(type);
  if (code >= 100 && code <= 399) return 1n;
  return code >= 400 && code <= 699 ? -1n : null;
}

/** Where the fields go on after a funds type: V has a day and a time, S three amounts, D a count and its pairs. */
function fundsFields(fields: readonly string[], at: number): { next: number; valueDate: string | null } {
  const type = (fields[at] ?? '').trim().toUpperCase();
  if (type === 'V') return { next: at + 3, valueDate: (fields[at + 1] ?? '').trim() || null };
  if (type === 'S') return { next: at + 4, valueDate: null };
  if (type === 'D') return { next: at + 2 + 2 * (Number(fields[at + 1]) || 0), valueDate: null };
  return { next: at + 1, valueDate: null };
}

const LARGEST = 2n ** 63n - 1n;

/** A whole number with an optional sign; null, after complaining. */
function readWhole(text: string, field: string, complain: Complain): bigint | null {
  if (!/^[+-]?\d{1,30}$/.test(text)) {
    complain('amount_malformed', { field, value: text });
    return null;
  }
  const minor = BigInt(text.replace(/^\+/, ''));
  if (minor > LARGEST || minor < -LARGEST) {
    complain('amount_too_large', { field, value: text });
    return null;
  }
  return minor;
}

function said(text: string): string | null {
  const plain = text.replace(/\s+/g, ' ').trim();
  return plain === '' ? null : plain;
}
