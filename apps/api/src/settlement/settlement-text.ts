import { FILE_LIMITS, UnreadableFile } from './settlement-fault.ts';

/** Bytes that are decoded at once. Small enough for flat memory, large enough that the `await` per piece costs nothing. */
const PIECE_BYTES = 64 * 1024;

/** How far an XML declaration is looked for. */
const DECLARATION_BYTES = 1024;

/**
 * Encodings that an XML declaration may name, with the decoder's label for each. Banks that say ISO-8859-1 mean
 * Windows-1252 where the two differ, and the decoder reads it so (WHATWG Encoding).
 */
const XML_ENCODINGS: Record<string, string> = {
  'utf-8': 'utf-8',
  utf8: 'utf-8',
  'us-ascii': 'utf-8',
  'iso-8859-1': 'iso-8859-1',
  'iso-8859-9': 'iso-8859-9',
  'iso-8859-15': 'iso-8859-15',
  'windows-1252': 'windows-1252',
  'windows-1254': 'windows-1254',
};

/** Decides the encoding from the first bytes; throws UnreadableFile when it is one that is not supported. */
type Sniff = (head: Uint8Array) => string;

/** The text of a CSV file: UTF-8, with or without a byte order mark. Throws UnreadableFile. */
export function csvText(source: AsyncIterable<Uint8Array>): AsyncGenerator<string, void> {
  return decode(source, (head) => {
    const marked = byteOrderMark(head);
    if (marked && marked !== 'utf-8') throw new UnreadableFile('encoding_unsupported', null, { encoding: marked });
    return 'utf-8';
  });
}

/**
 * The text of a bank's plain-text file (MT940, BAI2, NACHA). None of them names its encoding: it is read as UTF-8, and from
 * the first byte that is not UTF-8 on as Windows-1252, which is what the others use. A file that has both is refused.
 */
export async function* bankText(source: AsyncIterable<Uint8Array>): AsyncGenerator<string, void> {
  const reading = { fallen: false, beyondAscii: false };
  let carried = new Uint8Array(0);
  let bytes = 0;
  for await (const piece of pieces(source)) {
    if (bytes === 0) {
      const marked = byteOrderMark(piece);
      if (marked && marked !== 'utf-8') throw new UnreadableFile('encoding_unsupported', null, { encoding: marked });
    }
    bytes += piece.byteLength;
    if (bytes > FILE_LIMITS.bytes) throw new UnreadableFile('file_too_large', null, { limit: FILE_LIMITS.bytes });
    // Cut after an ASCII byte, which ends a character in both encodings.
    let cut = piece.byteLength;
    while (cut > 0 && (piece[cut - 1] ?? 0) >= 0x80) cut -= 1;
    const whole = joined(carried, piece.subarray(0, cut));
    carried = cut === 0 ? joined(carried, piece) : piece.slice(cut);
    if (cut > 0) yield eitherEncoding(whole, reading);
  }
  if (bytes === 0) throw new UnreadableFile('file_empty', null);
  if (carried.byteLength > 0) yield eitherEncoding(carried, reading);
}

function eitherEncoding(bytes: Uint8Array, reading: { fallen: boolean; beyondAscii: boolean }): string {
  let text: string;
  try {
    text = new TextDecoder(reading.fallen ? 'windows-1252' : 'utf-8', { fatal: true }).decode(bytes);
  } catch {
    if (reading.fallen || reading.beyondAscii)
      throw new UnreadableFile('encoding_invalid', null, { encoding: 'UTF-8' });
    reading.fallen = true;
    text = new TextDecoder('windows-1252').decode(bytes);
  }
  reading.beyondAscii ||= /[^\p{ASCII}]/u.test(text);
  return text;
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.byteLength + b.byteLength);
  both.set(a);
  both.set(b, a.byteLength);
  return both;
}

/** The text of an XML file, in the encoding that its byte order mark or its declaration names. Throws UnreadableFile. */
export function xmlText(source: AsyncIterable<Uint8Array>): AsyncGenerator<string, void> {
  return decode(source, xmlEncoding);
}

function xmlEncoding(head: Uint8Array): string {
  const marked = byteOrderMark(head);
  if (marked) return marked;
  // UTF-16 without a mark is known by the zero byte beside the first `<` (XML 1.0, appendix F).
  if (head[0] === 0x3c && head[1] === 0) return 'utf-16le';
  if (head[0] === 0 && head[1] === 0x3c) return 'utf-16be';
  const start = new TextDecoder('iso-8859-1').decode(head);
  const declared = /^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([^"']{1,40})["']/.exec(start)?.[1] ?? 'UTF-8';
  const label = Object.hasOwn(XML_ENCODINGS, declared.toLowerCase()) && XML_ENCODINGS[declared.toLowerCase()];
  if (!label) throw new UnreadableFile('encoding_unsupported', 1, { encoding: declared });
  return label;
}

function byteOrderMark(head: Uint8Array): string | null {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return 'utf-8';
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  return null;
}

async function* decode(source: AsyncIterable<Uint8Array>, sniff: Sniff): AsyncGenerator<string, void> {
  let decoder: TextDecoder | null = null;
  let encoding = 'utf-8';
  let bytes = 0;
  for await (const piece of pieces(source)) {
    bytes += piece.byteLength;
    if (bytes > FILE_LIMITS.bytes) throw new UnreadableFile('file_too_large', null, { limit: FILE_LIMITS.bytes });
    if (!decoder) {
      encoding = sniff(piece.subarray(0, DECLARATION_BYTES));
      decoder = new TextDecoder(encoding, { fatal: true });
    }
    let text: string;
    try {
      text = decoder.decode(piece, { stream: true });
    } catch {
      // The text before the bad bytes is handed on first, so that the reader knows the line on which they stand.
      const readable = new TextDecoder(encoding).decode(piece);
      yield readable.slice(0, Math.max(0, readable.indexOf('\uFFFD')));
      throw new UnreadableFile('encoding_invalid', null, { encoding: encoding.toUpperCase() });
    }
    if (text !== '') yield text;
  }
  if (!decoder) throw new UnreadableFile('file_empty', null);
  try {
    const rest = decoder.decode();
    if (rest !== '') yield rest;
  } catch {
    throw new UnreadableFile('encoding_invalid', null, { encoding: encoding.toUpperCase() });
  }
}

/**
 * The same bytes in pieces of PIECE_BYTES, whatever the sizes in which they arrive; only the last is smaller. The
 * memory of a piece is used again for the next.
 */
async function* pieces(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const held = new Uint8Array(PIECE_BYTES);
  let filled = 0;
  for await (const chunk of source) {
    for (let at = 0; at < chunk.byteLength; ) {
      const taken = Math.min(chunk.byteLength - at, PIECE_BYTES - filled);
      held.set(chunk.subarray(at, at + taken), filled);
      filled += taken;
      at += taken;
      if (filled === PIECE_BYTES) {
        yield held;
        filled = 0;
      }
    }
  }
  if (filled > 0) yield held.subarray(0, filled);
}
