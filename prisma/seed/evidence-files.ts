import { crc32, deflateSync } from 'node:zlib';

/** A file that somebody attached to an override. */
export interface DemoEvidence {
  filename: string;
  mediaType: string;
  content: Uint8Array;
}

export function textEvidence(filename: string, lines: readonly string[], mediaType = 'text/plain'): DemoEvidence {
  return { filename, mediaType, content: Buffer.from(`${lines.join('\n')}\n`) };
}

/** A page of text as a PDF (ISO 32000-1, the smallest that every reader opens). The lines are plain ASCII. */
export function pdfEvidence(filename: string, lines: readonly string[]): DemoEvidence {
  const escaped = lines.map((line) => line.replace(/[\\()]/g, (char) => `\\${char}`));
  const page = `BT /F1 11 Tf 56 780 Td 16 TL ${escaped.map((line) => `(${line}) Tj T*`).join(' ')} ET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${page.length} >>\nstream\n${page}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  let body = '%PDF-1.4\n';
  const offsets = objects.map((object, at) => {
    const offset = body.length;
    body += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(offset).padStart(10, '0')} 00000 n \n`;
  });
  const table = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.join('')}`;
  const trailer = `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${body.length}\n%%EOF\n`;
  return { filename, mediaType: 'application/pdf', content: Buffer.from(body + table + trailer, 'ascii') };
}

const WIDTH = 240;
const HEIGHT = 120;

/** A picture of a receipt, as small as it can be told for one: grey lines of print on paper (PNG, 8-bit grey). */
export function pngEvidence(filename: string): DemoEvidence {
  const rows = Array.from({ length: HEIGHT }, (_, y) => {
    // Filter byte 0, then the pixels of the row.
    const row = Buffer.alloc(WIDTH + 1, 0xf4);
    row[0] = 0;
    const printed = y > 16 && y < HEIGHT - 16 && y % 12 < 5;
    if (printed) row.fill(y < 40 ? 0x30 : 0x8a, 20, 60 + ((y * 37) % 150));
    return row;
  });
  const size = Buffer.alloc(13);
  size.writeUInt32BE(WIDTH, 0);
  size.writeUInt32BE(HEIGHT, 4);
  size[8] = 8;
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const data = deflateSync(Buffer.concat(rows));
  const content = Buffer.concat([signature, chunk('IHDR', size), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]);
  return { filename, mediaType: 'image/png', content };
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'ascii'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}
