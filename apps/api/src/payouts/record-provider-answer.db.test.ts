import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newUuid } from '../core/ids.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../core/time.ts';
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
  openOverride,
  payoutIn,
  providerEvent,
  refusalOf,
  reread,
  type Sample,
  timelineOf,
  walletMinor,
} from '../testing/factories.ts';
import { ago } from '../testing/payout-samples.ts';
import { CHECK_DELAYS_MS, IN_FLIGHT_MS } from './attempt.ts';
import { recordProviderAnswer } from './record-provider-answer.ts';
import { recordProviderEvent } from './record-provider-event.ts';
import { recordSendOutcome } from './record-send-outcome.ts';
import { startSend } from './start-send.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const answered = ({ attempt }: Pick<Sample, 'attempt'>, answer: Record<string, unknown>, now = NOW, askedAt = now) =>
  act(database, recordProviderAnswer, { attemptId: attempt.id, askedAt, answer }, { now });
const FOUND = { kind: 'found', providerPayoutId: 'po_1', code: null };
const ABSENT = { kind: 'absent', scanned: 12 };
const NO_ANSWER = { kind: 'no_answer', reason: 'timeout' };
/** A sample without the jobs of its making. */
const quiet = async (...of: Parameters<typeof payoutIn> extends [unknown, ...infer Rest] ? Rest : never) => {
  const sample = await payoutIn(database, ...of);
  await loseJobs(database);
  return sample;
};

describe('found: its state is adopted, and the timeline says that it was healed', () => {
  test.each([
    ['unconfirmed', 'paid', 'paid', 'paid', ['payout_paid']],
    ['unconfirmed', 'in_transit', 'in_transit', 'accepted', []],
    ['unconfirmed', 'pending', 'in_transit', 'accepted', []],
    ['unconfirmed', 'failed', 'failed', 'rejected', ['payout_failed']],
    ['unconfirmed', 'canceled', 'failed', 'rejected', ['payout_failed']],
    ['sending', 'paid', 'paid', 'paid', ['payout_paid']],
    ['in_transit', 'paid', 'paid', 'paid', ['payout_paid']],
    ['paid', 'failed', 'returned', 'returned', ['payout_paid', 'payout_returned']],
  ] as const)('%s, and the provider says %s: %s', async (status, said, to, attempt, entries) => {
    const sample = await quiet(status, { at: ago(HOUR_MS) });
    const providerPayoutId = sample.attempt.providerPayoutId ?? 'po_1';
    expect(await answered(sample, { ...FOUND, providerPayoutId, status: said })).toEqual({ status: to });
    const after = await reread(database, sample.payout.id);
    expect(after.payout).toMatchObject({ status: to, providerPayoutId, version: sample.payout.version + 1 });
    expect(after.attempt).toMatchObject({
      status: attempt,
      lastAskedAt: NOW,
      lastAnswer: { kind: 'found', status: said },
    });
    expect(await entriesOf(database, sample.payout.id)).toEqual(['payout_requested', ...entries]);
    expect((await timelineOf(database, sample.payout.id)).at(-1)).toMatchObject({ kind: 'healed', from: status, to });
    expect((await auditRows(database, sample.payout.id)).at(-1)).toMatchObject({
      act: 'payout.answer_recorded',
      actor_id: JOB.id,
      before: { status },
      after: { status: to },
    });
  });

  test('told once more what is known changes nothing', async () => {
    const sample = await quiet('paid', { at: ago(HOUR_MS) });
    const said = { ...FOUND, providerPayoutId: sample.attempt.providerPayoutId, status: 'paid' };
    expect(await answered(sample, said)).toEqual({ status: 'paid' });
    const after = await reread(database, sample.payout.id);
    expect(after.payout.version).toBe(sample.payout.version);
    expect(await jobsOf(database, sample.attempt.id)).toEqual([]);
  });

  test('a payout that failed here but is paid there: no retry is safe any more, until the provider says it ended', async () => {
    const sample = await quiet('failed', { at: ago(HOUR_MS) });
    await answered(sample, { ...FOUND, status: 'paid' });
    let after = await reread(database, sample.payout.id);
    expect(after.payout.status).toBe('failed');
    expect(after.attempt).toMatchObject({ status: 'paid', providerPayoutId: 'po_1' });
    expect((await timelineOf(database, sample.payout.id)).at(-1)).toMatchObject({
      kind: 'asked',
      data: { conflict: true },
    });
    await answered(sample, { ...FOUND, status: 'failed', code: 'insufficient_funds' }, ago(-HOUR_MS));
    after = await reread(database, sample.payout.id);
    expect(after.attempt).toMatchObject({ status: 'rejected', code: 'insufficient_funds' });
  });
});

