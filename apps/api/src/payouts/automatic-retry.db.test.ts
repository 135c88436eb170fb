import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  SECRET_KEY,
  startTestSandbox,
  type TestSandbox,
  WEBHOOK_SECRET,
} from '../../../psp-sandbox/testing/test-sandbox.ts';
import type { Actor } from '../core/actor.ts';
import { toId } from '../core/ids.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../core/time.ts';
import type { PspConnector } from '../psp/connector.ts';
import { createStripeConnector } from '../psp/stripe/stripe-connector.ts';
import { openLog } from '../runtime/log.ts';
import { NOW, person } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { auditRows } from '../testing/expect-audit.ts';
import {
  act,
  attemptsOf,
  cancel,
  footprint,
  fundedParty,
  holdOn,
  jobsOf,
  loseJobs,
  openOverride,
  payoutIn,
  providerEvent,
  refusalOf,
  reread,
  type Sample,
  setPayoutsOn,
  timelineOf,
} from '../testing/factories.ts';
import { leaveRetry } from './leave-retry.ts';
import { payoutTasks } from './payouts.tasks.ts';
import { recordProviderAnswer } from './record-provider-answer.ts';
import { recordProviderEvent } from './record-provider-event.ts';
import { retryPayout } from './retry-payout.ts';
import { AUTOMATIC_ATTEMPTS, jitterOf, nextRetry } from './retry-schedule.ts';
import { stuckOf } from './stuck.ts';

/** The real sandbox over real HTTP through the real connector; only the clock is ours. */
let database: TestDatabase;
let sandbox: TestSandbox;
let stripe: PspConnector;
let party: string;
let ops: Extract<Actor, { kind: 'person' }>;
let now = NOW;
const later = (ms: number) => {
  now = new Date(now.getTime() + ms);
};
const connectorTo = (baseUrl: string) =>
  createStripeConnector({
    secretKey: SECRET_KEY,
    webhookSecret: WEBHOOK_SECRET,
    baseUrl,
    timeoutMs: 300,
    allowLive: false,
  });

beforeAll(async () => {
  database = await testDatabase();
  sandbox = await startTestSandbox({ realNow: () => now.getTime() });
  stripe = connectorTo(sandbox.url);
  party = (await fundedParty(database, { EUR: 10_000_000_000n })).reference;
  ops = await person(database, 'ops');
});
afterAll(async () => {
  await sandbox.stop();
  await database.close();
});
beforeEach(() => loseJobs(database));

const log = openLog('test', 'silent');
const tasks = (connector: PspConnector = stripe) =>
  payoutTasks({ db: database.db, clock: () => now, connectors: { stripe: connector }, log });
const send = ({ attempt }: Pick<Sample, 'attempt'>, connector?: PspConnector) =>
  tasks(connector)['payout.send']({ attemptId: attempt.id });
const runRetry = ({ payout, attempt }: Sample) =>
  tasks()['payout.retry']({ payoutId: payout.id, attemptId: attempt.id });
const again = ({ payout }: Pick<Sample, 'payout'>) => reread(database, payout.id);
const failed = (over: Parameters<typeof payoutIn>[2] = {}) => payoutIn(database, 'failed', { party, at: now, ...over });
const debits = async ({ payout }: Pick<Sample, 'payout'>) => {
  const { movements } = await sandbox.books(`?payout_id=${toId('payout', payout.id)}`);
  return movements.filter(({ direction }) => direction === 'out');
};
const retryJobs = async ({ attempt }: Pick<Sample, 'attempt'>) =>
  (await jobsOf(database, attempt.id)).filter(({ task }) => task === 'payout.retry');

