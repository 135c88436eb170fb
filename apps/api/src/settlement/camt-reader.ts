import { CamtDocument, type CamtHandler, type CamtPart } from './camt-document.ts';
import { type CamtPayment, camtEntry, camtPayment } from './camt-entry.ts';
import { CamtStatement } from './camt-statement.ts';
import type { Complain } from './settlement-amount.ts';
import { type SettlementBatch, SettlementCollector } from './settlement-batch.ts';
import { FILE_LIMITS, UnreadableFile } from './settlement-fault.ts';
import { xmlText } from './settlement-text.ts';
import type { XmlElement } from './xml-element.ts';

/**
 * Reads ISO 20022 camt.052, camt.053 and camt.054 messages, versions 2 to 8, with any number of statements. A booked
 * entry is one line, or one line per payment where the bank itemises a batch to the last cent. Checked against what the
 * file states: opening + credits − debits = closing, the counts and sums of `TxsSummry`, and those of each batch.
 */
export async function* readCamt053(source: AsyncIterable<Uint8Array>): AsyncGenerator<SettlementBatch, void> {
  const found = new SettlementCollector();
  const document = new CamtDocument(new CamtLines(found));
  let begun = false;
  try {
    for await (const text of xmlText(source)) {
      begun = true;
      document.write(text);
      if (!found.isEmpty) yield found.take();
    }
    document.end();
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    found.add({ ...error.fault, line: error.fault.line ?? (begun ? document.line : null) });
  }
  yield found.take();
}

/** Turns the parts of a message into lines and statements. */
class CamtLines implements CamtHandler {
  readonly #found: SettlementCollector;
  #statement: CamtStatement | null = null;
  #statements = 0;
  #lines = 0;
  #messagePaged = false;
  #payments: CamtPayment[] = [];

  constructor(found: SettlementCollector) {
    this.#found = found;
  }

  statementStart(line: number): void {
    this.#statements += 1;
    if (this.#statements > FILE_LIMITS.statements) {
      throw new UnreadableFile('statements_too_many', line, { limit: FILE_LIMITS.statements });
    }
    this.#statement = new CamtStatement(this.#statements, line, this.#messagePaged, (at) => this.#complainAt(at));
  }

  statementPart(element: XmlElement): void {
    this.#statement?.part(element);
  }

  paged(): void {
    if (this.#statement) this.#statement.paged = true;
    else this.#messagePaged = true;
  }

  payment(payment: CamtPart, group: number): void {
    this.#payments.push(camtPayment(payment, group));
  }

  entry(part: CamtPart): void {
    const payments = this.#payments;
    this.#payments = [];
    const { line } = part.element;
    const entry = camtEntry(part, payments, this.#complainAt(line));
    const kept = this.#statement?.entry(entry, line);
    const account = this.#statement?.account();
    if (!entry || !kept || !account) return;
    for (const { minor, ...movement } of entry.movements) {
      this.#lines += 1;
      this.#found.line({
        lineNo: this.#lines,
        statementNo: this.#statements,
        source: 'bank',
        kind: 'bank_entry',
        account,
        currency: entry.currency,
        amountMinor: minor,
        // A bank books what it charges as entries of its own; what it took out of an entry has never been on the account.
        feeMinor: 0n,
        netMinor: minor,
        ...movement,
        valueOn: entry.valueOn,
        bookedOn: entry.bookedOn,
      });
    }
  }

  statementEnd(): void {
    const statement = this.#statement?.finish();
    if (statement) this.#found.statement(statement);
    this.#statement = null;
  }

  #complainAt(line: number): Complain {
    return (code, params) => this.#found.fault(code, line, params);
  }
}