describe('absent', () => {
  test('within the window: the same attempt again, under the same key', async () => {
    const sample = await quiet('unconfirmed', { at: ago(MINUTE_MS) });
    expect(await answered(sample, ABSENT)).toEqual({ status: 'unconfirmed' });
    const after = await reread(database, sample.payout.id);
    expect(after.attempt).toMatchObject({ status: 'ready', queuedAt: NOW, providerKey: sample.attempt.providerKey });
    expect(await attemptsOf(database, sample.payout.id)).toHaveLength(1);
    expect(await jobsOf(database, sample.attempt.id)).toMatchObject([{ task: 'payout.send' }]);
  });

  test('after the window: the old attempt is closed as absent, a new one with a new key is sent', async () => {
    const party = await fundedParty(database);
    const sample = await quiet('unconfirmed', { party: party.reference, at: ago(DAY_MS) });
    expect(await answered(sample, ABSENT)).toEqual({ status: 'queued' });
    const after = await reread(database, sample.payout.id);
    expect(after.attempt).toMatchObject({ no: 2, status: 'ready', previousId: sample.attempt.id });
    expect(after.attempt.providerKey).not.toBe(sample.attempt.providerKey);
    expect(after.attempt.proof).toMatchObject({
      code: 'provider_never_saw',
      asked: { at: NOW.toISOString(), scanned: 12 },
    });
    expect(await attemptsOf(database, sample.payout.id)).toEqual([
      { no: 1, status: 'absent' },
      { no: 2, status: 'ready' },
    ]);
    expect(await jobsOf(database, after.attempt.id)).toMatchObject([{ task: 'payout.send' }]);
    // In flight all the while: nothing went back, nothing left again.
    expect(await walletMinor(database, party.id)).toBe(99_987_500n);
    expect(await entriesOf(database, sample.payout.id)).toEqual(['payout_requested']);
  });

  test('a worker that died on the wire: first unconfirmed, then the same key again', async () => {
    const sample = await quiet('sending', { at: ago(IN_FLIGHT_MS) });
    await answered(sample, ABSENT);
    expect((await timelineOf(database, sample.payout.id)).slice(-2)).toMatchObject([
      { kind: 'answer_lost', from: 'sending', to: 'unconfirmed', data: { reason: 'worker_lost' } },
      { kind: 'asked', data: { plan: 'resend_same_key' } },
    ]);
  });

  test.each([
    ['sending', IN_FLIGHT_MS - 1],
    ['unconfirmed', 44_999],
  ] as const)(
    '%s, asked %i ms after the send: the request may still arrive, so the absence proves nothing',
    async (status, age) => {
      const sample = await quiet(status, { at: ago(age) });
      await answered(sample, ABSENT);
      const after = await reread(database, sample.payout.id);
      expect(after.payout).toMatchObject({ status, version: sample.payout.version });
      expect(after.attempt).toMatchObject({ status: sample.attempt.status, nextCheckAt: ago(-CHECK_DELAYS_MS[1]) });
      expect((await jobsOf(database, sample.attempt.id)).map((job) => job.task)).toEqual(['payout.check']);
    },
  );

  test('asked before the last send left: the absence is of another time', async () => {
    const sample = await quiet('unconfirmed', { at: ago(DAY_MS + HOUR_MS) });
    await database.owner.query('UPDATE attempt SET last_sent_at = $2 WHERE id = $1', [
      sample.attempt.id,
      ago(MINUTE_MS),
    ]);
    await answered(sample, ABSENT, NOW, ago(HOUR_MS));
    expect(await attemptsOf(database, sample.payout.id)).toEqual([{ no: 1, status: 'unknown' }]);
  });

  test('an override is open: nothing is sent past the people who decide', async () => {
    for (const age of [HOUR_MS, DAY_MS]) {
      const sample = await quiet('unconfirmed', { at: ago(age) });
      await openOverride(database, sample.payout);
      await answered(sample, ABSENT);
      const after = await reread(database, sample.payout.id);
      expect(after.attempt).toMatchObject({ no: 1, status: 'unknown' });
      expect(after.payout).toMatchObject({ status: 'unconfirmed', version: sample.payout.version });
      expect((await timelineOf(database, sample.payout.id)).at(-1)?.data).toMatchObject({ why: 'override_open' });
      expect((await jobsOf(database, sample.attempt.id)).map((job) => job.task)).toEqual(['payout.check']);
    }
  });

  test('in transit, and the provider says it has nothing: kept in the timeline, nothing is sent', async () => {
    const sample = await quiet('in_transit', { at: ago(HOUR_MS) });
    await answered(sample, ABSENT);
    expect((await reread(database, sample.payout.id)).payout).toMatchObject({ status: 'in_transit' });
    expect(await jobsOf(database, sample.attempt.id)).toEqual([]);
  });

  test('bounded: after five sends, and after five attempts, it is a person’s', async () => {
    const often = await quiet('unconfirmed', { at: ago(HOUR_MS) });
    await database.owner.query('UPDATE attempt SET send_count = 5 WHERE id = $1', [often.attempt.id]);
    await answered(often, ABSENT);
    expect((await reread(database, often.payout.id)).attempt).toMatchObject({ status: 'unknown', nextCheckAt: null });
    expect(await jobsOf(database, often.attempt.id)).toEqual([]);

    const many = await quiet('unconfirmed', { at: ago(DAY_MS) });
    await database.owner.query('UPDATE payout SET attempt_count = 5 WHERE id = $1', [many.payout.id]);
    await database.owner.query('ALTER TABLE attempt DISABLE TRIGGER attempt_key_is_final');
    await database.owner.query('UPDATE attempt SET no = 5 WHERE id = $1', [many.attempt.id]);
    await database.owner.query('ALTER TABLE attempt ENABLE TRIGGER attempt_key_is_final');
    expect(await answered(many, ABSENT)).toEqual({ status: 'queued' });
    expect(await attemptsOf(database, many.payout.id)).toEqual([{ no: 5, status: 'absent' }]);
    expect(await jobsOf(database)).toEqual([]);
  });
});

