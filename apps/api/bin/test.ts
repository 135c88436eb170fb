import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runChecks } from './checks.ts';
import { chromiumPath } from './chromium.ts';
import { closeWith, runProgram, type StepResult } from './steps.ts';
import { buildWebIfStale } from './web-build.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const reports = mkdtempSync(join(tmpdir(), 'countersign-reports-'));

/** Everything: checks, unit and database tests, then the real stack in Chromium. Arguments narrow it: `npm test -- unit`. */
const wanted = process.argv.slice(2);
const wants = (part: string) => wanted.length === 0 || wanted.includes(part);
const results: StepResult[] = [];
if (wants('check')) results.push(...(await runChecks(root)));
if (wants('unit')) results.push(await vitest());
if (wants('e2e')) results.push(await playwright());
rmSync(reports, { recursive: true, force: true });
closeWith(results);

async function vitest(): Promise<StepResult> {
  console.log('\n── unit and database tests');
  const from = Date.now();
  const file = join(reports, 'vitest.json');
  const code = await runProgram('vitest', [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ]);
  const report = readReport<{ numPassedTests: number; numFailedTests: number; numFailedTestSuites: number }>(file);
  const failed = report ? Math.max(report.numFailedTests, code === 0 ? 0 : 1) : 1;
  return {
    name: 'unit and database tests',
    passed: report?.numPassedTests ?? 0,
    failed,
    seconds: (Date.now() - from) / 1000,
  };
}

async function playwright(): Promise<StepResult> {
  console.log('\n── end to end in Chromium');
  const from = Date.now();
  const file = join(reports, 'playwright.json');
  const name = 'end to end in Chromium';
  try {
    await buildWebIfStale(root);
    const code = await runProgram('playwright', ['test', '--reporter=list,json'], {
      ...process.env,
      PLAYWRIGHT_JSON_OUTPUT_NAME: file,
      COUNTERSIGN_CHROMIUM: await chromiumPath(),
    });
    const stats = readReport<{ stats: { expected: number; unexpected: number; flaky: number } }>(file)?.stats;
    const failed = stats ? Math.max(stats.unexpected + stats.flaky, code === 0 ? 0 : 1) : 1;
    return { name, passed: stats?.expected ?? 0, failed, seconds: (Date.now() - from) / 1000 };
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return { name, passed: 0, failed: 1, seconds: (Date.now() - from) / 1000 };
  }
}

/** The runner's own report; null when it ended before it could write one, which counts as a failure. */
function readReport<T>(file: string): T | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch {
    console.error(`no report at ${file}`);
    return null;
  }
}
