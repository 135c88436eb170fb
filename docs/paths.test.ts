import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

function markdownFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return markdownFiles(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

const files = [join(root, 'README.md'), join(root, 'apps/psp-sandbox/README.md'), ...markdownFiles(join(root, 'docs'))];

/** Paths in backticks that begin at the root, and relative links. `<module>` and `…` mark examples, not paths. */
function citedPaths(file: string): string[] {
  const text = readFileSync(file, 'utf8').replaceAll(/```[\s\S]*?```/g, '');
  const quoted = [...text.matchAll(/`((?:apps|prisma|e2e|docs)\/[^`\s<>…*]+)`/g)].map((m) => join(root, m[1] ?? ''));
  const links = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)\s#]+)[^)]*\)/g)].map((m) =>
    resolve(dirname(file), m[1] ?? ''),
  );
  return [...quoted, ...links];
}

describe('docs cite only paths that are there', () => {
  test.each(files.map((file) => [file.slice(root.length), file]))('%s', (_, file) => {
    const missing = citedPaths(file ?? '').filter((path) => !existsSync(path));
    expect(missing.map((path) => path.slice(root.length))).toEqual([]);
  });

  test('and some are cited at all', () => {
    expect(files.flatMap(citedPaths).length).toBeGreaterThan(20);
  });
});
