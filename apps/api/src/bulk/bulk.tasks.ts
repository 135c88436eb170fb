import type { Actor } from '../core/actor.ts';
import { newUuid, toId } from '../core/ids.ts';
import { Refused } from '../core/refusal.ts';
import { type Clock, SECOND_MS } from '../core/time.ts';
import { enqueueBulk, enqueueBulks } from '../jobs/bulk-jobs.ts';
import type { TaskPayloads } from '../jobs/registry.ts';
import { assignPayout } from '../payouts/assign-payout.ts';
import { checkPayout } from '../payouts/check-payout.ts';
import { holdPayout } from '../payouts/hold-payout.ts';
import { retryPayout } from '../payouts/retry-payout.ts';
import type { Db } from '../runtime/db.ts';
import { announce } from '../runtime/live.ts';
import type { Log } from '../runtime/log.ts';
import { type Call, execute } from '../runtime/operation.ts';
import { countTry, endLease, saveOutcome, takeLease } from './bulk.store.ts';
import { itemKey, MAX_TRIES, type Outcome, outcomeOfRefusal } from './bulk.ts';
import { lacksForBulk } from './bulk-access.ts';
import { lostRuns, nextItems, readWork, type WorkItem, type WorkState } from './bulk-work.queries.ts';
import { finishBulk } from './finish-bulk.ts';

export interface BulkTaskDeps {
  db: Db;
  clock: Clock;
  log: Log;
}

/** The background work on bulk runs, by task name. */
export function bulkTasks(deps: BulkTaskDeps) {
  return {
    'bulk.run': (payload: TaskPayloads['bulk.run'], note?: Note) => runSlice(deps, payload.runId, note),
    'bulk.find_lost': () => findLost(deps),
  };
}

type Note = (line: string) => void;

/** A slice of a run gives its place in the worker to other jobs after so many items, or so long. */
export const SLICE_ITEMS = 200;
const SLICE_MS = 10 * SECOND_MS;

/** Longer than any item takes; a worker that dies is missed after this. */
const LEASE_MS = 30 * SECOND_MS;

/** Items that are fetched at once. Each is still its own command and its own transaction. */
const BATCH = 50;

/** The consoles are told of progress this often at most. */
const TELL_MS = 300;

/** When another worker is just at the next item: look again after this. */
const BUSY_MS = 5 * SECOND_MS;

interface Slice {
  deps: BulkTaskDeps;
  runId: string;
  /** The name of this slice's lease. */
  worker: string;
  ran: Record<Outcome, number>;
  toldAt: number;
}

/**
 * Carries on with a run, item by item, each through its own verb, as the person who confirmed it. Whatever happens in between
 * (a crash, a second worker, a lost answer), an item's idempotency key keeps its command from being carried out twice.
 */
async function runSlice(deps: BulkTaskDeps, runId: string, note: Note = () => undefined): Promise<unknown> {
  const { db, clock } = deps;
  const slice: Slice = {
    deps,
    runId,
    worker: newUuid(),
    ran: { done: 0, skipped: 0, failed: 0, canceled: 0 },
    toldAt: 0,
  };
  const now = clock();
  const lease = { worker: slice.worker, now, until: new Date(now.getTime() + LEASE_MS) };
  if (!(await takeLease(db, runId, lease))) return { step: 'not_taken' };
  try {
    const step = await work(slice, now.getTime());
    note(`${toId('bulk_run', runId)}: ${step}`);
    return { step, ...slice.ran };
  } catch (error) {
    // The queue tries again; the next one need not wait for this lease to run out.
    await db.transaction((tx) => endLease(tx, runId, slice.worker)).catch(() => undefined);
    throw error;
  }
}

type Step = 'finished' | 'paused' | 'handed_over' | 'taken_over' | 'busy';

async function work(slice: Slice, startedAt: number): Promise<Step> {
  const { deps, runId, ran } = slice;
  let items: WorkItem[] = [];
  for (;;) {
    const state = await readWork(deps.db, runId);
    if (!state || state.leasedBy !== slice.worker) return 'taken_over';
    if (state.status === 'canceling') return finish(slice);
    if (lacksForBulk(state.actor, state.act)) return finish(slice, true);
    if (state.status !== 'running') return handOver(slice, 'paused');
    const count = ran.done + ran.skipped + ran.failed;
    if (count >= SLICE_ITEMS || deps.clock().getTime() - startedAt >= SLICE_MS) return handOver(slice, 'handed_over');
    if (items.length === 0) items = await nextItems(deps.db, runId, BATCH);
    const item = items.shift();
    if (!item) return finish(slice);
    const end = await runItem(slice, state, item);
    if (end === 'busy') return handOver(slice, 'busy');
    await record(slice, item, end);
  }
}