describe('scheduled', () => {
  test('by a refusal whose cause passes: the time on the attempt, a job, a line on the timeline', async () => {
    const queued = await payoutIn(database, 'queued', { party, at: now, body: { amount_minor: '666007' } });
    await send(queued);
    const sample = await again(queued);
    const at = nextRetry(1, now, jitterOf(sample.attempt.id));
    expect(sample.payout).toMatchObject({ status: 'failed', failureCode: 'balance_insufficient' });
    expect(sample.attempt).toMatchObject({ status: 'rejected', nextRetryAt: at });
    expect(await retryJobs(sample)).toMatchObject([
      { runAt: at, payload: { payoutId: sample.payout.id, attemptId: sample.attempt.id } },
    ]);
    expect((await timelineOf(database, sample.payout.id)).slice(-2)).toMatchObject([
      { kind: 'rejected', to: 'failed' },
      { kind: 'retry_scheduled', data: { attemptNo: 2, of: AUTOMATIC_ATTEMPTS, nextRetryAt: at?.toISOString() } },
    ]);
  });

  test('by a connection that never reached the provider', async () => {
    const queued = await payoutIn(database, 'queued', { party, at: now });
    expect(await send(queued, connectorTo('http://127.0.0.1:1'))).toMatchObject({ outcome: 'not_sent' });
    const sample = await again(queued);
    expect(sample.payout.status).toBe('failed');
    expect(await retryJobs(sample)).toHaveLength(1);
  });

  test('by an event: accepted, then failed for a cause that passes', async () => {
    const sample = await payoutIn(database, 'in_transit', { party, at: now });
    await act(database, recordProviderEvent, providerEvent(sample, 'failed', { at: now, code: 'could_not_process' }), {
      now,
    });
    expect(await retryJobs(await again(sample))).toHaveLength(1);
  });

  test('by an answer: asked, and it had failed for a cause that passes', async () => {
    const sample = await payoutIn(database, 'unconfirmed', { party, at: now });
    const answer = { kind: 'found', providerPayoutId: `po_${sample.attempt.id}`, status: 'failed' };
    const input = { attemptId: sample.attempt.id, askedAt: now, answer: { ...answer, code: 'insufficient_funds' } };
    await act(database, recordProviderAnswer, input, { now });
    expect(await retryJobs(await again(sample))).toHaveLength(1);
    expect((await timelineOf(database, sample.payout.id)).slice(-2).map((line) => line.kind)).toEqual([
      'healed',
      'retry_scheduled',
    ]);
  });

  test('never by a code that needs a person, by an event of one, or by an answer that was lost', async () => {
    for (const sample of [
      await failed({ code: 'account_closed' }),
      await failed({ code: 'next_years_code' }),
      await payoutIn(database, 'unconfirmed', { party, at: now }),
      await payoutIn(database, 'returned', { party, at: now }),
    ]) {
      expect(sample.attempt.nextRetryAt).toBeNull();
      expect(await retryJobs(sample)).toEqual([]);
    }
  });

  test('the badge says so: it is retried by itself at that time, unless payouts are off or a hold stands', async () => {
    const { payout, attempt } = await failed();
    const at = new Date(now.getTime() + 9 * HOUR_MS);
    const waiting = { ...attempt, nextRetryAt: new Date(at.getTime() + MINUTE_MS) };
    expect(stuckOf(payout, waiting, at)).toMatchObject({ next: 'retrying_at', nextAt: waiting.nextRetryAt });
    expect(stuckOf(payout, waiting, at, { payoutsOn: false, hold: null, earlierMoved: false })).toMatchObject({
      next: 'resume_payouts',
    });
    const hold = { scope: 'rail' as const, reason: 'odd', placedBy: 'Ada' };
    expect(stuckOf(payout, waiting, at, { payoutsOn: true, hold, earlierMoved: false })).toMatchObject({
      next: 'release_hold',
    });
    expect(stuckOf(payout, { ...attempt, nextRetryAt: null }, at)).toMatchObject({ next: 'retry', nextAt: null });
  });
});

