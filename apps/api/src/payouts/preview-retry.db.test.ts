import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  SECRET_KEY,
  startTestSandbox,
  type TestSandbox,
  WEBHOOK_SECRET,
} from '../../../psp-sandbox/testing/test-sandbox.ts';
import type { Actor } from '../core/actor.ts';
import { newUuid, toId } from '../core/ids.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../core/time.ts';
import type { PayoutQuestion, PspConnector } from '../psp/connector.ts';
import { createStripeConnector } from '../psp/stripe/stripe-connector.ts';
import { openLog } from '../runtime/log.ts';
import type { Looking } from '../runtime/trpc.ts';
import { callBy, JOB, NOW, person } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { auditRows } from '../testing/expect-audit.ts';
import {
  act,
  attemptsOf,
  footprint,
  fundedParty,
  jobsOf,
  loseJobs,
  payoutIn,
  refusalOf,
  reread,
  type Sample,
  timelineOf,
} from '../testing/factories.ts';
import { payoutsRouter } from './payouts.router.ts';
import { payoutTasks } from './payouts.tasks.ts';
import { previewRetry } from './preview-retry.tasks.ts';
import { recordLook } from './record-look.ts';
import { retryPayout } from './retry-payout.ts';

type Person = Extract<Actor, { kind: 'person' }>;

/** The real sandbox over real HTTP through the real connector; only the clock is ours. */
let database: TestDatabase;
let sandbox: TestSandbox;
let stripe: PspConnector;
let party: string;
let ops: Person;
let now = NOW;
const later = (ms: number) => {
  now = new Date(now.getTime() + ms);
};
const log = openLog('test', 'silent');

beforeAll(async () => {
  database = await testDatabase();
  sandbox = await startTestSandbox({ realNow: () => now.getTime() });
  stripe = createStripeConnector({
    secretKey: SECRET_KEY,
    webhookSecret: WEBHOOK_SECRET,
    baseUrl: sandbox.url,
    timeoutMs: 300,
    allowLive: false,
  });
  party = (await fundedParty(database, { EUR: 10_000_000_000n })).reference;
  ops = await person(database, 'ops');
});
afterAll(async () => {
  await sandbox.stop();
  await database.close();
});
beforeEach(() => loseJobs(database));

/** The connector, and how often it was asked. */
const counting = (connector: PspConnector = stripe) => {
  const asked: PayoutQuestion[] = [];
  const findPayout = (question: PayoutQuestion) => {
    asked.push(question);
    return connector.findPayout(question);
  };
  return { asked, connector: { ...connector, findPayout } };
};
const looking = (connector: PspConnector | null = stripe, actor: Person = ops): Looking => ({
  db: database.db,
  actor,
  clock: () => now,
  request: callBy(actor).request,
  connectors: connector ? { stripe: connector } : {},
});
const preview = ({ payout }: Pick<Sample, 'payout'>, connector?: PspConnector | null, timeoutMs?: number) =>
  previewRetry(looking(connector), payout.id, timeoutMs);
const send = async (body: Record<string, unknown>) => {
  const sample = await payoutIn(database, 'queued', { party, at: now, body });
  const tasks = payoutTasks({ db: database.db, clock: () => now, connectors: { stripe }, log });
  await tasks['payout.send']({ attemptId: sample.attempt.id });
  await loseJobs(database);
  return reread(database, sample.payout.id);
};
const retry = ({ payout }: Pick<Sample, 'payout'>) =>
  act(database, retryPayout, { payoutId: toId('payout', payout.id), version: payout.version }, { actor: ops, now });
/** A provider that takes the question and never answers. */
const hanging: Pick<PspConnector, 'findPayout'> = { findPayout: () => new Promise(() => undefined) };

