import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  SECRET_KEY,
  startTestSandbox,
  type TestSandbox,
  WEBHOOK_SECRET,
} from '../../../psp-sandbox/testing/test-sandbox.ts';
import { newUuid, toId } from '../core/ids.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../core/time.ts';
import type { PayoutInstruction, PspConnector } from '../psp/connector.ts';
import { createStripeConnector } from '../psp/stripe/stripe-connector.ts';
import { openLog } from '../runtime/log.ts';
import { NOW, person } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
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
} from '../testing/factories.ts';
import { IN_FLIGHT_MS } from './attempt.ts';
import { payoutTasks } from './payouts.tasks.ts';
import { retryPayout } from './retry-payout.ts';

/** The real sandbox over real HTTP through the real connector; only the clock is ours. */
let database: TestDatabase;
let sandbox: TestSandbox;
let stripe: PspConnector;
let party: string;
/** Both clocks: the product's, and the provider's. */
let now = NOW;
const later = (ms: number) => {
  now = new Date(now.getTime() + ms);
};

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
});
afterAll(async () => {
  await sandbox.stop();
  await database.close();
});
beforeEach(() => loseJobs(database));

const log = openLog('test', 'silent');
const tasks = (connector: PspConnector = stripe, clock = () => now) =>
  payoutTasks({ db: database.db, clock, connectors: { stripe: connector }, log });
const send = ({ attempt }: Pick<Sample, 'attempt'>, connector?: PspConnector) =>
  tasks(connector)['payout.send']({ attemptId: attempt.id });
const check = ({ attempt }: Pick<Sample, 'attempt'>) => tasks()['payout.check']({ attemptId: attempt.id });
const queued = (body: Record<string, unknown> = {}) => payoutIn(database, 'queued', { party, at: now, body });
/** What left the provider for a payout of ours. */
const debits = async ({ payout }: Pick<Sample, 'payout'>) => {
  const { movements } = await sandbox.books(`?payout_id=${toId('payout', payout.id)}`);
  return movements.filter(({ direction }) => direction === 'out');
};
/** A worker that dies just before, or just after, the provider was called. */
const dying = (moment: 'before' | 'after'): PspConnector => ({
  ...stripe,
  sendPayout: async (instruction) => {
    if (moment === 'after') await stripe.sendPayout(instruction);
    throw new Error('the worker died');
  },
});

describe('payout.send', () => {
  test('sends once, under the attempt’s key, naming payout and attempt by their public ids', async () => {
    const sample = await queued({ metadata: { order: '7' }, descriptor: 'Güneş' });
    const seen: PayoutInstruction[] = [];
    const watching: PspConnector = {
      ...stripe,
      sendPayout: (instruction) => {
        seen.push(instruction);
        return stripe.sendPayout(instruction);
      },
    };
    expect(await send(sample, watching)).toEqual({ step: 'sent', outcome: 'accepted', recorded: true });
    expect(seen).toEqual([
      {
        providerKey: sample.attempt.providerKey,
        attemptId: toId('attempt', sample.attempt.id),
        payoutId: toId('payout', sample.payout.id),
        amount: { minor: 12_500n, currency: 'EUR' },
        rail: 'sepa',
        destinationToken: 'ba_1',
        descriptor: 'Güneş',
        metadata: { order: '7' },
      },
    ]);
    const after = await reread(database, sample.payout.id);
    expect(after.payout.status).toBe('in_transit');
    expect(await debits(sample)).toMatchObject([{ amount: 12_500, provider_key: sample.attempt.providerKey }]);
  });

  test('the job again, after it was done: calls nobody', async () => {
    const sample = await queued();
    await send(sample);
    expect(await send(sample, dying('before'))).toEqual({ step: 'skip', why: 'attempt_accepted' });
    expect(await debits(sample)).toHaveLength(1);
  });

  test('no transaction is open while the provider is called', async () => {
    const sample = await queued();
    const watching: PspConnector = {
      ...stripe,
      sendPayout: async (instruction) => {
        const { rows } = await database.owner.query<{ open: bigint }>(
          `SELECT count(*) AS open FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'`,
        );
        expect(rows[0]?.open).toBe(0n);
        return stripe.sendPayout(instruction);
      },
    };
    expect(await send(sample, watching)).toMatchObject({ outcome: 'accepted' });
  });

  test('refused by the provider: failed with its code, nothing moved', async () => {
    const sample = await queued({ amount_minor: '666003' });
    expect(await send(sample)).toMatchObject({ outcome: 'rejected' });
    expect((await reread(database, sample.payout.id)).payout).toMatchObject({
      status: 'failed',
      failureCode: 'account_closed',
    });
    expect(await debits(sample)).toEqual([]);
  });

  test('a provider that this installation cannot call: the payout stays queued, not failed', async () => {
    const sample = await queued();
    const before = await footprint(database);
    const none = payoutTasks({ db: database.db, clock: () => now, connectors: {}, log });
    await expect(none['payout.send']({ attemptId: sample.attempt.id })).rejects.toThrow('no connector');
    expect(await footprint(database)).toEqual(before);
  });

  test('an attempt that does not exist', async () => {
    expect(await refusalOf(tasks()['payout.send']({ attemptId: newUuid() }))).toBe('not_found');
    expect(await tasks()['payout.check']({ attemptId: newUuid() })).toEqual({ step: 'skip', why: 'no_such_attempt' });
  });

  test('bug class: the process slept between the last look and the wire: it sends nothing', async () => {
    const sample = await queued();
    const ticks = [now, new Date(now.getTime() + DAY_MS)];
    const sleepy = tasks(stripe, () => ticks.shift() ?? now);
    await expect(sleepy['payout.send']({ attemptId: sample.attempt.id })).rejects.toThrow('slept');
    expect(await debits(sample)).toEqual([]);
  });
});

