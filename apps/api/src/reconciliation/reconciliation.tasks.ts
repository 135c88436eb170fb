import type { Actor } from '../core/actor.ts';
import { newUuid } from '../core/ids.ts';
import { addDays, type Clock, parseLocalDate, startOfDay, utcDate } from '../core/time.ts';
import type { TaskPayloads } from '../jobs/registry.ts';
import type { Db } from '../runtime/db.ts';
import { execute } from '../runtime/operation.ts';
import { RUNNABLE_KINDS, type RunAnswer, runReconciliation } from './run-reconciliation.ts';

/** The background work on reconciliation, by task name. */
export function reconciliationTasks(deps: { db: Db; clock: Clock }) {
  return {
    daily_reconciliation_report: (payload: TaskPayloads['daily_reconciliation_report'] | null) =>
      dailyReport(deps, payload?.on),
  };
}

const JOB: Actor = { kind: 'job', id: 'daily_reconciliation_report', label: 'daily_reconciliation_report' };

/** Monday: the day of the weekly full scan of postings against balances. */
const SCAN_WEEKDAY = 1;

/**
 * Settles the day before (or `on`), and once a week scans every balance. A run that failed is kept as such, and the
 * task fails with it, so that the queue runs it again and the run history is red.
 */
async function dailyReport({ db, clock }: { db: Db; clock: Clock }, on?: string): Promise<{ runs: RunAnswer[] }> {
  const today = utcDate(clock());
  const day = on === undefined ? addDays(today, -1) : parseLocalDate(on);
  if (day === null) throw new Error(`"${on}" is not a calendar day.`);
  const scans = on !== undefined || startOfDay(today).getUTCDay() === SCAN_WEEKDAY;
  const runs: RunAnswer[] = [];
  for (const kind of RUNNABLE_KINDS) {
    if (kind === 'ledger_vs_wallet' && !scans) continue;
    const call = {
      actor: JOB,
      now: clock(),
      request: { requestId: `job_${newUuid()}`, ip: null },
      idempotencyKey: null,
    };
    const { result } = await execute(db, runReconciliation, call, { kind, on: day });
    runs.push(result);
  }
  const failed = runs.filter((run) => run.status === 'failed');
  if (failed.length > 0) throw new Error(`failed: ${failed.map((run) => `${run.kind} ${run.runId}`).join(', ')}`);
  return { runs };
}
