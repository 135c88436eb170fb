import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '../core/actor.ts';
import { toId } from '../core/ids.ts';
import { DAY_MS, HOUR_MS } from '../core/time.ts';
import { execute } from '../runtime/operation.ts';
import { callBy, JOB, MACHINE, person } from '../testing/calls.ts';
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
  setPayoutsOn,
  timelineOf,
  walletMinor,
} from '../testing/factories.ts';
import { ago } from '../testing/payout-samples.ts';
import { assignPayout } from './assign-payout.ts';
import type { Payout } from './payout.ts';
import { recordProviderAnswer } from './record-provider-answer.ts';
import { recordProviderEvent } from './record-provider-event.ts';
import { recordSendOutcome } from './record-send-outcome.ts';
import { retryPayout } from './retry-payout.ts';
import { startSend } from './start-send.ts';

let database: TestDatabase;
let ops: Extract<Actor, { kind: 'person' }>;
beforeAll(async () => {
  database = await testDatabase();
  ops = await person(database, 'ops');
});
afterAll(() => database.close());

const input = (payout: Payout) => ({ payoutId: toId('payout', payout.id), version: payout.version });
const retry = (payout: Payout, call = callBy(ops)) => execute(database.db, retryPayout, call, input(payout));

describe('done', () => {
  test('a retryable refusal: a new attempt with a new key, linked to the old, and the money leaves the wallet again', async () => {
    const party = await fundedParty(database);
    const { payout, attempt } = await payoutIn(database, 'failed', { party: party.reference, at: ago(HOUR_MS) });
    expect(await walletMinor(database, party.id)).toBe(100_000_000n);
    const { result } = await retry(payout);
    const after = await reread(database, payout.id);
    expect(result).toEqual({
      payoutId: toId('payout', payout.id),
      plan: 'new_attempt',
      attemptNo: 2,
      providerKey: after.attempt.providerKey,
    });
    expect(after.payout).toMatchObject({
      status: 'queued',
      version: payout.version + 1,
      attemptCount: 2,
      failureCode: null,
      lastRetriedBy: ops.id,
    });
    expect(after.attempt).toMatchObject({ no: 2, status: 'ready', previousId: attempt.id, requestedBy: ops.label });
    expect(after.attempt.providerKey).not.toBe(attempt.providerKey);
    expect(after.attempt.proof).toMatchObject({
      code: 'rejected_retryable',
      attempt: { id: attempt.id, code: 'insufficient_funds' },
    });
    expect(await jobsOf(database, after.attempt.id)).toMatchObject([{ task: 'payout.send' }]);
    expect(await walletMinor(database, party.id)).toBe(99_987_500n);
    expect(await entriesOf(database, payout.id)).toEqual(['payout_requested', 'payout_failed', 'payout_requeued']);
    expect((await timelineOf(database, payout.id)).at(-1)).toMatchObject({
      kind: 'retry_requested',
      from: 'failed',
      to: 'queued',
    });
    expect((await auditRows(database, payout.id)).at(-1)).toMatchObject({
      act: 'payout.retried',
      outcome: 'done',
      actor_id: ops.id,
      before: { status: 'failed', attempt: 1 },
      after: { plan: 'new_attempt', attempt: 2, proof: { keyAgeMs: HOUR_MS } },
    });
  });

  test('a lost answer within the window: the same attempt, the same key, and its checks begin anew', async () => {
    const { payout, attempt } = await payoutIn(database, 'unconfirmed', { at: ago(HOUR_MS) });
    const answer = { kind: 'no_answer', reason: 'timeout' };
    await act(database, recordProviderAnswer, { attemptId: attempt.id, askedAt: ago(0), answer });
    expect((await reread(database, payout.id)).attempt.checkCount).toBe(1);
    const { result } = await retry(payout);
    expect(result).toMatchObject({ plan: 'resend_same_key', attemptNo: 1, providerKey: attempt.providerKey });
    const after = await reread(database, payout.id);
    expect(after.attempt).toMatchObject({
      id: attempt.id,
      status: 'ready',
      checkCount: 0,
      providerKey: attempt.providerKey,
    });
    expect(after.payout.status).toBe('unconfirmed');
    expect(await attemptsOf(database, payout.id)).toHaveLength(1);
    expect((await jobsOf(database, attempt.id)).map((job) => job.task)).toContain('payout.send');
  });

  test('bug class: retry after the provider forgot the key: it asks and sends nothing', async () => {
    const { payout, attempt } = await payoutIn(database, 'unconfirmed', { at: ago(DAY_MS) });
    await loseJobs(database);
    const { result } = await retry(payout);
    expect(result.plan).toBe('ask_provider');
    expect((await jobsOf(database, attempt.id)).map((job) => job.task)).toEqual(['payout.check']);
    const after = await reread(database, payout.id);
    expect(after.attempt).toMatchObject({ status: 'unknown', sendCount: 1 });
    expect(await attemptsOf(database, payout.id)).toHaveLength(1);
  });

  test('an attempt that never left is given to the worker again under its own key', async () => {
    const { payout, attempt } = await payoutIn(database, 'queued', { at: ago(HOUR_MS) });
    await loseJobs(database);
    const { result } = await retry(payout);
    expect(result).toMatchObject({ plan: 'send', attemptNo: 1, providerKey: attempt.providerKey });
    expect(await jobsOf(database, attempt.id)).toMatchObject([{ task: 'payout.send' }]);
    expect(await attemptsOf(database, payout.id)).toHaveLength(1);
  });
});

