import { toId } from '../core/ids.ts';
import type { BulkRun, BulkStatus } from './bulk.ts';

/** What every command on a run answers. */
export interface BulkAnswer {
  runId: string;
  status: BulkStatus;
}

export function answerOf(run: Pick<BulkRun, 'id'>, status: BulkStatus): BulkAnswer {
  return { runId: toId('bulk_run', run.id), status };
}

/** A run for its audit row: how large it is, and of what. */
export function auditOf(run: BulkRun): Record<string, unknown> {
  return {
    act: run.act,
    input: run.input,
    asked: run.asked,
    parentId: run.parentId && toId('bulk_run', run.parentId),
    items: run.itemCount,
    runnable: run.runnableCount,
    sums: run.sums,
  };
}
