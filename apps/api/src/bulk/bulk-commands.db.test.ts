import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '../core/actor.ts';
import { newUuid, toId } from '../core/ids.ts';
import { execute, type Operation } from '../runtime/operation.ts';
import { callBy, JOB, MACHINE, NOW, person } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { auditRows } from '../testing/expect-audit.ts';
import { footprint, fundedParty, jobsOf, loseJobs, payoutIn, refusalOf } from '../testing/factories.ts';
import { PREVIEW_MS } from './bulk.ts';
import { cancelBulk } from './cancel-bulk.ts';
import { confirmBulk } from './confirm-bulk.ts';
import { discardBulk } from './discard-bulk.ts';
import { finishBulk } from './finish-bulk.ts';
import { pauseBulk } from './pause-bulk.ts';
import { resumeBulk } from './resume-bulk.ts';
import { retryFailedBulk } from './retry-failed-bulk.ts';
import { confirm, confirmed, countsOf, failedPayouts, itemsOf, preview, runJob, runOf } from './testing/bulk-cases.ts';

let database: TestDatabase;
let ops: Extract<Actor, { kind: 'person' }>;
let ops2: Extract<Actor, { kind: 'person' }>;
beforeAll(async () => {
  database = await testDatabase();
  ops = await person(database, 'ops');
  ops2 = await person(database, 'ops');
});
afterAll(() => database.close());

const id = (runId: string) => ({ runId: toId('bulk_run', runId) });
const give = <I, R>(operation: Operation<I, R>, runId: string, call = callBy(ops)) =>
  execute(database.db, operation, call, id(runId));
const lastAudit = async (runId: string) => (await auditRows(database, runId)).at(-1);

describe('confirm', () => {
  const press = (runId: string, over: Record<string, unknown> = {}, call = callBy(ops)) =>
    execute(database.db, confirmBulk, call, { ...id(runId), version: 1, count: null, ...over });
  const previewOf = async (count: number) => preview(database, ops, 'retry', await failedPayouts(database, count));

  test('done: it runs, with a job in the same commit; what the preview skipped is skipped now', async () => {
    const [one] = await failedPayouts(database, 1);
    const paid = await payoutIn(database, 'paid');
    await loseJobs(database);
    const runId = await preview(database, ops, 'retry', one ? [one, paid] : []);
    const { result } = await press(runId);
    expect(result).toEqual({ ...id(runId), status: 'running' });
    expect(await runOf(database, runId)).toMatchObject({ status: 'running', confirmed_at: NOW, version: 2 });
    expect(await jobsOf(database)).toMatchObject([{ task: 'bulk.run', key: `bulk.run:${runId}`, payload: { runId } }]);
    expect((await itemsOf(database, runId)).map((item) => [item.outcome, item.outcome_code]).sort()).toEqual([
      [null, null],
      ['skipped', 'already_paid'],
    ]);
    expect(await lastAudit(runId)).toMatchObject({
      act: 'bulk.confirmed',
      actor_id: ops.id,
      before: { status: 'previewed' },
      after: { status: 'running', items: 2, runnable: 1, typed: null },
    });
  });

  test('above ten payouts the number is typed, and checked here and not in the browser', async () => {
    const runId = await previewOf(11);
    const before = await footprint(database);
    for (const count of [null, 0, 10, 12]) {
      expect(await refusalOf(press(runId, { count }))).toBe('count_not_confirmed');
    }
    expect(await footprint(database)).toEqual(before);
    await press(runId, { count: 11 });
    expect(await lastAudit(runId)).toMatchObject({ act: 'bulk.confirmed', after: { typed: 11 } });
  });

  test('one payout of high value is typed too', async () => {
    const samples = await failedPayouts(database, 1, { body: { amount_minor: '1000000' } });
    const runId = await preview(database, ops, 'retry', samples);
    expect(await refusalOf(press(runId))).toBe('count_not_confirmed');
    await press(runId, { count: 1 });
  });

  test('refused: too old, by somebody else, another version, nothing to run, twice, not there', async () => {
    const runId = await previewOf(1);
    const late = callBy(ops, { now: new Date(NOW.getTime() + PREVIEW_MS) });
    expect(await refusalOf(press(runId, {}, late))).toBe('preview_expired');
    expect(await refusalOf(press(runId, {}, callBy(ops2)))).toBe('not_the_owner');
    expect(await refusalOf(press(runId, { version: 2 }))).toBe('version_conflict');
    await press(runId);
    expect(await refusalOf(press(runId, { version: 2 }))).toBe('bulk_not_open');
    const skipped = await preview(database, ops, 'retry', [await payoutIn(database, 'paid')]);
    expect(await refusalOf(press(skipped))).toBe('nothing_to_run');
    expect(await refusalOf(press(newUuid()))).toBe('not_found');
    expect(await lastAudit(skipped)).toMatchObject({ outcome: 'refused', refusal_code: 'nothing_to_run' });
  });

  test('forbidden, also for the one who previewed it and has lost the role since', async () => {
    const runId = await previewOf(1);
    const demoted = { ...ops, roles: ['finance' as const] };
    for (const actor of [demoted, MACHINE, JOB]) {
      expect(await refusalOf(press(runId, {}, callBy(actor)))).toBe('permission_missing');
    }
  });

  test('replayed: a double press, or a press after a lost answer, starts it once', async () => {
    const runId = await previewOf(1);
    const call = callBy(ops);
    const first = await press(runId, {}, call);
    expect(await press(runId, {}, call)).toEqual({ result: first.result, replayed: true });
    expect((await auditRows(database, runId)).filter((row) => row.act === 'bulk.confirmed')).toHaveLength(1);
  });

  test('raced: two presses with keys of their own, one starts it', async () => {
    const runId = await previewOf(1);
    const codes = await Promise.all([refusalOf(press(runId)), refusalOf(press(runId))]);
    expect(codes.sort()).toEqual(['bulk_not_open', null].sort());
  });
});

