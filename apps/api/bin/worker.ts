import { EventEmitter } from 'node:events';
import { Logger, parseCronItems, run, type WorkerEvents } from 'graphile-worker';
import { bulkTasks } from '../src/bulk/bulk.tasks.ts';
import { systemClock } from '../src/core/time.ts';
import { beat, endBeat, pruneJobRuns } from '../src/jobs/job-run.store.ts';
import { lockHolders } from '../src/jobs/lock-holders.ts';
import { SCHEDULE } from '../src/jobs/registry.ts';
import { taskList } from '../src/jobs/task-list.ts';
import { overrideTasks } from '../src/overrides/overrides.tasks.ts';
import { payoutTasks } from '../src/payouts/payouts.tasks.ts';
import { stuckPolicyTasks } from '../src/payouts/stuck-policy.tasks.ts';
import { reconciliationTasks } from '../src/reconciliation/reconciliation.tasks.ts';
import { openDb } from '../src/runtime/db.ts';
import { openLog } from '../src/runtime/log.ts';
import { openSeal } from '../src/webhooks/seal.ts';
import { webhookTasks } from '../src/webhooks/webhooks.tasks.ts';
import { readUnsafe } from './chaos-unsafe.ts';
import { exitWith, onStop, onUncaught, readConfig } from './config.ts';
import { connectorsOf } from './connectors.ts';

const HEARTBEAT_MS = 10_000;

/** Bulk runs that are carried on with at one time; each works through its payouts one by one. */
const BULK_CONCURRENCY = 2;

try {
  const config = readConfig(process.env);
  const log = openLog('worker', config.LOG_LEVEL);
  const clock = systemClock;
  const unsafe = readUnsafe(process.env, config.DATABASE_URL);
  if (unsafe)
    log.error({ unsafe }, 'THIS WORKER BREAKS A RULE OF SAFETY ON PURPOSE AND PAYS TWICE: for chaos runs only');
  const db = openDb(config.DATABASE_URL, {
    max: config.WORKER_CONCURRENCY + BULK_CONCURRENCY + 6,
    applicationName: 'countersign-worker',
  });
  // The queue's own pool: graphile-worker writes its bigint ids as JSON, which only text survives.
  const queue = openDb(config.DATABASE_URL, {
    max: config.WORKER_CONCURRENCY + config.WEBHOOK_CONCURRENCY + BULK_CONCURRENCY + 5,
    applicationName: 'countersign-queue',
    libraryTypes: true,
  });
  const deps = { db, clock, log, connectors: connectorsOf(config) };

  const events: WorkerEvents = new EventEmitter();
  const holders = lockHolders(events);
  const shared = {
    pgPool: queue.pool,
    pollInterval: 1_000,
    noHandleSignals: true,
    // Its own news are ours at a lower level; each run is in the job history anyway.
    logger: new Logger(
      () => (level, message) => log[level === 'error' ? 'error' : level === 'warning' ? 'warn' : 'debug'](message),
    ),
    events,
  };
  const webhooks = webhookTasks({
    ...deps,
    webhooks: { seal: openSeal(config.AUTH_SECRET), allowLocal: config.ALLOW_LOCAL_WEBHOOKS },
  });
  // Runners of their own for other people's servers: a receiver that takes its time must never keep a payout waiting.
  const deliveries = await run({
    ...shared,
    taskList: taskList({ 'webhook.deliver': webhooks['webhook.deliver'] }, deps),
    parsedCronItems: [],
    concurrency: config.WEBHOOK_CONCURRENCY,
  });
  // And of their own for bulk runs: they neither wait behind sends to a slow provider, nor take their places.
  const bulk = await run({
    ...shared,
    taskList: taskList(bulkTasks(deps), deps),
    parsedCronItems: [],
    concurrency: BULK_CONCURRENCY,
  });
  const runner = await run({
    ...shared,
    taskList: taskList(
      {
        ...payoutTasks({ ...deps, unsafe }),
        ...stuckPolicyTasks(deps),
        ...overrideTasks(deps),
        ...reconciliationTasks(deps),
        'webhook.sweep': webhooks['webhook.sweep'],
      },
      deps,
    ),
    parsedCronItems: parseCronItems(
      SCHEDULE.map(({ task, match, maxAttempts }) => ({
        task,
        match,
        options: { jobKey: task, jobKeyMode: 'preserve_run_at' as const, maxAttempts },
      })),
    ),
    concurrency: config.WORKER_CONCURRENCY,
  });

  const startedAt = clock();
  const heartbeat = () =>
    beat(db, holders, startedAt, clock()).then(
      (freed) => freed > 0 && log.warn({ freed }, 'freed the jobs of dead workers'),
      (error: unknown) => log.error({ err: error }, 'the database does not answer; the next beat tries again'),
    );
  await heartbeat();
  await pruneJobRuns(db, clock());
  const timer = setInterval(heartbeat, HEARTBEAT_MS);
  log.info({ concurrency: config.WORKER_CONCURRENCY }, 'worker ready');

  // The runner ends by itself only when something is broken beyond its own retries: end too, and be started again.
  for (const part of [runner, deliveries, bulk]) part.promise.catch((error: unknown) => exitWith(error));
  const stop = async () => {
    clearInterval(timer);
    await Promise.all([runner.stop(), deliveries.stop(), bulk.stop()]);
    await endBeat(db, holders);
    await Promise.all([queue.end(), db.end()]);
  };
  onStop(stop);
  onUncaught((error) => log.error({ err: error }, 'an error that nobody caught: the worker ends'), stop);
} catch (error) {
  exitWith(error);
}
