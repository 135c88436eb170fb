import { describe, expect, test } from 'vitest';
import { readAdyenSettlementCsv } from './adyen-settlement-csv.ts';
import { named, readAll } from './fixtures/reading.ts';

const HEADER = [
  ...['Company Account', 'Merchant Account', 'Psp Reference', 'Merchant Reference', 'Payment Method', 'Creation Date'],
  ...['TimeZone', 'Type', 'Modification Reference', 'Gross Currency', 'Gross Debit (GC)', 'Gross Credit (GC)'],
  ...['Exchange Rate', 'Net Currency', 'Net Debit (NC)', 'Net Credit (NC)', 'Commission (NC)', 'Markup (NC)'],
  ...['Scheme Fees (NC)', 'Interchange (NC)', 'Batch Number'],
];

function row(over: Record<string, string>): string {
  const base: Record<string, string> = {
    ...{ 'Company Account': 'Countersign', 'Merchant Account': 'CountersignEU', 'Psp Reference': 'PSP1' },
    ...{ 'Merchant Reference': 'ORDER-1', 'Payment Method': 'visa', 'Creation Date': '2026-11-20 09:15:00' },
    ...{ TimeZone: 'CET', Type: 'Settled', 'Modification Reference': 'MOD1', 'Gross Currency': 'EUR' },
    ...{ 'Gross Credit (GC)': '100.00', 'Exchange Rate': '1', 'Net Currency': 'EUR', 'Net Credit (NC)': '98.60' },
    ...{ 'Markup (NC)': '0.50', 'Scheme Fees (NC)': '0.20', 'Interchange (NC)': '0.70', 'Batch Number': '77' },
  };
  return HEADER.map((name) => ({ ...base, ...over })[name] ?? '').join(',');
}

const read = (rows: readonly string[]) => readAll(readAdyenSettlementCsv, [HEADER.join(','), ...rows].join('\n'));
const PAYOUT = {
  ...{ Type: 'MerchantPayout', 'Psp Reference': 'PSP9', 'Merchant Reference': '', 'Modification Reference': 'TX9' },
  ...{ 'Gross Currency': '', 'Gross Credit (GC)': '', 'Net Credit (NC)': '', 'Net Debit (NC)': '98.60' },
  ...{ 'Markup (NC)': '', 'Scheme Fees (NC)': '', 'Interchange (NC)': '' },
};

test('payments with their fees, and the payout that takes them to the bank', async () => {
  const { lines, statements, faults } = await read([row({}), row(PAYOUT)]);
  expect(faults).toEqual([]);
  expect(
    lines.map(({ kind, amountMinor, feeMinor, netMinor, providerRef, ourRef }) => ({
      ...{ kind, amountMinor, feeMinor, netMinor, providerRef, ourRef },
    })),
  ).toEqual([
    { kind: 'payment', amountMinor: 10_000n, feeMinor: 140n, netMinor: 9_860n, providerRef: 'MOD1', ourRef: 'ORDER-1' },
    { kind: 'payout', amountMinor: -9_860n, feeMinor: 0n, netMinor: -9_860n, providerRef: 'TX9', ourRef: null },
  ]);
  expect(statements).toMatchObject([
    {
      account: 'CountersignEU',
      reference: '77',
      currency: 'EUR',
      entries: 2,
      creditsMinor: 9_860n,
      debitsMinor: 9_860n,
    },
  ]);
});

test('two equal lines are two lines; batches and currencies are statements of their own', async () => {
  const { lines, statements } = await read([row({}), row({}), row({ 'Batch Number': '78' })]);
  expect(lines).toHaveLength(3);
  expect(statements.map((one) => [one.reference, one.entries])).toEqual([
    ['77', 2],
    ['78', 1],
  ]);
});

test('a gross in another currency is not held against the net', async () => {
  const { lines, faults } = await read([
    row({ 'Gross Currency': 'USD', 'Gross Credit (GC)': '110.00', 'Exchange Rate': '0.909' }),
  ]);
  expect(faults).toEqual([]);
  expect(lines[0]).toMatchObject({ currency: 'EUR', amountMinor: 10_000n });
});

test('a type that Adyen has added since is kept as other', async () => {
  expect((await read([row({ Type: 'SomethingNew' })])).lines[0]?.kind).toBe('other');
});

describe('faults, each with its line', () => {
  test.each([
    ['gross − fee is not net', [row({ 'Net Credit (NC)': '98.61' })], ['2 net_mismatch']],
    ['no net', [row({ 'Net Credit (NC)': '' })], ['2 value_missing', '2 net_mismatch']],
    ['an amount that is none', [row({ 'Net Credit (NC)': '1,5' }).replace('1,5', '"1,5"')], ['2 amount_malformed']],
    ['an unknown currency', [row({ 'Net Currency': 'XXQ' })], ['2 currency_unknown']],
    ['no such day', [row({ 'Creation Date': '2026-02-30 00:00:00' })], ['2 date_invalid']],
    ['a cell too many', [`${row({})},x`], ['2 cell_count']],
    [
      'each bad line',
      [row({ 'Net Currency': 'XXQ' }), row({}), row({ Type: '' })],
      ['2 currency_unknown', '4 value_missing'],
    ],
  ])('%s', async (_, rows, expected) => {
    expect(named((await read(rows)).faults)).toEqual(expected);
  });

  test('missing columns are each named', async () => {
    const header = HEADER.filter((name) => name !== 'Type' && name !== 'Net Currency').join(',');
    expect(named((await readAll(readAdyenSettlementCsv, header)).faults)).toEqual([
      '1 column_missing',
      '1 column_missing',
    ]);
  });
});
