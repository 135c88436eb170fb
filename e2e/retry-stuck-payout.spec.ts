import { expect, test } from '@playwright/test';
import { openFirstRow } from './support/grid.ts';
import { payoutStatus, requestPayout, sandboxBooks, signIn } from './support/stack.ts';

test.describe('retrying a payout', () => {
  test('whose answer was lost after the money had moved finds that out before anything is sent', async ({
    page,
    request,
  }) => {
    const id = await requestPayout(request, {
      amountMinor: 48_250,
      fault: 'timeout_after_without_webhook',
      holder: 'Lost Answer GmbH',
    });
    await expect.poll(() => payoutStatus(request, id), { timeout: 15_000 }).toBe('unconfirmed');
    expect(await sandboxBooks(request, id)).toMatchObject({ debits: 1 });

    await signIn(page, 'ops');
    await page.goto(`/payouts?filter=unconfirmed&panel=${id}`);
    const panel = page.getByRole('complementary', { name: new RegExp(`Payout ${id.slice(0, 5)}`) });
    await expect(panel.getByText('Safe: resend under the same key')).toBeVisible();

    // Opening the preview asks the provider, which knows the payout: it heals, and there is nothing left to retry.
    await page.keyboard.press('r');
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByText('Stripe knew it: the payout has moved by itself.')).toBeVisible();
    await expect(dialog.getByRole('button', { name: /^Retry EUR 482.50/ })).toHaveAttribute('aria-disabled', 'true');
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await expect(panel.getByText('Asked Stripe: it had already happened')).toBeVisible();
    expect(await payoutStatus(request, id)).toMatch(/in_transit|paid/);
    expect(await sandboxBooks(request, id)).toMatchObject({ debits: 1, paid_twice: false });
  });

  test('whose request was lost on its way is sent again under the same key, once for a double click', async ({
    page,
    request,
  }) => {
    const id = await requestPayout(request, {
      amountMinor: 48_300,
      fault: 'timeout_before',
      holder: 'Lost Request GmbH',
    });
    await expect.poll(() => payoutStatus(request, id), { timeout: 15_000 }).toBe('unconfirmed');
    await signIn(page, 'ops');
    await page.goto(`/payouts?filter=unconfirmed&panel=${id}`);
    const panel = page.getByRole('complementary', { name: new RegExp(`Payout ${id.slice(0, 5)}`) });
    await expect(panel.getByText('create a second attempt')).toBeVisible();
    await page.keyboard.press('r');
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByText('Safe: resend under the same key')).toBeVisible();
    await expect(dialog.getByText(/just now: it never saw this payout/)).toBeVisible();
    expect(await sandboxBooks(request, id)).toMatchObject({ debits: 0 });
    await dialog.getByRole('button', { name: 'Retry EUR 483.00' }).dblclick();
    await expect(dialog).toBeHidden();

    await expect.poll(() => payoutStatus(request, id), { timeout: 20_000 }).toMatch(/in_transit|paid/);
    expect(await sandboxBooks(request, id)).toMatchObject({ debits: 1, paid_twice: false });
    await expect(panel.getByText('Retry by Ayşe Yılmaz')).toHaveCount(1);
  });

  test('that the provider refused for good is greyed, with the reason on the button', async ({ page, request }) => {
    const id = await requestPayout(request, {
      amountMinor: 12_340,
      fault: 'reject_account_closed',
      holder: 'Closed Account AG',
    });
    await expect.poll(() => payoutStatus(request, id)).toBe('failed');
    await signIn(page, 'ops');
    await page.goto(`/payouts?filter=failed&panel=${id}`);
    const retry = page
      .getByRole('complementary')
      .getByRole('button', { name: /^Retry/ })
      .first();
    await expect(retry).toHaveAttribute('aria-disabled', 'true');
    await expect(retry).toContainText(/closed|terminal|for good/i);
    expect(await sandboxBooks(request, id)).toMatchObject({ debits: 0 });
  });

  test('that failed for a passing cause is retried by itself within a minute, and pays once', async ({
    page,
    request,
  }) => {
    test.setTimeout(150_000);
    const id = await requestPayout(request, {
      amountMinor: 77_700,
      fault: 'balance_insufficient_once',
      holder: 'Second Try SA',
    });
    await signIn(page, 'ops');
    await page.goto(`/payouts/${id}`);
    await expect(page.getByText('Another attempt follows by itself')).toBeVisible();
    await expect(page.getByText(/attempt 2 of 5/)).toBeVisible();
    await expect.poll(() => payoutStatus(request, id), { timeout: 100_000 }).toBe('paid');
    expect(await sandboxBooks(request, id)).toMatchObject({ debits: 1, paid_twice: false });
    await expect(page.getByText('Attempt 2 sent to Stripe')).toBeVisible();
  });

  test('is not for those who may only look', async ({ page }) => {
    await signIn(page, 'viewer');
    await page.goto('/payouts?filter=stuck');
    await openFirstRow(page);
    const retry = page
      .getByRole('complementary')
      .getByRole('button', { name: /^Retry/ })
      .first();
    await expect(retry).toHaveAttribute('aria-disabled', 'true');
  });
});
