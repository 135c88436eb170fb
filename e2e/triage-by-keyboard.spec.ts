import { expect, type Page, test } from '@playwright/test';
import { openFirstRow, untilLive } from './support/grid.ts';
import { payoutStatus, requestPayout, signIn } from './support/stack.ts';

/** The row that has the focus. */
const focused = (page: Page): Promise<string | null> =>
  page.evaluate(() => document.activeElement?.closest('[data-row]')?.getAttribute('data-row') ?? null);

test('the queue is worked by keyboard, and the address says all of it', async ({ page }) => {
  await signIn(page, 'ops2');
  await page.goto('/payouts?filter=stuck');
  await expect(page.getByRole('grid').getByRole('row').nth(3)).toBeVisible();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/panel=po_/);
  await page.keyboard.press('r');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await page.keyboard.press('Escape');
  await expect(page).not.toHaveURL(/panel=/);
  await page.keyboard.press('g');
  await page.keyboard.press('a');
  await expect(page).toHaveURL(/\/audit/);
});

test('a queue is triaged by keyboard alone: filter, move, retry, assign, and the next row has the focus', async ({
  page,
  request,
}) => {
  const holders = ['Klavye Bir AŞ', 'Klavye İki AŞ', 'Klavye Üç AŞ'];
  const ids: string[] = [];
  for (const holder of holders) {
    ids.push(await requestPayout(request, { amountMinor: 21_100, fault: 'timeout_before', holder }));
  }
  for (const id of ids) await expect.poll(() => payoutStatus(request, id), { timeout: 15_000 }).toBe('unconfirmed');

  await signIn(page, 'ops2');
  await page.goto('/payouts?filter=unconfirmed');
  await untilLive(page);
  // Words narrow the list; Turkish letters are found however they are typed. Down goes to what was found.
  await page.keyboard.press('/');
  await page.keyboard.type('klavye');
  const rows = page.getByRole('grid').locator('[data-row]');
  await expect(rows).toHaveCount(3);
  await expect(page).toHaveURL(/q=klavye/);
  await page.keyboard.press('ArrowDown');
  await expect.poll(() => focused(page)).toBe(ids[2]);
  await page.keyboard.press('j');
  await expect.poll(() => focused(page)).toBe(ids[1]);
  await page.keyboard.press('k');

  // Retry shows its preview; Enter on its button is the act. The row moves on, and the next one has the focus.
  await page.keyboard.press('r');
  const dialog = page.getByRole('dialog');
  const confirm = dialog.getByRole('button', { name: /retry EUR 211\.00/i });
  await expect(confirm).toBeVisible();
  await confirm.focus();
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect.poll(() => focused(page)).toBe(ids[1]);
  await expect.poll(() => payoutStatus(request, ids[2] ?? ''), { timeout: 20_000 }).toMatch(/in_transit|paid/);

  // Taking one moves on as well.
  await page.keyboard.press('a');
  await expect(page.getByText('It is yours')).toBeVisible();
  await expect.poll(() => focused(page)).toBe(ids[0]);

  // Selecting: x and shift+x, sums at the bottom, Escape clears.
  await page.keyboard.press('x');
  await page.keyboard.press('k');
  await page.keyboard.press('Shift+X');
  const bar = page.getByRole('region', { name: 'Selected payouts' });
  await expect(bar.getByRole('status')).toContainText('2 selected');
  await expect(bar.getByRole('status')).toContainText('EUR 422.00');
  await page.keyboard.press('Escape');
  await expect(bar).toBeHidden();

  // The sheet names each key once.
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog').getByText('Search, or paste an id')).toHaveCount(1);
});

test('snoozing from the panel takes a payout out of its queue until it wakes', async ({ page, request }) => {
  const id = await requestPayout(request, {
    amountMinor: 31_400,
    fault: 'reject_account_closed',
    holder: 'Klavye Erteleme AŞ',
  });
  await expect.poll(() => payoutStatus(request, id)).toBe('failed');
  await signIn(page, 'ops2');
  await page.goto('/payouts?filter=failed&q=erteleme');
  await untilLive(page);
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('complementary').getByRole('button', { name: 'Snooze…' })).toBeVisible();
  await page.keyboard.press('s');
  await page.keyboard.press('Enter');
  await expect(page.getByText(/^Snoozed until/).first()).toBeVisible();
  await page.goto('/payouts?filter=failed&q=erteleme');
  await expect(page.getByText('No payout matches')).toBeVisible();
  await page.goto('/payouts?filter=snoozed&q=erteleme');
  await expect(page.getByRole('grid').locator(`[data-row="${id}"]`)).toBeVisible();
});

test('a pasted id opens what it names', async ({ page }) => {
  await signIn(page, 'ops2');
  await page.goto('/payouts?filter=stuck');
  await openFirstRow(page);
  await expect(page).toHaveURL(/panel=po_/);
  const id = new URL(page.url()).searchParams.get('panel') ?? '';
  await page.goto('/audit');
  await expect(page.getByRole('grid')).toBeVisible();
  await page.keyboard.press('ControlOrMeta+k');
  await page.getByRole('dialog').getByRole('combobox').fill(id);
  await page
    .getByRole('option', { name: new RegExp(id.slice(-4)) })
    .first()
    .click();
  await expect(page).toHaveURL(new RegExp(id));
});

test('the palette runs what is permitted on the selection', async ({ page }) => {
  await signIn(page, 'ops2');
  await page.goto('/payouts?filter=stuck');
  await untilLive(page);
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.keyboard.press('ControlOrMeta+k');
  const palette = page.getByRole('dialog');
  await expect(palette.getByText('2 selected payouts')).toBeVisible();
  await palette.getByRole('option', { name: 'Ask the provider' }).click();
  // Nothing was done yet: what would be is shown first.
  await expect(page).toHaveURL(/\/bulk\/bu_/);
});

test('who may only look sees why not', async ({ page }) => {
  await signIn(page, 'viewer');
  await page.goto('/payouts?filter=stuck');
  await untilLive(page);
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  const bar = page.getByRole('region', { name: 'Selected payouts' });
  await expect(bar.getByRole('button', { name: 'Retry: not in your roles' })).toHaveAttribute('aria-disabled', 'true');
});
