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

/**
 * Whether the value holds text that the database can keep neither as text nor inside JSON: a NUL, or half of a surrogate
 * pair. Looks into plain objects (keys too) and arrays, however deep.
 */
export function hasUnstorableText(value: unknown): boolean {
  const left: unknown[] = [value];
  while (left.length > 0) {
    const next = left.pop();
    if (typeof next === 'string' && storable(next) !== next) return true;
    if (Array.isArray(next)) for (const item of next) left.push(item);
    else if (isPlainObject(next)) for (const [key, item] of Object.entries(next)) left.push(key, item);
  }
  return false;
}

/** The text with U+FFFD for every character that the database cannot keep. */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '\ufffd');
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
