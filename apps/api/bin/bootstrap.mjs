// What every npm script begins with. Runs on whatever Node is there (20 or newer): installs the packages when the lock file
// changed, then hands over to the Node that the project pins.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PNPM = 'pnpm@12.21.0';
const COMMANDS = {
  start: 'apps/api/bin/start.ts',
  dev: 'apps/api/bin/start.ts',
  check: 'apps/api/bin/check.ts',
  test: 'apps/api/bin/test.ts',
  bench: 'apps/api/bin/bench.ts',
  chaos: 'apps/api/bin/chaos.ts',
  cli: 'apps/api/bin/cli.ts',
  'db-reset': 'apps/api/bin/db-reset.ts',
};

const root = fileURLToPath(new URL('../../..', import.meta.url));
const [command = '', ...rest] = process.argv.slice(2);
const entry = COMMANDS[command];
if (!entry) fail(`There is no command "${command}". There are: ${Object.keys(COMMANDS).join(', ')}.`);
if (Number(process.versions.node.split('.')[0]) < 20) fail(`Node 20 or newer is needed; this is ${process.version}.`);

install();
run();

function install() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'pnpm-lock.yaml')))
    .digest('hex');
  const mark = join(root, 'node_modules', '.installed-lock');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === lock) return;
  console.error('Installing packages (once, and after the lock file changed) …');
  const npx = process.platform === 'win32' ? 'npx.cmd' : 'npx';
  const done = spawnSync(npx, ['-y', PNPM, 'install', '--frozen-lockfile'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
    shell: process.platform === 'win32',
    env: { ...process.env, CI: 'true' },
  });
  if (done.status !== 0) {
    process.stderr.write(done.stderr ?? '');
    fail('The packages could not be installed; the lines above say why. Is the npm registry reachable?');
  }
  writeFileSync(mark, lock);
}

function run() {
  const bin = join(root, 'node_modules', 'node', 'bin');
  const node = join(bin, process.platform === 'win32' ? 'node.exe' : 'node');
  const child = spawn(node, ['--disable-warning=ExperimentalWarning', join(root, entry), ...rest], {
    // Command lines take paths relative to where the person stands; npm says where that is.
    cwd: command === 'cli' ? (process.env.INIT_CWD ?? process.cwd()) : root,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: {
      ...process.env,
      ...(command === 'dev' ? { COUNTERSIGN_DEV: 'true' } : {}),
      PATH: [bin, join(root, 'node_modules', '.bin'), process.env.PATH ?? ''].join(delimiter),
    },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal));
  // npm that is told to end takes its shell with it and leaves us behind: when the parent is gone, so are we.
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), 500).unref();
  child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
}

function fail(sentence) {
  console.error(`countersign: ${sentence}`);
  process.exit(1);
}