describe('asks now, and decides by the answer', () => {
  test('found: adopted there and then, and said on the timeline', async () => {
    const sample = await send({ amount_minor: '666026' });
    expect(sample.payout.status).toBe('unconfirmed');
    const seen = await preview(sample);
    const after = await reread(database, sample.payout.id);
    expect(after.payout.status).toBe('in_transit');
    expect(seen).toMatchObject({
      askedNow: true,
      healed: true,
      verdict: 'unsafe',
      code: 'money_is_moving',
      plan: null,
      version: after.payout.version,
      row: { id: toId('payout', sample.payout.id), status: 'in_transit' },
      proof: { attempt: { id: toId('attempt', sample.attempt.id) }, asked: { answer: { kind: 'found' } } },
    });
    expect((await timelineOf(database, sample.payout.id)).at(-1)).toMatchObject({ kind: 'healed', to: 'in_transit' });
    expect((await auditRows(database, sample.payout.id)).at(-1)).toMatchObject({
      act: 'payout.answer_recorded',
      actor_id: ops.id,
      after: { status: 'in_transit', answer: { kind: 'found' } },
    });
  });

  test('absent within the window: kept as proof, nothing is sent or minted, and the same key stays the plan', async () => {
    const sample = await send({ amount_minor: '666025' });
    later(MINUTE_MS);
    const seen = await preview(sample);
    expect(seen).toMatchObject({ askedNow: true, healed: false, verdict: 'safe', plan: 'resend_same_key' });
    expect(seen.proof.asked).toMatchObject({ at: now.toISOString(), answer: { kind: 'absent' } });
    const after = await reread(database, sample.payout.id);
    expect(after.payout).toMatchObject({ status: 'unconfirmed', version: sample.payout.version });
    expect(after.attempt).toMatchObject({
      status: 'unknown',
      lastAskedAt: now,
      lastAnswer: { kind: 'absent' },
      checkCount: sample.attempt.checkCount,
      nextCheckAt: sample.attempt.nextCheckAt,
    });
    expect(await jobsOf(database, sample.attempt.id)).toEqual([]);
    expect((await timelineOf(database, sample.payout.id)).at(-1)).toMatchObject({
      kind: 'asked',
      data: { answer: 'absent' },
    });
  });

  test('absent after the window: proof enough for a new attempt, which closes the old one under the lock', async () => {
    const sample = await send({ amount_minor: '666025' });
    later(DAY_MS);
    const seen = await preview(sample);
    expect(seen).toMatchObject({ verdict: 'safe', code: 'provider_never_saw', plan: 'new_attempt', next: 'retry' });
    expect(await attemptsOf(database, sample.payout.id)).toEqual([{ no: 1, status: 'unknown' }]);
    later(MINUTE_MS);
    expect(await retry(sample)).toMatchObject({ plan: 'new_attempt', attemptNo: 2 });
    const after = await reread(database, sample.payout.id);
    expect(after.payout.status).toBe('queued');
    expect(after.attempt).toMatchObject({
      no: 2,
      status: 'ready',
      automatic: false,
      previousId: sample.attempt.id,
      proof: { code: 'provider_never_saw', asked: { at: seen.proof.asked?.at, answer: { kind: 'absent' } } },
    });
    expect(await attemptsOf(database, sample.payout.id)).toEqual([
      { no: 1, status: 'absent' },
      { no: 2, status: 'ready' },
    ]);
    // The first attempt's own jobs find it closed.
    const tasks = payoutTasks({ db: database.db, clock: () => now, connectors: { stripe }, log });
    expect(await tasks['payout.send']({ attemptId: sample.attempt.id })).toMatchObject({ step: 'skip' });
    // This fault loses the first request of every key: the second attempt needs its key twice, too.
    expect(await tasks['payout.send']({ attemptId: after.attempt.id })).toMatchObject({ outcome: 'unknown' });
    later(MINUTE_MS);
    await retry(await reread(database, sample.payout.id));
    expect(await tasks['payout.send']({ attemptId: after.attempt.id })).toMatchObject({ outcome: 'accepted' });
    const { movements } = await sandbox.books(`?payout_id=${toId('payout', sample.payout.id)}`);
    expect(movements).toHaveLength(1);
  });

  test('and confirmed too late: the absence is old, so the provider is asked again before anything is sent', async () => {
    const sample = await send({ amount_minor: '666025' });
    later(DAY_MS);
    expect((await preview(sample)).plan).toBe('new_attempt');
    later(2 * MINUTE_MS + 1);
    expect(await retry(sample)).toMatchObject({ plan: 'ask_provider', attemptNo: 1 });
    expect((await jobsOf(database, sample.attempt.id)).map(({ task }) => task)).toEqual(['payout.check']);
  });

  test('lost on the wire a day ago: told as lost first, then a new attempt', async () => {
    const sample = await payoutIn(database, 'sending', { party, at: now });
    later(DAY_MS);
    expect((await preview(sample)).plan).toBe('new_attempt');
    await retry(sample);
    expect((await timelineOf(database, sample.payout.id)).slice(-2)).toMatchObject([
      { kind: 'answer_lost', from: 'sending', to: 'unconfirmed' },
      { kind: 'retry_requested', from: 'unconfirmed', to: 'queued' },
    ]);
  });

  test('never sent: there is nothing to ask about', async () => {
    const sample = await payoutIn(database, 'queued', { party, at: now });
    const { asked, connector } = counting();
    const before = await footprint(database);
    expect(await preview(sample, connector)).toMatchObject({ askedNow: false, healed: false, verdict: 'blocked' });
    expect(asked).toEqual([]);
    expect(await footprint(database)).toEqual(before);
  });
});