describe('bug class: the worker dies between the provider and the record', () => {
  test.each(['before', 'after'] as const)(
    'just %s the call: the job runs again, same attempt, same key, paid once',
    async (moment) => {
      const sample = await queued();
      await expect(send(sample, dying(moment))).rejects.toThrow('died');
      expect((await reread(database, sample.payout.id)).attempt).toMatchObject({ status: 'sending', sendCount: 1 });
      // At once, the first may still be on the wire; later it counts as lost.
      expect(await send(sample)).toEqual({ step: 'skip', why: 'on_the_wire' });
      later(IN_FLIGHT_MS);
      expect(await send(sample)).toMatchObject({ outcome: 'accepted' });
      expect(await debits(sample)).toMatchObject([{ provider_key: sample.attempt.providerKey }]);
      expect(await attemptsOf(database, sample.payout.id)).toHaveLength(1);
    },
  );

  test.each(['before', 'after'] as const)(
    'just %s the call, and nobody looks for a day: asked first, paid once',
    async (moment) => {
      const sample = await queued();
      await expect(send(sample, dying(moment))).rejects.toThrow('died');
      later(DAY_MS + MINUTE_MS);
      expect(await send(sample)).toEqual({ step: 'ask' });
      expect((await jobsOf(database, sample.attempt.id)).map((job) => job.task)).toContain('payout.check');
      await check(sample);
      const after = await reread(database, sample.payout.id);
      if (moment === 'after') {
        expect(after.payout.status).toBe('in_transit');
        expect(after.attempt.no).toBe(1);
      } else {
        expect(after.attempt).toMatchObject({ no: 2, previousId: sample.attempt.id, status: 'ready' });
        expect(await send(after)).toMatchObject({ outcome: 'accepted' });
      }
      expect(await debits(sample)).toHaveLength(1);
    },
  );
});

describe('bug class: the answer is lost', () => {
  test.each([
    ['timeout_after', '666022'],
    ['server_error_after', '666024'],
    ['connection_dropped_after', '666026'],
    ['garbled_answer', '666027'],
  ])('%s: the money moved; asked a minute later, it is adopted, and paid once', async (_, amount_minor) => {
    const sample = await queued({ amount_minor });
    expect(await send(sample)).toMatchObject({ outcome: 'unknown' });
    expect((await reread(database, sample.payout.id)).payout.status).toBe('unconfirmed');
    later(MINUTE_MS);
    expect(await check(sample)).toMatchObject({ answer: 'found', status: 'in_transit' });
    expect(await debits(sample)).toHaveLength(1);
    expect(await attemptsOf(database, sample.payout.id)).toEqual([{ no: 1, status: 'accepted' }]);
  });

  test.each([
    ['timeout_before', '666021'],
    ['connection_dropped_before', '666025'],
  ])('%s: nothing moved; provably absent, the same key goes out again and is paid once', async (_, amount_minor) => {
    const sample = await queued({ amount_minor });
    expect(await send(sample)).toMatchObject({ outcome: 'unknown' });
    later(MINUTE_MS);
    expect(await check(sample)).toMatchObject({ answer: 'absent', status: 'unconfirmed' });
    expect(await send(sample)).toMatchObject({ outcome: 'accepted' });
    expect(await debits(sample)).toMatchObject([{ provider_key: sample.attempt.providerKey }]);
  });

  test('rate limited at a resend: still unknown, and found by the next question', async () => {
    const sample = await queued({ amount_minor: '666022' });
    await send(sample);
    later(HOUR_MS);
    const { payout } = await reread(database, sample.payout.id);
    const input = { payoutId: toId('payout', payout.id), version: payout.version };
    await act(database, retryPayout, input, { actor: await person(database, 'ops'), now });
    const limited: PspConnector = {
      ...stripe,
      sendPayout: async () => ({ kind: 'rejected', code: 'rate_limit', message: 'too many', raw: null }),
    };
    await send(sample, limited);
    expect((await reread(database, sample.payout.id)).payout.status).toBe('unconfirmed');
    later(MINUTE_MS);
    await check(sample);
    expect((await reread(database, sample.payout.id)).payout.status).toBe('in_transit');
    expect(await debits(sample)).toHaveLength(1);
  });

  test('the provider is down: no answer, asked again later, nothing is sent', async () => {
    const sample = await queued({ amount_minor: '666022' });
    await send(sample);
    later(MINUTE_MS);
    await loseJobs(database);
    const down: PspConnector = {
      ...stripe,
      findPayout: async () => ({ kind: 'no_answer', reason: 'connection refused' }),
    };
    expect(await tasks(down)['payout.check']({ attemptId: sample.attempt.id })).toMatchObject({ answer: 'no_answer' });
    expect(await jobsOf(database)).toMatchObject([
      { task: 'payout.check', runAt: new Date(now.getTime() + 5 * MINUTE_MS) },
    ]);
  });
});