describe('refused, and nothing changes', () => {
  const refuses = async (payout: Payout, code: string, actor: Actor = ops) => {
    const before = await footprint(database);
    expect(await refusalOf(retry(payout, callBy(actor)))).toBe(code);
    expect(await footprint(database)).toEqual(before);
    expect((await auditRows(database, payout.id)).at(-1)).toMatchObject({
      act: 'payout.retried',
      outcome: 'refused',
      refusal_code: code,
    });
  };

  test.each([
    ['in_transit', 'money_is_moving'],
    ['paid', 'already_paid'],
    ['returned', 'returned_undecided'],
    ['held', 'payout_held'],
    ['canceled', 'payout_canceled'],
  ] as const)('%s: %s', async (status, code) => {
    await refuses((await payoutIn(database, status, { at: ago(HOUR_MS) })).payout, code);
  });

  test('just queued: the first send is still to be expected', async () => {
    await refuses((await payoutIn(database, 'queued')).payout, 'retry_in_flight');
  });

  test('on the wire', async () => {
    await refuses((await payoutIn(database, 'sending')).payout, 'retry_in_flight');
  });

  test('a terminal code', async () => {
    const { payout } = await payoutIn(database, 'failed', { at: ago(HOUR_MS), code: 'account_closed' });
    await refuses(payout, 'terminal_code');
  });

  test('an override is open', async () => {
    const { payout } = await payoutIn(database, 'failed', { at: ago(HOUR_MS) });
    await openOverride(database, payout);
    await refuses(payout, 'override_open');
  });

  test('payouts are paused', async () => {
    const { payout } = await payoutIn(database, 'failed', { at: ago(HOUR_MS) });
    await setPayoutsOn(database, false);
    try {
      await refuses(payout, 'payouts_paused');
    } finally {
      await setPayoutsOn(database, true);
    }
  });

  test('the wallet was emptied meanwhile', async () => {
    const party = await fundedParty(database, { EUR: 12_500n });
    const { payout } = await payoutIn(database, 'failed', { party: party.reference, at: ago(HOUR_MS) });
    await payoutIn(database, 'queued', { party: party.reference });
    await refuses(payout, 'insufficient_balance');
  });

  test('the payout changed since the person saw it', async () => {
    const { payout } = await payoutIn(database, 'failed', { at: ago(HOUR_MS) });
    await refuses({ ...payout, version: payout.version - 1 }, 'version_conflict');
  });

  test('there is no such payout; the id is no id', async () => {
    const payoutId = 'po_01kfh1v9c5fr0s2ph9b4w2zq6n';
    expect(await refusalOf(act(database, retryPayout, { payoutId, version: 1 }, { actor: ops }))).toBe('not_found');
    expect(await refusalOf(act(database, retryPayout, { payoutId: 'x', version: 1 }, { actor: ops }))).toBe(
      'malformed',
    );
  });

  test('forbidden: viewers, approvers, admins, machines and jobs', async () => {
    const { payout } = await payoutIn(database, 'failed', { at: ago(HOUR_MS) });
    const people = [
      await person(database, 'viewer'),
      await person(database, 'approver', 'finance'),
      await person(database, 'admin'),
    ];
    for (const actor of [...people, MACHINE, JOB]) await refuses(payout, 'permission_missing', actor);
  });
});

