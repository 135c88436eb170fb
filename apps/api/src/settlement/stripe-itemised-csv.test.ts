import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decimalString, money } from '../core/money.ts';
import { fixture, fixtureText, inChunks, named, readAll } from './fixtures/reading.ts';
import { FILE_LIMITS } from './settlement-fault.ts';
import { readStripeItemisedCsv } from './stripe-itemised-csv.ts';

const HEADER = 'balance_transaction_id,created,currency,gross,fee,net,reporting_category,source_id';
const read = (text: string | Uint8Array) => readAll(readStripeItemisedCsv, text);

describe('a good report', () => {
  test('each row is a line, signed as our balance sees it', async () => {
    const { lines, faultCount } = await read(fixture('stripe-itemised.csv'));
    expect(faultCount).toBe(0);
    const ours = 'po_01jdqmwyggfgz9t48a3cp3tkjh';
    expect(
      lines.map((l) => [l.lineNo, l.kind, l.currency, l.amountMinor, l.feeMinor, l.providerRef, l.ourRef]),
    ).toEqual([
      [2, 'payout', 'EUR', -125_040n, 25n, 'po_1QAbCdEf1', ours],
      [3, 'payout', 'EUR', -125_040n, 25n, 'po_1QAbCdEf1', ours],
      [4, 'payout', 'TRY', -4_825_000n, 0n, 'po_1QAbCdEf2', 'at_01jdqmwyggfgz9t48a3cp3tkjj'],
      [5, 'payout', 'EUR', 125_040n, 0n, 'po_1QAbCdEf1', ours],
      [6, 'payment', 'USD', 60_000n, 870n, 'ch_3QOrder1041', null],
      [7, 'refund', 'USD', -2_000n, 0n, 're_3QOrder1041', null],
      [10, 'adjustment', 'USD', -5_000n, 1_500n, 'dp_3QOrder1039', null],
      [11, 'fee', 'USD', 0n, 200n, 'txn_3Q7', null],
      [12, 'payout', 'JPY', -1_204_000n, 0n, 'po_1QAbCdEf3', 'po_01jdqmwyggfgz9t48a3cp3tkjk'],
      [13, 'payout', 'KWD', -12_345n, 5n, 'po_1QAbCdEf4', null],
      [14, 'other', 'EUR', 50_000n, 0n, 'xx_1Q', null],
    ]);
    for (const line of lines) expect(line.netMinor).toBe(line.amountMinor - line.feeMinor);
    expect(lines[0]).toMatchObject({
      source: 'provider',
      account: 'stripe',
      statementNo: 1,
      description: 'Payout to "Kuzey, Ltd."',
      endToEndId: 'TRC-0001',
      valueOn: '2026-11-18',
      bookedOn: '2026-11-18',
    });
    expect(lines.find((line) => line.lineNo === 11)).toMatchObject({ valueOn: null, bookedOn: '2026-11-19' });
    expect(lines.find((line) => line.lineNo === 6)).toMatchObject({ counterparty: 'Ada Lovelace', statementNo: 3 });
  });

  test('two payouts that are equal in everything but their transaction are two lines', async () => {
    const { lines } = await read(fixture('stripe-itemised.csv'));
    const twins = lines.filter((line) => line.providerRef === 'po_1QAbCdEf1' && line.amountMinor === -125_040n);
    expect(twins.map((line) => line.lineNo)).toEqual([2, 3]);
  });

  test('two rows that are equal in everything are two lines', async () => {
    const row = 'txn_1,2026-11-18,eur,-1.00,0.00,-1.00,payout,po_1';
    expect((await read(`${HEADER}\n${row}\n${row}\n`)).lines).toHaveLength(2);
  });

  test('raw keeps every column, used or not, and an empty line does not shift the numbers', async () => {
    const { lines } = await read(fixture('stripe-itemised.csv'));
    const source = fixtureText('stripe-itemised.csv').split('\n');
    expect(lines.find((line) => line.lineNo === 7)?.raw).toBe(`${source[6]}\n${source[7]}`);
    expect(lines.find((line) => line.lineNo === 10)?.raw).toBe(source[9]);
  });

  test('one statement per currency, with the sums of what moved', async () => {
    const { statements } = await read(fixture('stripe-itemised.csv'));
    expect(
      statements.map((s) => [s.currency, s.entries, s.creditsMinor, s.debitsMinor, s.fromOn, s.toOn, s.balanceCheck]),
    ).toEqual([
      ['EUR', 4, 175_040n, 250_130n, '2026-11-18', '2026-11-20', 'unchecked'],
      ['TRY', 1, 0n, 4_825_000n, '2026-11-18', '2026-11-18', 'unchecked'],
      ['USD', 4, 59_130n, 8_700n, '2026-11-19', '2026-11-19', 'unchecked'],
      ['JPY', 1, 0n, 1_204_000n, '2026-11-20', '2026-11-20', 'unchecked'],
      ['KWD', 1, 0n, 12_350n, '2026-11-20', '2026-11-20', 'unchecked'],
    ]);
  });

  test('columns may stand in any order, among others', async () => {
    const text = [
      'net,x,source_id,reporting_category,fee,gross,currency,created,balance_transaction_id,metadata[payout_id]',
      '-10.25,?,po_1,payout,0.25,-10.00,eur,2026-11-18 09:00:00,txn_1,po_ours',
    ].join('\r\n');
    const { lines, faultCount } = await read(text);
    expect(faultCount).toBe(0);
    expect(lines[0]).toMatchObject({ amountMinor: -1000n, feeMinor: 25n, netMinor: -1025n, ourRef: 'po_ours' });
  });

  test('a header without rows is a report that nothing happened', async () => {
    expect(await read(`${HEADER}\n`)).toEqual({ lines: [], statements: [], faults: [], faultCount: 0 });
  });
});

