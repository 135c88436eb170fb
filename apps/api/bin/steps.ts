import { spawn } from 'node:child_process';

export interface StepResult {
  name: string;
  passed: number;
  failed: number;
  seconds: number;
}

/** Runs a program from the root, passing its output through; resolves with its exit code. */
export function runProgram(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'], env });
    child.on('error', (error) => {
      console.error(error.message);
      resolve(1);
    });
    child.on('close', (code) => resolve(code ?? 1));
  });
}

/** One check that passes or fails as a whole. */
export async function step(name: string, work: () => Promise<boolean>): Promise<StepResult> {
  const from = Date.now();
  console.log(`\n── ${name}`);
  const ok = await work().catch((error: unknown) => {
    console.error(error);
    return false;
  });
  return { name, passed: ok ? 1 : 0, failed: ok ? 0 : 1, seconds: (Date.now() - from) / 1000 };
}

/** The closing lines: one a step, then the sum alone on its line. Sets the exit code. */
export function closeWith(results: readonly StepResult[]): void {
  const sum = (key: 'passed' | 'failed') => results.reduce((total, result) => total + result[key], 0);
  console.log('');
  for (const { name, passed, failed, seconds } of results) {
    console.log(
      `${failed ? '✗' : '✓'} ${name.padEnd(28)} ${passed} passed, ${failed} failed in ${seconds.toFixed(1)} s`,
    );
  }
  console.log(`\n${sum('passed')} passed, ${sum('failed')} failed`);
  process.exitCode = sum('failed') > 0 || sum('passed') === 0 ? 1 : 0;
}
