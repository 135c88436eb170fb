import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newUuid } from '../core/ids.ts';
import { HOUR_MS, MINUTE_MS } from '../core/time.ts';
import { JOB, NOW, person } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { auditRows } from '../testing/expect-audit.ts';
import {
  act,
  attemptsOf,
  entriesOf,
  footprint,
  fundedParty,
  jobsOf,
  loseJobs,
  payoutIn,
  providerEvent,
  refusalOf,
  reread,
  type Sample,
  timelineOf,
  walletMinor,
} from '../testing/factories.ts';
import { ago } from '../testing/payout-samples.ts';
import { IN_FLIGHT_MS } from './attempt.ts';
import { recordProviderEvent } from './record-provider-event.ts';
import { recordSendOutcome } from './record-send-outcome.ts';
import { startSend } from './start-send.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const record = ({ attempt }: Pick<Sample, 'attempt'>, outcome: Record<string, unknown>, now = NOW) =>
  act(database, recordSendOutcome, { attemptId: attempt.id, outcome }, { now });
/** An attempt on the wire for the second time under its key. */
const resent = async () => {
  const { payout, attempt } = await payoutIn(database, 'sending', { at: ago(HOUR_MS) });
  await act(database, startSend, { attemptId: attempt.id });
  await loseJobs(database);
  return reread(database, payout.id);
};

describe('done', () => {
  test.each([
    ['pending', 'in_transit', 'accepted', []],
    ['in_transit', 'in_transit', 'accepted', []],
    ['paid', 'paid', 'paid', ['payout_paid']],
    ['failed', 'failed', 'rejected', ['payout_failed']],
    ['canceled', 'failed', 'rejected', ['payout_failed']],
  ] as const)('accepted as %s: the payout is %s, the attempt %s', async (said, status, attempt, entries) => {
    const sample = await payoutIn(database, 'sending');
    await record(sample, { kind: 'accepted', providerPayoutId: 'po_1', status: said });
    const after = await reread(database, sample.payout.id);
    expect(after.payout).toMatchObject({ status, providerPayoutId: 'po_1', paidAt: status === 'paid' ? NOW : null });
    expect(after.attempt).toMatchObject({
      status: attempt,
      providerPayoutId: 'po_1',
      answeredAt: NOW,
      nextCheckAt: null,
    });
    expect(await entriesOf(database, sample.payout.id)).toEqual(['payout_requested', ...entries]);
    expect((await auditRows(database, sample.payout.id)).at(-1)).toMatchObject({
      act: 'payout.send_recorded',
      actor_id: JOB.id,
      before: { status: 'sending' },
      after: { status },
    });
  });

  test.each([
    ['rejected', { kind: 'rejected', code: 'account_closed', message: 'closed' }, 'rejected', 'account_closed'],
    ['rate limited at the first send', { kind: 'rejected', code: 'rate_limit', message: '' }, 'rejected', 'rate_limit'],
    ['never sent', { kind: 'not_sent', reason: 'connection_refused', message: '' }, 'not_sent', 'provider_unreachable'],
  ])('%s: failed, and the money is back in the wallet', async (_, outcome, status, failureCode) => {
    const party = await fundedParty(database);
    const sample = await payoutIn(database, 'sending', { party: party.reference });
    await record(sample, outcome);
    const after = await reread(database, sample.payout.id);
    expect(after.payout).toMatchObject({ status: 'failed', failureCode });
    expect(after.attempt.status).toBe(status);
    expect(await walletMinor(database, party.id)).toBe(100_000_000n);
  });

  test('unknown: unconfirmed, the money stays in flight, no new attempt, and the provider is asked in a minute', async () => {
    const party = await fundedParty(database);
    const sample = await payoutIn(database, 'sending', { party: party.reference });
    await loseJobs(database);
    await record(sample, { kind: 'unknown', reason: 'timeout', message: 'no answer in 30 s' });
    const after = await reread(database, sample.payout.id);
    expect(after.payout.status).toBe('unconfirmed');
    expect(after.attempt).toMatchObject({
      status: 'unknown',
      message: 'no answer in 30 s',
      nextCheckAt: ago(-MINUTE_MS),
    });
    expect(await attemptsOf(database, sample.payout.id)).toHaveLength(1);
    expect(await walletMinor(database, party.id)).toBe(99_987_500n);
    expect(await jobsOf(database)).toMatchObject([{ task: 'payout.check', runAt: ago(-MINUTE_MS) }]);
    expect((await timelineOf(database, sample.payout.id)).at(-1)).toMatchObject({
      kind: 'answer_lost',
      to: 'unconfirmed',
    });
  });
});