describe('done', () => {
  test('a new attempt with a new key, by the job and marked so, and the payout is paid once', async () => {
    const queued = await payoutIn(database, 'queued', { party, at: now, body: { amount_minor: '666007' } });
    await send(queued);
    const first = await again(queued);
    later(MINUTE_MS);
    expect(await runRetry(first)).toMatchObject({ step: 'retried', plan: 'new_attempt', attemptNo: 2 });
    const second = await again(queued);
    expect(second.payout).toMatchObject({ status: 'queued', failureCode: null, lastRetriedBy: null });
    expect(second.attempt).toMatchObject({
      no: 2,
      status: 'ready',
      automatic: true,
      previousId: first.attempt.id,
      requestedBy: 'payout.retry',
      proof: { code: 'rejected_retryable', attempt: { id: first.attempt.id, code: 'balance_insufficient' } },
    });
    expect((await timelineOf(database, first.payout.id)).at(-1)).toMatchObject({ kind: 'retry_requested' });
    expect((await auditRows(database, first.payout.id)).at(-1)).toMatchObject({
      act: 'payout.retried',
      outcome: 'done',
      actor_id: 'payout.retry',
      after: { automatic: true, attempt: 2 },
    });
    expect(await send(second)).toMatchObject({ outcome: 'accepted' });
    expect(await debits(first)).toMatchObject([{ provider_key: second.attempt.providerKey }]);
  });

  test('bounded: after five attempts it is stuck and a person’s, and a person’s retry still works', async () => {
    const queued = await payoutIn(database, 'queued', { party, at: now, body: { amount_minor: '666001' } });
    for (let no = 1; no <= AUTOMATIC_ATTEMPTS; no += 1) {
      const sample = await again(queued);
      expect(sample.attempt.no).toBe(no);
      await send(sample);
      const after = await again(queued);
      expect(after.payout.status).toBe('failed');
      expect(after.attempt.nextRetryAt !== null).toBe(no < AUTOMATIC_ATTEMPTS);
      later(HOUR_MS);
      if (no < AUTOMATIC_ATTEMPTS) await runRetry(after);
    }
    const last = await again(queued);
    expect(await retryJobs(last)).toEqual([]);
    expect(await runRetry(last)).toEqual({ step: 'skip', why: 'no_longer_scheduled' });
    later(DAY_MS);
    expect(stuckOf(last.payout, last.attempt, now)).toMatchObject({ level: 'stuck', next: 'retry' });
    const input = { payoutId: toId('payout', last.payout.id), version: last.payout.version };
    expect(await act(database, retryPayout, input, { actor: ops, now })).toMatchObject({ attemptNo: 6 });
    await send(await again(queued));
    expect((await again(queued)).attempt.nextRetryAt).toBeNull();
  });
});

describe('nothing to do, and nothing is written', () => {
  const nothing = async (sample: Sample) => {
    const before = await footprint(database);
    const audited = await auditRows(database, sample.payout.id);
    expect(await runRetry(sample)).toEqual({ step: 'skip', why: 'no_longer_scheduled' });
    expect(await footprint(database)).toEqual(before);
    expect(await auditRows(database, sample.payout.id)).toEqual(audited);
  };

  test('a person retried it first', async () => {
    const sample = await failed();
    const input = { payoutId: toId('payout', sample.payout.id), version: sample.payout.version };
    await act(database, retryPayout, input, { actor: ops, now });
    await nothing(sample);
    // Also when that attempt has failed in the meantime: it has a schedule of its own.
    const second = await again(sample);
    await send(second, connectorTo('http://127.0.0.1:1'));
    await nothing(sample);
    expect((await attemptsOf(database, sample.payout.id)).map(({ no }) => no)).toEqual([1, 2]);
  });

  test('it was canceled', async () => {
    const sample = await failed();
    await cancel(database, sample.payout.id, now);
    await nothing(sample);
  });

  test('the job again, after it was done', async () => {
    const sample = await failed();
    await runRetry(sample);
    await nothing(sample);
  });
});