describe('pause, resume, cancel', () => {
  const running = async (count = 2) => confirmed(database, ops, 'retry', await failedPayouts(database, count));

  test('pause: anybody who may act on many stops it; what waited goes on waiting', async () => {
    const runId = await running();
    await give(pauseBulk, runId, callBy(ops2));
    expect(await runJob(database, runId)).toEqual({ step: 'not_taken' });
    expect((await itemsOf(database, runId)).map((item) => item.outcome)).toEqual([null, null]);
    expect(await lastAudit(runId)).toMatchObject({
      act: 'bulk.paused',
      actor_id: ops2.id,
      before: { status: 'running' },
      after: { status: 'paused', done: 0 },
    });
    expect(await refusalOf(give(pauseBulk, runId))).toBe('bulk_not_open');
  });

  test('resume: a job again, and it ends', async () => {
    const runId = await running();
    expect(await refusalOf(give(resumeBulk, runId))).toBe('bulk_not_open');
    await give(pauseBulk, runId);
    await loseJobs(database);
    await give(resumeBulk, runId, callBy(ops2));
    expect(await jobsOf(database, runId)).toMatchObject([{ task: 'bulk.run' }]);
    await runJob(database, runId);
    expect(await runOf(database, runId)).toMatchObject({ status: 'done', done_count: 2 });
    expect((await auditRows(database, runId)).map((row) => row.act)).toEqual([
      'bulk.previewed',
      'bulk.confirmed',
      'bulk.resumed',
      'bulk.paused',
      'bulk.resumed',
      'bulk.finished',
    ]);
  });

  test('cancel: the worker ends it, and what was not done yet is canceled', async () => {
    const runId = await running();
    await give(pauseBulk, runId);
    await give(cancelBulk, runId, callBy(ops2));
    expect((await runOf(database, runId)).status).toBe('canceling');
    expect(await runJob(database, runId)).toMatchObject({ step: 'finished' });
    expect(await runOf(database, runId)).toMatchObject({ status: 'canceled', canceled_count: 2, finished_at: NOW });
    expect((await itemsOf(database, runId)).map((item) => item.outcome)).toEqual(['canceled', 'canceled']);
    expect(await lastAudit(runId)).toMatchObject({
      act: 'bulk.finished',
      after: { status: 'canceled', canceled: 2, done: 0 },
    });
    for (const operation of [pauseBulk, resumeBulk, cancelBulk]) {
      expect(await refusalOf(give(operation, runId))).toBe('bulk_not_open');
    }
  });

  test('cancel, when there was nothing left: it was done, not canceled', async () => {
    const runId = await running(1);
    await runJob(database, runId, { clock: () => NOW });
    expect((await runOf(database, runId)).status).toBe('done');
    expect(await refusalOf(give(cancelBulk, runId))).toBe('bulk_not_open');
  });

  test('forbidden, not there', async () => {
    const runId = await running(1);
    const viewer = await person(database, 'viewer', 'finance', 'approver', 'admin');
    for (const operation of [pauseBulk, resumeBulk, cancelBulk, discardBulk]) {
      for (const actor of [viewer, MACHINE, JOB]) {
        expect(await refusalOf(give(operation, runId, callBy(actor)))).toBe('permission_missing');
      }
      expect(await refusalOf(give(operation, newUuid()))).toBe('not_found');
    }
    expect(await refusalOf(execute(database.db, finishBulk, callBy(ops), { runId }))).toBe('permission_missing');
    expect((await runOf(database, runId)).status).toBe('running');
  });

  test('replayed: the key of a pause pauses once, though it was resumed meanwhile', async () => {
    const runId = await running(1);
    const call = callBy(ops);
    await give(pauseBulk, runId, call);
    await give(resumeBulk, runId);
    expect((await give(pauseBulk, runId, call)).replayed).toBe(true);
    expect((await runOf(database, runId)).status).toBe('running');
  });

  test('raced: a pause and a cancel at once are taken one after the other', async () => {
    const runId = await running(1);
    const codes = await Promise.all([refusalOf(give(pauseBulk, runId)), refusalOf(give(cancelBulk, runId))]);
    expect(codes[1]).toBeNull();
    expect([null, 'bulk_not_open']).toContain(codes[0]);
    expect((await runOf(database, runId)).status).toBe('canceling');
  });
});

