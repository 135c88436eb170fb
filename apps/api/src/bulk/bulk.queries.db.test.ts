import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '../core/actor.ts';
import { newUuid, toId } from '../core/ids.ts';
import { PAYOUT_STATUSES } from '../payouts/payout.ts';
import { openLog } from '../runtime/log.ts';
import { NOW, person } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { fundedParty, payoutIn, type Sample } from '../testing/factories.ts';
import { ago } from '../testing/payout-samples.ts';
import { listRuns, runDetail } from './bulk.queries.ts';
import { bulkRouter } from './bulk.router.ts';
import { failedPayouts as failedIn } from './bulk.store.ts';
import { BULK_ACTS, countsAsFailed, OUTCOMES, PREVIEW_MS } from './bulk.ts';
import { listItems } from './bulk-items.queries.ts';
import { confirmed, failedPayouts, idsOf, itemsOf, preview, runJob } from './testing/bulk-cases.ts';

let database: TestDatabase;
let ops: Extract<Actor, { kind: 'person' }>;
let party: string;
beforeAll(async () => {
  database = await testDatabase();
  ops = await person(database, 'ops');
  party = (await fundedParty(database, { EUR: 10_000_000_000n, TRY: 10_000_000_000n })).reference;
});
afterAll(() => database.close());

const detailOf = async (runId: string, actor: Actor = ops, now = NOW) => {
  const detail = await runDetail(database.db, actor, runId, now);
  if (!detail) throw new Error('the run is not there');
  return detail;
};

