import { describe, expect, test } from 'vitest';
import { named, readAll } from './fixtures/reading.ts';
import { readNachaReturns } from './nacha-reader.ts';

const read = (text: string) => readAll(readNachaReturns, text);
const pad = (text: string, width: number) => text.padEnd(width).slice(0, width);
const zero = (value: number | bigint, width: number) => String(value).padStart(width, '0');

interface Returned {
  code: string;
  routing: string;
  minor: number;
  id: string;
  name: string;
  reason: string;
  type?: '98' | '99';
}

const entry = (one: Returned, no: number) => [
  `6${one.code}${one.routing}0${pad('123456789', 17)}${zero(one.minor, 10)}${pad(one.id, 15)}${pad(one.name, 22)}  1${zero(no, 15)}`,
  `7${one.type ?? '99'}${one.reason}${zero(900 + no, 15)}      ${pad('12345678', 8)}${pad('', 44)}${zero(no, 15)}`,
];

/** A file of one batch with right controls. */
function file(returns: readonly Returned[], over: { debit?: number; count?: number; hash?: bigint } = {}): string[] {
  const sum = (credit: boolean) =>
    returns.filter((one) => Number(one.code[1]) <= 4 === credit).reduce((total, one) => total + one.minor, 0);
  const hash = over.hash ?? returns.reduce((total, one) => total + BigInt(one.routing), 0n);
  const count = over.count ?? returns.length * 2;
  const [debit, credit] = [over.debit ?? sum(false), sum(true)];
  return [
    `101 121042882 1234567802611200830A094101${pad('OUR BANK', 23)}${pad('COUNTERSIGN', 23)}${pad('', 8)}`,
    `5200${pad('COUNTERSIGN', 16)}${pad('', 20)}1234567890PPD${pad('PAYOUT', 10)}261118261119   1121042880000001`,
    ...returns.flatMap(entry),
    `8200${zero(count, 6)}${zero(hash, 10)}${zero(debit, 12)}${zero(credit, 12)}1234567890${pad('', 25)}121042880000001`,
    `9000001000001${zero(count, 8)}${zero(hash, 10)}${zero(debit, 12)}${zero(credit, 12)}${pad('', 39)}`,
    '9'.repeat(94),
  ];
}

const CREDIT: Returned = {
  code: '21',
  routing: '12104288',
  minor: 125_000,
  id: 'PAYOUT-77',
  name: 'ANNA SCHMIDT',
  reason: 'R03',
};
const DEBIT: Returned = { code: '36', routing: '06110000', minor: 4_200, id: 'FEE-1', name: 'ACME', reason: 'R01' };
const CHANGE: Returned = {
  code: '21',
  routing: '12104288',
  minor: 0,
  id: 'PAYOUT-78',
  name: 'B',
  reason: 'C01',
  type: '98',
};

test('a returned credit comes back to us, a returned debit goes out, a change moves nothing', async () => {
  const { lines, statements, faults } = await read(file([CREDIT, DEBIT, CHANGE]).join('\n'));
  expect(faults).toEqual([]);
  expect(lines.map((line) => [line.kind, line.amountMinor, line.ourRef, line.description])).toEqual([
    ['bank_entry', 125_000n, 'PAYOUT-77', 'R03 no account, or unable to locate it'],
    ['bank_entry', -4_200n, 'FEE-1', 'R01 insufficient funds'],
    ['other', 0n, 'PAYOUT-78', 'C01 account number to be corrected'],
  ]);
  expect(lines[0]).toMatchObject({
    ...{ currency: 'USD', providerRef: '000000000000900', endToEndId: '000000000000000', counterparty: 'ANNA SCHMIDT' },
    ...{ account: '1234567890', bookedOn: '2026-11-20', lineNo: 3 },
  });
  expect(statements).toMatchObject([
    { account: '1234567890', entries: 3, creditsMinor: 125_000n, debitsMinor: 4_200n },
  ]);
});

describe('faults, each with its line', () => {
  test.each([
    ['a total', file([CREDIT, DEBIT], { debit: 1 }), ['7 entry_sum_mismatch', '8 entry_sum_mismatch']],
    ['a count', file([CREDIT], { count: 3 }), ['5 entry_count_mismatch', '6 entry_count_mismatch']],
    ['the hash', file([CREDIT], { hash: 1n }), ['5 control_total_mismatch', '6 control_total_mismatch']],
    [
      'a payment that is no return',
      file([CREDIT]).filter((line) => !line.startsWith('7')),
      ['3 value_missing', '4 entry_count_mismatch', '5 entry_count_mismatch'],
    ],
    ['cut off', file([CREDIT]).slice(0, 4), ['- value_missing']],
    ['another format', ['hello'], ['1 field_malformed', '- statement_missing']],
  ])('%s', async (_, lines, expected) => {
    expect(named((await read(lines.join('\n'))).faults)).toEqual(expected);
  });
});
