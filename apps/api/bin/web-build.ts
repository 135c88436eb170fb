import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Builds the console when its sources changed since the last build. Throws when the build fails. */
export async function buildWebIfStale(root: string): Promise<void> {
  const web = join(root, 'apps/web');
  const mark = join(web, 'dist', '.sources');
  const hash = sourcesHash(root);
  if (existsSync(mark) && readFileSync(mark, 'utf8') === hash) return;
  const output: Buffer[] = [];
  const code = await new Promise<number | null>((resolve) => {
    const child = spawn(process.execPath, [join(web, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'], {
      cwd: web,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_ENV: 'production' },
    });
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => output.push(chunk));
    child.on('close', resolve);
  });
  if (code !== 0) throw new Error(`The console could not be built:\n${Buffer.concat(output).toString()}`);
  writeFileSync(mark, hash);
}

/** Over everything that the bundle is made of: the web's files, the core words it shares with the api, and the lock file. */
function sourcesHash(root: string): string {
  const hash = createHash('sha256');
  const add = (folder: string) => {
    for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.name === 'node_modules' || entry.name === 'dist') continue;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) add(path);
      else hash.update(relative(root, path)).update(readFileSync(path));
    }
  };
  add(join(root, 'apps/web'));
  add(join(root, 'apps/api/src/core'));
  hash.update(readFileSync(join(root, 'pnpm-lock.yaml')));
  return hash.digest('hex');
}
