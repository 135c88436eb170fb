import { type ChildProcess, spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { join } from 'node:path';

/** A process of the product that is killed and comes back. */
export interface Part {
  name: string;
  /** `kill -9`, and up again after `downMs`. Does nothing while it is down. */
  kill(downMs: number): void;
  stop(): Promise<void>;
  /** How often it was started. */
  starts(): number;
}

const RESTART_MS = 300;

/** Starts `entry` with its output in `<folder>/<name>.log`, and again whenever it ends. */
export function startPart(part: {
  name: string;
  entry: string;
  cwd: string;
  env: NodeJS.ProcessEnv;
  folder: string;
}): Part {
  const log = openSync(join(part.folder, `${part.name}.log`), 'a');
  let child: ChildProcess | null = null;
  let timer: NodeJS.Timeout | undefined;
  let stopping = false;
  let downMs = RESTART_MS;
  let starts = 0;
  const launch = (): void => {
    starts += 1;
    downMs = RESTART_MS;
    // The channel is how it learns that we are gone, however we went.
    const next = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', part.entry], {
      cwd: part.cwd,
      env: part.env,
      stdio: ['ignore', log, log, 'ipc'],
    });
    child = next;
    next.on('error', () => undefined);
    next.on('exit', () => {
      child = null;
      if (!stopping) timer = setTimeout(launch, downMs);
    });
  };
  launch();
  return {
    name: part.name,
    kill: (ms) => {
      if (!child) return;
      downMs = ms;
      child.kill('SIGKILL');
    },
    stop: async () => {
      stopping = true;
      clearTimeout(timer);
      const running = child;
      if (!running) return;
      const ended = new Promise((resolve) => running.once('exit', resolve));
      const force = setTimeout(() => running.kill('SIGKILL'), 5_000);
      running.kill('SIGTERM');
      await ended;
      clearTimeout(force);
    },
    starts: () => starts,
  };
}