describe('a run in detail', () => {
  test('the preview: its groups with counts and sums per currency, what is asked to be typed, what may be done', async () => {
    const at = ago(3_600_000);
    const lira = { body: { currency: 'TRY', amount_minor: '100' } };
    const samples = [
      ...(await failedPayouts(database, 2, { party })),
      ...(await failedPayouts(database, 1, { party, ...lira })),
      await payoutIn(database, 'failed', { party, at, code: 'account_closed' }),
      await payoutIn(database, 'unconfirmed', { party, at }),
    ];
    const runId = await preview(database, ops, 'retry', samples);
    const detail = await detailOf(runId);
    expect(detail).toMatchObject({
      run: {
        id: toId('bulk_run', runId),
        act: 'retry',
        status: 'previewed',
        expired: false,
        runnableCount: 4,
        progress: { ended: 0, total: 4 },
      },
      version: 1,
      groups: [
        {
          key: 'retry_new_attempt',
          code: 'rejected_retryable',
          count: 3,
          sums: [
            { currency: 'EUR', amountMinor: '25000' },
            { currency: 'TRY', amountMinor: '100' },
          ],
        },
        { key: 'retry_same_key', code: 'unanswered_in_window', count: 1 },
        { key: 'skipped', code: 'terminal_code', count: 1, sums: [{ currency: 'EUR', amountMinor: '12500' }] },
      ],
      outcomes: [],
      since: [],
      failedCount: 0,
      waitsForWorker: false,
      needsTyping: false,
      asked: { picked: 5 },
      can: {
        confirm: null,
        discard: null,
        pause: { code: 'bulk_not_open' },
        resume: { code: 'bulk_not_open' },
        cancel: { code: 'bulk_not_open' },
        retryFailed: { code: 'bulk_not_open' },
      },
    });
    const old = await detailOf(runId, ops, new Date(NOW.getTime() + PREVIEW_MS));
    expect(old).toMatchObject({ run: { expired: true }, can: { confirm: { code: 'preview_expired' } } });
    const other = await detailOf(runId, await person(database, 'ops'));
    expect(other.can).toMatchObject({ confirm: { code: 'not_the_owner' }, discard: { code: 'not_the_owner' } });
    const viewer = await detailOf(runId, await person(database, 'viewer'));
    expect(viewer.can.confirm).toEqual({ code: 'permission_missing', params: { permission: 'payout:bulk' } });
  });

  test('running: what ended, and whether a worker is at it', async () => {
    const runId = await confirmed(database, ops, 'retry', await failedPayouts(database, 2, { party }));
    expect(await detailOf(runId)).toMatchObject({ waitsForWorker: true, can: { pause: null, cancel: null } });
    await database.owner.query(`UPDATE bulk_run SET leased_by = 'w', leased_until = $2 WHERE id = $1`, [
      runId,
      new Date(NOW.getTime() + 1),
    ]);
    expect((await detailOf(runId)).waitsForWorker).toBe(false);
  });

  test('the report: outcomes with their reasons, and what has become of each payout since', async () => {
    const samples = await failedPayouts(database, 3, { party });
    const runId = await confirmed(database, ops, 'retry', [...samples, await payoutIn(database, 'paid', { party })]);
    await runJob(database, runId);
    await database.owner.query(`UPDATE payout SET status = 'failed' WHERE id = $1`, [samples[0]?.payout.id]);
    const detail = await detailOf(runId);
    expect(detail.outcomes).toMatchObject([
      { key: 'done', code: 'new_attempt', count: 3, sums: [{ currency: 'EUR', amountMinor: '37500' }] },
      { key: 'skipped', code: 'already_paid', count: 1 },
    ]);
    expect(detail.since).toMatchObject([
      { key: 'queued', count: 2 },
      { key: 'failed', count: 1 },
    ]);
    expect(detail).toMatchObject({ failedCount: 1, can: { retryFailed: null } });
    // Of three that were to be run, not of four that were selected.
    expect(detail.run.progress).toEqual({
      ended: 3,
      total: 3,
      counts: { done: 3, skipped: 0, failed: 0, canceled: 0 },
    });
    expect(detail.run.counts).toEqual({ done: 3, skipped: 1, failed: 0, canceled: 0 });
  });

  test('“retry failed only” means the same in SQL and in the noun, over every act, outcome and status', async () => {
    const sample = (await failedPayouts(database, 1, { party })) as [Sample];
    for (const act of BULK_ACTS) {
      const runId = newUuid();
      await database.owner.query(
        `INSERT INTO bulk_run (id, act, input, asked, status, created_by, created_label, created_at, confirmed_at, item_count,
           runnable_count, sums) VALUES ($1, $2, '{}', '{}', 'running', $3, 'x', $4, $4, 1, 1, '[]')`,
        [runId, act, ops.id, NOW],
      );
      for (const outcome of [null, ...OUTCOMES]) {
        await database.owner.query('ALTER TABLE bulk_item DISABLE TRIGGER USER');
        await database.owner.query('DELETE FROM bulk_item WHERE run_id = $1', [runId]);
        await database.owner.query('ALTER TABLE bulk_item ENABLE TRIGGER USER');
        await database.owner.query(
          `INSERT INTO bulk_item (run_id, position, payout_id, version, amount_minor, currency, planned, outcome, at)
           VALUES ($1, 1, $2, 1, 1, 'EUR', 'hold', $3, $4)`,
          [runId, sample[0].payout.id, outcome, outcome && NOW],
        );
        for (const status of PAYOUT_STATUSES) {
          await database.owner.query('UPDATE payout SET status = $2 WHERE id = $1', [sample[0].payout.id, status]);
          const taken = countsAsFailed(act, outcome, status);
          expect(await failedIn(database.db, { id: runId }), `${act} ${outcome} ${status}`).toHaveLength(taken ? 1 : 0);
          expect((await detailOf(runId)).failedCount).toBe(taken ? 1 : 0);
        }
      }
    }
  });
});

