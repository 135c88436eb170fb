import type { Currency } from '../core/currency.ts';
import { decimalString } from '../core/money.ts';
import { mt940Details } from './mt940-details.ts';
import { readBalance, readMovement, readShortDay, readSwiftAmount, type SwiftMovement } from './mt940-fields.ts';
import { type Complain, readCurrency } from './settlement-amount.ts';
import { type SettlementBatch, SettlementCollector } from './settlement-batch.ts';
import { FILE_LIMITS, UnreadableFile } from './settlement-fault.ts';
import { bankText } from './settlement-text.ts';
import { StatementTotals } from './statement-totals.ts';
import { TextLines } from './text-lines.ts';

/**
 * Reads SWIFT MT940 (a day's statement) and MT942 (what was booked since), as banks send them: with or without SWIFT's
 * blocks around them, several in one file, pages of one statement (`60M`, `62M`) as statements of their own. Checked:
 * opening + credits − debits = closing; the counts and sums of `90C` and `90D`.
 */
export async function* readMt940(source: AsyncIterable<Uint8Array>): AsyncGenerator<SettlementBatch, void> {
  const found = new SettlementCollector();
  const file = new Mt940File(found);
  const lines = new TextLines({
    line: (text, line) => file.line(text, line),
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

/** A tag at the beginning of a line: `:61:`, `:60F:`. */
const TAG = /^:(\d\d[A-Z]?|NS):/;
/** The end of a message; some banks write three letters after it. */
const END = /^-(?:\}.*|[A-Z]{3})?\s*$/;

interface Field {
  tag: string;
  line: number;
  lines: string[];
}

interface Open {
  totals: StatementTotals;
  line: number;
  account: string | null;
  currency: Currency | null;
  /** Whether a day's statement, which must close, or what was booked since. */
  isInterim: boolean;
  movement: { read: SwiftMovement | null; field: Field } | null;
  details: string[];
  sawClosing: boolean;
}

/** Puts lines together to fields, and fields to statements. */
class Mt940File {
  readonly #found: SettlementCollector;
  #field: Field | null = null;
  #open: Open | null = null;
  #statements = 0;

  constructor(found: SettlementCollector) {
    this.#found = found;
  }

  line(text: string, line: number): void {
    if (END.test(text)) {
      this.#close();
      return;
    }
    const tag = TAG.exec(text)?.[1];
    if (tag) {
      this.#endField();
      this.#field = { tag, line, lines: [text.slice(tag.length + 2)] };
      return;
    }
    // Between messages stand the blocks of the envelope, or a bank's own header.
    if (this.#field && text.trim() !== '') this.#field.lines.push(text);
  }

  end(): void {
    this.#close();
    if (this.#statements === 0) throw new UnreadableFile('statement_missing', null, { element: ':20:' });
  }

  #endField(): void {
    const field = this.#field;
    this.#field = null;
    if (field) this.#read(field);
  }

  #read(field: Field): void {
    if (field.tag === '20') {
      this.#closeStatement();
      this.#begin(field);
      return;
    }
    const open = this.#open;
    if (!open) return;
    const text = (field.lines[0] ?? '').trim();
    const complain = this.#complainAt(field.line);
    switch (field.tag) {
      case '25':
        open.account = text === '' ? null : text;
        return;
      case '28':
      case '28C':
        open.totals.reference = [open.totals.reference, text].filter(Boolean).join(' ') || null;
        return;
      case '60F':
      case '60M':
        this.#balance(open, 'opening', field, text, complain);
        return;
      case '62F':
      case '62M':
        this.#endMovement();
        open.sawClosing = true;
        this.#balance(open, 'closing', field, text, complain);
        return;
      case '34F':
        open.isInterim = true;
        open.currency ??= readCurrency(text.slice(0, 3), ':34F:', complain);
        return;
      case '13':
      case '13D':
        open.isInterim = true;
        open.totals.day(readShortDay(text.slice(0, 6), `:${field.tag}:`, complain));
        return;
      case '61':
        this.#endMovement();
        this.#movement(open, field, complain);
        return;
      case '86':
        if (open.movement) open.details.push(...field.lines);
        return;
      case '90C':
      case '90D':
        this.#endMovement();
        this.#checkSums(open, field.tag, text, complain);
        return;
      default:
        // Available balances and the like say nothing that is imported.
        this.#endMovement();
    }
  }

  #begin(field: Field): void {
    this.#statements += 1;
    if (this.#statements > FILE_LIMITS.statements) {
      throw new UnreadableFile('statements_too_many', field.line, { limit: FILE_LIMITS.statements });
    }
    const totals = new StatementTotals(this.#statements);
    totals.reference = (field.lines[0] ?? '').trim() || null;
    this.#open = {
      ...{ totals, line: field.line, account: null, currency: null, isInterim: false, movement: null },
      ...{ details: [], sawClosing: false },
    };
  }

  #balance(open: Open, which: 'opening' | 'closing', field: Field, text: string, complain: Complain): void {
    const balance = readBalance(text, `:${field.tag}:`, complain);
    if (!balance) {
      // Said once; that its movements then have no currency would only repeat it.
      open.totals.broken = true;
      return;
    }
    open.currency ??= balance.currency;
    if (balance.currency !== open.currency) {
      complain('currency_mismatch', { found: balance.currency, expected: open.currency });
      return;
    }
    if (open.totals[which]) complain('balance_repeated', { type: field.tag, currency: balance.currency });
    open.totals[which] = { minor: balance.minor, line: field.line };
    if (which === 'closing') open.totals.day(balance.on);
  }

  #movement(open: Open, field: Field, complain: Complain): void {
    if (!open.currency) {
      if (!open.totals.broken) complain('value_missing', { field: ':60F:' });
      open.totals.broken = true;
      return;
    }
    const read = readMovement(field.lines, open.currency, complain);
    if (!read) open.totals.broken = true;
    open.movement = { read, field };
  }

  /** A movement is whole when the next field is none of its details. */
  #endMovement(): void {
    const open = this.#open;
    const movement = open?.movement;
    if (!open || !movement) return;
    const { details } = open;
    open.movement = null;
    open.details = [];
    const { read, field } = movement;
    if (!read || !open.currency) return;
    const account = this.#accountOf(open);
    if (account === null) return;
    const told = mt940Details(details.join(''));
    open.totals.entry(read.minor, read.bookedOn);
    this.#found.line({
      lineNo: field.line,
      statementNo: open.totals.statementNo,
      source: 'bank',
      kind: 'bank_entry',
      account,
      currency: open.currency,
      amountMinor: read.minor,
      feeMinor: 0n,
      netMinor: read.minor,
      providerRef: read.bankRef,
      ourRef: read.ourRef ?? told.ourRef,
      endToEndId: told.endToEndId,
      counterparty: told.counterparty ?? (details.length > 0 ? read.more : null),
      description: told.description ?? read.more,
      valueOn: read.valueOn,
      bookedOn: read.bookedOn,
      raw: [`:61:${field.lines.join('\n')}`, ...(details.length > 0 ? [`:86:${details.join('\n')}`] : [])].join('\n'),
    });
  }

  /** `90D:4EUR25,24`: how many debits there are, and their sum. */
  #checkSums(open: Open, tag: '90C' | '90D', text: string, complain: Complain): void {
    const field = `:${tag}:`;
    const [, count, code, amount = ''] = /^(\d{1,5})([A-Z]{3})(\d{1,30}(?:,\d{0,30})?)$/.exec(text) ?? [];
    const currency = code && readCurrency(code, field, complain);
    if (!count || !currency) {
      complain('field_malformed', { field, value: text });
      return;
    }
    open.currency ??= currency;
    const { totals } = open;
    const expected = readSwiftAmount(amount, currency, field, complain);
    if (totals.broken || expected === null) return;
    const [number, sum] = tag === '90C' ? [totals.credits, totals.creditsMinor] : [totals.debits, totals.debitsMinor];
    if (Number(count) !== number) complain('entry_count_mismatch', { field, expected: count, found: number });
    if (expected !== sum) {
      const shown = (minor: bigint) => decimalString({ minor, currency });
      complain('entry_sum_mismatch', { field, expected: shown(expected), found: shown(sum), currency });
    }
  }

  #close(): void {
    this.#endField();
    this.#closeStatement();
  }

  #closeStatement(): void {
    this.#endMovement();
    const open = this.#open;
    this.#open = null;
    if (!open) return;
    const { totals, currency } = open;
    const complain = this.#complainAt(open.line);
    if (!open.isInterim && !totals.opening && !totals.broken) complain('value_missing', { field: ':60F:' });
    // Without its last page or its last lines a statement has no closing balance.
    if (!open.isInterim && !open.sawClosing) complain('value_missing', { field: ':62F:' });
    const account = this.#accountOf(open);
    if (!currency || account === null) return;
    this.#found.statement(totals.finish(account, currency, 'bank', (line) => this.#complainAt(line)));
  }

  /** The account; null, after complaining once, when the statement does not name it. */
  #accountOf(open: Open): string | null {
    if (open.account === null && !open.totals.broken) {
      open.totals.broken = true;
      this.#complainAt(open.line)('value_missing', { field: ':25:' });
    }
    return open.account;
  }

  #complainAt(line: number): Complain {
    return (code, params) => this.#found.fault(code, line, params);
  }
}
