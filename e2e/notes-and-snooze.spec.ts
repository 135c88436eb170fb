import { AxeBuilder } from '@axe-core/playwright';
import { type APIRequestContext, type Browser, expect, type Page, test } from '@playwright/test';
import { untilLive } from './support/grid.ts';
import { type DemoPerson, payoutStatus, requestPayout, signIn } from './support/stack.ts';

async function failedPayout(request: APIRequestContext, holder: string): Promise<string> {
  const id = await requestPayout(request, { amountMinor: 35_100, fault: 'reject_account_closed', holder });
  await expect.poll(() => payoutStatus(request, id)).toBe('failed');
  return id;
}

/** Another person in a browser of their own. */
async function another(browser: Browser, who: DemoPerson): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await signIn(page, who);
  return page;
}

const panelOf = (page: Page, id: string) => page.getByRole('complementary', { name: new RegExp(`Payout ${id}`) });
async function expectNoViolations(page: Page): Promise<void> {
  expect((await new AxeBuilder({ page }).setLegacyMode(true).analyze()).violations).toEqual([]);
}

const bell = (page: Page) => page.getByRole('button', { name: /^Notifications:/ });

test('one names another in a note: the bell says so at once, and leads there', async ({ page, request, browser }) => {
  const id = await failedPayout(request, 'Named In A Note Kft');
  const marta = await another(browser, 'approver2');
  await marta.goto('/overrides');
  await untilLive(marta);

  await signIn(page, 'ops');
  await page.goto(`/payouts?filter=failed&panel=${id}`);
  const panel = panelOf(page, id);
  const field = panel.getByLabel('Write a note');
  await field.pressSequentially('The bank is closed today. @mar');
  await expect(panel.getByRole('option', { name: /Marta Kowalczyk/ })).toBeVisible();
  await expectNoViolations(page);
  await page.keyboard.press('Enter');
  await expect(field).toHaveValue('The bank is closed today. @Marta Kowalczyk ');
  await field.pressSequentially('knows <b>why</b>.');
  await page.keyboard.press('Control+Enter');
  const note = panel.getByRole('listitem', { name: 'Note by Ayşe Yılmaz' });
  await expect(note).toContainText('The bank is closed today. @Marta Kowalczyk knows <b>why</b>.');
  await expect(field).toHaveValue('');
  await expect(panel.getByText('Note by Ayşe Yılmaz', { exact: true })).toBeVisible();

  await expect(bell(marta)).toHaveAccessibleName('Notifications: 1 unread');
  await bell(marta).click();
  const list = marta.getByRole('dialog', { name: 'Notifications' });
  await list.getByRole('link', { name: /Ayşe Yılmaz named you.*EUR 351\.00 to Named In A Note Kft/ }).click();
  await expect(marta).toHaveURL(new RegExp(`panel=${id}`));
  await expect(panelOf(marta, id).getByText('The bank is closed today.', { exact: false }).first()).toBeVisible();
  await expect(bell(marta)).toHaveAccessibleName('Notifications: nothing unread');
  // Whoever wrote it was told nothing.
  await expect(bell(page)).toHaveAccessibleName('Notifications: nothing unread');
  await marta.close();
});

test('a payout is given to another by keyboard, who is told; and taken back', async ({ page, request, browser }) => {
  const id = await failedPayout(request, 'Handed Over OÜ');
  const sule = await another(browser, 'finance');
  await sule.goto('/reconciliation');
  await untilLive(sule);

  await signIn(page, 'ops');
  await page.goto(`/payouts?filter=failed&panel=${id}`);
  const panel = panelOf(page, id);
  await expect(panel.getByRole('button', { name: /^Assign/ })).toBeVisible();
  await page.keyboard.press('a');
  const find = page.getByRole('combobox', { name: 'Find a colleague' });
  await expect(page.getByRole('option', { name: /Ayşe Yılmaz \(you\)/ })).toHaveAttribute('aria-selected', 'true');
  // Approvers look after nothing here, and are not offered.
  await expect(page.getByRole('option', { name: /Marta/ })).toHaveCount(0);
  await expectNoViolations(page);
  await find.fill('cag');
  await expect(page.getByRole('option')).toHaveCount(1);
  await page.keyboard.press('Enter');
  await expect(panel.getByText('with Şule Çağlayan')).toBeVisible();
  await expect(panel.getByText('Given to Şule Çağlayan by Ayşe Yılmaz')).toBeVisible();

  await expect(bell(sule)).toHaveAccessibleName('Notifications: 1 unread');
  await sule.keyboard.press('g');
  await sule.keyboard.press('n');
  const list = sule.getByRole('dialog', { name: 'Notifications' });
  await expect(list.getByRole('link', { name: /Ayşe Yılmaz gave you a payout/ })).toBeVisible();
  await expectNoViolations(sule);
  await list.getByRole('button', { name: 'Mark all as read' }).click();
  await expect(bell(sule)).toHaveAccessibleName('Notifications: nothing unread');
  await sule.keyboard.press('Escape');
  await expect(list).toBeHidden();
  await expect(bell(sule)).toBeFocused();

  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(panel.getByText('with Şule Çağlayan')).toBeHidden();
  await sule.close();
});

