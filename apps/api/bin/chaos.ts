import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type ChaosOptions, type ChaosResult, runChaos } from './chaos/run.ts';
import { onStop } from './config.ts';

const USAGE = `npm run chaos -- [--payouts N] [--seed S] [--minutes M] [--unsafe] [--keep]

  --payouts  how many are asked for (300)
  --seed     what strikes when, and whom (1): a seed that failed strikes the same again
  --minutes  the longest that the run may take (10)
  --unsafe   breaks the rule "unknown never mints a new attempt", and fails unless the checker sees payouts paid twice
  --keep     keeps the data of a run in which nothing was wrong, too
`;

const startedAt = Date.now();
const options = readOptions();
if (typeof options === 'string') {
  console.error(options);
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), 'countersign-chaos-'));
// The database runs as a user of its own, which has to pass through.
chmodSync(folder, 0o755);

try {
  const { keep, ...asked } = options;
  let stop = async (): Promise<void> => undefined;
  // Whatever is left of a run that somebody stops is theirs to look at.
  onStop(() => stop());
  const result = await runChaos({
    ...asked,
    folder,
    say,
    started: (how) => {
      stop = how;
    },
  });
  process.exitCode = report(result, asked.unsafe);
  if (keep || process.exitCode !== 0) console.log(`The data is kept in ${folder}`);
  else rmSync(folder, { recursive: true, force: true });
  console.log(JSON.stringify(lastLine(result)));
} catch (error) {
  console.error(error instanceof Error ? (error.stack ?? error.message) : error);
  console.error(`The data is kept in ${folder}`);
  process.exitCode = 2;
}
// A connection that a proxy still holds must not keep the run alive.
process.exit();

function say(line: string): void {
  console.log(`[${((Date.now() - startedAt) / 1000).toFixed(0).padStart(3)}] ${line.replaceAll('\n', '\n      ')}`);
}

/** Prints what is wrong, and says how the process ends: 0 when nothing is, or, with `unsafe`, when it was seen. */
function report({ findings }: ChaosResult, unsafe: boolean): number {
  for (const [kind, ids] of Object.entries(findings)) {
    for (const id of ids.slice(0, 50)) console.log(`${kind}: ${id}`);
    if (ids.length > 50) console.log(`${kind}: and ${ids.length - 50} more`);
  }
  const seen = findings.paid_twice.length > 0;
  if (unsafe) {
    console.log(
      seen ? 'The rule was broken, and the checker saw it.' : 'The rule was broken, and the checker saw nothing.',
    );
    return seen ? 0 : 1;
  }
  return Object.values(findings).some((ids: string[]) => ids.length > 0) ? 1 : 0;
}

function lastLine({ findings, payouts, seconds }: ChaosResult): Record<string, number> {
  const { paid_twice, lost, stuck_without_badge, ledger_unbalanced, audit_gaps } = findings;
  return {
    payouts,
    paid_twice: paid_twice.length,
    lost: lost.length,
    stuck_without_badge: stuck_without_badge.length,
    ledger_unbalanced: ledger_unbalanced.length,
    audit_gaps: audit_gaps.length,
    seconds,
  };
}

/** What was asked for, or a sentence about what is wrong with it. */
function readOptions(): (Omit<ChaosOptions, 'folder' | 'say' | 'started'> & { keep: boolean }) | string {
  try {
    const { values } = parseArgs({
      options: {
        payouts: { type: 'string', default: '300' },
        seed: { type: 'string', default: '1' },
        minutes: { type: 'string', default: '10' },
        unsafe: { type: 'boolean', default: false },
        keep: { type: 'boolean', default: false },
      },
    });
    const number = (name: 'payouts' | 'seed' | 'minutes') => {
      const value = Number(values[name]);
      if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} is a whole number from 1.`);
      return value;
    };
    const { unsafe, keep } = values;
    return { payouts: number('payouts'), seed: number('seed'), minutes: number('minutes'), unsafe, keep };
  } catch (error) {
    return `${error instanceof Error ? error.message : error}\n\n${USAGE}`;
  }
}
