import { Refused } from '../src/core/refusal.ts';
import { problemOf } from '../src/runtime/http.ts';
import { type CliCommand, cliActor, openCliDatabase } from './cli-context.ts';
import { importCommand } from './commands/import.ts';
import { jobsCommand } from './commands/jobs.ts';
import { payoutsCommand } from './commands/payouts.ts';
import { peopleCommand } from './commands/people.ts';
import { reconcileCommand } from './commands/reconcile.ts';

const COMMANDS: readonly CliCommand[] = [importCommand, reconcileCommand, payoutsCommand, jobsCommand, peopleCommand];

const args = process.argv.slice(2);
const json = args.includes('--json');
const [name, ...rest] = args.filter((arg) => arg !== '--json');
const command = COMMANDS.find((candidate) => candidate.name === name);

if (!command) {
  console.error('Usage: npm run cli -- <command> [--json]\n');
  for (const { usage, summary } of COMMANDS) console.error(`  ${usage.padEnd(52)} ${summary}`);
  process.exitCode = name === undefined || name === 'help' || name === '--help' ? 0 : 2;
} else {
  process.exitCode = await runCommand(command);
}

async function runCommand(chosen: CliCommand): Promise<number> {
  try {
    const { db, close } = await openCliDatabase(process.env);
    try {
      return await chosen.run(rest, { db, actor: cliActor(process.env), json });
    } finally {
      await close();
    }
  } catch (error) {
    if (error instanceof Refused) {
      const problem = problemOf(error.refusal, 'cli');
      if (json) console.log(JSON.stringify({ error: problem }));
      console.error(`countersign: ${problem.title}${problem.detail ? ` (${problem.detail})` : ''}`);
      return 1;
    }
    console.error(`countersign: ${error instanceof Error ? error.message : String(error)}`);
    if (json)
      console.log(
        JSON.stringify({ error: { code: 'failed', title: error instanceof Error ? error.message : String(error) } }),
      );
    return 1;
  }
}