describe('no answer', () => {
  test('is asked again after 5, 15, 60 and 240 minutes, then left to a person; never sent', async () => {
    const sample = await quiet('unconfirmed', { at: ago(HOUR_MS) });
    const waits: (number | null)[] = [];
    for (let round = 0; round < 6; round += 1) {
      await loseJobs(database);
      await answered(sample, NO_ANSWER);
      const { attempt } = await reread(database, sample.payout.id);
      waits.push(attempt.nextCheckAt && (attempt.nextCheckAt.getTime() - NOW.getTime()) / MINUTE_MS);
      expect((await jobsOf(database)).map((job) => job.runAt)).toEqual(
        attempt.nextCheckAt ? [attempt.nextCheckAt] : [],
      );
    }
    expect(waits).toEqual([5, 15, 60, 240, null, null]);
    expect((await reread(database, sample.payout.id)).payout).toMatchObject({
      status: 'unconfirmed',
      version: sample.payout.version,
    });
  });

  test('in transit and not late yet: asking uses up none of the checks that it gets once it is', async () => {
    const sample = await quiet('in_transit', { at: ago(HOUR_MS) });
    await answered(sample, NO_ANSWER);
    await answered(sample, { ...FOUND, providerPayoutId: sample.attempt.providerPayoutId, status: 'in_transit' });
    expect((await reread(database, sample.payout.id)).attempt).toMatchObject({ checkCount: 0, nextCheckAt: null });
    expect(await jobsOf(database)).toEqual([]);
    const late = ago(-4 * DAY_MS);
    await answered(sample, NO_ANSWER, late);
    expect((await reread(database, sample.payout.id)).attempt).toMatchObject({
      checkCount: 1,
      nextCheckAt: new Date(late.getTime() + 5 * MINUTE_MS),
    });
  });

  test('an unconfirmed payout that turns out to be in transit gets all its checks again', async () => {
    const sample = await quiet('unconfirmed', { at: ago(HOUR_MS) });
    await answered(sample, NO_ANSWER);
    await answered(sample, NO_ANSWER);
    await answered(sample, { ...FOUND, status: 'in_transit' });
    expect((await reread(database, sample.payout.id)).attempt).toMatchObject({ status: 'accepted', checkCount: 0 });
  });
});

