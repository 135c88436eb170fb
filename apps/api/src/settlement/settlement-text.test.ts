import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inChunks } from './fixtures/reading.ts';
import { FILE_LIMITS, UnreadableFile } from './settlement-fault.ts';
import { csvText, xmlText } from './settlement-text.ts';

type Decode = typeof csvText;

async function text(decode: Decode, bytes: Uint8Array, cuts: readonly number[] = []): Promise<string> {
  let all = '';
  for await (const piece of decode(inChunks(bytes, cuts))) all += piece;
  return all;
}

async function refusal(decode: Decode, source: AsyncIterable<Uint8Array>): Promise<string> {
  try {
    for await (const _ of decode(source));
    return 'none';
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    return error.fault.code;
  }
}

const utf8 = (value: string) => new TextEncoder().encode(value);
const singleBytes = (value: string) => new Uint8Array(Array.from(value, (char) => char.charCodeAt(0)));
function utf16(value: string, littleEndian: boolean, mark: boolean): Uint8Array {
  const units = `${mark ? '\uFEFF' : ''}${value}`;
  const view = new DataView(new ArrayBuffer(units.length * 2));
  for (let i = 0; i < units.length; i += 1) view.setUint16(i * 2, units.charCodeAt(i), littleEndian);
  return new Uint8Array(view.buffer);
}
const declared = (encoding: string) => `<?xml version="1.0" encoding="${encoding}"?>`;

describe('encodings', () => {
  const word = 'ğüşiöç Å €';
  test.each<[string, Decode, Uint8Array, string]>([
    ['CSV in UTF-8', csvText, utf8(word), word],
    ['CSV in UTF-8 with a mark', csvText, utf8(`\uFEFF${word}`), word],
    ['XML without a declaration', xmlText, utf8(`<a>${word}</a>`), `<a>${word}</a>`],
    ['XML with a mark', xmlText, utf8(`\uFEFF<a>${word}</a>`), `<a>${word}</a>`],
    ['XML in UTF-16LE', xmlText, utf16(`<a>${word}</a>`, true, true), `<a>${word}</a>`],
    ['XML in UTF-16BE', xmlText, utf16(`<a>${word}</a>`, false, true), `<a>${word}</a>`],
    ['XML in UTF-16LE without a mark', xmlText, utf16('<a>ğ</a>', true, false), '<a>ğ</a>'],
    ['XML in UTF-16BE without a mark', xmlText, utf16('<a>ğ</a>', false, false), '<a>ğ</a>'],
    ['XML in ISO-8859-1', xmlText, singleBytes(`${declared('ISO-8859-1')}\u00c5`), `${declared('ISO-8859-1')}Å`],
    ['XML in ISO-8859-9', xmlText, singleBytes(`${declared('iso-8859-9')}\u00f0`), `${declared('iso-8859-9')}ğ`],
    ['XML in ISO-8859-15', xmlText, singleBytes(`${declared('ISO-8859-15')}\u00a4`), `${declared('ISO-8859-15')}€`],
  ])('%s', async (_, decode, bytes, expected) => {
    expect(await text(decode, bytes)).toBe(expected);
  });

  test.each<[string, Decode, Uint8Array, string]>([
    ['CSV in UTF-16', csvText, utf16('a,b', true, true), 'encoding_unsupported'],
    ['CSV in ISO-8859-9', csvText, singleBytes('a,\u00f0'), 'encoding_invalid'],
    [
      'XML in an encoding that is not supported',
      xmlText,
      utf8(`${declared('EBCDIC-CP-US')}<a/>`),
      'encoding_unsupported',
    ],
    ['XML named after what every object has', xmlText, utf8(`${declared('constructor')}<a/>`), 'encoding_unsupported'],
    ['XML that says UTF-16 and is not', xmlText, utf8(`${declared('UTF-16')}<a/>`), 'encoding_unsupported'],
    ['a character that is cut off by the end', csvText, utf8('a€').subarray(0, 3), 'encoding_invalid'],
    ['nothing', csvText, new Uint8Array(), 'file_empty'],
  ])('%s is refused', async (_, decode, bytes, code) => {
    expect(await refusal(decode, inChunks(bytes))).toBe(code);
  });

  test('what stands before bad bytes is handed on, so that the reader knows the line', async () => {
    const got: string[] = [];
    const read = async () => {
      for await (const piece of csvText(inChunks(new Uint8Array([...utf8('a\nb\n'), 0xff, 0x63])))) got.push(piece);
    };
    await expect(read()).rejects.toThrow(UnreadableFile);
    expect(got.join('')).toBe('a\nb\n');
  });
});

test('bytes cut anywhere give the same text', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }),
      fc.array(fc.nat({ max: 60 })),
      async (value, cuts) => {
        const bytes = utf8(value);
        expect(
          await text(
            csvText,
            bytes,
            cuts.toSorted((a, b) => a - b),
          ),
        ).toBe(new TextDecoder().decode(bytes));
      },
    ),
  );
});

test('a file beyond the limit is refused, and no more of it is read', async () => {
  const chunk = new Uint8Array(64 * 1024 * 1024).fill(0x61);
  let given = 0;
  async function* endless() {
    for (;;) {
      given += chunk.byteLength;
      yield chunk;
    }
  }
  expect(await refusal(csvText, endless())).toBe('file_too_large');
  expect(given).toBe(FILE_LIMITS.bytes + chunk.byteLength);
});
