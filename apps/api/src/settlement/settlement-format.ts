import { ADYEN_COLUMNS, readAdyenSettlementCsv } from './adyen-settlement-csv.ts';
import { readBai2 } from './bai2-reader.ts';
import { readCamt053 } from './camt-reader.ts';
import { readMt940 } from './mt940-reader.ts';
import { readNachaReturns } from './nacha-reader.ts';
import type { SettlementReader } from './settlement-batch.ts';
import type { SettlementSource } from './settlement-line.ts';
import { readStripeItemisedCsv, STRIPE_COLUMNS } from './stripe-itemised-csv.ts';

/** Every format that can be imported, as it is stored and shown. */
export const SETTLEMENT_FORMATS = [
  'stripe_itemised_csv',
  'adyen_settlement_csv',
  'camt',
  'mt940',
  'bai2',
  'nacha_return',
] as const;
export type SettlementFormat = (typeof SETTLEMENT_FORMATS)[number];

export const FORMATS: Record<SettlementFormat, { source: SettlementSource; read: SettlementReader }> = {
  stripe_itemised_csv: { source: 'provider', read: readStripeItemisedCsv },
  adyen_settlement_csv: { source: 'provider', read: readAdyenSettlementCsv },
  camt: { source: 'bank', read: readCamt053 },
  mt940: { source: 'bank', read: readMt940 },
  bai2: { source: 'bank', read: readBai2 },
  nacha_return: { source: 'bank', read: readNachaReturns },
};

/** Bytes from the start of a file that decide its format. A header of long metadata columns fits. */
export const DETECTION_BYTES = 16 * 1024;

/** Columns that a CSV must share with Stripe's report to be taken for one; the reader then names those that it lacks. */
const SHARED_COLUMNS = 4;

/**
 * The format of a file by its first bytes (up to DETECTION_BYTES) and, where they leave it open, its name; null when it
 * is none of ours. What looks like a format and is broken is still of that format: its reader says what is wrong.
 */
export function detectFormat(firstBytes: Uint8Array, filename: string): SettlementFormat | null {
  const utf16 = firstBytes[0] === 0xff || firstBytes[0] === 0xfe || firstBytes[0] === 0 || firstBytes[1] === 0;
  // Read as single bytes: every character that decides is ASCII, in each encoding that XML may be in here.
  const text = new TextDecoder('iso-8859-1')
    .decode(firstBytes.subarray(0, DETECTION_BYTES))
    .replace(utf16 ? /^(?:\u00ff\u00fe|\u00fe\u00ff)|\0/g : /^\u00ef\u00bb\u00bf/, '')
    .trimStart();
  if (text.startsWith('<'))
    return /camt\.05|BkToCstmr|<!DOCTYPE/i.test(text) || /\.xml$/i.test(filename) ? 'camt' : null;
  // A bank's own header may stand before the first message.
  if (/^:20:[\s\S]*^:(?:25|28C?|60[FM]|34F|61):/m.test(text)) return 'mt940';
  if (/^01,[^,\r\n]*,[^,\r\n]*,\d{6},/.test(text) && /(?:^|\/\s*)02,/m.test(text)) return 'bai2';
  if (/^101[ \d]{20}\d{6}.{4}[A-Z0-9]094101/.test(text)) return 'nacha_return';
  const header = new Set(
    (text.split(/\r?\n/, 1)[0] ?? '').split(',').map((cell) => cell.replace(/^\s*"|"\s*$/g, '').trim()),
  );
  const shared = STRIPE_COLUMNS.filter((column) => header.has(column)).length;
  if (shared >= SHARED_COLUMNS) return 'stripe_itemised_csv';
  return ADYEN_COLUMNS.filter((column) => header.has(column)).length >= SHARED_COLUMNS ? 'adyen_settlement_csv' : null;
}
