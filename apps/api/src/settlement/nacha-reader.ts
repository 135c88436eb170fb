import type { Currency } from '../core/currency.ts';
import { decimalString } from '../core/money.ts';
import type { LocalDate } from '../core/time.ts';
import { readShortDay } from './mt940-fields.ts';
import { returnReason } from './nacha-return-codes.ts';
import type { Complain } from './settlement-amount.ts';
import { type SettlementBatch, SettlementCollector } from './settlement-batch.ts';
import { FILE_LIMITS, UnreadableFile } from './settlement-fault.ts';
import { bankText } from './settlement-text.ts';
import { StatementTotals } from './statement-totals.ts';
import { TextLines } from './text-lines.ts';

/** ACH moves US dollars only. */
const CURRENCY = 'USD' as Currency;
const RECORD_CHARS = 94;
/** Filler after the last record, to a whole block of ten. */
const FILLER = /^9{94}$/;

/**
 * Reads NACHA files of returns and notifications of change: each entry (6) with its addenda (7, type 99 or 98). A returned
 * credit is money that comes back to us; a returned debit goes out again. A notification of change moves none. Checked:
 * entry and addenda counts, entry hash, debit and credit totals of each batch (8) and of the file (9).
 */
export async function* readNachaReturns(source: AsyncIterable<Uint8Array>): AsyncGenerator<SettlementBatch, void> {
  const found = new SettlementCollector();
  const file = new NachaFile(found);
  const lines = new TextLines({
    line: (text, line) => file.record(text, line),
    bad: (line, code) => found.fault(code, line, { limit: FILE_LIMITS.lineChars }),
  });
  try {
    for await (const text of bankText(source)) {
      lines.push(text);
      if (!found.isEmpty) yield found.take();
    }
    lines.end();
    file.end();
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    found.add(error.fault);
  }
  yield found.take();
}

interface Sums {
  /** Entries and addenda. */
  count: number;
  hash: bigint;
  debit: bigint;
  credit: bigint;
}

interface Entry {
  line: number;
  code: string;
  minor: bigint;
  trace: string;
  individualId: string;
  name: string;
  raw: string[];
  addenda: { type: string; reason: string; originalTrace: string; information: string } | null;
}

interface Batch {
  line: number;
  company: string;
  companyId: string;
  settledOn: LocalDate | null;
  sums: Sums;
  totals: StatementTotals;
}

/** Transaction codes by their last digit: 1 to 4 are credits to the receiver, 6 to 9 debits (2x checking, 3x savings, 4x GL, 5x loan). */
function isCredit(code: string): boolean | null {
  if (!/^[2-5][1-46-9]$/.test(code)) return null;
  return Number(code[1]) <= 4;
}

class NachaFile {
  readonly #found: SettlementCollector;
  readonly #sums: Sums = { count: 0, hash: 0n, debit: 0n, credit: 0n };
  #begun = false;
  #ended = false;
  #created: LocalDate | null = null;
  #batches = 0;
  #batch: Batch | null = null;
  #entry: Entry | null = null;

  constructor(found: SettlementCollector) {
    this.#found = found;
  }

  record(text: string, line: number): void {
    if (text.trim() === '' || FILLER.test(text.trim())) return;
    const complain = this.#complainAt(line);
    if (text.trimEnd().length > RECORD_CHARS || !/^[156789]/.test(text)) {
      complain('field_malformed', { field: 'record', value: text });
      return;
    }
    const record = text.padEnd(RECORD_CHARS);
    switch (record[0]) {
      case '1':
        this.#begun = true;
        this.#created = readShortDay(record.slice(23, 29), 'file creation date', complain);
        return;
      case '5':
        this.#beginBatch(record, line);
        return;
      case '6':
        this.#beginEntry(record, line, complain);
        return;
      case '7':
        this.#addenda(record, complain);
        return;
      case '8':
        this.#endBatch(record, line, complain);
        return;
      default:
        this.#endFile(record, complain);
    }
  }

