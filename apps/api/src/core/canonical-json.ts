import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** RFC 8785 canonical JSON. bigint is written as a decimal string, Date as ISO 8601; undefined members are dropped. */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(plain(value));
  if (text === undefined) throw new TypeError('The value has no JSON form.');
  return text;
}

/** SHA-256, lower-case hex, of the canonical JSON of `value`. */
export function canonicalHash(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

/** The same value with bigint as decimal string and Date as ISO text: what JSON columns and wires hold. */
export function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((v) => (v === undefined ? null : plain(v)));
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, v]) => v !== undefined)
        .map(([k, v]) => [k, plain(v)]),
    );
  }
  return value;
}
