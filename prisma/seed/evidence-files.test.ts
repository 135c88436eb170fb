import { inflateSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { evidenceTypeOf } from '../../apps/api/src/overrides/evidence.ts';
import { pdfEvidence, pngEvidence, textEvidence } from './evidence-files.ts';

it('makes files that are what they are called', () => {
  const files = [pdfEvidence('a.pdf', ['x (1)']), pngEvidence('a.png'), textEvidence('a.txt', ['Türkçe'])];
  for (const { content, mediaType } of files) expect(evidenceTypeOf(content, mediaType)).toBe(mediaType);
});

it('points from the end of a PDF to each of its objects', () => {
  const pdf = Buffer.from(pdfEvidence('a.pdf', ['one', 'two \\ (three)']).content).toString('ascii');
  const table = Number(/startxref\n(\d+)/.exec(pdf)?.[1]);
  expect(pdf.slice(table, table + 4)).toBe('xref');
  const offsets = [...pdf.slice(table).matchAll(/^(\d{10}) 00000 n /gm)].map((match) => Number(match[1]));
  expect(offsets.map((at) => pdf.slice(at, at + 7))).toEqual([1, 2, 3, 4, 5].map((no) => `${no} 0 obj`));
  const [, length, stream] = /<< \/Length (\d+) >>\nstream\n([\s\S]*?)\nendstream/.exec(pdf) ?? [];
  expect(stream).toHaveLength(Number(length));
});

it('fills each row of a PNG', () => {
  const png = Buffer.from(pngEvidence('a.png').content);
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const data = png.indexOf('IDAT');
  const pixels = inflateSync(png.subarray(data + 4, data + 4 + png.readUInt32BE(data - 4)));
  expect(pixels).toHaveLength((width + 1) * height);
});
