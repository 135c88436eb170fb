import { type APIRequestContext, expect, type Page, test } from '@playwright/test';
import { payoutStatus, requestPayout, sandboxBooks, signIn } from './support/stack.ts';

async function askFor(page: Page, payoutId: string, kind: string, confirm: string, evidence?: string): Promise<void> {
  await page.goto(`/payouts/${payoutId}`);
  await page.getByRole('button', { name: /^Request override/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: new RegExp(kind) }).check();
  await dialog.getByLabel('Why').fill('The bank confirmed it by phone and in writing this morning.');
  if (evidence) {
    await dialog
      .locator('input[type=file]')
      .setInputFiles({ name: 'confirmation.txt', mimeType: 'text/plain', buffer: Buffer.from(evidence) });
    await expect(dialog.getByText(/attached/)).toBeVisible();
  }
  await dialog.getByRole('button', { name: confirm }).click();
  await expect(dialog).toBeHidden();
}

async function openWaiting(page: Page, holder: string): Promise<void> {
  await page.goto('/overrides?filter=waiting');
  await page.getByRole('grid').getByRole('row').filter({ hasText: holder }).click();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/overrides\/ov_/);
}

async function failedPayout(request: APIRequestContext, holder: string): Promise<string> {
  const id = await requestPayout(request, { amountMinor: 45_600, fault: 'reject_account_closed', holder });
  await expect.poll(() => payoutStatus(request, id)).toBe('failed');
  return id;
}

test('one asks, another approves what they see, and it is executed once', async ({ page, request, browser }) => {
  const id = await failedPayout(request, 'Two Signatures BV');
  await signIn(page, 'ops');
  await askFor(page, id, 'Cancel payout', 'Ask for: cancel EUR 456.00');

  const other = await (await browser.newContext()).newPage();
  await signIn(other, 'approver');
  await openWaiting(other, 'Two Signatures BV');
  await expect(other.getByText('four hundred fifty-six euros')).toBeVisible();
  await other.getByRole('button', { name: 'Approve: cancel EUR 456.00' }).click();
  await other.getByRole('button', { name: 'Execute: cancel EUR 456.00' }).click();
  await other.getByRole('dialog').getByRole('button', { name: 'Execute: cancel EUR 456.00' }).dblclick();
  await expect.poll(() => payoutStatus(request, id)).toBe('canceled');
  await expect(other.getByText(/^Executed/).first()).toBeVisible();
  expect(await sandboxBooks(request, id)).toMatchObject({ debits: 0 });
  // The one who asked sees it happen, without reloading.
  await expect(page.getByText('Override carried out by İbrahim Işık')).toHaveCount(1);
  await other.close();
});

test('whoever asked cannot approve: the button says so, and the approval of another works', async ({
  page,
  request,
  browser,
}) => {
  const id = await requestPayout(request, {
    amountMinor: 23_400,
    fault: 'timeout_after_without_webhook',
    holder: 'Self Approval Oy',
  });
  await expect.poll(() => payoutStatus(request, id), { timeout: 15_000 }).toBe('unconfirmed');
  await signIn(page, 'finance');
  await askFor(page, id, 'Mark payout paid', 'Ask for: mark EUR 234.00 paid', 'Credited on the 20th, says the bank.');
  await openWaiting(page, 'Self Approval Oy');
  const approve = page.getByRole('button', { name: /^Approve/ });
  await expect(approve).toHaveAttribute('aria-disabled', 'true');
  await expect(approve).toContainText(/you asked|your own|asked for it yourself/i);

  const other = await (await browser.newContext()).newPage();
  await signIn(other, 'approver2');
  await openWaiting(other, 'Self Approval Oy');
  await other.getByRole('button', { name: 'Approve: mark EUR 234.00 paid' }).click();
  await other.getByRole('button', { name: 'Execute: mark EUR 234.00 paid' }).click();
  await other
    .getByRole('dialog')
    .getByRole('button', { name: /^Execute/ })
    .click();
  await expect.poll(() => payoutStatus(request, id)).toBe('paid');
  expect(await sandboxBooks(request, id)).toMatchObject({ debits: 1, paid_twice: false });
  await other.close();
});

test('rejecting needs a reason, and ends it', async ({ page, request, browser }) => {
  const id = await failedPayout(request, 'Rejected Ltd');
  await signIn(page, 'ops2');
  await askFor(page, id, 'Force a retry', 'Ask for: send EUR 456.00 again');
  const other = await (await browser.newContext()).newPage();
  await signIn(other, 'approver');
  await openWaiting(other, 'Rejected Ltd');
  await other.getByRole('button', { name: /^Reject/ }).click();
  const dialog = other.getByRole('dialog');
  await dialog.getByLabel('Why').fill('The account is closed; ask the merchant for another one.');
  await dialog.getByRole('button', { name: 'Reject' }).click();
  await expect(other.getByText(/^Rejected/).first()).toBeVisible();
  expect(await payoutStatus(request, id)).toBe('failed');
  await other.close();
});
