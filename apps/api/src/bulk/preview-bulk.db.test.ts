import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '../core/actor.ts';
import { newUuid, toId } from '../core/ids.ts';
import { DAY_MS, HOUR_MS } from '../core/time.ts';
import { execute } from '../runtime/operation.ts';
import { callBy, JOB, MACHINE, person } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { auditRows } from '../testing/expect-audit.ts';
import { footprint, fundedParty, payoutIn, refusalOf, type Sample, setPayoutsOn } from '../testing/factories.ts';
import { ago } from '../testing/payout-samples.ts';
import { previewBulk } from './preview-bulk.ts';
import { confirm, failedPayouts, idsOf, itemOf, itemsOf, preview, runJob, runOf } from './testing/bulk-cases.ts';

let database: TestDatabase;
let ops: Extract<Actor, { kind: 'person' }>;
beforeAll(async () => {
  database = await testDatabase();
  ops = await person(database, 'ops');
});
afterAll(() => database.close());

const ask = (input: unknown, call = callBy(ops)) => execute(database.db, previewBulk, call, input);
const ids = (samples: readonly Sample[]) => ({ ids: idsOf(samples) });

describe('done', () => {
  test('groups what will be retried, asked first or skipped with its reason, and touches no payout', async () => {
    const at = ago(HOUR_MS);
    const samples = {
      failed: await payoutIn(database, 'failed', { at }),
      closed: await payoutIn(database, 'failed', { at, code: 'account_closed' }),
      lost: await payoutIn(database, 'unconfirmed', { at }),
      old: await payoutIn(database, 'unconfirmed', { at: ago(2 * DAY_MS) }),
      never: await payoutIn(database, 'queued', { at }),
      paid: await payoutIn(database, 'paid', { at, body: { amount_minor: '77' } }),
    };
    const before = await footprint(database);
    const runId = await preview(database, ops, 'retry', Object.values(samples));
    const { keys: keysBefore, ...untouched } = before;
    const { keys, ...after } = await footprint(database);
    expect(after).toEqual(untouched);
    expect(keys).toBe((keysBefore as bigint) + 1n);

    const planOf = async (sample: Sample) => {
      const { planned, planned_code, version } = await itemOf(database, runId, sample);
      expect(version).toBe(sample.payout.version);
      return [planned, planned_code];
    };
    expect(await planOf(samples.failed)).toEqual(['retry_new_attempt', 'rejected_retryable']);
    expect(await planOf(samples.closed)).toEqual(['skipped', 'terminal_code']);
    expect(await planOf(samples.lost)).toEqual(['retry_same_key', 'unanswered_in_window']);
    expect(await planOf(samples.old)).toEqual(['check_first', 'unanswered_out_of_window']);
    expect(await planOf(samples.never)).toEqual(['send', 'attempt_never_left']);
    expect(await planOf(samples.paid)).toEqual(['skipped', 'already_paid']);

    const run = await runOf(database, runId);
    expect(run).toMatchObject({
      status: 'previewed',
      asked: { picked: 6 },
      item_count: 6,
      runnable_count: 4,
      // What is skipped is in no sum: nobody confirms it.
      sums: [{ currency: 'EUR', amountMinor: '50000' }],
    });
    expect((await auditRows(database, runId)).at(-1)).toMatchObject({
      act: 'bulk.previewed',
      outcome: 'done',
      actor_id: ops.id,
      after: { act: 'retry', items: 6, runnable: 4 },
    });
  });

  test('payouts are paused: everything is skipped, and says so', async () => {
    const samples = await failedPayouts(database, 2);
    await setPayoutsOn(database, false);
    try {
      const items = await itemsOf(database, await preview(database, ops, 'retry', samples));
      expect(items.map((item) => item.planned_code)).toEqual(['payouts_paused', 'payouts_paused']);
    } finally {
      await setPayoutsOn(database, true);
    }
  });

  test('bug class: two equal keys in one batch: an id that was picked twice is one item', async () => {
    const [one] = await failedPayouts(database, 1);
    const runId = await preview(database, ops, 'retry', [one as Sample, one as Sample]);
    expect(await itemsOf(database, runId)).toHaveLength(1);
  });

  test('assign and hold carry what they need', async () => {
    const colleague = await person(database, 'ops');
    const samples = [await payoutIn(database, 'queued')];
    const assigneeId = toId('person', colleague.id);
    const assign = await preview(database, ops, 'assign', samples, { input: { assigneeId } });
    expect(await runOf(database, assign)).toMatchObject({ act: 'assign', input: { assigneeId: colleague.id } });
    const hold = await preview(database, ops, 'hold', samples, { input: { reason: ' looks odd ' } });
    expect(await runOf(database, hold)).toMatchObject({
      act: 'hold',
      input: { reason: 'looks odd' },
      runnable_count: 1,
    });
  });
});

