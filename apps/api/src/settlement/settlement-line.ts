import type { Currency } from '../core/currency.ts';
import type { LocalDate } from '../core/time.ts';

/** What a settlement line is about, in our words; each format's reader maps its own vocabulary onto these. */
export const SETTLEMENT_LINE_KINDS = [
  'payout',
  'payment',
  'refund',
  'fee',
  'adjustment',
  'bank_entry',
  'other',
] as const;
export type SettlementLineKind = (typeof SETTLEMENT_LINE_KINDS)[number];

/** Who says so: the payment provider, or the bank that keeps our account. */
export type SettlementSource = 'provider' | 'bank';

/**
 * One movement of money as a provider or a bank reports it. Two equal movements on one day are two lines: nothing in a
 * line identifies it but its place in the file.
 */
export interface SettlementLine {
  /**
   * Unique and rising within the file. In a CSV the number of the text line on which the record begins, as an editor
   * counts it; in XML the ordinal of the movement, since a whole bank statement may stand on one text line.
   */
  lineNo: number;
  /** Which statement of the file the line belongs to, from 1. */
  statementNo: number;
  source: SettlementSource;
  kind: SettlementLineKind;
  /** The account whose balance moved: an IBAN, another account number, or the provider's name. */
  account: string;
  currency: Currency;
  /** Gross amount in minor units, signed from our account's view: money that leaves us is negative. */
  amountMinor: bigint;
  /** What the provider kept of it, in minor units; positive when it cost us. */
  feeMinor: bigint;
  /** What the account's balance moved by: `amountMinor - feeMinor`. */
  netMinor: bigint;
  /** The reporter's own reference: the provider's object (`po_…`, `ch_…`), or the bank's reference of the entry. */
  providerRef: string | null;
  /** Our reference, where the reporter carried it back to us. */
  ourRef: string | null;
  endToEndId: string | null;
  counterparty: string | null;
  description: string | null;
  /** When the money counts. */
  valueOn: LocalDate | null;
  /** When the reporter booked it. */
  bookedOn: LocalDate | null;
  /** The line as it stands in the file. */
  raw: string;
}

/** The frame around lines of one account and currency, with the totals that the lines were checked against. */
export interface SettlementStatement {
  /** Place in the file, from 1. */
  statementNo: number;
  source: SettlementSource;
  /** The reporter's name for the statement, where it has one. */
  reference: string | null;
  account: string;
  currency: Currency;
  /** Booked balances in minor units; null when the file states none for this account's currency. */
  openingMinor: bigint | null;
  closingMinor: bigint | null;
  /** Booked entries. A batch entry whose payments are itemised is one entry and several lines. */
  entries: number;
  /** Entries that are announced and not booked. They are counted and give no lines: their money has not moved. */
  pendingEntries: number;
  /** Sum of what raised the balance, and of what lowered it; both in minor units, neither negative. */
  creditsMinor: bigint;
  debitsMinor: bigint;
  /**
   * `agrees`: opening + credits − debits = closing. `unchecked`: the file does not state both balances in the
   * account's currency. `disagrees` is a fault as well: such a statement is shown and never imported.
   */
  balanceCheck: 'agrees' | 'disagrees' | 'unchecked';
  fromOn: LocalDate | null;
  toOn: LocalDate | null;
}