describe('discard', () => {
  test('done by who previewed it, once; then it can never start', async () => {
    const runId = await preview(database, ops, 'retry', await failedPayouts(database, 1));
    expect(await refusalOf(give(discardBulk, runId, callBy(ops2)))).toBe('not_the_owner');
    await give(discardBulk, runId);
    expect(await runOf(database, runId)).toMatchObject({ status: 'discarded', finished_at: NOW });
    expect(await lastAudit(runId)).toMatchObject({ act: 'bulk.discarded', after: { status: 'discarded' } });
    expect(await refusalOf(confirm(database, ops, runId))).toBe('bulk_not_open');
    expect(await refusalOf(give(discardBulk, runId))).toBe('bulk_not_open');
  });
});

describe('retry failed only', () => {
  /** Two could be retried, one failed in the run, one was skipped. */
  const finished = async () => {
    const poor = (await fundedParty(database, { EUR: 12_500n })).reference;
    const samples = [...(await failedPayouts(database, 1, { party: poor })), ...(await failedPayouts(database, 2))];
    const runId = await confirmed(database, ops, 'retry', [...samples, await payoutIn(database, 'paid')]);
    // Its wallet is emptied after the preview: the retry is refused, and that may pass.
    await payoutIn(database, 'queued', { party: poor });
    await runJob(database, runId);
    return { runId, samples };
  };

  test('previews what failed, and nothing else, each judged anew', async () => {
    const { runId, samples } = await finished();
    expect(await countsOf(database, runId)).toMatchObject({ kept: { done: 2, failed: 1, skipped: 1 } });
    const { result } = await give(retryFailedBulk, runId, callBy(ops2));
    const { rows } = await database.db.query<{ id: string }>('SELECT id FROM bulk_run WHERE parent_id = $1', [runId]);
    const child = rows[0]?.id ?? '';
    expect(result).toEqual({ runId: toId('bulk_run', child), status: 'previewed' });
    expect(await runOf(database, child)).toMatchObject({
      act: 'retry',
      asked: { failedOf: toId('bulk_run', runId) },
      item_count: 1,
      runnable_count: 1,
    });
    expect((await itemsOf(database, child)).map((item) => item.payout_id)).toEqual([samples[0]?.payout.id]);
    expect(await lastAudit(child)).toMatchObject({
      act: 'bulk.previewed',
      actor_id: ops2.id,
      after: { parentId: toId('bulk_run', runId) },
    });
  });

  test('a retry that was made and failed again at the provider is taken too', async () => {
    const samples = await failedPayouts(database, 2);
    const runId = await confirmed(database, ops, 'retry', samples);
    await runJob(database, runId);
    expect(await refusalOf(give(retryFailedBulk, runId))).toBe('nothing_failed');
    const again = samples[1]?.payout.id;
    await database.owner.query(`UPDATE payout SET status = 'failed' WHERE id = $1`, [again]);
    await give(retryFailedBulk, runId);
    const { rows } = await database.db.query(
      'SELECT payout_id FROM bulk_item i JOIN bulk_run r ON r.id = i.run_id WHERE r.parent_id = $1',
      [runId],
    );
    expect(rows).toEqual([{ payout_id: again }]);
  });

  test('refused: it still runs, nothing failed, not there; forbidden', async () => {
    const runId = await confirmed(database, ops, 'retry', await failedPayouts(database, 1));
    expect(await refusalOf(give(retryFailedBulk, runId))).toBe('bulk_not_open');
    await runJob(database, runId);
    expect(await refusalOf(give(retryFailedBulk, runId))).toBe('nothing_failed');
    expect(await refusalOf(give(retryFailedBulk, newUuid()))).toBe('not_found');
    expect(await refusalOf(give(retryFailedBulk, runId, callBy(await person(database, 'finance'))))).toBe(
      'permission_missing',
    );
  });

  test('replayed: one preview, however often it is pressed', async () => {
    const { runId } = await finished();
    const call = callBy(ops);
    const first = await give(retryFailedBulk, runId, call);
    expect(await give(retryFailedBulk, runId, call)).toEqual({ result: first.result, replayed: true });
  });
});
