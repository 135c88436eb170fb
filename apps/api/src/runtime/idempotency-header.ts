import { Refused } from '../core/refusal.ts';

/** A structured-field string (RFC 9651): `"…"`, with `\"` and `\\` as its only escapes. */
const QUOTED = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/;
/** The bare form that many clients send. No comma or space: those would be two headers that a proxy has joined. */
const BARE = /^[\x21\x23-\x2b\x2d-\x7e]+$/;
const MAX_LENGTH = 200;

/**
 * The key in an `Idempotency-Key` header (draft-ietf-httpapi-idempotency-key-header). The draft's quoted form and the bare
 * form name the same key. Throws Refused `idempotency_key_missing` or `idempotency_key_malformed`.
 */
export function idempotencyKeyOf(header: string | undefined): string {
  const text = header?.trim() ?? '';
  if (text === '') throw new Refused('idempotency_key_missing');
  const quoted = QUOTED.exec(text)?.[1]?.replace(/\\(["\\])/g, '$1');
  const key = quoted ?? (BARE.test(text) ? text : '');
  if (key === '' || key.length > MAX_LENGTH) throw new Refused('idempotency_key_malformed');
  return key;
}
