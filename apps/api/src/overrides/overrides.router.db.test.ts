import { randomUUID } from 'node:crypto';
import { TRPCError } from '@trpc/server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Refused } from '../core/refusal.ts';
import { type LiveMessage, openLiveFeed } from '../runtime/live.ts';
import { openLog } from '../runtime/log.ts';
import type { TrpcContext } from '../runtime/trpc.ts';
import { NOW } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { payoutIn } from '../testing/factories.ts';
import { overridesRouter } from './overrides.router.ts';
import { ask, asking, cast, type Person } from './testing/override-cases.ts';

describe('overrides over tRPC', () => {
  let database: TestDatabase;
  let people: Awaited<ReturnType<typeof cast>>;
  beforeAll(async () => {
    database = await testDatabase();
    people = await cast(database);
  });
  afterAll(() => database.close());

  const as = (actor: Person | null) =>
    overridesRouter.createCaller({
      db: database.db,
      actor: actor && { ...actor, email: 'someone@example.test' },
      clock: () => NOW,
      request: { requestId: 'req_test', ip: null },
      live: { subscribe: () => () => undefined, close: async () => undefined },
      connectors: {},
      log: openLog('test', 'silent'),
    } satisfies TrpcContext);
  const command = (input: unknown) => ({ idempotencyKey: randomUUID(), input });
  const refused = (call: Promise<unknown>) =>
    call.then(
      () => null,
      (error: unknown) =>
        error instanceof TRPCError && error.cause instanceof Refused ? error.cause.refusal.code : error,
    );

  test('asked for, found in the inbox, signed as it was shown, executed', async () => {
    const { payout } = await payoutIn(database, 'held');
    const offered = await as(people.maker).requestable({
      payoutId: asking(payout, 'cancel_payout').payoutId as string,
    });
    expect(offered.kinds.find(({ kind }) => kind === 'cancel_payout')?.refusal).toBeNull();
    const { overrideId } = await as(people.maker).request(command(asking(payout, 'cancel_payout')));
    const { rows } = await as(people.approver).list({ tab: 'for_me' });
    expect(rows.map((row) => row.id)).toEqual([overrideId]);
    expect(await as(people.approver).counts()).toMatchObject({ for_me: 1, waiting: 1 });
    const { contentHash } = await as(people.approver).detail({ id: overrideId });
    const signed = await as(people.approver).approve(command({ overrideId, contentHash }));
    expect(signed).toMatchObject({ status: 'approved', refusal: null });
    const done = await as(people.maker).execute(command({ overrideId }));
    expect(done).toMatchObject({ status: 'executed', refusal: null });
    expect(await as(people.viewer).ofPayout({ payoutId: offered.payoutId })).toMatchObject([
      { id: overrideId, status: 'executed' },
    ]);
  });

  test('rejected and withdrawn', async () => {
    for (const how of ['reject', 'withdraw'] as const) {
      const { payout } = await payoutIn(database, 'held');
      const { id } = await ask(database, people.maker, payout, 'cancel_payout');
      const answer =
        how === 'reject'
          ? await as(people.finance).reject(command({ overrideId: id, reason: 'no, not this one' }))
          : await as(people.maker).withdraw(command({ overrideId: id }));
      expect(answer).toMatchObject({ overrideId: id, refusal: null });
    }
  });

  test('refused for nobody, and for ids of other things', async () => {
    expect(await refused(as(null).list({}))).toBe('not_signed_in');
    expect(await refused(as(people.viewer).detail({ id: 'ov_01h455vb4pex5vsknk084sn02q' }))).toBe('not_found');
    expect(await refused(as(people.viewer).requestable({ payoutId: 'po_01h455vb4pex5vsknk084sn02q' }))).toBe(
      'not_found',
    );
    await expect(as(people.viewer).detail({ id: 'po_01h455vb4pex5vsknk084sn02q' })).rejects.toThrow(
      'not an id of a override',
    );
    expect(await refused(as(people.viewer).approve(command({ overrideId: 'x', contentHash: 'y' })))).toBe(
      'permission_missing',
    );
  });

  test('every console hears of it: the override and its payout', async () => {
    const { payout } = await payoutIn(database, 'held');
    const feed = openLiveFeed(database.url);
    const heard: LiveMessage[] = [];
    const both = new Promise<void>((resolve) => {
      const ready = Promise.withResolvers<void>();
      feed.subscribe((message) => {
        if (message === null) return ready.resolve();
        heard.push(message);
        if (heard.length >= 2) resolve();
      });
      void ready.promise.then(() => ask(database, people.maker, payout, 'cancel_payout'));
    });
    await both;
    await feed.close();
    expect(heard).toEqual([
      { topic: 'override', id: expect.any(String) },
      { topic: 'payout', id: payout.id },
    ]);
  });
});
