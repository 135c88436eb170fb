import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  SECRET_KEY,
  startTestSandbox,
  type TestSandbox,
  WEBHOOK_SECRET,
} from '../../../psp-sandbox/testing/test-sandbox.ts';
import type { Actor } from '../core/actor.ts';
import { newUuid, parseId, toId } from '../core/ids.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../core/time.ts';
import type { PspConnector } from '../psp/connector.ts';
import { createStripeConnector } from '../psp/stripe/stripe-connector.ts';
import { openLog } from '../runtime/log.ts';
import { defineOperation, execute } from '../runtime/operation.ts';
import { callBy, MACHINE, NOW, person } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import {
  act,
  attemptsOf,
  cancel,
  entriesOf,
  footprint,
  fundedParty,
  jobsOf,
  loseJobs,
  payoutIn,
  providerEvent,
  refusalOf,
  requestBody,
  reread,
  type Sample,
  walletMinor,
} from '../testing/factories.ts';
import { IN_FLIGHT_MS } from './attempt.ts';
import { payoutTasks } from './payouts.tasks.ts';
import { recordProviderEvent } from './record-provider-event.ts';
import { requestPayout } from './request-payout.ts';
import { retryPayout } from './retry-payout.ts';

// Each of these has lost or doubled somebody's money once. The whole way of a payout is played against the real sandbox over
// real HTTP, and judged by the provider's own books; the tables of each rule stand beside their nouns and verbs.

let database: TestDatabase;
let sandbox: TestSandbox;
let stripe: PspConnector;
let party: { id: string; reference: string };
let ops: Extract<Actor, { kind: 'person' }>;
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
  party = await fundedParty(database, { EUR: 10_000_000_000n });
  ops = await person(database, 'ops');
});
afterAll(async () => {
  await sandbox.stop();
  await database.close();
});
beforeEach(async () => {
  await loseJobs(database);
  await database.owner.query(
    `UPDATE attempt SET status = 'canceled' WHERE status IN ('ready', 'sending', 'unknown', 'accepted')`,
  );
  await database.owner.query('UPDATE attempt SET next_retry_at = NULL');
});

const log = openLog('test', 'silent');
const tasks = (connector: PspConnector = stripe) =>
  payoutTasks({ db: database.db, clock: () => now, connectors: { stripe: connector }, log });
const send = ({ attempt }: Pick<Sample, 'attempt'>, connector?: PspConnector) =>
  tasks(connector)['payout.send']({ attemptId: attempt.id });
const check = ({ attempt }: Pick<Sample, 'attempt'>) => tasks()['payout.check']({ attemptId: attempt.id });
const again = ({ payout }: Pick<Sample, 'payout'>) => reread(database, payout.id);
const retry = async (sample: Pick<Sample, 'payout'>) => {
  const { payout } = await again(sample);
  const input = { payoutId: toId('payout', payout.id), version: payout.version };
  return act(database, retryPayout, input, { actor: ops, now });
};
const queued = (amount_minor = '12500') =>
  payoutIn(database, 'queued', { party: party.reference, at: now, body: { amount_minor } });
const event = (sample: Sample, status: string, over: Parameters<typeof providerEvent>[2] = {}) =>
  act(database, recordProviderEvent, providerEvent(sample, status, { at: now, ...over }), { now });
/** What left the provider for a payout of ours, by key. */
const paidUnder = async ({ payout }: Pick<Sample, 'payout'>) => {
  const { movements } = await sandbox.books(`?payout_id=${toId('payout', payout.id)}`);
  return movements.filter(({ direction }) => direction === 'out').map((movement) => movement.provider_key);
};

