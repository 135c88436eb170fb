import { expect, test } from 'vitest';
import { fixture } from './fixtures/reading.ts';
import { detectFormat } from './settlement-format.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);
const CAMT = '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">';
const utf16 = (text: string) =>
  new Uint8Array([0xff, 0xfe, ...utf8(text)].flatMap((byte, i) => (i < 2 ? [byte] : [byte, 0])));

test.each<[string, Uint8Array, string, string | null]>([
  ['the Stripe fixture', fixture('stripe-itemised.csv'), 'report.csv', 'stripe_itemised_csv'],
  ['the camt fixture', fixture('camt053.v8.xml'), 'statement.xml', 'camt'],
  ['a camt file under any name', utf8(CAMT), 'download', 'camt'],
  ['with a mark and a declaration', utf8(`\uFEFF<?xml version="1.0"?>\n${CAMT}`), 'x', 'camt'],
  ['in UTF-16', utf16(CAMT), 'x', 'camt'],
  ['another XML, by its name', utf8('<html/>'), 'page.XML', 'camt'],
  ['another XML', utf8('<html/>'), 'page.html', null],
  ['a DOCTYPE, which the reader refuses by name', utf8('<!DOCTYPE x><Document/>'), 'x', 'camt'],
  ['a Stripe header without some columns', utf8('"created_utc",gross,fee,net\n'), 'x.csv', 'stripe_itemised_csv'],
  ['another CSV', utf8('Date,Amount,Currency\n'), 'x.csv', null],
  ['an MT940', utf8(':20:STARTUMS\n:25:1'), 'x.sta', 'mt940'],
  ['an MT940 in SWIFT’s blocks', utf8('{1:F01X}{2:I940X}{4:\r\n:20:S\r\n:25:1\r\n'), 'x', 'mt940'],
  ['an MT940 behind a bank’s own header', utf8('ABNANL2A\n940\nABNANL2A\n:20:S\n:25:1\n'), 'x', 'mt940'],
  ['a text with a colon', utf8('note\n:20: nothing else'), 'x.txt', null],
  ['a BAI2', utf8('01,BANK,US,261120,0800,1,80,,2/\n02,US,BANK,1,261119,,,2/'), 'x', 'bai2'],
  ['a CSV that begins with 01', utf8('01,a,b,c\n02,d,e,f'), 'x.csv', null],
  ['a NACHA file', utf8(`101 121042882 1234567802611200830A094101${' '.repeat(54)}`), 'x.ach', 'nacha_return'],
  [
    'an Adyen header',
    utf8('Merchant Account,Psp Reference,Type,Net Currency,Net Debit (NC)\n'),
    'x.csv',
    'adyen_settlement_csv',
  ],
  ['a PDF', utf8('%PDF-1.7'), 'statement.xml', null],
  ['nothing', new Uint8Array(), 'x.csv', null],
])('%s', (_, bytes, name, format) => {
  expect(detectFormat(bytes, name)).toBe(format);
});