describe('bug class: an answer about an older attempt, or from before the news', () => {
  test('attempt 1 found failed while attempt 2 is on the wire: attempt 2 goes on', async () => {
    const party = await fundedParty(database);
    const { payout, attempt: first } = await quiet('unconfirmed', { party: party.reference, at: ago(DAY_MS) });
    await answered({ attempt: first }, ABSENT);
    const second = await reread(database, payout.id);
    await act(database, startSend, { attemptId: second.attempt.id });
    for (const said of [{ ...FOUND, status: 'failed', code: 'no_account' }, ABSENT, NO_ANSWER]) {
      await answered({ attempt: first }, said, ago(-HOUR_MS));
      const after = await reread(database, payout.id);
      expect(after.payout.status).toBe('sending');
      expect(after.attempt).toMatchObject({ no: 2, status: 'sending' });
    }
    expect((await jobsOf(database, first.id)).filter((job) => job.task === 'payout.check')).toEqual([]);
    expect(await walletMinor(database, party.id)).toBe(99_987_500n);
    await act(database, recordSendOutcome, {
      attemptId: second.attempt.id,
      outcome: { kind: 'accepted', providerPayoutId: 'po_2', status: 'paid' },
    });
    expect((await reread(database, payout.id)).payout.status).toBe('paid');
  });

  test('asked while in transit, answered after the webhook: the older answer changes nothing', async () => {
    const sample = await quiet('in_transit', { at: ago(HOUR_MS) });
    await act(database, recordProviderEvent, providerEvent(sample, 'failed', { code: 'no_account' }));
    await answered(
      sample,
      { ...FOUND, providerPayoutId: sample.attempt.providerPayoutId, status: 'in_transit' },
      NOW,
      ago(1_000),
    );
    const after = await reread(database, sample.payout.id);
    expect(after.payout).toMatchObject({ status: 'failed', failureCode: 'no_account' });
    expect(after.attempt.status).toBe('rejected');
  });

  test('raced: an absence and a webhook at once never send what is paid', async () => {
    for (let round = 0; round < 5; round += 1) {
      const sample = await quiet('unconfirmed', { at: ago(DAY_MS) });
      const event = providerEvent(sample, 'paid', { providerPayoutId: `po_${newUuid()}` });
      await Promise.all([answered(sample, ABSENT), act(database, recordProviderEvent, event)]);
      const after = await reread(database, sample.payout.id);
      // Paid, when the webhook came first; else held, with the second attempt stopped.
      expect(['paid', 'held']).toContain(after.payout.status);
      expect((await attemptsOf(database, sample.payout.id)).filter(({ status }) => status === 'ready')).toEqual([]);
      expect((await act(database, startSend, { attemptId: after.attempt.id })).step).toBe('skip');
    }
  });
});

test('refused: there is no such attempt; the answer is none', async () => {
  const before = await footprint(database);
  expect(await refusalOf(answered({ attempt: { id: newUuid() } as Sample['attempt'] }, ABSENT))).toBe('not_found');
  const sample = { attempt: { id: newUuid() } as Sample['attempt'] };
  expect(await refusalOf(answered(sample, { kind: 'maybe' }))).toBe('malformed');
  expect(await footprint(database)).toEqual(before);
});

test('forbidden: no person records what a provider answered', async () => {
  const sample = await quiet('unconfirmed', { at: ago(HOUR_MS) });
  const actor = await person(database, 'admin', 'ops', 'finance');
  const input = { attemptId: sample.attempt.id, askedAt: NOW, answer: ABSENT };
  expect(await refusalOf(act(database, recordProviderAnswer, input, { actor }))).toBe('permission_missing');
});