describe('a bad report', () => {
  test('every bad line is named, with what is wrong', async () => {
    const { faults, lines, faultCount } = await read(fixture('stripe-itemised.faulty.csv'));
    expect(named(faults)).toEqual([
      '3 net_mismatch',
      '4 amount_decimals',
      '4 amount_decimals',
      '5 amount_decimals',
      '5 amount_decimals',
      '6 currency_unknown',
      '7 cell_count',
      '8 amount_malformed',
      '9 date_invalid',
      '9 date_invalid',
      '10 value_missing',
      '11 csv_malformed',
      '12 amount_too_large',
      '12 amount_too_large',
      '14 csv_malformed',
    ]);
    expect(faultCount).toBe(15);
    expect(faults[0]?.text).toBe('gross -10.00 − fee 0.25 is not net -10.00 EUR.');
    expect(lines.map((line) => line.lineNo)).toEqual([2, 13, 15]);
  });

  test.each<[string, string, string[]]>([
    ['nothing', '', ['- file_empty']],
    ['blank lines alone', '\n\n', ['- file_empty']],
    ['a missing column', HEADER.replace('gross,', ''), ['1 column_missing']],
    ['several missing columns', 'currency,net', Array(6).fill('1 column_missing')],
    ['a repeated column', `${HEADER},gross`, ['1 column_repeated']],
    ['a header with a stray quotation mark', `"x"y,${HEADER}`, ['1 csv_malformed', '- file_empty']],
  ])('%s', async (_, text, codes) => {
    const { faults, lines } = await read(text === '' ? '' : `${text}\n`);
    expect(named(faults)).toEqual(codes);
    expect(lines).toEqual([]);
  });

  test('missing columns are named', async () => {
    const { faults } = await read('currency,net,created_utc\n');
    expect(faults.map((fault) => fault.params.column)).toEqual([
      'balance_transaction_id',
      'gross',
      'fee',
      'reporting_category',
      'source_id',
    ]);
  });

  test('bytes that are not UTF-8 are named with their line', async () => {
    const bytes = new TextEncoder().encode(`${HEADER}\ntxn_1,2026-11-18,eur,-1.00,0.00,-1.00,payout,po_?\n`);
    bytes[bytes.length - 2] = 0xf0;
    expect(named((await read(bytes)).faults)).toEqual(['2 encoding_invalid']);
  });

  test('beyond the limit faults are only counted', async () => {
    const rows = FILE_LIMITS.listedFaults + 500;
    const { faults, faultCount } = await read(`${HEADER}\n${'txn_1,2026-11-18\n'.repeat(rows)}`);
    expect(faults).toHaveLength(FILE_LIMITS.listedFaults);
    expect(faultCount).toBe(rows);
  });
});

const CURRENCIES = ['EUR', 'TRY', 'JPY', 'KWD'] as const;
const row = fc.record({
  currency: fc.constantFrom(...CURRENCIES),
  gross: fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }),
  fee: fc.bigInt({ min: 0n, max: 10n ** 6n }),
  off: fc.constantFrom(0n, 0n, 0n, 0n, 1n, -1n),
  description: fc.string({ unit: fc.constantFrom('a', 'ş', '"', ',', '\n', '😀'), maxLength: 6 }),
});

test('a row is a line exactly when gross − fee = net, and chunks make no difference', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(row, { maxLength: 8 }), fc.array(fc.nat({ max: 1500 })), async (rows, cuts) => {
      const text = rows.map(({ currency, gross, fee, off, description }, i) => {
        const shown = (minor: bigint) => decimalString(money(minor, currency));
        const cells = [shown(gross), shown(fee), shown(gross - fee + off), 'payout', `po_${i}`];
        return `txn_${i},2026-11-18,${currency.toLowerCase()},${cells.join(',')},"${description.replaceAll('"', '""')}"\n`;
      });
      const file = `${HEADER},description\n${text.join('')}`;
      const whole = await read(file);
      const good = rows.filter((r) => r.off === 0n);
      expect(whole.lines.map((l) => [l.currency, l.amountMinor, l.feeMinor])).toEqual(
        good.map((r) => [r.currency, r.gross, r.fee]),
      );
      expect(whole.faults.map((fault) => fault.code)).toEqual(
        rows.filter((r) => r.off !== 0n).map(() => 'net_mismatch'),
      );
      expect(
        await readAll(
          readStripeItemisedCsv,
          inChunks(
            file,
            cuts.toSorted((a, b) => a - b),
          ),
        ),
      ).toEqual(whole);
    }),
  );
});
