import { randomBytes } from 'node:crypto';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** A fresh id in the provider's manner: `po_1S` and letters of both cases, `evt_1S…`, `txn_1S…`, `req_…`. */
export function providerId(prefix: 'po' | 'evt' | 'txn' | 'req' | 'mv'): string {
  const letters = [...randomBytes(22)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
  return prefix === 'req' ? `req_${letters.slice(0, 14)}` : `${prefix}_1S${letters}`;
}
