import { expect, type Page } from '@playwright/test';

/** Waits until the screen follows the server: what is shown is then what is, and holds still. */
export async function untilLive(page: Page): Promise<void> {
  await expect(page.getByRole('status').filter({ hasText: /^(Live|Canlı)$/ })).toBeAttached();
}

/** Opens the first row of the screen's list: one with data, not the placeholder that stands there while it loads. */
export async function openFirstRow(page: Page): Promise<void> {
  await untilLive(page);
  await page.locator('[role=grid] [data-row]').first().click();
}
