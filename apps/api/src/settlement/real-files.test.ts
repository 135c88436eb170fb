import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { absMinor } from '../core/money.ts';
import { readBai2 } from './bai2-reader.ts';
import { readCamt053 } from './camt-reader.ts';
import { named, readAll } from './fixtures/reading.ts';
import { readMt940 } from './mt940-reader.ts';
import { detectFormat } from './settlement-format.ts';

/** Real bank files may lie beside the repository; where they do not, the fixtures of its own have to do. */
const FILES = join(import.meta.dirname, '../../../../../shared/data/bank-statements/camt');
const TEXT_FILES = join(FILES, '..');

interface ForeignMoney {
  getAmount: string;
  getCurrency: { getCode: string };
}

/**
 * What another parser (genkgo/camt) read of an entry. Its dates are instants in UTC; of a message with several
 * statements its list keeps the entries of the last.
 */
interface ForeignEntry {
  getAmount: ForeignMoney;
  getCreditDebitIndicator: 'CRDT' | 'DBIT';
  getBookingDate: { 0: string } | null;
  getValueDate: { 0: string } | null;
}

/**
 * Totals that do not hold, in files that the other parser reads without checking them. `five.decimals` has amounts with
 * a needless third decimal, which both read ("27.050" is 27.05), and closes with five cents too much; the notification
 * lists three payments in a batch of two.
 */
const FAULTS: Record<string, string[]> = {
  'camt053.v2.five.decimals': ['49 balance_mismatch'],
  'camt054.v4': ['63 batch_count_mismatch', '63 batch_sum_mismatch'],
};

const files = existsSync(FILES) ? readdirSync(FILES).filter((name) => name.endsWith('.xml')) : [];
const read = (name: string) => readAll(readCamt053, createReadStream(join(FILES, name)));

describe.skipIf(files.length === 0)('real bank files', () => {
  for (const name of files.filter((file) => !file.endsWith('.wrong.xml'))) {
    const base = name.slice(0, -'.xml'.length);

    test(`${base} is read as another parser reads it`, async () => {
      const expected = JSON.parse(readFileSync(join(FILES, `${base}.expected.json`), 'utf8')) as {
        getEntries: ForeignEntry[];
      };
      const { lines, statements, faults } = await read(name);
      const day = (at: { 0: string } | null) => at?.[0].slice(0, 10) ?? null;
      expect(
        lines
          .filter((line) => line.statementNo === (lines.at(-1)?.statementNo ?? 1))
          .map((line) => ({
            amount: absMinor(line.amountMinor),
            indicator: line.amountMinor < 0n ? 'DBIT' : 'CRDT',
            currency: line.currency,
            bookedOn: line.bookedOn,
            valueOn: line.valueOn,
          })),
      ).toEqual(
        expected.getEntries.map((entry) => ({
          amount: absMinor(BigInt(entry.getAmount.getAmount)),
          indicator: entry.getCreditDebitIndicator,
          currency: entry.getAmount.getCurrency.getCode,
          bookedOn: day(entry.getBookingDate),
          valueOn: day(entry.getValueDate),
        })),
      );
      expect(statements.at(-1)?.entries).toBe(expected.getEntries.length);
      expect(named(faults)).toEqual(FAULTS[base] ?? []);
    });
  }

  test('both statements of a message are read, and their totals hold', async () => {
    const { lines, statements } = await read('camt053.v2.multi.statement.xml');
    expect(lines.map((line) => [line.statementNo, line.amountMinor])).toEqual([
      [1, 885n],
      [2, -700n],
    ]);
    expect(statements.map((statement) => statement.balanceCheck)).toEqual(['agrees', 'agrees']);
  });

  test('a message without a statement is refused by name', async () => {
    expect(named((await read('camt053.v2.wrong.xml')).faults)).toEqual(['9 statement_missing']);
  });

  test('each is known by its first bytes', () => {
    for (const name of files) expect(detectFormat(readFileSync(join(FILES, name)), 'statement')).toBe('camt');
  });
});