test('bug class: lock expires while the job runs: the second worker neither sends beside it nor pays again', async () => {
  const sample = await queued();
  let release: () => void = () => undefined;
  const stalled = new Promise<void>((resolve) => {
    release = resolve;
  });
  let reached: () => void = () => undefined;
  const onTheWire = new Promise<void>((resolve) => {
    reached = resolve;
  });
  const slow: PspConnector = {
    ...stripe,
    sendPayout: async (instruction) => {
      const outcome = await stripe.sendPayout(instruction);
      reached();
      await stalled;
      return outcome;
    },
  };
  const first = send(sample, slow);
  await onTheWire;
  // The queue gives the job to another worker: its lock has expired, though the first is still at it.
  expect(await send(sample)).toEqual({ step: 'skip', why: 'on_the_wire' });
  later(IN_FLIGHT_MS);
  expect(await send(sample)).toMatchObject({ outcome: 'accepted', recorded: true });
  release();
  expect(await first).toMatchObject({ outcome: 'accepted', recorded: false });
  expect(await paidUnder(sample)).toEqual([sample.attempt.providerKey]);
  expect((await again(sample)).payout.status).toBe('in_transit');
});

test('bug class: crash leaves a job locked: its attempt gets a new one, and is paid once', async () => {
  const sample = await queued();
  // The test is about the job's lock, so the job of its making is what a dead worker holds.
  await database.owner.query(
    `SELECT graphile_worker.add_job('payout.send', payload := json_build_object('attemptId', $1::text), job_key := $2)`,
    [sample.attempt.id, `payout.send:${sample.attempt.id}`],
  );
  await database.owner.query(
    `UPDATE graphile_worker._private_jobs SET locked_by = 'dead', locked_at = $1, attempts = 1`,
    [now],
  );
  later(IN_FLIGHT_MS);
  expect(await tasks().detect_stuck_finance_jobs()).toMatchObject({ ready_unsent: 0 });
  later(3 * MINUTE_MS + 1);
  expect(await tasks().detect_stuck_finance_jobs()).toMatchObject({ ready_unsent: 1 });
  const { rows } = await database.owner.query(
    'SELECT key, locked_by FROM graphile_worker._private_jobs WHERE locked_by IS NULL',
  );
  expect(rows).toEqual([{ key: `payout.send:${sample.attempt.id}`, locked_by: null }]);
  await Promise.all([send(sample), send(sample)]);
  expect(await paidUnder(sample)).toEqual([sample.attempt.providerKey]);
});

describe('bug class: check-then-act refunds', () => {
  test('a payout that fails and is canceled at the same time gives the money back once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const owner = await fundedParty(database, { EUR: 12_500n });
      const sample = await payoutIn(database, 'in_transit', { party: owner.reference, at: now });
      const events = ['failed', 'canceled', 'failed'].map((status) => event(sample, status, { code: 'no_account' }));
      await Promise.allSettled([...events, cancel(database, sample.payout.id, now)]);
      expect(await walletMinor(database, owner.id)).toBe(12_500n);
      const entries = await entriesOf(database, sample.payout.id);
      expect(entries.filter((kind) => kind === 'payout_failed' || kind === 'payout_canceled')).toHaveLength(1);
    }
  });

  test('two cancels at once of a payout that waits give it back once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const owner = await fundedParty(database, { EUR: 12_500n });
      const sample = await payoutIn(database, 'queued', { party: owner.reference, at: now });
      await Promise.allSettled([1, 2, 3].map(() => cancel(database, sample.payout.id, now)));
      expect(await walletMinor(database, owner.id)).toBe(12_500n);
      expect(await entriesOf(database, sample.payout.id)).toEqual(['payout_requested', 'payout_canceled']);
    }
  });

  test('a wallet that covers one of two retries pays for one of them', async () => {
    for (let round = 0; round < 5; round += 1) {
      const owner = await fundedParty(database, { EUR: 12_500n });
      const [one, two] = [
        await payoutIn(database, 'failed', { party: owner.reference, at: now }),
        await payoutIn(database, 'failed', { party: owner.reference, at: now }),
      ];
      const codes = await Promise.all([refusalOf(retry(one)), refusalOf(retry(two))]);
      expect(codes.sort()).toEqual(['insufficient_balance', null]);
      expect(await walletMinor(database, owner.id)).toBe(0n);
    }
  });
});

