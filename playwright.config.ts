import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from '@playwright/test';

/** The stack that the stories run against: real api, worker, PostgreSQL and psp-sandbox, on ports and data of its own. */
const PORT = process.env.E2E_PORT ?? '4460';
process.env.E2E_SANDBOX_PORT ??= '4461';
process.env.E2E_PASSWORD ??= 'e2e-long-enough-1';
process.env.E2E_API_KEY ??= 'csk_e2e_0123456789abcdefghijklmnop';
process.env.E2E_BASE_URL ??= `http://localhost:${PORT}`;
// The config is read by the runner and by each worker; the folder is made once, by the first.
if (!process.env.E2E_DATA) {
  process.env.E2E_DATA = mkdtempSync(join(tmpdir(), 'countersign-e2e-'));
  // Under root the database runs as another user, who has to get in.
  chmodSync(process.env.E2E_DATA, 0o755);
}

const WHOLE_INSTALLATION = /(kill-switch-and-holds|stuck-policy)\.spec\.ts$/;
const RESTARTS = /live\.spec\.ts$/;

export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  fullyParallel: false,
  workers: 2,
  timeout: 45_000,
  expect: { timeout: 10_000 },
  forbidOnly: true,
  retries: 0,
  // What stops the whole installation would stop the other stories too: it runs when they are done.
  projects: [
    { name: 'stories', testIgnore: [WHOLE_INSTALLATION, RESTARTS] },
    { name: 'whole-installation', testMatch: WHOLE_INSTALLATION, dependencies: ['stories'] },
    { name: 'restarts', testMatch: RESTARTS, dependencies: ['whole-installation'] },
  ],
  use: {
    baseURL: process.env.E2E_BASE_URL,
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    trace: 'retain-on-failure',
    launchOptions: {
      ...(process.env.COUNTERSIGN_CHROMIUM ? { executablePath: process.env.COUNTERSIGN_CHROMIUM } : {}),
      args: [
        '--no-sandbox',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  webServer: {
    command: 'node apps/api/bin/start.ts',
    url: `http://127.0.0.1:${PORT}/readyz`,
    timeout: 120_000,
    stdout: 'pipe',
    gracefulShutdown: { signal: 'SIGTERM', timeout: 20_000 },
    env: {
      PORT,
      PSP_SANDBOX_PORT: process.env.E2E_SANDBOX_PORT,
      COUNTERSIGN_DATA: process.env.E2E_DATA,
      DEMO: 'on',
      DEMO_PASSWORD: process.env.E2E_PASSWORD,
      DEMO_API_KEY: process.env.E2E_API_KEY,
      DATABASE_URL: '',
      // Lost answers are told apart in seconds, not in half a minute.
      PROVIDER_TIMEOUT_MS: '1500',
      PSP_SANDBOX_SETTLE_MS: '2000',
      PSP_SANDBOX_WEBHOOK_BACKOFF_MS: '200',
    },
  },
});