test('assigning it meanwhile is no change: the retry goes through', async () => {
  const { payout } = await payoutIn(database, 'failed', { at: ago(HOUR_MS) });
  await act(
    database,
    assignPayout,
    { payoutId: toId('payout', payout.id), assigneeId: toId('person', ops.id) },
    { actor: ops },
  );
  expect((await retry(payout)).result.plan).toBe('new_attempt');
});

test('replayed: the same key again answers the same and mints nothing', async () => {
  const { payout } = await payoutIn(database, 'failed', { at: ago(HOUR_MS) });
  const call = callBy(ops);
  const first = await retry(payout, call);
  expect(await retry(payout, call)).toEqual({ result: first.result, replayed: true });
  expect(await attemptsOf(database, payout.id)).toHaveLength(2);
});

test('raced: two operators with keys of their own make exactly one new attempt', async () => {
  const other = await person(database, 'ops');
  for (let round = 0; round < 5; round += 1) {
    const { payout } = await payoutIn(database, 'failed', { at: ago(HOUR_MS) });
    const codes = await Promise.all([refusalOf(retry(payout)), refusalOf(retry(payout, callBy(other)))]);
    expect(codes.sort()).toEqual([null, 'version_conflict'].sort());
    expect(await attemptsOf(database, payout.id)).toEqual([
      { no: 1, status: 'rejected' },
      { no: 2, status: 'ready' },
    ]);
  }
});

test('raced: a double click with one key is one retry', async () => {
  const { payout } = await payoutIn(database, 'failed', { at: ago(HOUR_MS) });
  const call = callBy(ops);
  const codes = await Promise.all([refusalOf(retry(payout, call)), refusalOf(retry(payout, call))]);
  expect(codes.every((code) => code === null || code === 'idempotency_key_in_flight')).toBe(true);
  expect(codes).toContain(null);
  expect(await attemptsOf(database, payout.id)).toHaveLength(2);
});

test('raced: a retry and a webhook on one payout are taken one after the other', async () => {
  for (let round = 0; round < 5; round += 1) {
    const { payout, attempt } = await payoutIn(database, 'unconfirmed', { at: ago(HOUR_MS) });
    const event = providerEvent({ attempt }, 'paid', { providerPayoutId: `po_${attempt.id}` });
    const [code] = await Promise.all([refusalOf(retry(payout)), act(database, recordProviderEvent, event)]);
    expect([null, 'version_conflict']).toContain(code);
    const after = await reread(database, payout.id);
    expect(after.payout.status).toBe('paid');
    expect(after.attempt).toMatchObject({ no: 1, status: 'paid' });
    // The send that a retry may have queued finds the attempt paid, and calls nobody.
    expect(await act(database, startSend, { attemptId: attempt.id })).toEqual({ step: 'skip', why: 'attempt_paid' });
  }
});

