import type { Currency } from '../core/currency.ts';
import { decimalString } from '../core/money.ts';
import type { LocalDate } from '../core/time.ts';
import { type CamtEntry, readIndicator, readUnsigned } from './camt-entry.ts';
import { type Complain, readCurrency, readDay } from './settlement-amount.ts';
import type { SettlementStatement } from './settlement-line.ts';
import { find, findAll, textAt, type XmlElement } from './xml-element.ts';

/** Booked balances, by the codes of ISO 20022 ExternalBalanceType1Code; `ITBD` is the interim of a page. */
type BalanceCode = 'OPBD' | 'PRCD' | 'CLBD' | 'ITBD';
const BALANCE_CODES: readonly string[] = ['OPBD', 'PRCD', 'CLBD', 'ITBD'] satisfies BalanceCode[];

interface Balance {
  line: number;
  currency: Currency;
  minor: bigint;
}

interface Sums {
  count: number;
  minor: bigint;
}

/** The totals of one statement, gathered while its entries pass, and checked when it ends. */
export class CamtStatement {
  readonly statementNo: number;
  readonly #line: number;
  readonly #complain: (line: number) => Complain;
  readonly #balances = new Map<BalanceCode, Balance[]>();
  readonly #credits: Sums = { count: 0, minor: 0n };
  readonly #debits: Sums = { count: 0, minor: 0n };
  #reference: string | null = null;
  #account: string | null = null;
  #accountCurrency: Currency | null = null;
  #firstCurrency: Currency | null = null;
  #from: LocalDate | null = null;
  #to: LocalDate | null = null;
  #summary: XmlElement | null = null;
  #bookedCredits = 0n;
  #bookedDebits = 0n;
  #booked = 0;
  #pending = 0;
  #broken = false;
  /** One page of several: its totals may be those of the whole, so they are not checked against this page. */
  paged: boolean;