describe('bug class: a filter dropped before a bulk action', () => {
  const questions: [string, Record<string, unknown>][] = [
    ['filter', { filter: 'failed' }],
    ['code', { filter: 'failed', where: { code: ['no_such_code'] } }],
    ['rail', { filter: 'all', where: { rail: ['wire'] } }],
    ['amounts', { filter: 'all', where: { min: '500', max: '600' } }],
    ['text', { filter: 'all', where: { text: 'Zeynep' } }],
    ['status and currency', { filter: 'open', where: { status: ['queued'], currency: ['TRY'] } }],
    ['owner', { filter: 'open', where: { owner: 'nobody', status: ['queued'] } }],
  ];

  test.each(questions)('by %s: exactly what the filter says is frozen, never more', async (name, selection) => {
    const own = await testDatabase();
    try {
      const actor = await person(own, 'ops');
      const party = (await fundedParty(own, { EUR: 10_000_000n, TRY: 10_000_000n })).reference;
      const make = (status: Parameters<typeof payoutIn>[1], body: Record<string, unknown> = {}, code?: string) =>
        payoutIn(own, status, { party, at: ago(HOUR_MS), body, ...(code ? { code } : {}) });
      const [failed, closed, wire, dear, zeynep, lira] = await Promise.all([
        make('failed'),
        make('failed', {}, 'account_closed'),
        make('in_transit', { rail: 'wire' }),
        make('in_transit', { amount_minor: '55000' }),
        make('paid', {
          destination: { holder: 'Zeynep Aydın', bank: 'B', masked: 'TR•• 1', country: 'TR', token: 't' },
        }),
        make('queued', { currency: 'TRY' }),
      ]);
      const expected: Record<string, Sample[]> = {
        filter: [failed, closed],
        code: [],
        rail: [wire],
        amounts: [dear],
        text: [zeynep],
        'status and currency': [lira],
        owner: [lira],
      };
      const work = preview(own, actor, 'retry', selection);
      if (expected[name]?.length === 0) {
        expect(await refusalOf(work)).toBe('selection_empty');
        return;
      }
      const frozen = await itemsOf(own, await work);
      expect(frozen.map((item) => item.payout_id).sort()).toEqual(expected[name]?.map((one) => one.payout.id).sort());
    } finally {
      await own.close();
    }
  });

  test.each([
    { filter: 'everything' },
    { filter: 'failed', where: { colour: ['red'] } },
    { filter: 'failed', where: { rail: ['pigeon'] } },
    { filter: 'failed', where: { rail: [] } },
    { filter: 'failed', text: 'Anna' },
    { where: { rail: ['wire'] } },
    { filter: 'failed', ids: [] },
    { ids: [] },
    { ids: ['nothing'] },
    {},
  ])('a selection that is not understood whole is refused, not widened: %o', async (selection) => {
    const before = await footprint(database);
    expect(await refusalOf(ask({ act: 'retry', selection }))).toBe('malformed');
    expect(await footprint(database)).toEqual(before);
  });

  test('the frozen list is what runs: what matches only later is not in it, and what no longer matches stays', async () => {
    const own = await testDatabase();
    try {
      const actor = await person(own, 'ops');
      const samples = await failedPayouts(own, 2);
      const runId = await preview(own, actor, 'retry', { filter: 'failed' });
      const [late] = await failedPayouts(own, 1);
      await confirm(own, actor, runId);
      await runJob(own, runId);
      const items = await itemsOf(own, runId);
      expect(items.map((item) => item.payout_id).sort()).toEqual(samples.map((one) => one.payout.id).sort());
      expect(items.map((item) => item.outcome)).toEqual(['done', 'done']);
      const { rows } = await own.db.query('SELECT status FROM payout WHERE id = $1', [late?.payout.id]);
      expect(rows).toEqual([{ status: 'failed' }]);
      expect((await runOf(own, runId)).asked).toEqual({ filter: 'failed' });
    } finally {
      await own.close();
    }
  });

  test('what is frozen cannot be changed afterwards, not even by the application’s own hand', async () => {
    const runId = await preview(database, ops, 'retry', await failedPayouts(database, 1));
    const change = (sql: string) => database.db.query(sql, [runId]);
    await expect(change(`UPDATE bulk_item SET version = version + 1 WHERE run_id = $1`)).rejects.toThrow('froze');
    await expect(change(`UPDATE bulk_item SET planned = 'send' WHERE run_id = $1`)).rejects.toThrow('froze');
    await expect(change(`UPDATE bulk_run SET act = 'hold' WHERE id = $1`)).rejects.toThrow('froze');
    await expect(change(`UPDATE bulk_run SET created_by = gen_random_uuid() WHERE id = $1`)).rejects.toThrow('froze');
    await expect(change(`DELETE FROM bulk_item WHERE run_id = $1`)).rejects.toThrow('permission denied');
  });
});