describe('no answer holds nothing up, and proves nothing', () => {
  test.each([
    ['a provider that hangs', { ...hanging }],
    ['one that fails in a way nobody thought of', { findPayout: () => Promise.reject(new Error('no such host')) }],
  ])('%s', async (_, broken) => {
    const sample = await send({ amount_minor: '666025' });
    later(DAY_MS);
    const seen = await preview(sample, { ...stripe, ...broken }, 20);
    expect(seen).toMatchObject({ askedNow: true, verdict: 'check_first', plan: 'ask_provider' });
    expect(seen.proof.asked?.answer).toMatchObject({ kind: 'no_answer' });
    expect((await timelineOf(database, sample.payout.id)).at(-1)).toMatchObject({ data: { answer: 'no_answer' } });
    expect(await attemptsOf(database, sample.payout.id)).toEqual([{ no: 1, status: 'unknown' }]);
  });

  test('a provider that this installation cannot ask', async () => {
    const sample = await send({ amount_minor: '666025' });
    later(HOUR_MS);
    expect((await preview(sample, null)).proof.asked?.answer).toMatchObject({ kind: 'no_answer' });
  });

  test('no transaction is open while the provider is asked', async () => {
    const sample = await send({ amount_minor: '666026' });
    const watching: PspConnector = {
      ...stripe,
      findPayout: async (question) => {
        const { rows } = await database.owner.query<{ open: bigint }>(
          `SELECT count(*) AS open FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'`,
        );
        expect(rows[0]?.open).toBe(0n);
        return stripe.findPayout(question);
      },
    };
    expect(await preview(sample, watching)).toMatchObject({ healed: true });
  });
});

describe('asks at most once in a few seconds', () => {
  test('two people at once share one question', async () => {
    const sample = await send({ amount_minor: '666025' });
    later(MINUTE_MS);
    const { asked, connector } = counting();
    const [one, two] = await Promise.all([preview(sample, connector), preview(sample, connector)]);
    expect(asked).toHaveLength(1);
    expect(one.proof.asked).toEqual(two.proof.asked);
    expect((await timelineOf(database, sample.payout.id)).filter(({ kind }) => kind === 'asked')).toHaveLength(1);
  });

  test('an answer younger than five seconds is reused, an older one is not', async () => {
    const sample = await send({ amount_minor: '666025' });
    later(MINUTE_MS);
    const { asked, connector } = counting();
    const first = await preview(sample, connector);
    later(4_999);
    expect(await preview(sample, connector)).toMatchObject({ askedNow: false, proof: { asked: first.proof.asked } });
    later(1);
    expect(await preview(sample, connector)).toMatchObject({ askedNow: true });
    expect(asked).toHaveLength(2);
  });

  test('an answer from before the last send is not reused, however young', async () => {
    const sample = await send({ amount_minor: '666025' });
    later(MINUTE_MS);
    const { asked, connector } = counting();
    await preview(sample, connector);
    await retry(sample);
    later(1_000);
    const tasks = payoutTasks({ db: database.db, clock: () => now, connectors: { stripe }, log });
    await tasks['payout.send']({ attemptId: sample.attempt.id });
    expect(await preview(sample, connector)).toMatchObject({ askedNow: true });
    expect(asked).toHaveLength(2);
  });
});

