import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';

export interface Supervised {
  stop(): Promise<void>;
}

const STOP_MS = 10_000;
const MAX_BACKOFF_MS = 10_000;

/** Runs one process of the product, starts it again when it dies, and stops it when asked (SIGTERM, then SIGKILL). */
export function supervise(part: { name: string; entry: string; cwd: string; env: NodeJS.ProcessEnv }): Supervised {
  let child: ChildProcess | null = null;
  let stopping = false;
  let timer: NodeJS.Timeout | undefined;
  let backoffMs = 250;

  function launch(): void {
    const startedAt = Date.now();
    // The IPC channel is how the process learns that we are gone, however we went.
    const next = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', part.entry], {
      cwd: part.cwd,
      env: part.env,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      detached: false,
    });
    child = next;
    next.on('exit', (code, signal) => {
      child = null;
      if (stopping) return;
      if (Date.now() - startedAt > 30_000) backoffMs = 250;
      console.error(`countersign: ${part.name} ended (${signal ?? `code ${code}`}); starting it again.`);
      timer = setTimeout(launch, backoffMs);
      backoffMs = Math.min(backoffMs * 2, MAX_BACKOFF_MS);
    });
  }

  // Ctrl-C reaches the whole group: a part that ends by it must not be started again while the others are being stopped.
  for (const signal of ['SIGINT', 'SIGTERM', 'disconnect'] as const) {
    process.once(signal, () => {
      stopping = true;
    });
  }
  launch();
  return {
    stop: () =>
      new Promise((resolve) => {
        stopping = true;
        clearTimeout(timer);
        const running = child;
        if (!running) return resolve();
        const kill = setTimeout(() => running.kill('SIGKILL'), STOP_MS);
        running.once('exit', () => {
          clearTimeout(kill);
          resolve();
        });
        running.kill('SIGTERM');
      }),
  };
}

const READY_MS = 60_000;

/** Waits until `url` answers 2xx. Throws after a minute. */
export async function waitUntil(what: string, url: string): Promise<void> {
  const end = Date.now() + READY_MS;
  while (Date.now() < end) {
    const up = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (up) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${what} was not ready after ${READY_MS / 1000} s (${url}).`);
}

/** Throws one sentence when something listens on the port already. */
export function assertPortFree(name: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EACCES' ? 'may not be opened by this user' : 'is taken';
      reject(new Error(`Port ${port} ${why}: set ${name} to a free one.`));
    });
    probe.listen(port, () => probe.close(() => resolve()));
  });
}

/** A database error as one sentence for the person who set DATABASE_URL; never with the password in it. */
export function databaseFault(url: string, error: unknown): Error {
  if (!URL.canParse(url) || !/^postgres(ql)?:$/.test(new URL(url).protocol)) {
    return new Error('DATABASE_URL is not a postgresql:// URL.');
  }
  const { host, username, pathname } = new URL(url);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const message = error instanceof Error ? error.message : String(error);
  const where = `DATABASE_URL (${host})`;
  if (code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'ETIMEDOUT' || code === 'EAI_AGAIN') {
    return new Error(`${where}: no PostgreSQL answers there (${code}).`);
  }
  if (code === '28P01' || code === '28000') return new Error(`${where}: the password of "${username}" was refused.`);
  if (code === '3D000') return new Error(`${where}: there is no database "${pathname.slice(1)}"; create it first.`);
  if (code === '42501' || /permission denied/i.test(message)) {
    return new Error(
      `${where}: "${username}" lacks a permission (${message.split('\n')[0]}); it must own the database and be allowed to create the role countersign_app.`,
    );
  }
  return new Error(`${where}: ${message.split('\n')[0]}`);
}