describe('bug class: unknown + new attempt + late success', () => {
  /** Attempt 1 answered nothing, was provably absent after a day, and attempt 2 waits in the queue. */
  const twice = async (party: string) => {
    const { payout, attempt } = await payoutIn(database, 'unconfirmed', { party, at: ago(DAY_MS + HOUR_MS) });
    await act(database, recordProviderAnswer, {
      attemptId: attempt.id,
      askedAt: ago(0),
      answer: { kind: 'absent', scanned: 12 },
    });
    const second = await reread(database, payout.id);
    expect(second.attempt).toMatchObject({ no: 2, status: 'ready' });
    await loseJobs(database);
    return { first: attempt, second };
  };
  const success = (first: Parameters<typeof providerEvent>[0]['attempt'], status = 'paid') =>
    providerEvent({ attempt: first }, status, { providerPayoutId: `po_${first.id}` });

  test('before attempt 2 left: it is stopped, the payout is held, and no retry is ever safe again', async () => {
    const party = await fundedParty(database);
    const { first, second } = await twice(party.reference);
    expect(await act(database, recordProviderEvent, success(first))).toEqual({ outcome: 'conflict' });
    const after = await reread(database, second.payout.id);
    expect(after.payout).toMatchObject({ status: 'held', holdReason: 'provider_conflict' });
    expect(await attemptsOf(database, after.payout.id)).toEqual([
      { no: 1, status: 'paid' },
      { no: 2, status: 'canceled' },
    ]);
    expect(await act(database, startSend, { attemptId: second.attempt.id })).toMatchObject({ step: 'skip' });
    // Even if somebody releases the hold: an earlier attempt has moved the money.
    await database.owner.query(`UPDATE payout SET status = 'queued' WHERE id = $1`, [after.payout.id]);
    expect(await refusalOf(retry(after.payout))).toBe('already_paid');
    expect(await walletMinor(database, party.id)).toBe(99_987_500n);
  });

  test('while attempt 2 is on the wire: attempt 2 keeps its own course, the success is kept as a conflict and asked about', async () => {
    const party = await fundedParty(database);
    const { first, second } = await twice(party.reference);
    await act(database, startSend, { attemptId: second.attempt.id });
    expect(await act(database, recordProviderEvent, success(first, 'in_transit'))).toEqual({ outcome: 'conflict' });
    expect((await reread(database, second.payout.id)).payout.status).toBe('sending');
    expect(await jobsOf(database, first.id)).toMatchObject([{ task: 'payout.check' }]);
    // Its answer is lost: it is neither sent again nor followed by a third, though the provider never saw it.
    const outcome = { kind: 'unknown', reason: 'timeout', message: '' };
    await act(database, recordSendOutcome, { attemptId: second.attempt.id, outcome });
    const lost = await reread(database, second.payout.id);
    expect(await refusalOf(retry(lost.payout))).toBe('already_paid');
    await act(
      database,
      recordProviderAnswer,
      { attemptId: second.attempt.id, askedAt: ago(-HOUR_MS), answer: { kind: 'absent', scanned: 3 } },
      { now: ago(-HOUR_MS) },
    );
    expect(await attemptsOf(database, second.payout.id)).toEqual([
      { no: 1, status: 'paid' },
      { no: 2, status: 'unknown' },
    ]);
  });

  test('a late failure of attempt 1 never fails attempt 2', async () => {
    const party = await fundedParty(database);
    const { first, second } = await twice(party.reference);
    await act(database, startSend, { attemptId: second.attempt.id });
    expect(await act(database, recordProviderEvent, success(first, 'failed'))).toEqual({ outcome: 'stale' });
    expect((await reread(database, second.payout.id)).payout.status).toBe('sending');
    expect(await walletMinor(database, party.id)).toBe(99_987_500n);
  });

  test('when the provider says later that attempt 1 came to nothing, its attempt is settled and the payout may be released', async () => {
    const party = await fundedParty(database);
    const { first, second } = await twice(party.reference);
    await act(database, recordProviderEvent, success(first, 'in_transit'));
    const late = { ...success(first, 'failed'), code: 'no_account', occurredAt: ago(-HOUR_MS) };
    expect(await act(database, recordProviderEvent, late)).toEqual({ outcome: 'applied' });
    expect(await attemptsOf(database, second.payout.id)).toEqual([
      { no: 1, status: 'rejected' },
      { no: 2, status: 'canceled' },
    ]);
  });
});
