import { describe, expect, test } from 'vitest';
import { en } from '../lib/i18n/en.ts';
import { tr } from '../lib/i18n/tr.ts';
import { makeText } from '../lib/i18n.ts';
import { deliveryState, endpointState } from './webhook-look.ts';
import { readFilter } from './webhook-wire.ts';
import { answerText, arrivedShare, followsText, missingText, readable } from './webhook-words.ts';

const t = makeText('en', en);
const turkish = makeText('tr', tr);

describe('what a delivery’s state is called', () => {
  test.each([
    ['pending', 0, 'waiting'],
    ['pending', 1, 'failing'],
    ['delivered', 3, 'delivered'],
    ['given_up', 10, 'given_up'],
    ['given_up', 0, 'given_up'],
  ] as const)('%s after %i tries: %s', (status, tries, state) => {
    expect(deliveryState({ status, tries })).toBe(state);
  });
});

describe('what an endpoint’s state is called', () => {
  const since = '2026-11-20T10:00:00.000Z';
  test.each([
    [{ status: 'enabled', gone: false, failingSince: null }, 'enabled'],
    [{ status: 'enabled', gone: false, failingSince: since }, 'failing'],
    [{ status: 'disabled', gone: false, failingSince: since }, 'disabled'],
    [{ status: 'disabled', gone: true, failingSince: since }, 'gone'],
  ] as const)('%o: %s', (endpoint, state) => {
    expect(endpointState(endpoint)).toBe(state);
  });
});

test('what an endpoint follows', () => {
  expect(followsText(t, ['*'])).toBe('Every type');
  expect(followsText(t, ['payout.paid'])).toBe('1 type');
  expect(followsText(turkish, ['payout.paid', 'payout.failed'])).toBe('2 tür');
});

test('what a try came to', () => {
  expect(answerText(t, { statusCode: 503, error: null })).toBe('HTTP 503');
  expect(answerText(t, { statusCode: null, error: 'timeout' })).toBe('no answer within 10 s');
  expect(answerText(turkish, { statusCode: null, error: 'tls' })).toBe('sertifika geçerli değil');
  expect(answerText(t, { statusCode: null, error: null })).toBeNull();
});

test('how much has arrived: nothing tried is no share, and not 0 %', () => {
  expect(arrivedShare({ day: { tried: 0, delivered: 0 } })).toBeNull();
  expect(arrivedShare({ day: { tried: 4, delivered: 3 } })).toBe(0.75);
});

test('what has not arrived', () => {
  expect(missingText(t, { failing: 0, givenUp: 0 })).toBeNull();
  expect(missingText(t, { failing: 2, givenUp: 1 })).toBe('2 failing · 1 given up');
  expect(missingText(turkish, { failing: 0, givenUp: 3 })).toBe('3 vazgeçilen');
});

test('JSON is set out for reading, and other text left as it is', () => {
  expect(readable('{"a":1}')).toBe('{\n  "a": 1\n}');
  expect(readable('not json')).toBe('not json');
});

test('an address may name any filter: what is none shows everything', () => {
  expect(readFilter('given_up')).toBe('given_up');
  expect(readFilter('nonsense')).toBe('all');
  expect(readFilter(undefined)).toBe('all');
});
