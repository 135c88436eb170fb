import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CsvRow, CsvRows } from './csv-rows.ts';
import { FILE_LIMITS } from './settlement-fault.ts';

function read(pieces: readonly string[]): { rows: CsvRow[]; bad: string[] } {
  const rows: CsvRow[] = [];
  const bad: string[] = [];
  const reader = new CsvRows({ row: (row) => rows.push(row), bad: (line, code) => bad.push(`${line} ${code}`) });
  for (const piece of pieces) reader.push(piece);
  reader.end();
  return { rows, bad };
}

describe('records', () => {
  test.each<[string, string, string[][], number[]]>([
    [
      'plain',
      'a,b\nc,d\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
      [1, 2],
    ],
    [
      'without a last newline',
      'a,b\nc,d',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
      [1, 2],
    ],
    [
      'CRLF',
      'a,b\r\n"c",d\r\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
      [1, 2],
    ],
    [
      'CRLF after a quoted cell',
      'a,"b"\r\nc,d\r\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
      [1, 2],
    ],
    [
      'blank lines',
      '\na,b\n\r\n\nc,d\n\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
      [2, 5],
    ],
    [
      'empty cells',
      ',\n"",\n,""\n',
      [
        ['', ''],
        ['', ''],
        ['', ''],
      ],
      [1, 2, 3],
    ],
    ['doubled quotes', '"a ""b"" c",d\n', [['a "b" c', 'd']], [1]],
    [
      'commas and newlines in quotes',
      '"a,b\nc",d\ne,f\n',
      [
        ['a,b\nc', 'd'],
        ['e', 'f'],
      ],
      [1, 3],
    ],
    ['quoted cell at the very end', 'a,"b"', [['a', 'b']], [1]],
    ['an empty cell at the very end', '"a",', [['a', '']], [1]],
  ])('%s', (_, text, cells, lines) => {
    const { rows, bad } = read([text]);
    expect(bad).toEqual([]);
    expect(rows.map((row) => row.cells)).toEqual(cells);
    expect(rows.map((row) => row.line)).toEqual(lines);
  });

  test('raw is the record as it stands, without its line end', () => {
    expect(read(['"a ""x""",b\r\n"c\nd",e\nf\n']).rows.map((row) => row.raw)).toEqual(['"a ""x""",b', '"c\nd",e', 'f']);
  });

  test('two equal lines are two records', () => {
    expect(read(['a,b\na,b\n']).rows).toHaveLength(2);
  });
});

describe('bad lines', () => {
  test.each<[string, string, string[], string[]]>([
    ['a quotation mark inside a cell', 'a"b,c\nd,e\n', ['1 csv_malformed'], ['d,e']],
    ['text after a closing quotation mark', '"a"b,c\nd,e\n', ['1 csv_malformed'], ['d,e']],
    ['a quotation mark that never closes', 'a,"b\nc,d\ne,f\n', ['1 csv_malformed'], ['c,d', 'e,f']],
    ['a NUL', 'a,\0b\nc,d\n', ['1 character_forbidden'], ['c,d']],
    ['each of several', '"a"b\nok\n"c"d\n', ['1 csv_malformed', '3 csv_malformed'], ['ok']],
  ])('%s is named, and the lines after it are read', (_, text, faults, raws) => {
    const { rows, bad } = read([text]);
    expect(bad).toEqual(faults);
    expect(rows.map((row) => row.raw)).toEqual(raws);
  });

  test('a line longer than the limit is named once, however it arrives', () => {
    const long = 'x'.repeat(FILE_LIMITS.lineChars + 1);
    const pieces = [`a\n${long.slice(0, 100)}`, long.slice(100, 900_000), `${long.slice(900_000)}\nb\n`];
    for (const given of [pieces, [pieces.join('')]]) {
      const { rows, bad } = read(given);
      expect(bad).toEqual(['2 line_too_long']);
      expect(rows.map((row) => `${row.line} ${row.raw}`)).toEqual(['1 a', '3 b']);
    }
  });

  test('a quotation mark that never closes costs no more than its own line', () => {
    const text = `a,"b\n${'c,d\n'.repeat(FILE_LIMITS.lineChars / 2)}`;
    const pieces = Array.from({ length: Math.ceil(text.length / 65_536) }, (_, i) =>
      text.slice(i * 65_536, (i + 1) * 65_536),
    );
    const { rows, bad } = read(pieces);
    expect(bad).toEqual(['1 csv_malformed']);
    expect(rows).toHaveLength(FILE_LIMITS.lineChars / 2);
  });
});

const tricky = fc.string({ unit: fc.constantFrom('a', 'ğ', '€', '"', ',', '\n', '\r', ' ', '😀'), maxLength: 40 });

test('reads every well-formed file as csv-parse does, cut anywhere', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', 'ğ', '"', ',', '\n', ' ', '😀'), maxLength: 8 });
  const file = fc.tuple(fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 6 }), fc.boolean());
  fc.assert(
    fc.property(file, fc.array(fc.nat({ max: 60 })), ([table, crlf], cuts) => {
      const quoted = (text: string) => (/["\n,]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
      const text = table.map((row) => row.map(quoted).join(',') + (crlf ? '\r\n' : '\n')).join('');
      const { rows, bad } = read(cut(text, cuts));
      expect(bad).toEqual([]);
      expect(rows.map((row) => row.cells)).toEqual(parse(text, { relax_column_count: true, skip_empty_lines: true }));
      expect(rows.map((row) => row.line)).toEqual(rows.map((row) => row.line).toSorted((a, b) => a - b));
    }),
  );
});

test('any text, cut anywhere, gives the same records and the same faults', () => {
  fc.assert(
    fc.property(tricky, fc.array(fc.nat({ max: 40 })), (text, cuts) => {
      expect(read(cut(text, cuts))).toEqual(read([text]));
    }),
    { numRuns: 2_000 },
  );
});

function cut(text: string, places: readonly number[]): string[] {
  const at = [0, ...places.filter((place) => place < text.length).toSorted((a, b) => a - b), text.length];
  return at.slice(1).map((to, i) => text.slice(at[i], to));
}
