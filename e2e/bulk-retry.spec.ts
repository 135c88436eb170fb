import AxeBuilder from '@axe-core/playwright';
import { type APIRequestContext, expect, type Page, test } from '@playwright/test';
import { untilLive } from './support/grid.ts';
import { baseUrl, requestPayout, sandboxBooks, signIn } from './support/stack.ts';

test.describe.configure({ timeout: 240_000 });

/** What is wrong with how many of them; the provider takes the rest. */
const MIX: readonly { fault?: string; count: number }[] = [
  { fault: 'balance_insufficient_once', count: 70 },
  { fault: 'reject_balance_insufficient', count: 50 },
  { fault: 'reject_account_closed', count: 40 },
  { fault: 'timeout_after_without_webhook', count: 16 },
  { count: 44 },
];
const ALL = MIX.reduce((sum, { count }) => sum + count, 0);

/** Payouts to one payee of a name of its own, so that a search finds exactly these. Returns their ids. */
async function askFor(request: APIRequestContext, holder: string, mix = MIX): Promise<string[]> {
  const wanted = mix.flatMap(({ fault, count }) => Array.from({ length: count }, () => fault));
  const ids: string[] = [];
  const take = async (): Promise<void> => {
    for (let at = wanted.length; at > 0; at = wanted.length) {
      const fault = wanted.pop();
      ids.push(await requestPayout(request, { amountMinor: 1_000 + at, holder, ...(fault ? { fault } : {}) }));
    }
  };
  await Promise.all(Array.from({ length: 8 }, take));
  return ids;
}

/** Asks the console's own api, as the page is signed in. */
async function read<R>(page: Page, procedure: string, input: unknown): Promise<R> {
  const query = encodeURIComponent(JSON.stringify(input));
  const response = await page.request.get(`${baseUrl}/trpc/${procedure}?input=${query}`);
  expect(response.ok(), await response.text()).toBe(true);
  return ((await response.json()) as { result: { data: R } }).result.data;
}

/** Waits until each of them has been to the provider and back. */
async function untilAnswered(page: Page, holder: string): Promise<void> {
  const where = { text: holder, status: ['queued', 'sending'] };
  await expect
    .poll(async () => (await read<{ count: number }>(page, 'payouts.matching', { filter: 'all', where })).count, {
      timeout: 120_000,
    })
    .toBe(0);
}