describe('refused', () => {
  test('nothing matches', async () => {
    const selection = { filter: 'all', where: { text: 'nobody is called this' } };
    expect(await refusalOf(ask({ act: 'retry', selection }))).toBe('selection_empty');
  });

  test('a picked payout that does not exist', async () => {
    const samples = await failedPayouts(database, 1);
    const selection = { ids: [...idsOf(samples), toId('payout', newUuid())] };
    expect(await refusalOf(ask({ act: 'retry', selection }))).toBe('not_found');
  });

  test('more than ten thousand', async () => {
    const own = await testDatabase();
    try {
      const actor = await person(own, 'ops');
      await payoutIn(own, 'paid');
      await own.owner.query(`DO $$ DECLARE columns text; BEGIN
        SELECT string_agg(quote_ident(column_name), ', ') INTO columns FROM information_schema.columns
          WHERE table_name = 'payout' AND is_generated = 'NEVER' AND column_name <> 'id';
        EXECUTE format('INSERT INTO payout (id, %1$s) SELECT gen_random_uuid(), %1$s FROM payout, generate_series(1, 10000)', columns);
      END $$`);
      const call = callBy(actor);
      expect(await refusalOf(execute(own.db, previewBulk, call, { act: 'check', selection: { filter: 'all' } }))).toBe(
        'selection_too_large',
      );
      await own.owner.query(
        `ALTER TABLE payout DISABLE TRIGGER USER;
         DELETE FROM payout WHERE id = (SELECT id FROM payout WHERE id NOT IN (SELECT payout_id FROM attempt) LIMIT 1)`,
      );
      await execute(own.db, previewBulk, call, { act: 'check', selection: { filter: 'all' } });
      const { rows } = await own.db.query('SELECT item_count FROM bulk_run');
      expect(rows).toEqual([{ item_count: 10_000 }]);
    } finally {
      await own.close();
    }
  });

  test('somebody who may not look after payouts cannot be given any', async () => {
    const selection = ids([await payoutIn(database, 'queued')]);
    const viewer = await person(database, 'viewer');
    for (const id of [viewer.id, newUuid()]) {
      const input = { assigneeId: toId('person', id) };
      expect(await refusalOf(ask({ act: 'assign', selection, input }))).toBe('person_unknown');
    }
  });

  test.each([
    [{ act: 'cancel' }],
    [{ act: 'hold' }],
    [{ act: 'hold', input: { reason: 'no' } }],
    [{ act: 'assign' }],
    [{ act: 'assign', input: {} }],
    [{ act: 'retry', input: { reason: 'because' } }],
  ])('malformed: %o', async (over) => {
    const selection = ids(await failedPayouts(database, 1));
    expect(await refusalOf(ask({ selection, ...over }))).toBe('malformed');
  });

  test('forbidden: without the right to act on many, or without the act’s own', async () => {
    const selection = ids(await failedPayouts(database, 1));
    const finance = await person(database, 'finance', 'approver', 'admin', 'viewer');
    for (const actor of [finance, MACHINE, JOB]) {
      for (const act of ['retry', 'check']) {
        expect(await refusalOf(ask({ act, selection }, callBy(actor)))).toBe('permission_missing');
      }
    }
    const { rows } = await database.db.query('SELECT 1 FROM bulk_run WHERE created_by = $1', [finance.id]);
    expect(rows).toEqual([]);
  });
});

test('replayed: the same press again is the same preview', async () => {
  const call = callBy(ops);
  const input = { act: 'retry', selection: ids(await failedPayouts(database, 1)) };
  const first = await ask(input, call);
  expect(await ask(input, call)).toEqual({ result: first.result, replayed: true });
  expect(await refusalOf(ask({ ...input, act: 'check' }, call))).toBe('idempotency_key_reused');
});
