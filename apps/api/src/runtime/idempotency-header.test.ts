import { expect, it } from 'vitest';
import { Refused } from '../core/refusal.ts';
import { idempotencyKeyOf } from './idempotency-header.ts';

it.each([
  ['"8e03978e-40d5-43e8-bc93-6894a57f9324"', '8e03978e-40d5-43e8-bc93-6894a57f9324'],
  ['8e03978e-40d5-43e8-bc93-6894a57f9324', '8e03978e-40d5-43e8-bc93-6894a57f9324'],
  ['  "k"  ', 'k'],
  ['"two words, and a comma"', 'two words, and a comma'],
  [String.raw`"a \"quoted\" \\ key"`, String.raw`a "quoted" \ key`],
  ['x'.repeat(200), 'x'.repeat(200)],
])('%s is the key %s', (header, key) => {
  expect(idempotencyKeyOf(header)).toBe(key);
});

it.each([
  [undefined, 'idempotency_key_missing'],
  ['', 'idempotency_key_missing'],
  ['   ', 'idempotency_key_missing'],
  ['""', 'idempotency_key_malformed'],
  ['"unterminated', 'idempotency_key_malformed'],
  ['"a"b"', 'idempotency_key_malformed'],
  [String.raw`"\n"`, 'idempotency_key_malformed'],
  ['two words', 'idempotency_key_malformed'],
  ['one, two', 'idempotency_key_malformed'],
  ['"one", "two"', 'idempotency_key_malformed'],
  ['"k";q=1', 'idempotency_key_malformed'],
  ['anahtar-ğ', 'idempotency_key_malformed'],
  ['"ğ"', 'idempotency_key_malformed'],
  ['a\u0000b', 'idempotency_key_malformed'],
  ['x'.repeat(201), 'idempotency_key_malformed'],
])('%j is none: %s', (header, code) => {
  let thrown: unknown;
  try {
    idempotencyKeyOf(header);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(Refused);
  expect((thrown as Refused).refusal.code).toBe(code);
});