const axe = async (page: Page) => {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160)}`)).toEqual([]);
};

interface Detail {
  run: { runnableCount: number; itemCount: number; status: string; counts: Record<string, number> };
  failedCount: number;
  parentId: string | null;
}
const runIdOf = (page: Page) => new URL(page.url()).pathname.split('/').at(-1) ?? '';
const detailOf = (page: Page, id = runIdOf(page)) => read<Detail>(page, 'bulk.detail', { id });
const ended = (page: Page) => expect.poll(async () => (await detailOf(page)).run.status, { timeout: 90_000 });

test('hundreds of payouts are selected by a search, previewed, confirmed by typing, and reported; what failed is taken up again', async ({
  page,
  request,
}) => {
  const holder = `Sammel${Date.now().toString(36)}`;
  const ids = await askFor(request, holder);
  await signIn(page, 'ops');
  await untilAnswered(page, holder);

  // All that match, by the filter and not by what happens to be loaded.
  await page.goto(`/payouts?filter=all&q=${holder}`);
  await untilLive(page);
  await expect(page.locator('[role=grid] [data-row]').first()).toBeVisible();
  await page.getByRole('checkbox', { name: 'Select the loaded rows' }).check();
  const all = page.getByRole('button', { name: `Select all ${ALL} that match` });
  await expect(all).toBeVisible();
  await all.click();
  await page.getByRole('region', { name: 'Selected payouts' }).getByRole('button', { name: 'Retry…' }).click();

  await page.waitForURL(/\/bulk\/bu_/);
  const { run } = await detailOf(page);
  expect(run).toMatchObject({ itemCount: ALL, status: 'previewed' });
  await expect(page.getByRole('heading', { name: `Retry ${run.runnableCount} payouts` })).toBeVisible();
  await expect(page.getByRole('row', { name: /Skipped refused for good 40/ })).toBeVisible();
  await axe(page);

  // The number is typed; the button is the act, with its sum, and says until then why it is not.
  const act = page.getByRole('button', { name: new RegExp(`^Retry ${run.runnableCount} payouts`) });
  await expect(act).toHaveAttribute('aria-disabled', 'true');
  const field = page.getByLabel(`Type ${run.runnableCount} to confirm`);
  await page.keyboard.press('c');
  await expect(field).toBeFocused();
  await field.fill(String(run.runnableCount + 1));
  await expect(act).toHaveAttribute('aria-disabled', 'true');
  await field.fill(String(run.runnableCount));
  await expect(act).toHaveText(new RegExp(`^Retry ${run.runnableCount} payouts · EUR [\\d,.]+$`));
  await page.keyboard.press('Enter');

  const progress = page.getByRole('progressbar', { name: 'Progress' });
  await expect(progress).toBeVisible();
  await ended(page).toBe('done');
  const whole = String(run.runnableCount);
  await expect(progress).toHaveAttribute('aria-valuemax', whole);
  await expect(progress).toHaveAttribute('aria-valuenow', whole);
  await expect(page.getByText('finished', { exact: true })).toBeVisible();

  // Every one of them has its outcome, and the provider's own books say that none was paid twice.
  const report = await detailOf(page);
  const { done = 0, skipped = 0, failed = 0, canceled = 0 } = report.run.counts;
  expect(done + skipped + failed + canceled).toBe(ALL);
  expect(canceled).toBe(0);
  expect(done).toBeGreaterThan(0);
  expect(skipped).toBeGreaterThanOrEqual(40);
  await page.getByRole('button', { name: /^skipped \d/ }).click();
  await expect(page).toHaveURL(/outcome=skipped/);
  await expect(page.locator('[role=grid]')).toHaveAttribute('aria-rowcount', String(skipped + 1));
  await axe(page);

  // Some were retried and refused again: that is said, and only they are taken up again.
  await expect.poll(async () => (await detailOf(page)).failedCount, { timeout: 60_000 }).toBeGreaterThan(0);
  const parent = runIdOf(page);
  await page.getByRole('button', { name: /^Retry the \d+ that failed/ }).click();
  await page.waitForURL((url) => url.pathname.startsWith('/bulk/bu_') && !url.pathname.endsWith(parent));
  const child = await detailOf(page);
  expect(child.parentId).toBe(parent);
  expect(child.run.itemCount).toBeLessThanOrEqual(50 + failed);
  await expect(page.getByText('Takes up what failed in')).toBeVisible();

  for (let at = 0; at < ids.length; at += 20) {
    const books = await Promise.all(ids.slice(at, at + 20).map((id) => sandboxBooks(request, id)));
    for (const book of books) expect(book.paid_twice).toBe(false);
  }
});

test('a run that was confirmed goes on when the session has ended', async ({ page, request }) => {
  const holder = `Sitzung${Date.now().toString(36)}`;
  await askFor(request, holder, [{ fault: 'reject_balance_insufficient', count: 30 }]);
  await signIn(page, 'ops2');
  await untilAnswered(page, holder);
  await page.goto(`/payouts?filter=all&q=${holder}`);
  await untilLive(page);
  await page.getByRole('checkbox', { name: 'Select the loaded rows' }).check();
  await page.getByRole('region', { name: 'Selected payouts' }).getByRole('button', { name: 'Retry…' }).click();
  await page.waitForURL(/\/bulk\/bu_/);
  const { run } = await detailOf(page);
  if (run.runnableCount > 10) await page.getByLabel(/^Type \d+ to confirm$/).fill(String(run.runnableCount));
  await page.getByRole('button', { name: /^Retry \d+ payouts? ·/ }).click();
  await expect(page.getByRole('progressbar')).toBeVisible();
  const id = runIdOf(page);
  await page.context().clearCookies();

  // Whoever looks afterwards finds it finished, in the name of the person who confirmed it.
  await signIn(page, 'viewer');
  await page.goto(`/bulk/${id}`);
  await ended(page).toBe('done');
  await expect(page.getByText('finished', { exact: true })).toBeVisible();
  await expect(page.getByRole('button', { name: /^Retry failed only|^Retry the/ })).toHaveAttribute(
    'aria-disabled',
    'true',
  );
  await page.goto('/bulk');
  await untilLive(page);
  await expect(page.locator('[role=grid] [data-row]').first()).toContainText('Retry');
  await axe(page);
});