interface End {
  outcome: Outcome;
  code: string | null;
}

async function runItem(slice: Slice, state: WorkState, item: WorkItem): Promise<End | 'busy'> {
  const { deps, runId } = slice;
  try {
    return { outcome: 'done', code: await carryOut(deps, runId, state, item) };
  } catch (error) {
    if (error instanceof Refused) {
      // Somebody holds this item's key at this moment: a worker whose lease ran out while it works.
      return error.refusal.code === 'idempotency_key_in_flight' ? 'busy' : outcomeOfRefusal(error.refusal.code);
    }
    // Whether it was carried out is unknown. The same key tells at the next try; only an error that stays is given up.
    const tries = await deps.db.transaction((tx) => countTry(tx, { runId, position: item.position }));
    if (tries < MAX_TRIES) throw error;
    deps.log.error({ err: error, runId, position: item.position }, 'an item of a bulk run was given up');
    return { outcome: 'failed', code: 'fault' };
  }
}

/** Runs the item's command. Returns what a retry turned out to be, for the report; null where there is only one way. */
async function carryOut(
  { db, clock }: BulkTaskDeps,
  runId: string,
  { act, input, actor }: WorkState,
  item: WorkItem,
): Promise<string | null> {
  const call: Call = {
    actor,
    now: clock(),
    request: { requestId: `job_${newUuid()}`, ip: null },
    idempotencyKey: itemKey(toId('bulk_run', runId), item.position),
  };
  const frozen = { payoutId: toId('payout', item.payoutId), version: item.version };
  switch (act) {
    case 'retry':
      return (await execute(db, retryPayout, call, frozen)).result.plan;
    case 'check':
      await execute(db, checkPayout, call, frozen);
      return null;
    case 'assign': {
      const assigneeId = input.assigneeId ? toId('person', input.assigneeId) : null;
      await execute(db, assignPayout, call, { ...frozen, assigneeId });
      return null;
    }
    case 'hold':
      await execute(db, holdPayout, call, { ...frozen, reason: input.reason ?? '' });
      return null;
  }
}

async function record(slice: Slice, item: WorkItem, end: End): Promise<void> {
  const { deps, runId, worker } = slice;
  const now = deps.clock();
  const tells = now.getTime() - slice.toldAt >= TELL_MS;
  const saved = await deps.db.transaction(async (tx) => {
    const first = await saveOutcome(
      tx,
      { runId, position: item.position },
      { ...end, at: now, worker, leasedUntil: new Date(now.getTime() + LEASE_MS) },
    );
    if (tells) await announce(tx, 'bulk_run', runId);
    return first;
  });
  if (tells) slice.toldAt = now.getTime();
  if (saved) slice.ran[end.outcome] += 1;
}

/** Ends the run; or, when it was resumed or paused in this very moment, gives it back. */
async function finish(slice: Slice, forbidden = false): Promise<Step> {
  const { db, clock } = slice.deps;
  const actor: Actor = { kind: 'job', id: 'bulk.run', label: 'bulk.run' };
  const call = { actor, now: clock(), request: { requestId: `job_${newUuid()}`, ip: null }, idempotencyKey: null };
  const { result } = await execute(db, finishBulk, call, { runId: slice.runId, forbidden });
  if (result.status === 'done' || result.status === 'canceled') return 'finished';
  return handOver(slice, result.status === 'paused' ? 'paused' : 'handed_over');
}

/** Stops here. What still wants a worker gets a job in the same transaction, so that it is never between two of them. */
async function handOver({ deps, runId, worker }: Slice, step: Step): Promise<Step> {
  await deps.db.transaction(async (tx) => {
    const wanted = await endLease(tx, runId, worker);
    if (wanted) await enqueueBulk(tx, runId, step === 'busy' ? new Date(deps.clock().getTime() + BUSY_MS) : undefined);
    await announce(tx, 'bulk_run', runId);
  });
  return step;
}

/** How many runs one look gives back; the next look, a minute later, takes the next. */
const FIND_LIMIT = 100;

/** Gives runs whose worker died to another one. */
async function findLost({ db, clock, log }: BulkTaskDeps): Promise<{ found: number }> {
  const lost = await lostRuns(db, clock(), FIND_LIMIT);
  await db.transaction((tx) => enqueueBulks(tx, lost));
  if (lost.length > 0) log.warn({ found: lost.length }, 'bulk runs without a worker were given one');
  return { found: lost.length };
}
