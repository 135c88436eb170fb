import { chromium } from '@playwright/test';

/**
 * Takes the docs' pictures from a running demo: `npm start`, then
 * `node e2e/support/pictures.ts http://localhost:4400 <demo password>` from the root.
 */
const [base = 'http://localhost:4400', password = ''] = process.argv.slice(2);

interface Picture {
  name: string;
  who: string;
  path: string;
  /** What opens what the picture is of. */
  open?: 'first row' | 'the featured payout';
  language?: 'tr';
  dark?: true;
  width?: number;
}

const PICTURES: readonly Picture[] = [
  { name: 'sign-in', who: '', path: '/sign-in' },
  { name: 'desk-light', who: 'ops', path: '/payouts?filter=unconfirmed', open: 'the featured payout' },
  { name: 'desk-dark', who: 'ops', path: '/payouts?filter=unconfirmed', open: 'the featured payout', dark: true },
  {
    name: 'desk-turkish',
    who: 'ops',
    path: '/payouts?filter=unconfirmed',
    open: 'the featured payout',
    language: 'tr',
  },
  { name: 'desk-1024', who: 'ops', path: '/payouts?filter=unconfirmed', open: 'first row', width: 1024 },
  { name: 'groups', who: 'ops', path: '/payouts?filter=stuck&group=cause' },
  { name: 'controls', who: 'ops', path: '/controls' },
  { name: 'stuck-policy', who: 'admin', path: '/controls/stuck-policy' },
  { name: 'reconciliation', who: 'finance', path: '/reconciliation' },
  { name: 'report', who: 'finance', path: 'first report', open: 'first row' },
  { name: 'report-dark-turkish', who: 'finance', path: 'first report', open: 'first row', dark: true, language: 'tr' },
  { name: 'files', who: 'finance', path: '/reconciliation/files' },
  { name: 'overrides', who: 'approver', path: '/overrides' },
  { name: 'approve', who: 'approver', path: 'first override' },
  { name: 'approve-dark-turkish', who: 'approver', path: 'first override', dark: true, language: 'tr' },
  { name: 'audit', who: 'viewer', path: '/audit', open: 'first row' },
];

const browser = await chromium.launch({
  ...(process.env.COUNTERSIGN_CHROMIUM ? { executablePath: process.env.COUNTERSIGN_CHROMIUM } : {}),
  args: [
    '--no-sandbox',
    '--disable-quic',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
const only = process.argv[4];
for (const picture of PICTURES.filter(({ name }) => !only || name === only)) {
  const context = await browser.newContext({
    viewport: { width: picture.width ?? 1440, height: 860 },
    colorScheme: picture.dark ? 'dark' : 'light',
    locale: 'en-GB',
    timezoneId: 'UTC',
    reducedMotion: 'reduce',
  });
  await context.addInitScript(
    (language) => localStorage.setItem('countersign.language', language),
    picture.language ?? 'en',
  );
  const page = await context.newPage();
  page.on('pageerror', (error) => console.error(`${picture.name}: ${error.message}`));
  await page.goto(`${base}/sign-in`);
  if (picture.who) {
    await page.locator('input[type=email]').fill(`${picture.who}@countersign.test`);
    await page.locator('input[type=password]').fill(password);
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
    if (picture.path.startsWith('first')) {
      await page.goto(`${base}${picture.path === 'first report' ? '/reconciliation' : '/overrides'}`);
      await page.locator('[role=grid] [data-row]').first().click();
      await page.keyboard.press('Enter');
    } else {
      await page.goto(`${base}${picture.path}`);
    }
    await page.waitForTimeout(1_500);
    if (picture.open) {
      const rows = page.locator('[role=grid] [data-row]');
      await (picture.open === 'first row' ? rows : rows.filter({ hasText: /48[.,]250[.,]00/ })).first().click();
      await page.waitForTimeout(1_000);
    }
  }
  await page.mouse.move(0, 0);
  await page.screenshot({ path: `docs/pictures/${picture.name}.png` });
  console.log(picture.name, page.url());
  await context.close();
}
await browser.close();
