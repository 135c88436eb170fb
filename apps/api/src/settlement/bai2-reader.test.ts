import { describe, expect, test } from 'vitest';
import { readBai2 } from './bai2-reader.ts';
import { named, readAll } from './fixtures/reading.ts';

const read = (text: string) => readAll(readBai2, text);

const FILE = [
  '01,BANK,US,261120,0800,1,80,,2/',
  '02,US,BANK,1,261119,2400,USD,2/',
  '03,987654321,,010,100000,,,015,125050,,,100,30050,2,Z,400,5000,1,/',
  '16,195,20050,V,261121,0900,BREF1,PAYOUT-77,WIRE FROM ANNA, SCHMIDT/',
  '88,SECOND LINE/',
  '16,142,10000,0,,,ACH CREDIT/',
  '16,475,5000,S,1,2,3,,,CHECK 12/',
  '49,295150,6/',
  '98,295150,1,8/',
  '99,295150,1,10/',
];

test('accounts with balances, movements and every control total', async () => {
  const { lines, statements, faults } = await read(FILE.join('\n'));
  expect(faults).toEqual([]);
  expect(statements).toEqual([
    expect.objectContaining({
      ...{ account: '987654321', currency: 'USD', openingMinor: 100_000n, closingMinor: 125_050n, entries: 3 },
      ...{ creditsMinor: 30_050n, debitsMinor: 5_000n, balanceCheck: 'agrees', toOn: '2026-11-19' },
    }),
  ]);
  expect(
    lines.map(({ lineNo, amountMinor, providerRef, ourRef, description, valueOn }) => ({
      ...{ lineNo, amountMinor, providerRef, ourRef, description, valueOn },
    })),
  ).toEqual([
    {
      ...{ lineNo: 4, amountMinor: 20_050n, providerRef: 'BREF1', ourRef: 'PAYOUT-77', valueOn: '2026-11-21' },
      description: 'WIRE FROM ANNA, SCHMIDT SECOND LINE',
    },
    {
      lineNo: 6,
      amountMinor: 10_000n,
      providerRef: null,
      ourRef: null,
      description: 'ACH CREDIT',
      valueOn: '2026-11-19',
    },
    {
      lineNo: 7,
      amountMinor: -5_000n,
      providerRef: null,
      ourRef: null,
      description: 'CHECK 12',
      valueOn: '2026-11-19',
    },
  ]);
});

test('several records on a line, and a text that was wrapped, count as the bank counted them', async () => {
  const wrapped = [...FILE.slice(0, 5), '16,142,10000,0,,,ACH', '  CREDIT/', ...FILE.slice(6)];
  const oneLine = [`${wrapped[0]}  ${wrapped[1]}`, ...wrapped.slice(2)];
  const { lines, faults } = await read(oneLine.join('\r\n'));
  expect(faults).toEqual([]);
  expect(lines[1]?.description).toBe('ACH CREDIT');
});

describe('faults, each with its line', () => {
  const changed = (at: number, text: string) => FILE.map((line, i) => (i === at ? text : line)).join('\n');
  test.each([
    ['an account’s control total', changed(7, '49,295151,6/'), ['8 control_total_mismatch']],
    ['a count of records', changed(7, '49,295150,7/'), ['8 entry_count_mismatch']],
    ['a group’s control total', changed(8, '98,1,1,8/'), ['9 control_total_mismatch']],
    ['the number of accounts', changed(8, '98,295150,2,8/'), ['9 entry_count_mismatch']],
    ['the file’s count', changed(9, '99,295150,1,11/'), ['10 entry_count_mismatch']],
    ['a deletion', changed(1, '02,US,BANK,2,261119,2400,USD,2/'), ['2 group_status_unsupported']],
    ['an unknown currency', changed(1, '02,US,BANK,1,261119,2400,XXQ,2/'), ['3 currency_unknown']],
    ['no such day', changed(1, '02,US,BANK,1,261340,2400,USD,2/'), ['2 date_invalid']],
    ['a type that is neither credit nor debit', changed(5, '16,890,10000,0,,,NOTE/'), ['6 field_malformed']],
    ['cut off', FILE.slice(0, -1).join('\n'), ['- value_missing']],
    ['another format', 'hello', ['1 field_malformed', '- statement_missing']],
    ['empty', '', ['- file_empty']],
  ])('%s', async (_, text, expected) => {
    expect(named((await read(text)).faults)).toEqual(expected);
  });

  test('a changed amount is seen by the balance, the stated total and the control totals', async () => {
    const { faults } = await read(changed(5, '16,142,10001,0,,,ACH CREDIT/'));
    expect(named(faults).sort()).toEqual(
      [
        ...['8 control_total_mismatch', '3 entry_sum_mismatch', '3 balance_mismatch'],
        ...['9 control_total_mismatch', '10 control_total_mismatch'],
      ].sort(),
    );
  });
});
