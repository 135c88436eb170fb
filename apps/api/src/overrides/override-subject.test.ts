import { describe, expect, test } from 'vitest';
import type { Attempt } from '../payouts/attempt.ts';
import type { Payout } from '../payouts/payout.ts';
import { anAttempt, aPayout } from '../testing/payout-samples.ts';
import { movedFromText, movedSince, movedText, snapshotOf } from './override-subject.ts';

const payout = aPayout({ status: 'unconfirmed' });
const attempt = anAttempt({ status: 'unknown' });
const signed = snapshotOf(payout, attempt);

describe('what counts as a change', () => {
  test.each<[string, Partial<Payout>, Partial<Attempt>]>([
    ['status', { status: 'in_transit' }, {}],
    ['holder', { destination: { ...payout.destination, holder: 'B' } }, {}],
    ['destination_hash', { destination: { ...payout.destination, token: 'ba_2' } }, {}],
    ['provider_payout_id', { providerPayoutId: 'po_9' }, {}],
    ['failure_code', { failureCode: 'account_closed' }, {}],
    ['attempt_status', {}, { status: 'sending' }],
    ['attempt', {}, { id: '01930000-0000-7000-8000-0000000000a2' }],
  ])('%s', (field, over, overAttempt) => {
    expect(movedSince(signed, snapshotOf({ ...payout, ...over }, { ...attempt, ...overAttempt }))?.field).toBe(field);
  });

  test.each<[string, Partial<Payout>]>([
    ['being assigned', { assigneeId: '01930000-0000-7000-8000-0000000000b1', version: 2 }],
    ['its deadlines', { stuckAt: new Date(0), expectedBy: new Date(0) }],
  ])('%s does not', (_, over) => {
    expect(movedSince(signed, snapshotOf({ ...payout, ...over }, attempt))).toBeNull();
  });

  test('being asked about at the provider does not', () => {
    const asked = { ...attempt, checkCount: 4, lastAskedAt: new Date(0), nextCheckAt: new Date(0) };
    expect(movedSince(signed, snapshotOf(payout, asked))).toBeNull();
  });

  test('a first attempt does', () => {
    expect(movedSince(snapshotOf(payout, null), signed)).toMatchObject({ field: 'attempt', signed: null });
  });
});

test('the token of the destination is not in the snapshot, a change of it is seen', () => {
  expect(JSON.stringify(signed)).not.toContain(payout.destination.token);
});

test('a row from before a field existed counts it as empty', () => {
  const { hold_reason: _, ...older } = signed;
  expect(movedSince(older as typeof signed, signed)).toBeNull();
});

test('what moved reads back as it was kept', () => {
  const moved = { field: 'holder', signed: 'A → B: "c"', now: null };
  expect(movedFromText(movedText(moved))).toEqual(moved);
});
