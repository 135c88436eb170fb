import { expect, type Page, test } from '@playwright/test';
import { untilLive } from './support/grid.ts';
import { killApi, payoutStatus, requestPayout, sandboxBooks, signIn } from './support/stack.ts';

const unanswered = { amountMinor: 15_500, fault: 'timeout_before' };

test('reconnect after the api is killed: the stream resumes, and nothing that happened meanwhile is missing', async ({
  page,
  request,
}) => {
  await signIn(page, 'ops');
  await page.goto('/payouts?filter=all&q=yeniden');
  await untilLive(page);
  await expect(page.getByText('No payout matches')).toBeVisible();
  const errors: Error[] = [];
  page.on('pageerror', (error) => errors.push(error));

  const before = await requestPayout(request, { amountMinor: 1_200, holder: 'Yeniden Önce AŞ' });
  await expect(row(page, before)).toBeVisible();

  killApi();
  // While the api is away the screen says so, and keeps what it knew.
  await expect(page.getByRole('status').filter({ hasText: /^Not live/ })).toBeAttached();
  await expect(row(page, before)).toBeVisible();

  // The supervisor starts it again; what is asked for before the stream is back must be seen too.
  let after = '';
  await expect
    .poll(
      async () => {
        after = await requestPayout(request, { amountMinor: 1_300, holder: 'Yeniden Sonra AŞ' }).catch(() => '');
        return after;
      },
      { timeout: 30_000 },
    )
    .toMatch(/^po_/);
  await untilLive(page);
  await expect(page.getByRole('button', { name: /1 new/ })).toBeVisible({ timeout: 20_000 });
  await page.getByRole('button', { name: /1 new/ }).click();
  await expect(row(page, after)).toBeVisible();
  await expect(row(page, before)).toBeVisible();

  // And it is live again, not only read once.
  const later = await requestPayout(request, { amountMinor: 1_400, holder: 'Yeniden Daha Sonra AŞ' });
  await expect(page.getByRole('button', { name: /1 new/ })).toBeVisible({ timeout: 20_000 });
  await page.getByRole('button', { name: /1 new/ }).click();
  await expect(row(page, later)).toBeVisible();
  expect(errors).toEqual([]);
});

test('two browsers on one payout: both see each other’s act, and the second’s stale retry is refused in words', async ({
  page,
  browser,
  request,
}) => {
  const id = await requestPayout(request, { ...unanswered, holder: 'İki Tarayıcı AŞ' });
  await expect.poll(() => payoutStatus(request, id), { timeout: 15_000 }).toBe('unconfirmed');
  const other = await (await browser.newContext()).newPage();
  await Promise.all([signIn(page, 'ops'), signIn(other, 'ops2')]);
  for (const one of [page, other]) {
    await one.goto(`/payouts?filter=unconfirmed&q=tarayici&cols=payee,amount,owner&panel=${id}`);
    await untilLive(one);
    await expect(one.getByRole('complementary').getByRole('button', { name: /retry…/i })).toBeVisible();
  }

  // One takes it: the other sees who has it, without doing anything.
  await page.keyboard.press('a');
  await expect(page.getByRole('option', { name: /Ayşe Yılmaz/ })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(other.getByRole('grid').getByText('Ayşe Yılmaz')).toBeVisible();

  // Both have the preview open; one is quicker.
  await other.keyboard.press('r');
  await page.keyboard.press('r');
  const first = page.getByRole('dialog').getByRole('button', { name: /retry EUR 155\.00/i });
  const second = other.getByRole('dialog').getByRole('button', { name: /retry EUR 155\.00/i });
  await expect(first).toBeVisible();
  await expect(second).toBeVisible();
  await first.click();
  await expect(page.getByRole('dialog')).toBeHidden();

  // The second's preview is of a moment before: its press is refused, in words, and nothing goes out again.
  await second.click();
  await expect(other.getByRole('dialog').getByRole('alert')).toContainText('Someone changed this in the meantime');
  await expect.poll(() => payoutStatus(request, id), { timeout: 20_000 }).toMatch(/in_transit|paid/);
  expect(await sandboxBooks(request, id)).toMatchObject({ debits: 1, paid_twice: false });
  await expect(other.getByText('Retry by Ayşe Yılmaz').first()).toBeAttached();
  await other.context().close();
});

test('a command made from an old sight of the payout is refused in words', async ({ page, request }) => {
  const id = await requestPayout(request, { ...unanswered, holder: 'Eski Görüntü AŞ' });
  await expect.poll(() => payoutStatus(request, id), { timeout: 15_000 }).toBe('unconfirmed');
  await signIn(page, 'ops');
  await page.goto(`/payouts?filter=unconfirmed&panel=${id}`);
  await untilLive(page);
  await page.keyboard.press('r');
  const confirm = page.getByRole('dialog').getByRole('button', { name: /retry EUR 155\.00/i });
  await expect(confirm).toBeVisible();
  // The version that was on the screen, sent a moment after somebody else's retry.
  await page.route('**/trpc/payouts.retry*', async (route) => {
    const body = route.request().postDataJSON() as { input: { version: number } };
    await route.continue({
      postData: JSON.stringify({ ...body, input: { ...body.input, version: body.input.version - 1 } }),
    });
  });
  await confirm.click();
  await expect(page.getByRole('dialog').getByRole('alert')).toContainText(/changed/i);
  expect(await sandboxBooks(request, id)).toMatchObject({ debits: 0 });
});

const row = (page: Page, id: string) => page.getByRole('grid').locator(`[data-row="${id}"]`);
