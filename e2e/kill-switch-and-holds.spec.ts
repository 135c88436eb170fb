import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { untilLive } from './support/grid.ts';
import { payoutStatus, requestPayout, sandboxBooks, signIn } from './support/stack.ts';

/*
 * These stories stop the whole installation, so playwright.config.ts runs them after all others, one at a time.
 */
test.describe.configure({ mode: 'serial', timeout: 90_000 });

const axe = async (page: Page) => {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160)}`)).toEqual([]);
};
const banner = (page: Page) => page.getByRole('region', { name: 'State of the controls' });

test('pausing stops every send, everybody sees it at once, and what waited is sent when it is resumed', async ({
  page,
  browser,
  request,
}) => {
  const elsewhere = await browser.newPage();
  await signIn(elsewhere, 'viewer');
  await elsewhere.goto('/audit');
  await untilLive(elsewhere);

  await signIn(page, 'ops');
  await page.goto('/controls');
  await page.getByRole('button', { name: 'Pause all payouts…' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('heading', { name: 'What stops' })).toBeVisible();
  await expect(dialog.getByRole('heading', { name: 'What goes on' })).toBeVisible();
  await axe(page);
  await dialog.getByRole('button', { name: 'Pause all payouts' }).click();
  await expect(dialog.getByText('Write a reason of at least 3 letters.')).toBeVisible();
  await dialog.getByLabel('Reason').fill('A story: the provider is down');
  await dialog.getByRole('button', { name: 'Pause all payouts' }).dblclick();
  await expect(dialog).toBeHidden();

  for (const screen of [page, elsewhere]) {
    await expect(banner(screen)).toContainText('Payouts are paused');
    await expect(banner(screen)).toContainText('by Ayşe Yılmaz');
    await expect(banner(screen)).toContainText('A story: the provider is down');
  }
  await expect(banner(elsewhere).getByRole('button', { name: /Resume payouts/ })).toHaveAttribute(
    'aria-disabled',
    'true',
  );
  await elsewhere.close();

  const id = await requestPayout(request, { amountMinor: 61_100, holder: 'Paused Payee GmbH' });
  await page.goto(`/payouts/${id}`);
  await expect(page.getByRole('button', { name: /^Retry: sending is off/ })).toBeVisible();
  expect(await payoutStatus(request, id)).toBe('queued');
  expect(await sandboxBooks(request, id)).toMatchObject({ debits: 0 });
  await axe(page);

  await banner(page).getByRole('button', { name: 'Resume payouts…' }).click();
  await expect(page.getByRole('dialog').getByText(/payouts? (is|are) sent/)).toBeVisible();
  await page.getByRole('dialog').getByLabel('Reason').fill('A story: it is back');
  await page.getByRole('dialog').getByRole('button', { name: 'Resume payouts' }).click();
  await expect(banner(page)).toBeHidden();
  await expect.poll(() => payoutStatus(request, id), { timeout: 20_000 }).toBe('paid');
  expect(await sandboxBooks(request, id)).toMatchObject({ debits: 1, paid_twice: false });

  await page.goto('/controls');
  const history = page.getByRole('region', { name: 'History' }).getByRole('listitem');
  await expect(history.nth(0)).toContainText('Payouts resumedA story: it is backAyşe Yılmaz');
  await expect(history.nth(1)).toContainText('Payouts pausedA story: the provider is downAyşe Yılmaz');
});

test('a hold on a rail stops that rail alone, says so on the payout, and sends what waited once released', async ({
  page,
  request,
}) => {
  await signIn(page, 'ops');
  await page.goto('/controls');
  await page.getByRole('button', { name: 'Place a hold…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: 'Merchant' }).check();
  await dialog.getByRole('searchbox').fill('nordli');
  await expect(dialog.getByRole('button', { name: /Nordlicht/ })).toBeVisible();
  await dialog.getByRole('radio', { name: 'Rail' }).check();
  await dialog.getByLabel('Rail', { exact: true }).last().selectOption({ label: 'wire' });
  await expect(dialog.getByText(/queued/)).toBeVisible();
  await axe(page);
  await dialog.getByLabel('Reason').fill('A story: the bank is closed');
  await dialog.getByRole('button', { name: 'Hold wire' }).click();
  await expect(dialog).toBeHidden();
  await expect(banner(page)).toContainText('1 hold: wire');

  const held = await requestPayout(request, { amountMinor: 72_200, rail: 'wire', holder: 'Held Payee AG' });
  const free = await requestPayout(request, { amountMinor: 1_100, rail: 'instant', holder: 'Free Payee AG' });
  await expect.poll(() => payoutStatus(request, free), { timeout: 20_000 }).toBe('paid');
  expect(await payoutStatus(request, held)).toBe('queued');
  await page.goto(`/payouts/${held}`);
  await expect(page.getByRole('button', { name: /^Retry: on hold/ })).toBeVisible();

  await page.goto('/controls');
  const row = page.getByRole('row', { name: /wire/ });
  await expect(row).toContainText('EUR 722.00');
  await row.getByRole('button', { name: 'Release…' }).click();
  await expect(dialog.getByText(/payouts? (is|are) sent/)).toBeVisible();
  await dialog.getByLabel('Why it may go on').fill('A story: it is open again');
  await dialog.getByRole('button', { name: 'Release wire' }).click();
  await expect(page.getByText(/Released\. \d+ payouts? go/)).toBeVisible();
  await expect(banner(page)).toBeHidden();
  await expect.poll(() => payoutStatus(request, held), { timeout: 20_000 }).toMatch(/in_transit|paid/);
  expect(await sandboxBooks(request, held)).toMatchObject({ debits: 1, paid_twice: false });
});

test('a state that cannot be read is said, and never looks like all is well', async ({ page }) => {
  await signIn(page, 'ops');
  await page.route(/controls\.state/, (route) => route.abort());
  await page.goto('/payouts');
  await expect(page.getByText('Whether payouts are on could not be read.').last()).toBeVisible({ timeout: 15_000 });
});
