import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { chromium, type Page } from '@playwright/test';
import { freePort } from '../../src/runtime/embedded-postgres.ts';
import { chromiumPath } from '../chromium.ts';
import { waitUntil } from '../supervise.ts';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const PASSWORD = 'bench-password-1';

/**
 * What a browser loads, on the real stack in a real Chromium: JavaScript and CSS before the first screen (sign-in), and
 * before the payouts desk. Sizes are of the built files, gzipped at the default level, in KB of 1000 bytes.
 */
export async function benchWeb(): Promise<Record<string, unknown>> {
  const data = mkdtempSync(join(tmpdir(), 'countersign-bench-'));
  chmodSync(data, 0o755);
  const port = await freePort();
  const server = spawn(process.execPath, [join(root, 'apps/api/bin/start.ts')], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      PORT: String(port),
      PSP_SANDBOX_PORT: String(await freePort()),
      COUNTERSIGN_DATA: data,
      DEMO_PASSWORD: PASSWORD,
      DATABASE_URL: '',
    },
  });
  const base = `http://localhost:${port}`;
  try {
    await waitUntil('Countersign', `${base}/readyz`);
    const browser = await chromium.launch({
      executablePath: await chromiumPath(),
      args: [
        '--no-sandbox',
        '--disable-quic',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
    try {
      return await measure(await browser.newPage(), base);
    } finally {
      await browser.close();
    }
  } finally {
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGTERM');
    await ended;
    rmSync(data, { recursive: true, force: true });
  }
}

async function measure(page: Page, base: string): Promise<Record<string, unknown>> {
  const loaded = new Set<string>();
  page.on('response', (response) => {
    const { pathname } = new URL(response.url());
    if (/\.(js|css)$/.test(pathname)) loaded.add(pathname);
  });
  const kb = (extension: string) => {
    const files = [...loaded].filter((path) => path.endsWith(extension));
    const bytes = files.reduce(
      (sum, path) => sum + gzipSync(readFileSync(join(root, 'apps/web/dist', path))).length,
      0,
    );
    return Math.round(bytes / 100) / 10;
  };
  await page.goto(base);
  await page.getByLabel(/e-mail/i).waitFor();
  const initial = { initial_js_kb_gzip: kb('.js'), initial_css_kb_gzip: kb('.css') };
  await page.getByLabel(/e-mail/i).fill('ops@countersign.test');
  await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
  await page.getByRole('button', { name: /sign in/i }).click();
  await page.getByRole('grid').waitFor();
  const lcp = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        new PerformanceObserver((list) => resolve(list.getEntries().at(-1)?.startTime ?? 0)).observe({
          type: 'largest-contentful-paint',
          buffered: true,
        });
      }),
  );
  const nodes = await page.evaluate(() => document.querySelectorAll('*').length);
  return {
    ...initial,
    target_initial_js_kb_gzip: 162,
    desk_js_kb_gzip: kb('.js'),
    desk_css_kb_gzip: kb('.css'),
    sign_in_lcp_ms: Math.round(lcp),
    desk_dom_nodes: nodes,
  };
}
