import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { runProgram, type StepResult, step } from './steps.ts';

const exec = promisify(execFile);

/** Format, lint, types, boundaries (proved able to fail), dead exports. */
export async function runChecks(root: string): Promise<StepResult[]> {
  return [
    await step('format and lint', async () => (await runProgram('biome', ['ci', '.'])) === 0),
    await step('types', async () => (await runProgram('tsc', ['-p', 'tsconfig.json'])) === 0),
    await step('types of the console', async () => (await runProgram('tsc', ['-p', 'apps/web/tsconfig.json'])) === 0),
    await step('import boundaries', () => boundaries()),
    await step('boundaries can fail', () => boundariesCanFail(root)),
    await step('dead exports', async () => (await runProgram('knip', [])) === 0),
  ];
}

const CRUISE = ['apps', '--config', '.dependency-cruiser.mjs', '--output-type', 'json'];

interface Cruise {
  summary: { violations: { rule: { name: string }; from: string; to: string }[]; totalCruised: number };
}

async function cruise(): Promise<Cruise> {
  const { stdout } = await exec('depcruise', CRUISE, { maxBuffer: 256 * 1024 * 1024 }).catch(
    (error: { stdout?: string }) => ({ stdout: error.stdout ?? '' }),
  );
  return JSON.parse(stdout) as Cruise;
}

async function boundaries(): Promise<boolean> {
  const { summary } = await cruise();
  for (const { rule, from, to } of summary.violations) console.error(`${rule.name}: ${from} → ${to}`);
  console.log(`${summary.totalCruised} modules`);
  return summary.violations.length === 0 && summary.totalCruised > 50;
}

/** Imports that break one rule each. A checker that does not see TypeScript any more would pass everything else. */
const PLANTED: Record<string, [file: string, text: string]> = {
  'core-imports-only-core': [
    'apps/api/src/core/planted.ts',
    `import type { Payout } from '../payouts/payout.ts';\nexport type P = Payout;\n`,
  ],
  'only-rows-name-the-database': ['apps/api/src/payouts/planted.ts', `import pg from 'pg';\nexport const p = pg;\n`],
  'verbs-never-call-a-provider': [
    'apps/api/src/ledger/planted.ts',
    `import type { PspConnector } from '../psp/connector.ts';\nexport type P = PspConnector;\n`,
  ],
  'web-takes-only-words-from-the-api': [
    'apps/web/src/planted.ts',
    `import { canMove } from '../../api/src/payouts/payout.ts';\nexport const p = canMove;\n`,
  ],
};

async function boundariesCanFail(root: string): Promise<boolean> {
  const files = Object.values(PLANTED).map(([file]) => join(root, file));
  try {
    for (const [file, text] of Object.values(PLANTED)) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), text);
    }
    const seen = new Set((await cruise()).summary.violations.map(({ rule }) => rule.name));
    const missed = Object.keys(PLANTED).filter((rule) => !seen.has(rule));
    for (const rule of missed) console.error(`the planted violation of ${rule} was not seen`);
    return missed.length === 0;
  } finally {
    for (const file of files) rmSync(file, { force: true });
  }
}