describe('bug class: a cached 4xx poisoning retries', () => {
  test.each([
    'rate_limit',
    'lock_timeout',
    'authentication_failed',
    'permission_denied',
    'idempotency_key_in_use',
    'next_years_code',
  ])('on a resend, "%s" tells nothing of the first send: still unknown, never failed', async (code) => {
    const sample = await resent();
    await record(sample, { kind: 'rejected', code, message: '' });
    const after = await reread(database, sample.payout.id);
    expect(after.payout).toMatchObject({ status: 'unconfirmed', failureCode: null });
    expect(after.attempt).toMatchObject({ status: 'unknown', answeredAt: null });
    expect(await jobsOf(database, sample.attempt.id)).toMatchObject([{ task: 'payout.check' }]);
  });

  test('on a resend, "connection refused" tells nothing of the first send either', async () => {
    const sample = await resent();
    await record(sample, { kind: 'not_sent', reason: 'connection_refused', message: '' });
    expect((await reread(database, sample.payout.id)).payout.status).toBe('unconfirmed');
  });

  test('"the key is in use" is unknown even at the first send', async () => {
    const sample = await payoutIn(database, 'sending');
    await record(sample, { kind: 'rejected', code: 'idempotency_key_in_use', message: '' });
    expect((await reread(database, sample.payout.id)).payout.status).toBe('unconfirmed');
  });

  test('on a resend, a refusal of the payout itself is the first send’s, replayed: failed', async () => {
    const sample = await resent();
    await record(sample, { kind: 'rejected', code: 'account_closed', message: '' });
    expect((await reread(database, sample.payout.id)).payout).toMatchObject({
      status: 'failed',
      failureCode: 'account_closed',
    });
  });
});

describe('bug class: stale status written from a read outside the lock', () => {
  test('a webhook said "paid" before the send’s own slower answer: the answer changes nothing', async () => {
    const sample = await payoutIn(database, 'sending');
    await act(database, recordProviderEvent, providerEvent(sample, 'paid', { providerPayoutId: 'po_2' }));
    for (const outcome of [
      { kind: 'accepted', providerPayoutId: 'po_2', status: 'pending' },
      { kind: 'rejected', code: 'account_closed', message: '' },
      { kind: 'unknown', reason: 'timeout', message: '' },
      { kind: 'not_sent', reason: 'dns', message: '' },
    ]) {
      const before = await footprint(database);
      expect(await record(sample, outcome)).toEqual({ recorded: false });
      expect(await footprint(database)).toEqual(before);
    }
    expect((await reread(database, sample.payout.id)).payout.status).toBe('paid');
  });

  test('raced: webhook and answer at once end paid, debited once, whichever comes first', async () => {
    for (let round = 0; round < 5; round += 1) {
      const party = await fundedParty(database);
      const sample = await payoutIn(database, 'sending', { party: party.reference });
      const id = `po_${newUuid()}`;
      await Promise.all([
        record(sample, { kind: 'accepted', providerPayoutId: id, status: 'pending' }),
        act(database, recordProviderEvent, providerEvent(sample, 'paid', { providerPayoutId: id })),
      ]);
      expect((await reread(database, sample.payout.id)).payout.status).toBe('paid');
      expect(await entriesOf(database, sample.payout.id)).toEqual(['payout_requested', 'payout_paid']);
    }
  });

  test('the answer of a send that was given up for lost: the second send’s record is the one that counts', async () => {
    const sample = await payoutIn(database, 'sending', { at: ago(IN_FLIGHT_MS) });
    await act(database, startSend, { attemptId: sample.attempt.id });
    // The first worker wakes up and records what it got; both used one key, so it is the second's answer too.
    expect(await record(sample, { kind: 'accepted', providerPayoutId: 'po_3', status: 'pending' })).toEqual({
      recorded: true,
    });
    expect(await record(sample, { kind: 'accepted', providerPayoutId: 'po_3', status: 'pending' })).toEqual({
      recorded: false,
    });
    expect((await reread(database, sample.payout.id)).payout.status).toBe('in_transit');
  });
});

test('refused: there is no such attempt; the outcome is none', async () => {
  const outcome = { kind: 'rejected', code: 'x', message: '' };
  expect(await refusalOf(act(database, recordSendOutcome, { attemptId: newUuid(), outcome }))).toBe('not_found');
  expect(await refusalOf(act(database, recordSendOutcome, { attemptId: newUuid(), outcome: { kind: 'fine' } }))).toBe(
    'malformed',
  );
});

test('forbidden: no person records what a provider said', async () => {
  const sample = await payoutIn(database, 'sending');
  const actor = await person(database, 'admin', 'ops', 'finance', 'approver');
  const input = { attemptId: sample.attempt.id, outcome: { kind: 'accepted', providerPayoutId: 'x', status: 'paid' } };
  expect(await refusalOf(act(database, recordSendOutcome, input, { actor }))).toBe('permission_missing');
  expect((await reread(database, sample.payout.id)).payout.status).toBe('sending');
});
