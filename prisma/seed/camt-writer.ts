import type { Currency } from '../../apps/api/src/core/currency.ts';
import { absMinor, decimalString, type Money, money } from '../../apps/api/src/core/money.ts';
import type { LocalDate } from '../../apps/api/src/core/time.ts';

/** An entry of a statement: one movement of the account. */
export interface BankEntry {
  on: LocalDate;
  /** Signed: a debit is negative. */
  amount: Money;
  /** The bank's own reference of the entry. */
  bankRef: string;
  /** What we gave the payment on its way; null where the bank carries nothing back. */
  endToEndId: string | null;
  counterparty: string;
  remittance: string;
}

/** A statement of one account's currency over some days. */
export interface Statement {
  currency: Currency;
  /** Booked balance before the first entry, minor units. */
  openingMinor: bigint;
  entries: readonly BankEntry[];
}

export interface StatementFile {
  iban: string;
  owner: string;
  from: LocalDate;
  through: LocalDate;
  createdAt: Date;
  statements: readonly Statement[];
}

/** Booked balance after the last entry, minor units. */
export function closingMinor({ openingMinor, entries }: Statement): bigint {
  return entries.reduce((sum, { amount }) => sum + amount.minor, openingMinor);
}

/**
 * An ISO 20022 camt.053.001.08 message with a statement per currency, totals included, as
 * apps/api/src/settlement/camt-reader.ts checks them: opening + credits − debits = closing, counts and sums.
 */
export function camt053(file: StatementFile): string {
  const id = `${file.iban.slice(-6)}-${file.through.replaceAll('-', '')}`;
  const header = el('GrpHdr', el('MsgId', id) + el('CreDtTm', seconds(file.createdAt)));
  const statements = file.statements.map((statement) => statementXml(file, statement, id)).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>
${header}
${statements}</BkToCstmrStmt></Document>
`;
}

function statementXml(file: StatementFile, statement: Statement, id: string): string {
  const { currency, openingMinor, entries } = statement;
  const { iban, owner, from, through, createdAt } = file;
  const account = el('Id', el('IBAN', iban)) + el('Ccy', currency) + el('Ownr', el('Nm', text(owner)));
  const parts = [
    el('Id', `${id}-${currency}`),
    el('CreDtTm', seconds(createdAt)),
    el('FrToDt', el('FrDtTm', `${from}T00:00:00Z`) + el('ToDtTm', `${through}T23:59:59Z`)),
    el('Acct', account),
    balance('OPBD', money(openingMinor, currency), from),
    balance('CLBD', money(closingMinor(statement), currency), through),
    summary(entries, currency),
    ...entries.map(entryXml),
  ];
  return `<Stmt>\n${parts.join('\n')}\n</Stmt>\n`;
}

function balance(code: 'OPBD' | 'CLBD', amount: Money, on: LocalDate): string {
  const type = el('Tp', el('CdOrPrtry', el('Cd', code)));
  return el('Bal', type + amountXml(amount) + indicator(amount.minor) + el('Dt', el('Dt', on)));
}

function summary(entries: readonly BankEntry[], currency: Currency): string {
  const minors = entries.map(({ amount }) => amount.minor);
  const [credits, debits] = [minors.filter((minor) => minor >= 0n), minors.filter((minor) => minor < 0n)];
  const sum = (of: readonly bigint[]) => of.reduce((total, minor) => total + minor, 0n);
  const total = (of: readonly bigint[]) => {
    const gross = of.reduce((all, minor) => all + absMinor(minor), 0n);
    return el('NbOfNtries', String(of.length)) + el('Sum', decimalString(money(gross, currency)));
  };
  const net = sum(minors);
  const netXml = el('Amt', decimalString(money(absMinor(net), currency))) + indicator(net);
  return el(
    'TxsSummry',
    el('TtlNtries', total(minors) + el('TtlNetNtry', netXml)) +
      el('TtlCdtNtries', total(credits)) +
      el('TtlDbtNtries', total(debits)),
  );
}

function entryXml({ on, amount, bankRef, endToEndId, counterparty, remittance }: BankEntry): string {
  const role = amount.minor < 0n ? 'Cdtr' : 'Dbtr';
  const payment =
    el('Refs', el('EndToEndId', endToEndId ?? 'NOTPROVIDED')) +
    amountXml(amount) +
    indicator(amount.minor) +
    el('RltdPties', el(role, el('Pty', el('Nm', text(counterparty))))) +
    el('RmtInf', el('Ustrd', text(remittance)));
  return el(
    'Ntry',
    amountXml(amount) +
      indicator(amount.minor) +
      el('Sts', el('Cd', 'BOOK')) +
      el('BookgDt', el('Dt', on)) +
      el('ValDt', el('Dt', on)) +
      el('AcctSvcrRef', bankRef) +
      el('BkTxCd', el('Prtry', el('Cd', amount.minor < 0n ? 'DEBIT' : 'CREDIT'))) +
      el('NtryDtls', el('TxDtls', payment)),
  );
}

function amountXml({ minor, currency }: Money): string {
  return `<Amt Ccy="${currency}">${decimalString(money(absMinor(minor), currency))}</Amt>`;
}

function indicator(minor: bigint): string {
  return el('CdtDbtInd', minor < 0n ? 'DBIT' : 'CRDT');
}

function el(name: string, content: string): string {
  return `<${name}>${content}</${name}>`;
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

function text(value: string): string {
  return value.replace(/[&<>]/g, (char) => ESCAPES[char] ?? char);
}

function seconds(at: Date): string {
  return `${at.toISOString().slice(0, 19)}Z`;
}