test('snoozed, it leaves the failed queue for the snoozed one; woken, it comes back', async ({ page, request }) => {
  const id = await failedPayout(request, 'Put Aside Oy');
  await signIn(page, 'ops2');
  await page.goto(`/payouts/${id}`);
  await expect(page.getByRole('button', { name: /^Snooze/ })).toBeVisible();
  await page.keyboard.press('s');
  await expect(page.getByRole('menuitem', { name: /For an hour.*UTC/ })).toBeFocused();
  await page.getByRole('menuitem', { name: /Tomorrow morning/ }).click();
  const mark = page.getByText(/^Snoozed until .*09:00:00.*, by Jonas Weber/);
  await expect(mark).toBeVisible();

  const row = page.getByRole('grid').getByRole('row').filter({ hasText: 'Put Aside Oy' });
  await page.goto('/payouts?filter=failed');
  await untilLive(page);
  await expect(page.getByRole('grid').getByRole('row').nth(2)).toBeVisible();
  await expect(row).toHaveCount(0);
  await page.goto('/payouts?filter=snoozed');
  await expect(row).toHaveCount(1);

  await page.goto(`/payouts?filter=snoozed&panel=${id}`);
  await panelOf(page, id).getByRole('button', { name: 'Wake' }).click();
  await expect(panelOf(page, id).getByText(/^Snoozed until/)).toBeHidden();
  await expect(panelOf(page, id).getByText('Woken by Jonas Weber')).toBeVisible();
  // By its name: other stories make failed payouts meanwhile, and only the rows near the view are in the document.
  await page.goto('/payouts?filter=failed&q=Put+Aside');
  await expect(row).toHaveCount(1);
});

test('a time of one’s own, with a reason; a time that is past is refused in words', async ({ page, request }) => {
  const id = await failedPayout(request, 'Own Time AB');
  await signIn(page, 'ops2');
  await page.goto(`/payouts/${id}`);
  await page.getByRole('button', { name: /^Snooze/ }).click();
  await page.getByRole('menuitem', { name: 'Choose a time…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Until').fill('2020-01-01T09:00');
  await dialog.getByRole('button', { name: 'Snooze it' }).click();
  await expect(dialog.getByRole('alert').filter({ hasText: 'Choose a time in the future' })).toBeVisible();
  const inThreeDays = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 16);
  await dialog.getByLabel('Until').fill(inThreeDays);
  await dialog.getByLabel('Why').fill('the merchant sends another account');
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(page.getByText('“the merchant sends another account”')).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText(/^Snoozed until .* by Jonas Weber/)).toBeHidden();
});

test('two people on one payout see each other, and see the other leave', async ({ page, request, browser }) => {
  const id = await failedPayout(request, 'Looked At Twice SRL');
  await signIn(page, 'ops');
  await page.goto(`/payouts/${id}`);
  const jonas = await another(browser, 'ops2');
  await jonas.goto(`/payouts?filter=failed&panel=${id}`);
  await expect(page.getByText('Jonas Weber is looking at this')).toBeVisible();
  await expect(jonas.getByText('Ayşe Yılmaz is looking at this')).toBeVisible();
  await jonas.keyboard.press('Escape');
  await expect(page.getByText('Jonas Weber is looking at this')).toBeHidden();
  await jonas.close();
});

test('the payout’s page says everything that is known, in words, and is clean for axe', async ({ page, request }) => {
  const id = await requestPayout(request, { amountMinor: 64_200, holder: 'Whole Story Zrt' });
  await expect.poll(() => payoutStatus(request, id), { timeout: 20_000 }).toBe('paid');
  await signIn(page, 'viewer');
  await page.goto(`/payouts/${id}`);
  const way = page.getByRole('list', { name: 'Where the money is, step by step' });
  await expect(way.getByRole('listitem')).toHaveText([
    /Wallet\s*−642\.00\s*left/,
    /In flight/,
    /Stripe/,
    /Bank\s*642\.00/,
  ]);
  await expect(page.getByText('Stripe says it is paid.')).toBeVisible();
  await expect(page.getByText('signature verified').first()).toBeVisible();
  await expect(page.getByText('changed the state').first()).toBeVisible();
  await expect(page.getByRole('table', { name: 'Journal' }).getByRole('row')).toHaveCount(6);
  await expect(page.getByRole('link', { name: /Send an attempt|Request a payout/ }).first()).toBeVisible();
  // Somebody who may only look may not write, and is told why.
  await expect(page.getByRole('button', { name: /^Add the note/ })).toHaveAttribute('aria-disabled', 'true');
  await page.getByText('Everything this page was made from, as JSON.').click();
  await expect(page.getByText(`"id": "${id}"`)).toBeVisible();
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    await expectNoViolations(page);
  }
});