test('bug class: unknown + new attempt + late success: asked first, paid once, and the late success finds it so', async () => {
  const sample = await queued('666026');
  expect(await send(sample)).toMatchObject({ outcome: 'unknown' });
  later(DAY_MS + HOUR_MS);
  // Out of the window nothing is sent on a guess: the provider is asked, and has it.
  expect(await retry(sample)).toMatchObject({ plan: 'ask_provider' });
  await check(sample);
  expect(await attemptsOf(database, sample.payout.id)).toEqual([{ no: 1, status: 'accepted' }]);
  await event(sample, 'paid', { providerPayoutId: (await again(sample)).attempt.providerPayoutId });
  expect((await again(sample)).payout.status).toBe('paid');
  expect(await refusalOf(retry(sample))).toBe('already_paid');
  expect(await paidUnder(sample)).toEqual([sample.attempt.providerKey]);
});

test('bug class: stale status written from a read outside the lock: a job that read "queued" before a hold sends nothing', async () => {
  for (let round = 0; round < 5; round += 1) {
    const sample = await queued();
    await Promise.all([send(sample), cancel(database, sample.payout.id, now).catch(() => undefined)]);
    const after = await again(sample);
    const paid = await paidUnder(sample);
    // Whoever came first under the lock: never both.
    expect([after.payout.status, paid.length]).toEqual(
      after.payout.status === 'canceled' ? ['canceled', 0] : ['in_transit', 1],
    );
  }
});

test('bug class: retry after the provider forgot the key: it would pay again, so nothing goes out under it', async () => {
  const sample = await queued('666026');
  await send(sample);
  later(DAY_MS + MINUTE_MS);
  // The provider runs an old key anew: what a resend would do.
  const twice = await queued('666026');
  await send(twice);
  later(DAY_MS + MINUTE_MS);
  await stripe.sendPayout({
    providerKey: twice.attempt.providerKey,
    attemptId: toId('attempt', twice.attempt.id),
    payoutId: toId('payout', twice.payout.id),
    amount: twice.payout.amount,
    rail: 'sepa',
    destinationToken: 'ba_1',
    descriptor: 'x',
    metadata: {},
  });
  expect(await paidUnder(twice)).toHaveLength(2);
  // What the product does instead, by every way to a send: the retry, the job that was lost, the job itself.
  await loseJobs(database);
  expect(await retry(sample)).toMatchObject({ plan: 'ask_provider' });
  await tasks().detect_stuck_finance_jobs();
  expect((await jobsOf(database, sample.attempt.id)).map(({ task }) => task)).toEqual(['payout.check']);
  expect(await send(sample)).toMatchObject({ step: 'skip' });
  await check(sample);
  expect((await again(sample)).payout.status).toBe('paid');
  expect(await paidUnder(sample)).toEqual([sample.attempt.providerKey]);
});

test('bug class: a cached 4xx poisoning retries: the refusal stays with its key, and the new key is paid', async () => {
  const sample = await queued('666007');
  expect(await send(sample)).toMatchObject({ outcome: 'rejected' });
  later(HOUR_MS);
  expect(await retry(sample)).toMatchObject({ plan: 'new_attempt' });
  const second = await again(sample);
  expect(second.attempt.providerKey).not.toBe(sample.attempt.providerKey);
  expect(await send(second)).toMatchObject({ outcome: 'accepted' });
  expect(await paidUnder(sample)).toEqual([second.attempt.providerKey]);
});

test('bug class: a timestamp inside a key: every send of an attempt, hours apart, goes out under the same key', async () => {
  const sample = await queued('666025');
  const keys: string[] = [];
  const watching: PspConnector = {
    ...stripe,
    sendPayout: (instruction) => {
      keys.push(instruction.providerKey);
      return instruction.providerKey && keys.length < 3
        ? Promise.resolve({ kind: 'unknown' as const, reason: 'timeout' as const, message: '' })
        : stripe.sendPayout(instruction);
    },
  };
  await send(sample, watching);
  for (let hours = 0; hours < 3; hours += 1) {
    later(HOUR_MS);
    await retry(sample);
    await send(sample, watching);
  }
  expect(keys).toHaveLength(4);
  expect(new Set(keys)).toEqual(new Set([sample.attempt.providerKey]));
  expect(await paidUnder(sample)).toEqual([sample.attempt.providerKey]);
});

