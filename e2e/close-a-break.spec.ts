import { expect, test } from '@playwright/test';
import { providerPayoutId, stripeFile } from './support/files.ts';
import { payoutStatus, requestPayout, signIn } from './support/stack.ts';

test('finance imports the provider’s file, reads the break it makes, and closes it from the report', async ({
  page,
  request,
}) => {
  test.setTimeout(90_000);
  const id = await requestPayout(request, { amountMinor: 72_100, holder: 'Off By Seventy-Two Cents' });
  await expect.poll(() => payoutStatus(request, id), { timeout: 20_000 }).toBe('paid');
  const file = stripeFile([{ payoutId: id, providerPayoutId: await providerPayoutId(request, id), gross: '-720.28' }]);

  await signIn(page, 'finance');
  await page.goto('/reconciliation/files');
  await page.locator('input[type=file]').setInputFiles(file);
  await expect(page.getByText(`Imported ${file.name}`)).toBeVisible();
  await page.locator('input[type=file]').setInputFiles(file);
  await expect(page.getByText(`${file.name} was imported before`)).toBeVisible();

  await page.goto('/reconciliation');
  await page.getByRole('button', { name: /^Run…/ }).click();
  const run = page.getByRole('dialog');
  await run.getByLabel('Kind').selectOption('settlement');
  await run.getByLabel('Day').fill(new Date().toISOString().slice(0, 10));
  await run.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(page).toHaveURL(/\/reconciliation\/rr_/);

  const row = page.getByRole('row').filter({ hasText: 'Amount mismatch' }).filter({ hasText: '720.28' });
  await expect(row).toHaveCount(1);
  await row.click();
  const panel = page.getByRole('complementary');
  await expect(panel.getByText('LOW').first()).toBeVisible();
  await expect(panel.getByRole('link', { name: new RegExp(id.slice(-4)) }).first()).toBeVisible();
  await panel.getByRole('button', { name: /^Accept/ }).click();
  const accept = page.getByRole('dialog');
  await accept.getByLabel('Note').fill('Provider rounding on this corridor; agreed with them on the phone.');
  await accept.getByRole('button', { name: /^Accept a difference of/ }).click();
  await expect(accept).toBeHidden();
  await expect(panel.getByText(/Accepted as it is by Şule Çağlayan/).first()).toBeVisible();

  await page
    .getByRole('button', { name: /Run again/ })
    .first()
    .click();
  await page.getByRole('button', { name: /^Accepted/ }).click();
  await expect(row).toHaveCount(1);
});

test('a file with bad lines is refused whole, and each bad line is named', async ({ page, request }) => {
  const id = await requestPayout(request, { amountMinor: 10_000, holder: 'Bad File' });
  const good = { payoutId: id, providerPayoutId: 'po_good', gross: '-100.00' };
  const file = stripeFile([
    good,
    { ...good, providerPayoutId: 'po_bad1', gross: '-100.005' },
    { ...good, providerPayoutId: 'po_bad2', gross: '-100.00', net: '-99.00' },
  ]);
  await signIn(page, 'finance');
  await page.goto('/reconciliation/files');
  await page.locator('input[type=file]').setInputFiles(file);
  await expect(page.getByText(`${file.name} was refused`)).toBeVisible();
  const faults = page.getByRole('table');
  await expect(faults.getByRole('row').filter({ hasText: '3' }).first()).toContainText('decimals');
  await expect(faults.getByRole('row').filter({ hasText: '4' }).first()).toContainText('net');
  await expect(page.getByRole('grid').getByText(file.name)).toHaveCount(0);
});
