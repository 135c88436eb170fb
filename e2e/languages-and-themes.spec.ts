import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { openFirstRow } from './support/grid.ts';
import { signIn } from './support/stack.ts';

test.describe.configure({ mode: 'parallel' });

const ROUTES = [
  '/payouts?filter=stuck',
  '/bulk',
  '/reconciliation',
  '/reconciliation/files',
  '/overrides',
  '/audit',
  '/controls',
  '/controls/stuck-policy',
  '/controls/webhooks',
];

test('the console speaks Turkish, in the dark, and remembers both', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await signIn(page, 'ops');
  await page.getByRole('button', { name: /Switch to Türkçe/ }).click();
  await expect(page.getByRole('navigation').getByText('Ödemeler')).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'tr');
  await page.reload();
  await expect(page.getByRole('navigation').getByText('Ödemeler')).toBeVisible();
  const background = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  expect(background).toBe('rgb(20, 20, 19)');
});

for (const language of ['en', 'tr'] as const) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`axe finds nothing on any route · ${language} · ${colorScheme}`, async ({ page }) => {
      test.setTimeout(180_000);
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.addInitScript((lang) => localStorage.setItem('countersign.language', lang), language);
      const check = async (where: string) => {
        // In the page itself: there are no frames, and a blank page opened for each result was once seen to hang.
        const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
        expect(violations.map(({ id, nodes }) => `${where}: ${id}: ${nodes[0]?.html.slice(0, 160)}`)).toEqual([]);
      };
      await page.goto('/sign-in');
      await expect(page.getByRole('button', { name: /sign in|oturum|giriş/i })).toBeVisible();
      await check('/sign-in');
      await signIn(page, 'finance');
      for (const route of ROUTES) {
        await page.goto(route);
        await expect(page.getByRole('main')).toBeVisible();
        await page.waitForLoadState('networkidle').catch(() => undefined);
        await check(route);
      }
      for (const [list, panel] of [
        ['/payouts?filter=stuck', /panel=po_/],
        ['/audit', /panel=ae_/],
      ] as const) {
        await page.goto(list);
        await openFirstRow(page);
        await expect(page).toHaveURL(panel);
        await check(`${list} with its panel`);
      }
      for (const [list, opened] of [
        ['/reconciliation', /\/reconciliation\/rr_/],
        ['/reconciliation/files', /files.*sf_/],
        ['/overrides?filter=done', /\/overrides\/ov_/],
      ] as const) {
        await page.goto(list);
        await openFirstRow(page);
        await expect(page).toHaveURL(opened);
        await page.waitForLoadState('networkidle').catch(() => undefined);
        await check(`what ${list} opens`);
      }
      await page.goto('/payouts?filter=stuck');
      await openFirstRow(page);
      await expect(page).toHaveURL(/panel=po_/);
      const id = new URL(page.url()).searchParams.get('panel');
      await page.goto(`/payouts/${id}`);
      await expect(page.getByRole('main')).toBeVisible();
      await check('/payouts/$id');
    });
  }
}
