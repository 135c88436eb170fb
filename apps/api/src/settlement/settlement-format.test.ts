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
  ['an MT940', utf8(':20:STARTUMS\n:25:1'), 'x.sta', null],
  ['a PDF', utf8('%PDF-1.7'), 'statement.xml', null],
  ['nothing', new Uint8Array(), 'x.csv', null],
])('%s', (_, bytes, name, format) => {
  expect(detectFormat(bytes, name)).toBe(format);
});