describe('the verb behind it', () => {
  test('an older answer never replaces a newer one', async () => {
    const sample = await send({ amount_minor: '666025' });
    later(HOUR_MS);
    const newer = { attemptId: sample.attempt.id, askedAt: now, answer: { kind: 'no_answer', reason: 'timeout' } };
    const older = { ...newer, askedAt: new Date(now.getTime() - 1), answer: { kind: 'absent', scanned: 3 } };
    await act(database, recordLook, newer, { actor: ops, now });
    await act(database, recordLook, older, { actor: ops, now });
    expect((await reread(database, sample.payout.id)).attempt).toMatchObject({
      lastAskedAt: now,
      lastAnswer: { kind: 'no_answer' },
    });
  });

  test('refused: no such attempt; forbidden: who may not ask, jobs included', async () => {
    const input = { attemptId: newUuid(), askedAt: now, answer: { kind: 'absent', scanned: 1 } };
    expect(await refusalOf(act(database, recordLook, input, { actor: ops }))).toBe('not_found');
    for (const actor of [await person(database, 'viewer', 'approver', 'admin'), JOB]) {
      expect(await refusalOf(act(database, recordLook, input, { actor }))).toBe('permission_missing');
    }
  });

  test('raced: a look and a retry at once: the retry rests on what is true under the lock', async () => {
    for (let round = 0; round < 5; round += 1) {
      const sample = await send({ amount_minor: '666026' });
      later(DAY_MS);
      const absent = { attemptId: sample.attempt.id, askedAt: now, answer: { kind: 'absent', scanned: 9 } };
      await act(database, recordLook, absent, { actor: ops, now });
      const found = { kind: 'found', providerPayoutId: `po_${sample.attempt.id}`, status: 'paid', code: null };
      const [, code] = await Promise.all([
        act(database, recordLook, { ...absent, answer: found }, { actor: ops, now }),
        refusalOf(retry(sample)),
      ]);
      const after = await reread(database, sample.payout.id);
      if (code === null) {
        // The absence was believed first; the late "paid" stops the new attempt before it leaves.
        expect(after.payout.status).toBe('held');
        expect(after.attempt).toMatchObject({ no: 2, status: 'canceled' });
      } else {
        expect(code).toBe('version_conflict');
        expect(after.payout.status).toBe('paid');
        expect(after.attempt.no).toBe(1);
      }
    }
  });
});

describe('who may look', () => {
  const caller = (actor: Person | null, connector: PspConnector) =>
    payoutsRouter.createCaller({
      db: database.db,
      actor: actor && { ...actor, email: 'x@example.test' },
      clock: () => now,
      request: callBy(ops).request,
      live: { subscribe: () => () => undefined, close: async () => undefined },
      log,
      connectors: { stripe: connector },
    });

  test('finance may ask and not retry; a viewer may do neither; nobody unknown', async () => {
    const sample = await send({ amount_minor: '666026' });
    const id = toId('payout', sample.payout.id);
    const { asked, connector } = counting();
    const viewer = await person(database, 'viewer', 'approver', 'admin');
    await expect(caller(null, connector).previewRetry({ id })).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
    await expect(caller(viewer, connector).previewRetry({ id })).rejects.toMatchObject({
      code: 'FORBIDDEN',
      cause: { refusal: { code: 'permission_missing', params: { permission: 'payout:check' } } },
    });
    expect(asked).toEqual([]);
    const finance = await person(database, 'finance');
    expect(await caller(finance, connector).previewRetry({ id })).toMatchObject({
      askedNow: true,
      healed: true,
      row: { can: { retry: { code: 'permission_missing' } } },
    });
  });

  test('a payout that does not exist', async () => {
    await expect(caller(ops, stripe).previewRetry({ id: toId('payout', newUuid()) })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});
