import { describe, expect, it } from 'vitest';
import { newUuid, parseId } from '../core/ids.ts';
import { NOW } from '../testing/calls.ts';
import { ago, anAttempt } from '../testing/payout-samples.ts';
import {
  ATTEMPT_STATUSES,
  CHECK_DELAYS_MS,
  IN_FLIGHT_MS,
  isInFlight,
  isUnanswered,
  nextCheck,
  OPEN_ATTEMPT,
  providerKeyOf,
} from './attempt.ts';

describe('the provider key', () => {
  it('is the attempt’s own id: one attempt, one key, for ever', () => {
    const id = newUuid();
    expect(providerKeyOf(id)).toBe(providerKeyOf(id));
    expect(parseId('attempt', providerKeyOf(id))).toBe(id);
    expect(providerKeyOf(newUuid())).not.toBe(providerKeyOf(id));
  });

  it('bug class: a timestamp inside a key: it holds none but that of the mint, so a resend tomorrow uses the same key', () => {
    // The uuid inside was minted with the attempt; the function takes nothing else, so no clock can enter.
    expect(providerKeyOf.length).toBe(1);
    expect(providerKeyOf('0199f8f0-0000-7000-8000-000000000000')).toBe('at_01k7wf0000e008000000000000');
  });
});

describe('in flight', () => {
  it.each([
    ['ready', { queuedAt: ago(0) }, true],
    ['ready', { queuedAt: ago(IN_FLIGHT_MS - 1) }, true],
    ['ready', { queuedAt: ago(IN_FLIGHT_MS) }, false],
    ['sending', { queuedAt: ago(IN_FLIGHT_MS * 2), lastSentAt: ago(IN_FLIGHT_MS - 1) }, true],
    ['sending', { queuedAt: ago(0), lastSentAt: ago(IN_FLIGHT_MS) }, false],
    ['sending', { queuedAt: ago(1), lastSentAt: null }, true],
    ['unknown', { queuedAt: ago(0), lastSentAt: ago(0) }, false],
    ['accepted', { queuedAt: ago(0), lastSentAt: ago(0) }, false],
    ['rejected', { queuedAt: ago(0), lastSentAt: ago(0) }, false],
  ] as const)('%s %o: %s', (status, over, expected) => {
    expect(isInFlight(anAttempt({ status, ...over }), NOW)).toBe(expected);
  });
});

describe('unanswered', () => {
  it.each(ATTEMPT_STATUSES)('%s', (status) => {
    const sent = { status, firstSentAt: ago(1_000) };
    expect(isUnanswered(anAttempt({ status }))).toBe(status === 'unknown' || status === 'sending');
    expect(isUnanswered(anAttempt(sent))).toBe(['unknown', 'sending', 'ready'].includes(status));
  });

  it('every unanswered status is an open one: the database allows no second attempt beside it', () => {
    for (const status of ATTEMPT_STATUSES) {
      if (isUnanswered(anAttempt({ status, firstSentAt: NOW }))) expect(OPEN_ATTEMPT.has(status)).toBe(true);
    }
  });
});

it('asks again after 1, 5, 15, 60 and 240 minutes, then leaves it to a person', () => {
  const minutes = CHECK_DELAYS_MS.map((_, checks) => {
    const at = nextCheck(checks, NOW);
    return at && (at.getTime() - NOW.getTime()) / 60_000;
  });
  expect(minutes).toEqual([1, 5, 15, 60, 240]);
  expect(nextCheck(CHECK_DELAYS_MS.length, NOW)).toBeNull();
  expect(nextCheck(99, NOW)).toBeNull();
});
