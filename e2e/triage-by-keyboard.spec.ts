import { expect, test } from '@playwright/test';
import { openFirstRow } from './support/grid.ts';
import { signIn } from './support/stack.ts';

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