describe('refused: audited, told on the timeline, and never a failed job', () => {
  const refuses = async (sample: Sample, code: string, kind: 'retry_waits' | 'retry_left') => {
    expect(await runRetry(sample)).toEqual({ step: 'refused', code, left: true });
    const after = await again(sample);
    expect(after.payout.status).toBe('failed');
    expect(after.attempt.no).toBe(sample.attempt.no);
    expect(after.attempt.nextRetryAt !== null).toBe(kind === 'retry_waits');
    expect((await timelineOf(database, sample.payout.id)).at(-1)).toMatchObject({ kind, data: { code } });
    expect((await auditRows(database, sample.payout.id)).slice(-2)).toMatchObject([
      { act: 'payout.retried', outcome: 'refused', refusal_code: code },
      { act: 'payout.retry_left', outcome: 'done', after: { code, waits: kind === 'retry_waits' } },
    ]);
  };

  test('payouts are off: it waits', async () => {
    const sample = await failed();
    await setPayoutsOn(database, false);
    try {
      await refuses(sample, 'payouts_paused', 'retry_waits');
    } finally {
      await setPayoutsOn(database, true);
    }
    expect(await runRetry(sample)).toMatchObject({ step: 'retried' });
  });

  test('a hold stands on its merchant: it waits', async () => {
    const owner = await fundedParty(database);
    const sample = await failed({ party: owner.reference });
    await holdOn(database, 'merchant', owner.id);
    await refuses(sample, 'scope_held', 'retry_waits');
  });

  test('an override is asked for: it waits for what the people decide', async () => {
    const sample = await failed();
    await openOverride(database, sample.payout);
    await refuses(sample, 'override_open', 'retry_waits');
  });

  test('the wallet was emptied meanwhile: it is a person’s', async () => {
    const owner = await fundedParty(database, { EUR: 12_500n });
    const sample = await failed({ party: owner.reference });
    await payoutIn(database, 'queued', { party: owner.reference, at: now });
    await refuses(sample, 'insufficient_balance', 'retry_left');
  });

  test('the provider says meanwhile that it was paid after all: never sent again', async () => {
    const sample = await failed();
    const event = providerEvent(sample, 'paid', { at: new Date(now.getTime() + 1), providerPayoutId: 'po_after_all' });
    await act(database, recordProviderEvent, event, { now });
    await refuses(await again(sample), 'already_paid', 'retry_left');
  });

  test('when somebody retries between the refusal and its note, nothing is left', async () => {
    const sample = await failed();
    await runRetry(sample);
    const input = { payoutId: sample.payout.id, attemptId: sample.attempt.id, code: 'payouts_paused' };
    const before = await footprint(database);
    expect(await act(database, leaveRetry, input, { now })).toEqual({ left: false });
    expect(await footprint(database)).toEqual(before);
  });
});

test('forbidden: a person names no attempt, a job gives no version, and only jobs leave a retry', async () => {
  const { payout, attempt } = await failed();
  const payoutId = toId('payout', payout.id);
  const automatic = { payoutId, automatic: { attemptId: attempt.id } };
  expect(await refusalOf(act(database, retryPayout, automatic, { actor: ops }))).toBe('permission_missing');
  expect(await refusalOf(act(database, retryPayout, { payoutId, version: payout.version }))).toBe('permission_missing');
  expect(await refusalOf(act(database, retryPayout, { payoutId }, { actor: ops }))).toBe('malformed');
  const both = { ...automatic, version: payout.version };
  expect(await refusalOf(act(database, retryPayout, both, { actor: ops }))).toBe('malformed');
  const left = { payoutId: payout.id, attemptId: attempt.id, code: 'terminal_code' };
  expect(await refusalOf(act(database, leaveRetry, left, { actor: ops }))).toBe('permission_missing');
});

test('raced: two workers, and a person at the same time, make exactly one new attempt', async () => {
  for (let round = 0; round < 5; round += 1) {
    const sample = await failed();
    const input = { payoutId: toId('payout', sample.payout.id), version: sample.payout.version };
    const [, , code] = await Promise.all([
      runRetry(sample),
      runRetry(sample),
      refusalOf(act(database, retryPayout, input, { actor: ops, now })),
    ]);
    expect([null, 'version_conflict']).toContain(code);
    expect(await attemptsOf(database, sample.payout.id)).toEqual([
      { no: 1, status: 'rejected' },
      { no: 2, status: 'ready' },
    ]);
  }
});

describe('a test build that breaks the rule on purpose', () => {
  const breaking = () =>
    payoutTasks({
      db: database.db,
      clock: () => now,
      connectors: { stripe },
      log,
      unsafe: 'unknown_mints_new_attempt',
    });

  test('pays twice, so that a checker of the provider’s books can be shown to see it', async () => {
    const sample = await payoutIn(database, 'queued', { party, at: now, body: { amount_minor: '666026' } });
    const result = await breaking()['payout.send']({ attemptId: sample.attempt.id });
    expect(result).toMatchObject({ unsafe: { step: 'retried', attemptNo: 2 } });
    await breaking()['payout.send']({ attemptId: (await again(sample)).attempt.id });
    expect(await debits(sample)).toHaveLength(2);
  });

  test('and the same payout without it: paid once', async () => {
    const sample = await payoutIn(database, 'queued', { party, at: now, body: { amount_minor: '666026' } });
    expect(await send(sample)).toMatchObject({ outcome: 'unknown' });
    expect((await again(sample)).payout.status).toBe('unconfirmed');
    expect(await debits(sample)).toHaveLength(1);
  });
});
