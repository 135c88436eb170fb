import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inChunks, named, readAll } from './fixtures/reading.ts';
import { readMt940 } from './mt940-reader.ts';

const read = (text: string | Uint8Array) => readAll(readMt940, text);

/** A day's statement of one account, in the lines that a test wants. */
function statement(lines: readonly string[], { opening = 'C261119EUR1000,00', closing = 'C261120EUR1150,50' } = {}) {
  return ['{1:F01BANKDEFFXXXX}{4:', ':20:STMT1', ':25:DE89370400440532013000', ':28C:231/1', `:60F:${opening}`]
    .concat(lines, [`:62F:${closing}`, ':64:C261120EUR1150,50', '-}'])
    .join('\r\n');
}

const TWO = [
  ':61:2611201120C200,50NTRFPAYOUT-77//BANKREF1',
  ':86:166?00GUTSCHRIFT?20EREF+E2E-1?21SVWZ+Invoice 77?30COBADEFF?31DE02?32Anna Schm?33idt',
  ':61:2611201120D50,NCHGNONREF',
  'CHARGES NOVEMBER',
];

test('a statement: movements with sign, days, references and details; the balances agree', async () => {
  const { lines, statements, faults } = await read(statement(TWO));
  expect(faults).toEqual([]);
  expect(statements).toEqual([
    expect.objectContaining({
      ...{ account: 'DE89370400440532013000', currency: 'EUR', reference: 'STMT1 231/1', entries: 2 },
      ...{ openingMinor: 100_000n, closingMinor: 115_050n, creditsMinor: 20_050n, debitsMinor: 5_000n },
      ...{ balanceCheck: 'agrees', fromOn: '2026-11-20', toOn: '2026-11-20' },
    }),
  ]);
  expect(lines).toEqual([
    expect.objectContaining({
      ...{ lineNo: 6, amountMinor: 20_050n, ourRef: 'PAYOUT-77', providerRef: 'BANKREF1', endToEndId: 'E2E-1' },
      ...{ counterparty: 'Anna Schmidt', description: 'Invoice 77', valueOn: '2026-11-20', bookedOn: '2026-11-20' },
    }),
    expect.objectContaining({
      ...{ lineNo: 8, amountMinor: -5_000n, ourRef: null, providerRef: null, description: 'CHARGES NOVEMBER' },
    }),
  ]);
  expect(lines[1]?.raw).toBe(':61:2611201120D50,NCHGNONREF\nCHARGES NOVEMBER');
});

describe('marks', () => {
  test.each([
    ['C', 10_000n],
    ['D', -10_000n],
    ['RC', -10_000n],
    ['RD', 10_000n],
    ['CR', 10_000n],
    ['DR', -10_000n],
    ['RDR', 10_000n],
  ])('%s moves the balance by %s', async (mark, minor) => {
    const { lines } = await read(statement([`:61:261120${mark}100,NTRFX`]));
    expect(lines.map((line) => line.amountMinor)).toEqual([minor]);
  });
});

test.each([
  ['2612310102', '2026-12-31', '2027-01-02'],
  ['2701021231', '2027-01-02', '2026-12-31'],
  ['261120', '2026-11-20', '2026-11-20'],
  ['9911201120', '1999-11-20', '1999-11-20'],
])('%s: the booking day takes the year that brings it next to the value day', async (days, valueOn, bookedOn) => {
  const { lines } = await read(statement([`:61:${days}C100,NTRFX`]));
  expect(lines).toEqual([expect.objectContaining({ valueOn, bookedOn })]);
});

test('two equal movements are two lines', async () => {
  const { lines, faults } = await read(
    statement([':61:261120C1,00NTRFX', ':61:261120C1,00NTRFX'], { closing: 'C261120EUR1002,00' }),
  );
  expect(faults).toEqual([]);
  expect(lines.map((line) => line.lineNo)).toEqual([6, 7]);
});

test('SWIFT’s slash codes tell the payee and the references', async () => {
  const { lines } = await read(
    statement([':61:261120D1,NTRFNONREF//B1', ':86:/EREF/E-9/BENM//NAME/JANE DOE/REMI/Inv 12', '3/ISDT/2026-11-20']),
  );
  expect(lines).toEqual([
    expect.objectContaining({ endToEndId: 'E-9', counterparty: 'JANE DOE', description: 'Inv 123', providerRef: 'B1' }),
  ]);
});

