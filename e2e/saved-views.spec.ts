import { expect, test } from '@playwright/test';
import { untilLive } from './support/grid.ts';
import { signIn } from './support/stack.ts';

test('a view is saved, shared, opened by a colleague at its short link, changed, and removed', async ({
  page,
  browser,
}) => {
  await signIn(page, 'ops');
  await page.goto('/payouts?filter=stuck&rail=sepa,local&cols=payee,amount,attention,merchant&sort=-amount');
  await untilLive(page);
  const columns = page.getByRole('grid').getByRole('columnheader');
  await expect(columns).toHaveText(['', 'To', 'Amount', 'Needs attention', 'Merchant']);
  await expect(page.getByRole('columnheader', { name: 'Amount' })).toHaveAttribute('aria-sort', 'descending');

  await page.getByRole('button', { name: /^Saved views/ }).click();
  await page.getByRole('button', { name: 'Save as a new view…' }).click();
  const name = `Sabah: takılan SEPA ${test.info().workerIndex}`;
  await page.getByRole('dialog').getByLabel('Name').fill(name);
  await page.getByRole('dialog').getByLabel('The team sees it as well').check();
  await page.getByRole('button', { name: 'Save the view' }).click();
  await expect(page).toHaveURL(/view=sabah-takilan-sepa/);
  const slug = new URL(page.url()).searchParams.get('view') ?? '';

  const colleague = await (await browser.newContext()).newPage();
  await signIn(colleague, 'ops2');
  await colleague.goto(`/v/${slug}`);
  await expect(colleague).toHaveURL(/filter=stuck/);
  await expect(colleague.getByRole('button', { name: `Saved views, ${name}` })).toBeVisible();
  await expect(colleague.getByText('Rail: SEPA, local')).toBeVisible();
  await expect(colleague.getByRole('grid').getByRole('columnheader')).toHaveText([
    '',
    'To',
    'Amount',
    'Needs attention',
    'Merchant',
  ]);
  // It is not theirs to change, and says so.
  await colleague.getByRole('button', { name: `Saved views, ${name}` }).click();
  await expect(colleague.getByRole('button', { name: /^Rename…/ })).toHaveAttribute('aria-disabled', 'true');
  await colleague.keyboard.press('Escape');

  // The owner takes a filter away: the view is then another than it was saved as, and can be saved as it is now.
  await page.getByRole('button', { name: 'Remove the filter Rail: SEPA, local' }).click();
  const changed = page.getByRole('button', { name: `Saved views, ${name}, changed since it was saved` });
  await expect(changed).toBeVisible();
  await changed.click();
  await page.getByRole('button', { name: `Save the changes to “${name}”` }).click();
  await expect(page.getByRole('button', { name: `Saved views, ${name}`, exact: true })).toBeVisible();
  await colleague.goto(`/v/${slug}`);
  await expect(colleague).toHaveURL(/filter=stuck/);
  await expect(colleague).not.toHaveURL(/rail=/);

  await page.getByRole('button', { name: `Saved views, ${name}`, exact: true }).click();
  await page.getByRole('button', { name: 'Remove…' }).click();
  await page.getByRole('button', { name: 'Remove the view' }).click();
  await expect(page).not.toHaveURL(/view=/);
  await colleague.goto(`/v/${slug}`);
  await expect(colleague.getByText('There is no such view')).toBeVisible();
  await colleague.context().close();
});

test('what the address says and nobody understands is said, and nothing runs on “all that match”', async ({ page }) => {
  await signIn(page, 'ops');
  await page.goto('/payouts?filter=stuck&status=in_transit,lost');
  await untilLive(page);
  await expect(page.getByText('Not understood, left out: Status “lost”')).toBeVisible();
  await page.getByRole('checkbox', { name: 'Select the loaded rows' }).click();
  const bar = page.getByRole('region', { name: 'Selected payouts' });
  await expect(bar.getByText(/selected$/)).toBeVisible();
  await expect(bar.getByRole('button', { name: /^Retry/ })).not.toHaveAttribute('aria-disabled', 'true');
  await page.getByRole('button', { name: 'Group by cause' }).click();
  await expect(
    page
      .getByRole('grid')
      .getByRole('button', { name: /^Retry: filter not understood/ })
      .first(),
  ).toHaveAttribute('aria-disabled', 'true');
  await page.getByRole('button', { name: /^Remove the filter Not understood/ }).click();
  await expect(page).toHaveURL(/status=in_transit(&|$)/);
  await expect(page.getByRole('grid').getByRole('button', { name: 'Retry…' }).first()).toBeVisible();
});
