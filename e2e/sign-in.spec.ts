import { expect, test } from '@playwright/test';
import { signInByForm } from './support/stack.ts';

test.describe('signing in', () => {
  test('a wrong password is refused in words that name no account, and nothing opens', async ({ page }) => {
    await page.goto('/sign-in');
    await page.getByLabel('E-mail').fill('ops@countersign.test');
    await page.getByRole('textbox', { name: 'Password' }).fill('not the password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByRole('alert')).toBeVisible();
    await expect(page).toHaveURL(/sign-in/);
    await page.goto('/payouts');
    await expect(page).toHaveURL(/sign-in/);
  });

  test('people land where their work is', async ({ page }) => {
    await signInByForm(page, 'ops');
    await expect(page).toHaveURL(/\/payouts\?.*stuck/);
    await expect(page.getByRole('grid')).toBeVisible();
  });

  test('signing out ends the session', async ({ page }) => {
    await signInByForm(page, 'viewer');
    await page.getByRole('button', { name: /Deniz Öztürk/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await expect(page).toHaveURL(/sign-in/);
    await page.goto('/audit');
    await expect(page).toHaveURL(/sign-in/);
  });
});