/** Per statement: account, currency, opening, closing, entries; what the file itself states, and how many lines there are. */
const MT940: Record<string, { statements: string[]; faults: string[] }> = {
  'jejik-generic.sta': { statements: ['11111111 EUR 10000 9000 1', '11111111 EUR 9000 8000 1'], faults: [] },
  'jejik-rabobank-iban.sta': {
    statements: ['NL71RABO0123456789 EUR 100000 96500 2', 'NL71RABO0123456789 EUR 96500 93000 2'],
    faults: [],
  },
  'jejik-sns.sta': { statements: ['0123456789 EUR 123456 120956 2', '0123456789 EUR 120956 120956 0'], faults: [] },
  // The others were shortened before they were published: their movements no longer lead to their closing balances.
  'jejik-abnamro.sta': {
    statements: ['517852257 EUR 323628 87684 8', '517852257 EUR 287684 184975 2'],
    faults: ['27 balance_mismatch', '40 balance_mismatch'],
  },
  'jejik-ing.sta': { statements: ['0001234567 EUR 0 347 7'], faults: ['26 balance_mismatch'] },
  'jejik-knab.sta': {
    statements: ['123456789 EUR 0 50000 1', '123456789 EUR 305898 79898 2'],
    faults: ['20 balance_mismatch'],
  },
  'jejik-postfinance.sta': {
    statements: ['123456789 CHF 0 22920 2', '123456789 CHF 22920 15960 2'],
    faults: ['27 balance_mismatch'],
  },
  'jejik-rabobank.sta': {
    statements: [
      ...['1291.99.348EUR EUR 47317 39582 1', '1291.99.348EUR EUR 100089 100089 0'],
      ...['1291.99.348EUR EUR 129582 125087 2', '1526.89.184EUR EUR 419612 410182 2'],
    ],
    faults: ['11 balance_mismatch', '28 balance_mismatch'],
  },
  'jejik-triodos.sta': { statements: ['TRIODOSBANK/0390123456 EUR 497509 437079 2'], faults: ['12 balance_mismatch'] },
  // Its first statement is in German marks.
  'cmxl-mt940.sta': {
    statements: ['10020030/1234567 EUR 218795 438795 2', 'BPHKPLPK/320000546101 PLN 4000000 5004000 3'],
    faults: ['4 currency_unknown', '27 currency_unknown'],
  },
};

describe.skipIf(!existsSync(join(TEXT_FILES, 'mt940')))('real MT940 files of eight banks', () => {
  test.each(Object.entries(MT940))('%s', async (name, expected) => {
    const path = join(TEXT_FILES, 'mt940', name);
    expect(detectFormat(readFileSync(path), name)).toBe('mt940');
    const { lines, statements, faults } = await readAll(readMt940, createReadStream(path));
    expect(
      statements.map((one) => [one.account, one.currency, one.openingMinor, one.closingMinor, one.entries].join(' ')),
    ).toEqual(expected.statements);
    expect(named(faults)).toEqual(expected.faults);
    expect(lines).toHaveLength(statements.reduce((sum, one) => sum + one.entries, 0));
  });
});

describe.skipIf(!existsSync(join(TEXT_FILES, 'bai2')))('real BAI2 files', () => {
  // Every account, group and file total of theirs holds, so no fault means that every amount and record was understood.
  test.each([
    ['sample1.bai', 2, 17],
    ['sample2.bai', 5, 4],
    ['sample3.bai', 15, 26],
  ])('%s', async (name, accounts, movements) => {
    const path = join(TEXT_FILES, 'bai2', name);
    expect(detectFormat(readFileSync(path), name)).toBe('bai2');
    const { lines, statements, faults } = await readAll(readBai2, createReadStream(path));
    expect(named(faults)).toEqual([]);
    expect([statements.length, lines.length]).toEqual([accounts, movements]);
  });
});
