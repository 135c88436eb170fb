import type { JobHelpers, TaskList } from 'graphile-worker';
import { Refused } from '../core/refusal.ts';
import type { Clock } from '../core/time.ts';
import type { Db } from '../runtime/db.ts';
import type { Log } from '../runtime/log.ts';
import { finishJobRun, startJobRun } from './job-run.store.ts';

/** A task's code: takes its payload, returns what the history keeps, throws to be run again with backoff. */
export type TaskHandler = (payload: never, note: (line: string) => void) => Promise<unknown>;

/** Wraps handlers so that each run is kept with its start, end, outcome and log. */
export function taskList(handlers: Record<string, TaskHandler>, deps: { db: Db; clock: Clock; log: Log }): TaskList {
  return Object.fromEntries(
    Object.entries(handlers).map(([task, handler]) => [
      task,
      (payload: unknown, helpers: JobHelpers) => runTask(task, handler, payload, helpers, deps),
    ]),
  );
}

async function runTask(
  task: string,
  handler: TaskHandler,
  payload: unknown,
  helpers: JobHelpers,
  { db, clock, log }: { db: Db; clock: Clock; log: Log },
): Promise<void> {
  const run = await startJobRun(db, {
    task,
    jobId: helpers.job.id,
    attempt: helpers.job.attempts,
    payload,
    now: clock(),
  });
  const lines: string[] = [];
  const note = (line: string) => lines.push(`${clock().toISOString()} ${line}`);
  try {
    const summary = await handler(payload as never, note);
    await finishJobRun(db, run, { outcome: 'done', summary, log: lines.join('\n'), error: null, now: clock() });
    log.debug({ task, jobId: helpers.job.id, summary }, 'task done');
  } catch (error) {
    const message =
      error instanceof Refused
        ? `refused: ${error.refusal.code}`
        : error instanceof Error
          ? error.message
          : String(error);
    log.error({ task, jobId: helpers.job.id, err: error }, 'task failed');
    await finishJobRun(db, run, {
      outcome: 'failed',
      summary: null,
      log: lines.join('\n'),
      error: message,
      now: clock(),
    });
    throw error;
  }
}