  constructor(statementNo: number, line: number, paged: boolean, complain: (line: number) => Complain) {
    this.statementNo = statementNo;
    this.#line = line;
    this.paged = paged;
    // Totals over lines that could not be read would only repeat that they could not be read.
    this.#complain = (at) => (code, params) => {
      this.#broken = true;
      complain(at)(code, params);
    };
  }

  /** The account; null, after complaining once, when the statement does not name it before its first entry. */
  account(): string | null {
    if (this.#account === null && !this.#broken) this.#complain(this.#line)('value_missing', { field: 'Acct/Id' });
    return this.#account;
  }

  /** The currency that the balances and entries are in: the account's, else the opening balance's, else the first entry's. */
  currency(): Currency | null {
    const opening = this.#balances.get('OPBD')?.[0] ?? this.#balances.get('PRCD')?.[0];
    return this.#accountCurrency ?? opening?.currency ?? this.#firstCurrency ?? this.#anyBalance()?.currency ?? null;
  }

  #anyBalance(): Balance | undefined {
    return [...this.#balances.values()].flat()[0];
  }

  part(element: XmlElement): void {
    if (element.name === 'Id') this.#reference = element.text.trim() || null;
    else if (element.name === 'Acct') this.#readAccount(element);
    else if (element.name === 'Bal') this.#readBalance(element);
    else if (element.name === 'TxsSummry') this.#summary = element;
    else if (element.name === 'FrToDt') {
      const day = (name: string) => {
        const text = textAt(element, `${name}Tm`) ?? textAt(element, name);
        return text === null ? null : readDay(text, `FrToDt/${name}`, this.#complain(element.line));
      };
      this.#from = day('FrDt');
      this.#to = day('ToDt');
    }
  }

  /** Counts an entry, or the place of one that could not be read. Returns whether its lines may be kept. */
  entry(entry: CamtEntry | null, line: number): boolean {
    if (!entry) {
      this.#broken = true;
      return false;
    }
    this.#firstCurrency ??= entry.currency;
    const expected = this.currency();
    if (expected !== null && entry.currency !== expected) {
      this.#complain(line)('currency_mismatch', { found: entry.currency, expected });
      return false;
    }
    const side = entry.minor < 0n ? this.#debits : this.#credits;
    side.count += 1;
    side.minor += entry.minor < 0n ? -entry.minor : entry.minor;
    if (!entry.booked) {
      this.#pending += 1;
      return false;
    }
    this.#booked += 1;
    if (entry.minor < 0n) this.#bookedDebits -= entry.minor;
    else this.#bookedCredits += entry.minor;
    return true;
  }

  /**
   * Checks the totals. Null when the statement names no account (a fault), or when it has neither a currency nor a
   * balance nor an entry: a report that nothing happened.
   */
  finish(): SettlementStatement | null {
    const account = this.account();
    const currency = this.currency();
    if (account === null || currency === null) return null;
    const opening = this.#balance(['OPBD', 'PRCD'], currency, 'first');
    const closing = this.#balance(['CLBD'], currency, 'last');
    const checked = opening !== null && closing !== null;
    if (!this.#broken) {
      if (!this.paged) this.#checkSummary(currency);
      if (checked) this.#checkBalances(opening, closing, currency);
    }
    return {
      statementNo: this.statementNo,
      source: 'bank',
      reference: this.#reference,
      account,
      currency,
      openingMinor: opening?.minor ?? null,
      closingMinor: closing?.minor ?? null,
      entries: this.#booked,
      pendingEntries: this.#pending,
      creditsMinor: this.#bookedCredits,
      debitsMinor: this.#bookedDebits,
      balanceCheck: checked && !this.#broken ? 'agrees' : 'unchecked',
      fromOn: this.#from,
      toOn: this.#to,
    };
  }

  #readAccount(element: XmlElement): void {
    this.#account = textAt(element, 'Id', 'IBAN') ?? textAt(element, 'Id', 'Othr', 'Id');
    const currency = textAt(element, 'Ccy');
    if (currency) this.#accountCurrency = readCurrency(currency, 'Acct/Ccy', this.#complain(element.line));
  }

  #readBalance(element: XmlElement): void {
    const code = textAt(element, 'Tp', 'CdOrPrtry', 'Cd');
    if (code === null || !BALANCE_CODES.includes(code)) return;
    const complain = this.#complain(element.line);
    const amount = find(element, 'Amt');
    const currency = readCurrency(amount?.attributes.Ccy ?? '', 'Bal/Amt/@Ccy', complain);
    const credit = readIndicator(textAt(element, 'CdtDbtInd'), 'Bal/CdtDbtInd', complain);
    const unsigned = amount && currency ? readUnsigned(amount.text, currency, 'Bal/Amt', complain) : null;
    if (!currency || credit === null || unsigned === null) return;
    const known = this.#balances.get(code as BalanceCode) ?? [];
    known.push({ line: element.line, currency, minor: credit ? unsigned : -unsigned });
    this.#balances.set(code as BalanceCode, known);
  }

  /**
   * The booked balance in the account's currency under the first of `codes` that is stated. A page of a statement
   * carries interim balances (`ITBD`) in place of the opening or the closing one: the first opens, the last closes.
   */
  #balance(codes: BalanceCode[], currency: Currency, interim: 'first' | 'last'): Balance | null {
    const stated = (code: BalanceCode) =>
      (this.#balances.get(code) ?? []).filter((balance) => balance.currency === currency);
    for (const code of codes) {
      const [balance, second] = stated(code);
      if (!balance) continue;
      if (second && second.minor !== balance.minor) {
        this.#complain(second.line)('balance_repeated', { type: code, currency });
      }
      return balance;
    }
    return (this.paged && stated('ITBD').at(interim === 'first' ? 0 : -1)) || null;
  }

  #checkBalances(opening: Balance, closing: Balance, currency: Currency): void {
    const found = opening.minor + this.#bookedCredits - this.#bookedDebits;
    if (found === closing.minor) return;
    const shown = (minor: bigint) => decimalString({ minor, currency });
    this.#complain(closing.line)('balance_mismatch', {
      opening: shown(opening.minor),
      credits: shown(this.#bookedCredits),
      debits: shown(this.#bookedDebits),
      found: shown(found),
      expected: shown(closing.minor),
      currency,
    });
  }

  /** Compares the counts and sums of `TxsSummry`, which cover every entry, pending ones included. */
  #checkSummary(currency: Currency): void {
    if (!this.#summary) return;
    const all = {
      count: this.#credits.count + this.#debits.count,
      minor: this.#credits.minor + this.#debits.minor,
    };
    this.#checkSums('TtlNtries', all, currency);
    this.#checkSums('TtlCdtNtries', this.#credits, currency);
    this.#checkSums('TtlDbtNtries', this.#debits, currency);
  }

  #checkSums(name: string, found: Sums, currency: Currency): void {
    for (const part of this.#summary ? findAll(this.#summary, name) : []) {
      const complain = this.#complain(part.line);
      const field = `TxsSummry/${name}/NbOfNtries`;
      const count = textAt(part, 'NbOfNtries');
      if (count !== null && !/^\d{1,15}$/.test(count)) complain('count_malformed', { field, value: count });
      else if (count !== null && Number(count) !== found.count) {
        complain('entry_count_mismatch', { field, expected: count, found: found.count });
      }
      const sumText = textAt(part, 'Sum');
      const sum = sumText === null ? null : readUnsigned(sumText, currency, `TxsSummry/${name}/Sum`, complain);
      checkSum(`TxsSummry/${name}/Sum`, sum, found.minor, currency, complain);
      const net = name === 'TtlNtries' ? statedNet(part, currency, complain) : null;
      checkSum('TxsSummry/TtlNtries/TtlNetNtry', net, this.#credits.minor - this.#debits.minor, currency, complain);
    }
  }
}

/** The signed net of all entries: two elements side by side to version 3, one below `TtlNetNtry` from version 4. */
function statedNet(totals: XmlElement, currency: Currency, complain: Complain): bigint | null {
  const below = find(totals, 'TtlNetNtry');
  const text = below ? textAt(below, 'Amt') : textAt(totals, 'TtlNetNtryAmt');
  const indicator = textAt(below ?? totals, 'CdtDbtInd');
  if (text === null || indicator === null) return null;
  const credit = readIndicator(indicator, 'TtlNetNtry/CdtDbtInd', complain);
  const net = readUnsigned(text, currency, 'TtlNetNtry/Amt', complain);
  return credit === null || net === null ? null : credit ? net : -net;
}

function checkSum(field: string, stated: bigint | null, found: bigint, currency: Currency, complain: Complain): void {
  if (stated === null || stated === found) return;
  const shown = (minor: bigint) => decimalString({ minor, currency });
  complain('entry_sum_mismatch', { field, expected: shown(stated), found: shown(found), currency });
}
