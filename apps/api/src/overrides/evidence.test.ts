import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decideEvidence, EVIDENCE_MAX_BYTES, evidenceName, evidenceTypeOf } from './evidence.ts';

const bytes = (...head: (number | string)[]) =>
  Buffer.concat(head.map((part) => (typeof part === 'number' ? Buffer.from([part]) : Buffer.from(part))));
const PDF = bytes('%PDF-1.7\n', 0x00, 0xff);
const PNG = bytes(0x89, 'PNG\r\n', 0x1a, '\n', 0x00);
const JPEG = bytes(0xff, 0xd8, 0xff, 0xe0, 0x00);

describe('what a file is', () => {
  test.each<[string, Uint8Array, string, string | null]>([
    ['a PDF', PDF, 'application/pdf', 'application/pdf'],
    ['a PDF that nobody named', PDF, '', 'application/pdf'],
    ['a PNG', PNG, 'image/png', 'image/png'],
    ['a JPEG', JPEG, 'image/jpeg', 'image/jpeg'],
    ['a PNG called a PDF', PNG, 'application/pdf', null],
    ['text called a PDF', bytes('hello'), 'application/pdf', null],
    ['a program called a PDF', bytes('MZ', 0x00, 0x01), 'application/pdf', null],
    ['a program called text', bytes('MZ', 0x00, 0x01), 'text/plain', null],
    ['a ZIP, and so a spreadsheet', bytes('PK', 0x03, 0x04), 'text/csv', null],
    ['UTF-16', bytes(0xff, 0xfe, 'a', 0x00), 'text/csv', null],
    ['a CSV', bytes('a;b\r\n1;2'), 'text/csv', 'text/csv'],
    ['a CSV as Windows calls it', bytes('a;b\r\n1;2'), 'application/vnd.ms-excel', 'text/csv'],
    ['a CSV with parameters', bytes('a,b'), 'Text/CSV; charset=utf-8', 'text/csv'],
    ['Turkish text in Latin-5', bytes('K', 0xfd, 'rm', 0xfd, 'z', 0xfd), 'text/plain', 'text/plain'],
    ['XML', bytes('\ufeff<?xml version="1.0"?><a/>'), '', 'application/xml'],
    ['a mail', bytes('Received: from mx\r\nSubject: paid\r\n\r\nyes'), '', 'message/rfc822'],
    ['a mail called text', bytes('Subject: paid\r\n\r\nyes'), 'text/plain', 'text/plain'],
    ['a page called HTML is plain text here', bytes('<script>alert(1)</script>'), 'text/html', 'text/plain'],
    ['a drawing with script in it too', bytes('<svg onload="x"/>'), 'image/svg+xml', 'text/plain'],
  ])('%s', (_, content, declared, type) => {
    expect(evidenceTypeOf(content, declared)).toBe(type);
    expect(decideEvidence(content, declared)?.code ?? null).toBe(type === null ? 'unsupported_media_type' : null);
  });

  test('whatever is declared, it is never told to be something that a browser runs', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.string(), (content, declared) => {
        expect(evidenceTypeOf(content, declared) ?? '').not.toMatch(/html|svg|javascript/);
      }),
    );
  });

  test.each([
    [EVIDENCE_MAX_BYTES, null],
    [EVIDENCE_MAX_BYTES + 1, 'too_large'],
    [0, 'malformed'],
  ])('%i bytes: %s', (length, code) => {
    expect(decideEvidence(new Uint8Array(length).fill(0x61), 'text/plain')?.code ?? null).toBe(code);
  });
});

describe('a name', () => {
  test.each([
    ['statement.pdf', 'statement.pdf'],
    ['C:\\Users\\me\\dekont.pdf', 'dekont.pdf'],
    ['../../etc/passwd', 'passwd'],
    ['a\r\nSet-Cookie: b', 'aSet-Cookie: b'],
    ['invoice\u202efdp.exe', 'invoicefdp.exe'],
    ['Ödeme “şubat”.pdf', 'Ödeme “şubat”.pdf'],
    ['', 'evidence'],
    ['dir/', 'evidence'],
    [`${'x'.repeat(300)}.pdf`, `${'x'.repeat(196)}.pdf`],
  ])('%j is %j', (name, kept) => {
    expect(evidenceName(name)).toBe(kept);
  });
});