describe('bug class: dedup claimed before the write', () => {
  let broken = true;
  const unlucky = defineOperation({
    name: 'tests.unlucky',
    permission: 'payout:retry',
    act: 'payout.retried',
    input: z.strictObject({}),
    subject: () => null,
    async run() {
      if (broken) throw new Error('the database went away after the key was claimed');
      return { result: { done: true }, audit: null };
    },
  });

  test('a command that failed after its key was claimed has used nothing up: the same key does it', async () => {
    const call = callBy(ops);
    await expect(execute(database.db, unlucky, call, {})).rejects.toThrow('went away');
    broken = false;
    expect(await execute(database.db, unlucky, call, {})).toEqual({ result: { done: true }, replayed: false });
    expect(await execute(database.db, unlucky, call, {})).toEqual({ result: { done: true }, replayed: true });
  });

  test('an event whose payout could not be written is not "seen before" when it comes again', async () => {
    const sample = await payoutIn(database, 'in_transit', { party: party.reference, at: now });
    const pushed = providerEvent(sample, 'paid', { at: now });
    const before = await footprint(database);
    await database.owner.query('ALTER TABLE journal_entry RENAME TO journal_entry_away');
    try {
      await expect(act(database, recordProviderEvent, pushed, { now })).rejects.toThrow();
    } finally {
      await database.owner.query('ALTER TABLE journal_entry_away RENAME TO journal_entry');
    }
    expect(await footprint(database)).toEqual(before);
    expect(await act(database, recordProviderEvent, pushed, { now })).toEqual({ outcome: 'applied' });
    expect(await act(database, recordProviderEvent, pushed, { now })).toEqual({ outcome: 'duplicate' });
    expect((await again(sample)).payout.status).toBe('paid');
  });
});

describe('bug class: dedup key without its tenant', () => {
  test('two callers may use one idempotency key: each gets its own payout', async () => {
    const other: Actor = { ...MACHINE, id: 'key-2', label: 'another-api' };
    const body = requestBody(party.reference);
    const call = { idempotencyKey: 'order-1', now };
    const [one, two] = [
      await execute(database.db, requestPayout, callBy(MACHINE, call), body),
      await execute(database.db, requestPayout, callBy(other, call), body),
    ];
    expect([one.replayed, two.replayed]).toEqual([false, false]);
    expect(one.result.id).not.toBe(two.result.id);
  });

  test('two providers may use one event id: each event is its own', async () => {
    const [one, two] = [
      await payoutIn(database, 'in_transit', { party: party.reference, at: now }),
      await payoutIn(database, 'in_transit', { party: party.reference, at: now }),
    ];
    await database.owner.query(`UPDATE attempt SET provider = 'another' WHERE id = $1`, [two.attempt.id]);
    const id = `evt_${newUuid()}`;
    expect(await event(one, 'paid', { id })).toEqual({ outcome: 'applied' });
    const pushed = { ...providerEvent(two, 'paid', { at: now, id }), provider: 'another' };
    expect(await act(database, recordProviderEvent, pushed, { now })).toEqual({ outcome: 'applied' });
    expect((await again(two)).payout.status).toBe('paid');
  });

  test('two merchants may use one reference: each gets its own payout', async () => {
    const other = await fundedParty(database);
    const reference = { reference: 'INV-1' };
    const ids: (string | null)[] = [];
    for (const merchant of [party, other]) {
      const { id } = await act(database, requestPayout, requestBody(merchant.reference, reference), {
        actor: MACHINE,
        now,
      });
      ids.push(parseId('payout', id));
    }
    expect(new Set(ids).size).toBe(2);
  });
});

test('bug class: a webhook mapped to the wrong payout: of two alike, each event moves its own, and a crossed one moves none', async () => {
  const [one, two] = [await queued(), await queued()];
  await send(one);
  await send(two);
  const [first, second] = [await again(one), await again(two)];
  const crossed = { providerPayoutId: second.attempt.providerPayoutId };
  expect(await event(first, 'paid', crossed)).toEqual({ outcome: 'unmatched' });
  expect([(await again(one)).payout.status, (await again(two)).payout.status]).toEqual(['in_transit', 'in_transit']);
  expect(await event(second, 'paid')).toEqual({ outcome: 'applied' });
  expect([(await again(one)).payout.status, (await again(two)).payout.status]).toEqual(['in_transit', 'paid']);
});
