import { existsSync } from 'node:fs';
import { chromium } from '@playwright/test';
import { runProgram } from './steps.ts';

const INSTALLED = [
  process.env.COUNTERSIGN_CHROMIUM ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/**
 * A Chromium to test with: one that is installed, else Debian's package where we may install it, else Playwright's own
 * download. Throws one sentence when there is none to be had.
 */
export async function chromiumPath(): Promise<string> {
  const installed = INSTALLED.find((path) => path && existsSync(path));
  if (installed) return installed;
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log('Installing chromium (apt-get) …');
    await runProgram('apt-get', ['update', '-qq']);
    await runProgram('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium']);
    if (existsSync('/usr/bin/chromium')) return '/usr/bin/chromium';
  }
  if (!existsSync(chromium.executablePath())) await runProgram('playwright', ['install', 'chromium']);
  if (existsSync(chromium.executablePath())) return chromium.executablePath();
  throw new Error(
    'There is no Chromium for the end-to-end tests: install one, or set COUNTERSIGN_CHROMIUM to its path.',
  );
}
