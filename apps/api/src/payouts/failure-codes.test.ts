import { expect, it } from 'vitest';
import { failureCodeRule, saysNothingAboutKey } from './failure-codes.ts';

it.each([
  ['insufficient_funds', true],
  ['balance_insufficient', true],
  ['could_not_process', true],
  ['rate_limit', true],
  ['authentication_failed', true],
  ['account_closed', false],
  ['invalid_account_number', false],
  ['bank_account_restricted', false],
  ['no_account', false],
  ['declined', false],
  ['payouts_not_allowed', false],
  ['permission_denied', false],
])('stripe %s: retryable %s', (code, retryable) => {
  expect(failureCodeRule('stripe', code).retryable).toBe(retryable);
});

it.each([
  ['stripe', 'a_code_of_next_year'],
  ['stripe', 'constructor'],
  ['stripe', ''],
  ['another', 'insufficient_funds'],
  ['__proto__', 'insufficient_funds'],
])('never guesses: %s %j is terminal', (provider, code) => {
  expect(failureCodeRule(provider, code)).toMatchObject({ retryable: false });
});

it.each([
  ['rate_limit', true],
  ['lock_timeout', true],
  ['authentication_failed', true],
  ['permission_denied', true],
  ['idempotency_key_in_use', true],
  ['a_code_of_next_year', true],
  ['balance_insufficient', false],
  ['account_closed', false],
  ['invalid_request', false],
])('on a resend, %s leaves the first send open: %s', (code, open) => {
  expect(saysNothingAboutKey(code)).toBe(open);
});