describe('the items', () => {
  test('any part of them, by outcome, by plan and by reason', async () => {
    const samples = [
      ...(await failedPayouts(database, 3, { party })),
      await payoutIn(database, 'paid', { party }),
      await payoutIn(database, 'failed', { party, at: ago(3_600_000), code: 'account_closed' }),
    ];
    const runId = await confirmed(database, ops, 'retry', samples);
    const positions = async (over: object) => {
      const { rows } = await listItems(database.db, { runId, offset: 0, limit: 100, ...over });
      return rows.map((row) => row.position);
    };
    expect(await positions({})).toEqual([1, 2, 3, 4, 5]);
    expect(await positions({ offset: 3 })).toEqual([4, 5]);
    expect(await positions({ offset: 1, limit: 2 })).toEqual([2, 3]);
    const places = (await itemsOf(database, runId)).filter((item) => item.planned === 'skipped');
    expect(await positions({ planned: 'skipped' })).toEqual(places.map((item) => item.position));
    expect(await positions({ outcome: 'skipped', offset: 1 })).toEqual([places[1]?.position]);
    const closed = places.filter((item) => item.planned_code === 'terminal_code').map((item) => item.position);
    expect(await positions({ planned: 'skipped', code: 'terminal_code' })).toEqual(closed);
    expect(await positions({ outcome: 'skipped', code: 'terminal_code' })).toEqual(closed);
    expect(await positions({ outcome: 'failed' })).toEqual([]);
    const { rows } = await listItems(database.db, { runId, planned: 'retry_new_attempt', offset: 0, limit: 1 });
    expect(rows).toMatchObject([
      {
        holder: 'Anna Schmidt',
        merchant: party,
        amountMinor: '12500',
        currency: 'EUR',
        outcome: null,
        status: 'failed',
      },
    ]);
    expect(idsOf(samples)).toContain(rows[0]?.payoutId);
  });
});

describe('the list', () => {
  test('newest first, page by page, each once; a cursor that is none begins again', async () => {
    const own = await testDatabase();
    try {
      const actor = await person(own, 'ops');
      const [sample] = (await failedPayouts(own, 1)) as [Sample];
      const made: string[] = [];
      for (let i = 0; i < 5; i += 1) {
        // Two of the same instant: the id tells them apart.
        const now = new Date(NOW.getTime() + Math.floor(i / 2) * 1_000);
        made.push(toId('bulk_run', await preview(own, actor, 'retry', [sample], { now })));
      }
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const page: Awaited<ReturnType<typeof listRuns>> = await listRuns(
          own.db,
          { limit: 2, ...(cursor ? { cursor } : {}) },
          NOW,
        );
        seen.push(...page.rows.map((row) => row.id));
        cursor = page.nextCursor;
      } while (cursor);
      expect(seen).toEqual(made.toReversed());
      expect((await listRuns(own.db, { limit: 50, cursor: "'; DROP" }, NOW)).rows).toHaveLength(5);
    } finally {
      await own.close();
    }
  });
});

test('the router carries all of it', async () => {
  const context = (actor: typeof ops | null) => ({
    db: database.db,
    actor: actor && { ...actor, email: 'ops@example.test' },
    clock: () => NOW,
    request: { requestId: 'req_1', ip: null },
    live: { subscribe: () => () => undefined, close: async () => undefined },
    log: openLog('test', 'silent'),
  });
  const caller = bulkRouter.createCaller(context(ops) as never);
  const input = { act: 'retry' as const, selection: { ids: idsOf(await failedPayouts(database, 1, { party })) } };
  const { runId } = await caller.preview({ idempotencyKey: 'a-key-of-8', input: input as never });
  expect(await caller.detail({ id: runId })).toMatchObject({ run: { id: runId, status: 'previewed' } });
  expect((await caller.items({ id: runId })).rows).toHaveLength(1);
  expect((await caller.list({})).rows[0]?.status).toBeDefined();
  await caller.confirm({ idempotencyKey: 'b-key-of-8', input: { runId, version: 1 } });
  await caller.pause({ idempotencyKey: 'c-key-of-8', input: { runId } });
  await caller.resume({ idempotencyKey: 'd-key-of-8', input: { runId } });
  await caller.cancel({ idempotencyKey: 'e-key-of-8', input: { runId } });
  expect((await caller.detail({ id: runId })).run.status).toBe('canceling');
  await expect(caller.detail({ id: toId('bulk_run', newUuid()) })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(caller.detail({ id: 'bu_x' })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  await expect(bulkRouter.createCaller(context(null) as never).list({})).rejects.toMatchObject({
    code: 'UNAUTHORIZED',
  });
});
