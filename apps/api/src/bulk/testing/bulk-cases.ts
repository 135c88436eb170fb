import type { Actor } from '../../core/actor.ts';
import { parseId, toId } from '../../core/ids.ts';
import type { Db } from '../../runtime/db.ts';
import { openLog } from '../../runtime/log.ts';
import { execute } from '../../runtime/operation.ts';
import { callBy, NOW } from '../../testing/calls.ts';
import type { TestDatabase } from '../../testing/database.ts';
import { payoutIn, type Sample, type SampleOptions } from '../../testing/factories.ts';
import { ago } from '../../testing/payout-samples.ts';
import { bulkTasks } from '../bulk.tasks.ts';
import type { BulkAct, BulkInput, Outcome, Planned } from '../bulk.ts';
import { confirmBulk } from '../confirm-bulk.ts';
import { previewBulk } from '../preview-bulk.ts';

type Person = Extract<Actor, { kind: 'person' }>;

/** An hour before NOW: past every send that may still be on its way. */
const EARLIER = ago(3_600_000);

/** Payouts that failed for a cause that passes an hour ago: each is safe to retry. */
export async function failedPayouts(
  database: TestDatabase,
  count: number,
  options: SampleOptions = {},
): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (let i = 0; i < count; i += 1) {
    samples.push(await payoutIn(database, 'failed', { at: EARLIER, ...options }));
  }
  return samples;
}

export function idsOf(samples: readonly Sample[]): string[] {
  return samples.map(({ payout }) => toId('payout', payout.id));
}

/** Previews an act on these payouts; returns the run's uuid. */
export async function preview(
  database: TestDatabase,
  actor: Person,
  act: BulkAct,
  selection: readonly Sample[] | Record<string, unknown>,
  { input, now = NOW }: { input?: Record<string, unknown>; now?: Date } = {},
): Promise<string> {
  const asked = Array.isArray(selection) ? { ids: idsOf(selection as Sample[]) } : selection;
  const { result } = await execute(database.db, previewBulk, callBy(actor, { now }), {
    act,
    selection: asked,
    ...(input ? { input } : {}),
  });
  return parseId('bulk_run', result.runId) ?? '';
}

/** Confirms it as a person does who types what they are asked for. */
export async function confirm(database: TestDatabase, actor: Person, runId: string, now = NOW): Promise<void> {
  const run = await runOf(database, runId);
  const input = { runId: toId('bulk_run', runId), version: run.version, count: run.runnable_count };
  await execute(database.db, confirmBulk, callBy(actor, { now }), input);
}

/** A run that is confirmed and waits for the worker. */
export async function confirmed(
  database: TestDatabase,
  actor: Person,
  act: BulkAct,
  selection: readonly Sample[],
  input?: Record<string, unknown>,
): Promise<string> {
  const runId = await preview(database, actor, act, selection, input ? { input } : {});
  await confirm(database, actor, runId);
  return runId;
}

/** One slice of the run's job, as a worker does it. */
export function runJob(
  database: TestDatabase,
  runId: string,
  { db = database.db, clock = () => NOW }: { db?: Db; clock?: () => Date } = {},
): Promise<unknown> {
  return bulkTasks({ db, clock, log: openLog('test', 'silent') })['bulk.run']({ runId });
}

export interface RunRow {
  status: string;
  act: BulkAct;
  input: BulkInput;
  asked: unknown;
  parent_id: string | null;
  item_count: number;
  runnable_count: number;
  sums: unknown;
  done_count: number;
  skipped_count: number;
  failed_count: number;
  canceled_count: number;
  leased_by: string | null;
  finished_at: Date | null;
  version: number;
}

export async function runOf(database: TestDatabase, runId: string): Promise<RunRow> {
  const { rows } = await database.db.query<RunRow>('SELECT * FROM bulk_run WHERE id = $1', [runId]);
  if (!rows[0]) throw new Error(`run ${runId} is not there`);
  return rows[0];
}

export interface ItemRow {
  position: number;
  payout_id: string;
  version: number;
  planned: Planned;
  planned_code: string | null;
  outcome: Outcome | null;
  outcome_code: string | null;
}

export async function itemsOf(database: TestDatabase, runId: string): Promise<ItemRow[]> {
  const { rows } = await database.db.query<ItemRow>('SELECT * FROM bulk_item WHERE run_id = $1 ORDER BY position', [
    runId,
  ]);
  return rows;
}

/** The item of a payout. */
export async function itemOf(database: TestDatabase, runId: string, { payout }: Sample): Promise<ItemRow> {
  const item = (await itemsOf(database, runId)).find((one) => one.payout_id === payout.id);
  if (!item) throw new Error(`payout ${payout.id} is not in run ${runId}`);
  return item;
}

/** The counters of a run, and the same counted from its items: they may never differ. */
export async function countsOf(database: TestDatabase, runId: string): Promise<{ kept: unknown; counted: unknown }> {
  const run = await runOf(database, runId);
  const items = await itemsOf(database, runId);
  const number = (outcome: Outcome) => items.filter((item) => item.outcome === outcome).length;
  return {
    kept: { done: run.done_count, skipped: run.skipped_count, failed: run.failed_count, canceled: run.canceled_count },
    counted: {
      done: number('done'),
      skipped: number('skipped'),
      failed: number('failed'),
      canceled: number('canceled'),
    },
  };
}