test('MT942 has no balances; its counts and sums are checked', async () => {
  const head = [':20:INTERIM', ':25:123', ':28C:1/1', ':34F:TRY0,', ':13D:2611201400+0300'];
  const body = [':61:2611201120C75,10NTRFREF1', ':86:first', ':61:2611201120D5,NTRFREF2', ':86:second'];
  const good = await read([...head, ...body, ':90D:1TRY5,', ':90C:1TRY75,10', '-'].join('\n'));
  expect(good.faults).toEqual([]);
  expect(good.statements).toMatchObject([
    { currency: 'TRY', openingMinor: null, balanceCheck: 'unchecked', entries: 2 },
  ]);
  const bad = await read([...head, ...body, ':90D:2TRY5,', ':90C:1TRY75,11', '-'].join('\n'));
  expect(named(bad.faults)).toEqual(['10 entry_count_mismatch', '11 entry_sum_mismatch']);
});

test('pages of one statement are statements of their own, and messages need no envelope', async () => {
  const page = (no: number, from: string, to: string, minor: string) =>
    [':20:S', ':25:1', `:28C:7/${no}`, `:60${from}`, `:61:261120C${minor}NTRFX`, `:62${to}`].join('\n');
  const { statements, faults } = await read(
    `${page(1, 'F:C261120EUR0,', 'M:C261120EUR1,', '1,')}\n${page(2, 'M:C261120EUR1,', 'F:C261120EUR3,', '2,')}\n`,
  );
  expect(faults).toEqual([]);
  expect(statements.map((one) => [one.reference, one.balanceCheck])).toEqual([
    ['S 7/1', 'agrees'],
    ['S 7/2', 'agrees'],
  ]);
});

describe('faults, each with its line', () => {
  test.each([
    ['balances that disagree', statement([':61:261120C1,NTRFX']), ['7 balance_mismatch']],
    [
      'truncated before its closing balance',
      ':20:S\n:25:1\n:60F:C261120EUR0,\n:61:261120C1,NTRFX\n',
      ['1 value_missing'],
    ],
    ['no account', ':20:S\n:60F:C261120EUR0,\n:61:261120C1,NTRFX\n:62F:C261120EUR1,\n-', ['1 value_missing']],
    ['no opening balance', ':20:S\n:25:1\n:61:261120C1,NTRFX\n:62F:C261120EUR1,\n-', ['3 value_missing']],
    ['a movement that is none', statement([':61:261120X1,NTRFX']), ['6 field_malformed']],
    ['no such day', statement([':61:261320C1,NTRFX']), ['6 date_invalid']],
    ['too many decimals', statement([':61:261120C1,005NTRFX']), ['6 amount_decimals']],
    [
      'an unknown currency',
      ':20:S\n:25:1\n:60F:C261120XXQ0,\n:61:261120C1,NTRFX\n:62F:C261120XXQ1,\n-',
      ['3 currency_unknown', '5 currency_unknown'],
    ],
    ['mixed currencies', statement([], { closing: 'C261120USD1000,00' }), ['6 currency_mismatch']],
    ['nothing of the kind', 'hello\n', ['- statement_missing']],
    ['empty', '', ['- file_empty']],
  ])('%s', async (_, text, expected) => {
    expect(named((await read(text)).faults)).toEqual(expected);
  });

  test('every bad line is named, not only the first', async () => {
    const { faults } = await read(statement([':61:261120X1,NTRFX', ':61:261120C1,NTRFX', ':61:bad']));
    expect(named(faults)).toEqual(['6 field_malformed', '8 field_malformed']);
  });
});

describe('encodings', () => {
  test('UTF-8, and Windows-1252 where it is not UTF-8', async () => {
    const text = statement([':61:261120C1,NTRFX', ':86:Müller Çelik'], { closing: 'C261120EUR1001,00' });
    expect((await read(text)).lines[0]?.description).toBe('Müller Çelik');
    const latin = Uint8Array.from(text, (char) => char.charCodeAt(0));
    const { lines, faults } = await read(latin);
    expect(faults).toEqual([]);
    expect(lines[0]?.description).toBe('Müller Çelik');
  });

  test('both in one file are refused: nobody can say what the rest would mean', async () => {
    const good = new TextEncoder().encode(statement([':61:261120C1,NTRFX', ':86:Ü']));
    // The pieces of the file are large: the second encoding comes in a later one.
    const filler = new TextEncoder().encode(':86:x\n'.repeat(20_000));
    const bytes = new Uint8Array([...good, ...filler, 0xe7, 0x0a]);
    expect(named((await read(bytes)).faults)).toContain('- encoding_invalid');
  });
});

test('however the file is cut, it reads the same', async () => {
  const bytes = new TextEncoder().encode(statement([...TWO, ':86:ğüşiöç']));
  const whole = await readAll(readMt940, bytes);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(bytes.byteLength), { maxLength: 6 }), async (cuts) => {
      expect(
        await readAll(
          readMt940,
          inChunks(
            bytes,
            cuts.sort((a, b) => a - b),
          ),
        ),
      ).toEqual(whole);
    }),
    { numRuns: 40 },
  );
});
