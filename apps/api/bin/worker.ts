import { EventEmitter } from 'node:events';
import { Logger, parseCronItems, run, type WorkerEvents } from 'graphile-worker';
import { systemClock } from '../src/core/time.ts';
import { beat, endBeat, pruneJobRuns } from '../src/jobs/job-run.store.ts';
import { SCHEDULE } from '../src/jobs/registry.ts';
import { taskList } from '../src/jobs/task-list.ts';
import { overrideTasks } from '../src/overrides/overrides.tasks.ts';
import { payoutTasks } from '../src/payouts/payouts.tasks.ts';
import { reconciliationTasks } from '../src/reconciliation/reconciliation.tasks.ts';
import { openDb } from '../src/runtime/db.ts';
import { openLog } from '../src/runtime/log.ts';
import { exitWith, onStop, readConfig } from './config.ts';
import { connectorsOf } from './connectors.ts';

const HEARTBEAT_MS = 10_000;

try {
  const config = readConfig(process.env);
  const log = openLog('worker', config.LOG_LEVEL);
  const clock = systemClock;
  const db = openDb(config.DATABASE_URL, { max: config.WORKER_CONCURRENCY + 6, applicationName: 'countersign-worker' });
  // The queue's own pool: graphile-worker writes its bigint ids as JSON, which only text survives.
  const queue = openDb(config.DATABASE_URL, {
    max: config.WORKER_CONCURRENCY + 2,
    applicationName: 'countersign-queue',
    libraryTypes: true,
  });
  const deps = { db, clock, log, connectors: connectorsOf(config) };

  const workerIds: string[] = [];
  const events: WorkerEvents = new EventEmitter();
  events.on('worker:create', ({ worker }) => workerIds.push(worker.workerId));
  const runner = await run({
    pgPool: queue.pool,
    taskList: taskList({ ...payoutTasks(deps), ...overrideTasks(deps), ...reconciliationTasks(deps) }, deps),
    parsedCronItems: parseCronItems(
      SCHEDULE.map(({ task, match, maxAttempts }) => ({
        task,
        match,
        options: { jobKey: task, jobKeyMode: 'preserve_run_at' as const, maxAttempts },
      })),
    ),
    concurrency: config.WORKER_CONCURRENCY,
    pollInterval: 1_000,
    noHandleSignals: true,
    // Its own news are ours at a lower level; each run is in the job history anyway.
    logger: new Logger(
      () => (level, message) => log[level === 'error' ? 'error' : level === 'warning' ? 'warn' : 'debug'](message),
    ),
    events,
  });

  const startedAt = clock();
  const heartbeat = () =>
    beat(db, workerIds, startedAt, clock()).then(
      (freed) => freed > 0 && log.warn({ freed }, 'freed the jobs of dead workers'),
      (error: unknown) => log.error({ err: error }, 'the database does not answer; the next beat tries again'),
    );
  await heartbeat();
  await pruneJobRuns(db, clock());
  const timer = setInterval(heartbeat, HEARTBEAT_MS);
  log.info({ concurrency: config.WORKER_CONCURRENCY }, 'worker ready');

  // The runner ends by itself only when something is broken beyond its own retries: end too, and be started again.
  runner.promise.catch((error: unknown) => exitWith(error));
  onStop(async () => {
    clearInterval(timer);
    await runner.stop();
    await endBeat(db, workerIds);
    await Promise.all([queue.end(), db.end()]);
  });
} catch (error) {
  exitWith(error);
}