  end(): void {
    if (!this.#begun) throw new UnreadableFile('statement_missing', null, { element: 'file header (1)' });
    if (!this.#ended) this.#found.fault('value_missing', null, { field: 'file control (9)' });
  }

  #beginBatch(record: string, line: number): void {
    this.#batches += 1;
    if (this.#batches > FILE_LIMITS.statements) {
      throw new UnreadableFile('statements_too_many', line, { limit: FILE_LIMITS.statements });
    }
    const totals = new StatementTotals(this.#batches);
    totals.reference = record.slice(87, 94).trim() || null;
    const effective = record.slice(69, 75).trim();
    // A returned batch may keep the original's effective day, or none; the file was made on the day it was returned.
    const settledOn =
      this.#created ?? (effective === '' ? null : readShortDay(effective, 'effective entry date', () => undefined));
    totals.day(settledOn);
    this.#batch = {
      ...{ line, company: record.slice(4, 20).trim(), companyId: record.slice(40, 50).trim(), settledOn, totals },
      sums: { count: 0, hash: 0n, debit: 0n, credit: 0n },
    };
  }

  #beginEntry(record: string, line: number, complain: Complain): void {
    this.#endEntry();
    const batch = this.#batch;
    if (!batch) {
      complain('value_missing', { field: 'batch header (5)' });
      return;
    }
    const [code, routing, amount] = [record.slice(1, 3), record.slice(3, 11), record.slice(29, 39)];
    batch.sums.count += 1;
    if (/^\d{8}$/.test(routing)) batch.sums.hash += BigInt(routing);
    else complain('field_malformed', { field: 'routing number', value: routing });
    const credit = isCredit(code);
    if (credit === null) complain('field_malformed', { field: 'transaction code', value: code });
    if (!/^\d{10}$/.test(amount)) complain('amount_malformed', { field: 'amount', value: amount });
    if (credit === null || !/^\d{10}$/.test(amount)) {
      batch.totals.broken = true;
      return;
    }
    const minor = BigInt(amount);
    if (credit) batch.sums.credit += minor;
    else batch.sums.debit += minor;
    this.#entry = {
      ...{ line, code, minor: credit ? minor : -minor, trace: record.slice(79, 94).trim(), raw: [record.trimEnd()] },
      ...{ individualId: record.slice(39, 54).trim(), name: record.slice(54, 76).trim(), addenda: null },
    };
  }

  #addenda(record: string, complain: Complain): void {
    const batch = this.#batch;
    if (!batch) {
      complain('value_missing', { field: 'batch header (5)' });
      return;
    }
    batch.sums.count += 1;
    const entry = this.#entry;
    if (!entry) return;
    entry.raw.push(record.trimEnd());
    const type = record.slice(1, 3);
    if (type === '99' || type === '98') {
      entry.addenda = {
        type,
        reason: record.slice(3, 6).trim(),
        originalTrace: record.slice(6, 21).trim(),
        information: record.slice(35, 79).trim(),
      };
    }
  }

  /** An entry is whole when the next record is none of its addenda. */
  #endEntry(): void {
    const [entry, batch] = [this.#entry, this.#batch];
    this.#entry = null;
    if (!entry || !batch) return;
    const { addenda } = entry;
    if (!addenda) {
      // An entry without one is no return: this is a file of payments, which says nothing of what became of them.
      this.#complainAt(entry.line)('value_missing', { field: 'return addenda (7, type 99 or 98)' });
      batch.totals.broken = true;
      return;
    }
    const minor = addenda.type === '98' ? 0n : entry.minor;
    batch.totals.entry(minor, batch.settledOn);
    this.#found.line({
      lineNo: entry.line,
      statementNo: batch.totals.statementNo,
      source: 'bank',
      kind: addenda.type === '98' ? 'other' : 'bank_entry',
      account: batch.companyId || batch.company,
      currency: CURRENCY,
      amountMinor: minor,
      feeMinor: 0n,
      netMinor: minor,
      providerRef: addenda.originalTrace || entry.trace || null,
      ourRef: entry.individualId || null,
      endToEndId: entry.trace || null,
      counterparty: entry.name || null,
      description: [returnReason(addenda.reason), addenda.information].filter(Boolean).join(' · ') || null,
      valueOn: batch.settledOn,
      bookedOn: batch.settledOn,
      raw: entry.raw.join('\n'),
    });
  }

  #endBatch(record: string, line: number, complain: Complain): void {
    this.#endEntry();
    const batch = this.#batch;
    this.#batch = null;
    if (!batch) {
      complain('value_missing', { field: 'batch header (5)' });
      return;
    }
    const stated = {
      ...{ count: record.slice(4, 10), hash: record.slice(10, 20), debit: record.slice(20, 32) },
      credit: record.slice(32, 44),
    };
    this.#check('batch control', stated, batch.sums, complain);
    this.#sums.count += batch.sums.count;
    this.#sums.hash += batch.sums.hash;
    this.#sums.debit += batch.sums.debit;
    this.#sums.credit += batch.sums.credit;
    const account = batch.companyId || batch.company;
    if (account === '') this.#complainAt(batch.line)('value_missing', { field: 'company identification' });
    else this.#found.statement(batch.totals.finish(account, CURRENCY, 'bank', () => this.#complainAt(line)));
  }

  #endFile(record: string, complain: Complain): void {
    this.#ended = true;
    const batches = record.slice(1, 7);
    if (Number(batches) !== this.#batches) {
      complain('entry_count_mismatch', { field: 'file control batches', expected: batches, found: this.#batches });
    }
    const stated = {
      ...{ count: record.slice(13, 21), hash: record.slice(21, 31), debit: record.slice(31, 43) },
      credit: record.slice(43, 55),
    };
    this.#check('file control', stated, this.#sums, complain);
  }

  #check(field: string, stated: Record<keyof Sums, string>, found: Sums, complain: Complain): void {
    if (Number(stated.count) !== found.count) {
      complain('entry_count_mismatch', { field, expected: stated.count, found: found.count });
    }
    // The hash keeps its ten rightmost digits.
    const hash = (found.hash % 10_000_000_000n).toString().padStart(10, '0');
    if (stated.hash !== hash)
      complain('control_total_mismatch', { field: `${field} hash`, expected: stated.hash, found: hash });
    for (const side of ['debit', 'credit'] as const) {
      const shown = (minor: bigint) => decimalString({ minor, currency: CURRENCY });
      if (!/^\d{12}$/.test(stated[side]))
        complain('amount_malformed', { field: `${field} ${side} total`, value: stated[side] });
      else if (BigInt(stated[side]) !== found[side]) {
        complain('entry_sum_mismatch', {
          field: `${field} ${side} total`,
          expected: shown(BigInt(stated[side])),
          found: shown(found[side]),
          currency: CURRENCY,
        });
      }
    }
  }

  #complainAt(line: number): Complain {
    return (code, params) => this.#found.fault(code, line, params);
  }
}
