import type { Currency } from '../core/currency.ts';
import { decimalString } from '../core/money.ts';
import type { LocalDate } from '../core/time.ts';
import type { Complain } from './settlement-amount.ts';
import { widen } from './settlement-file.ts';
import type { SettlementSource, SettlementStatement } from './settlement-line.ts';

/** A balance as a statement states it, and the text line on which it does. */
export interface StatedBalance {
  minor: bigint;
  line: number;
}

/** What one statement adds up to, gathered while its lines pass. All amounts in minor units. */
export class StatementTotals {
  opening: StatedBalance | null = null;
  closing: StatedBalance | null = null;
  reference: string | null = null;
  entries = 0;
  pendingEntries = 0;
  creditsMinor = 0n;
  debitsMinor = 0n;
  credits = 0;
  debits = 0;
  /** Set when a line could not be read: sums over the others would only repeat it. */
  broken = false;
  readonly statementNo: number;
  #from: LocalDate | null = null;
  #to: LocalDate | null = null;

  constructor(statementNo: number) {
    this.statementNo = statementNo;
  }

  /** Counts a booked entry; `netMinor` is signed from our account's view. */
  entry(netMinor: bigint, bookedOn: LocalDate | null): void {
    this.entries += 1;
    if (netMinor < 0n) {
      this.debits += 1;
      this.debitsMinor -= netMinor;
    } else {
      this.credits += 1;
      this.creditsMinor += netMinor;
    }
    this.day(bookedOn);
  }

  day(on: LocalDate | null): void {
    [this.#from, this.#to] = widen([this.#from, this.#to], on);
  }

  /** The statement with its balances checked: opening + credits − debits = closing, or a fault through `complainAt`. */
  finish(
    account: string,
    currency: Currency,
    source: SettlementSource,
    complainAt: (line: number) => Complain,
  ): SettlementStatement {
    const { opening, closing } = this;
    const found = opening && opening.minor + this.creditsMinor - this.debitsMinor;
    const checked = opening !== null && closing !== null && !this.broken;
    const agrees = checked && found === closing.minor;
    if (checked && found !== null && !agrees) {
      const shown = (minor: bigint) => decimalString({ minor, currency });
      complainAt(closing.line)('balance_mismatch', {
        opening: shown(opening.minor),
        credits: shown(this.creditsMinor),
        debits: shown(this.debitsMinor),
        found: shown(found),
        expected: shown(closing.minor),
        currency,
      });
    }
    return {
      statementNo: this.statementNo,
      source,
      reference: this.reference,
      account,
      currency,
      openingMinor: opening?.minor ?? null,
      closingMinor: closing?.minor ?? null,
      entries: this.entries,
      pendingEntries: this.pendingEntries,
      creditsMinor: this.creditsMinor,
      debitsMinor: this.debitsMinor,
      balanceCheck: checked ? (agrees ? 'agrees' : 'disagrees') : 'unchecked',
      fromOn: this.#from,
      toOn: this.#to,
    };
  }
}
