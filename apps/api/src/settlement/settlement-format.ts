import { readCamt053 } from './camt-reader.ts';
import type { SettlementReader } from './settlement-batch.ts';
import type { SettlementSource } from './settlement-line.ts';
import { readStripeItemisedCsv, STRIPE_COLUMNS } from './stripe-itemised-csv.ts';

/** Every format that can be imported, as it is stored and shown. */
export const SETTLEMENT_FORMATS = ['stripe_itemised_csv', 'camt'] as const;
export type SettlementFormat = (typeof SETTLEMENT_FORMATS)[number];

export const FORMATS: Record<SettlementFormat, { source: SettlementSource; read: SettlementReader }> = {
  stripe_itemised_csv: { source: 'provider', read: readStripeItemisedCsv },
  camt: { source: 'bank', read: readCamt053 },
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
  const header = new Set(
    (text.split(/\r?\n/, 1)[0] ?? '').split(',').map((cell) => cell.replace(/^\s*"|"\s*$/g, '').trim()),
  );
  const shared = STRIPE_COLUMNS.filter((column) => header.has(column)).length;
  return shared >= SHARED_COLUMNS ? 'stripe_itemised_csv' : null;
}
