import { parseArgs } from 'node:util';
import { listJobRuns } from '../../src/jobs/jobs.queries.ts';
import type { CliCommand } from '../cli-context.ts';

/** `jobs list [--task detect_stuck_finance_jobs]`: what ran, when, how it ended. */
export const jobsCommand: CliCommand = {
  name: 'jobs',
  usage: 'jobs list [--task <name>] [--limit 30]',
  summary: 'the history of background jobs',
  async run(args, { db, json }) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { task: { type: 'string' }, limit: { type: 'string', default: '30' } },
    });
    const limit = Number(values.limit);
    if (positionals[0] !== 'list' || !Number.isInteger(limit) || limit < 1)
      throw new Error('Say "jobs list [--task <name>] [--limit 30]".');
    const runs = await listJobRuns(db, { task: values.task, limit: Math.min(limit, 1_000) });
    if (json) {
      console.log(JSON.stringify({ runs }));
      return 0;
    }
    for (const run of runs) {
      const end = run.error ?? (run.summary === null ? '' : JSON.stringify(run.summary));
      console.log(
        `${run.startedAt}  ${run.task.padEnd(28)} ${(run.outcome ?? 'running').padEnd(8)} ${end.slice(0, 140)}`,
      );
    }
    return 0;
  },
};
