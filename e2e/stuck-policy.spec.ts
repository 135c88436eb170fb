import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { signIn } from './support/stack.ts';

/* A policy holds for the whole installation: playwright.config.ts runs these stories after the others. */
test.describe.configure({ mode: 'serial', timeout: 90_000 });

const axe = async (page: Page) => {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160)}`)).toEqual([]);
};

test('an administrator sees what other limits would do before they are in force, and every badge follows them', async ({
  page,
}) => {
  await signIn(page, 'admin');
  await page.goto('/controls/stuck-policy');
  await expect(page.getByText('Version 1 in force')).toBeVisible();
  await expect(page.getByRole('button', { name: /^Review and save: nothing changed/ })).toBeVisible();

  // Tighter than late: it cannot be saved, and the panel says why.
  const cell = page.getByRole('button', { name: /^in transit, SEPA:/i });
  await cell.click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Late after', { exact: true }).fill('3');
  await axe(page);
  await dialog.getByRole('button', { name: 'Take over' }).click();
  await expect(page.getByText('In transit, SEPA: it could be stuck before it is late.')).toBeVisible();
  await expect(page.getByRole('button', { name: /^Review and save: not valid yet/ })).toBeVisible();

  await cell.click();
  await dialog.getByLabel('Late after', { exact: true }).fill('1');
  await dialog.getByLabel('Late after: unit').selectOption('minutes');
  await dialog.getByLabel('Stuck after', { exact: true }).fill('2');
  await dialog.getByLabel('Stuck after: unit').selectOption('minutes');
  await dialog.getByRole('button', { name: 'Take over' }).click();
  await expect(page.getByText(/\d+ payouts would become stuck/)).toBeVisible();
  await axe(page);

  await page.getByText('t2', { exact: true }).last().click();
  await page.getByRole('button', { name: 'Paste a list…' }).click();
  await dialog.getByLabel('Days').fill('2029-01-01 New Year\n2029-02-30\n2029-12-25');
  await expect(dialog.getByText('1 line could not be read: 2029-02-30')).toBeVisible();
  await dialog.getByRole('button', { name: 'Add 2 days' }).click();
  await expect(page.getByRole('button', { name: 'Remove Mon, 1 Jan 2029' })).toBeVisible();

  await page.getByRole('button', { name: 'Review and save…' }).click();
  await expect(dialog.getByText('2 days added')).toBeVisible();
  await dialog.getByLabel('Why it changes').fill('A story: SEPA is instant now');
  await dialog.getByRole('button', { name: 'Put version 2 in force' }).dblclick();
  await expect(dialog).toBeHidden();
  await expect(page.getByText('Version 2 in force')).toBeVisible();
  const versions = page.getByRole('region', { name: 'Versions' });
  await expect(versions).toContainText('Version 2Anders Lindqvist');
  await expect(versions).toContainText('A story: SEPA is instant now');
  await expect(versions).toContainText('The policy of a new installation.');

  // The open payouts follow at once: the badge names the version and the limit.
  await page.goto('/payouts?filter=stuck&rail=sepa&status=in_transit');
  const badge = page
    .locator('[role=grid] [data-row]')
    .first()
    .getByText(/^Stuck/)
    .first();
  await badge.hover();
  await expect(page.getByRole('tooltip')).toContainText('The limit is 2 min.');
  await expect(page.getByRole('tooltip')).toContainText('Stuck policy 2, rail SEPA');
});

test('others read the policy and cannot change it, and see why', async ({ page }) => {
  await signIn(page, 'ops');
  await page.goto('/controls/stuck-policy');
  await expect(page.getByText('You see the policy. Administrators change it.')).toBeVisible();
  await expect(page.getByRole('button', { name: /^Review and save: not in your roles/ })).toHaveAttribute(
    'aria-disabled',
    'true',
  );
  await expect(page.getByRole('button', { name: /^in transit, SEPA:/i })).toHaveCount(0);
  await expect(page.getByRole('cell', { name: /4 business days/ })).toBeVisible();
});
