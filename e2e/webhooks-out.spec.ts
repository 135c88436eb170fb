import { createHmac, randomUUID } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, type Page, test } from '@playwright/test';
import { untilLive } from './support/grid.ts';
import { requestPayout, signIn } from './support/stack.ts';

interface Received {
  headers: IncomingHttpHeaders;
  body: string;
}

/** A subscriber's own server, on this machine: what it got, and what it answers. */
let server: Server;
let url: string;
let status: number;
let received: Received[];

test.beforeEach(async () => {
  status = 200;
  received = [];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
      response.writeHead(status).end(status === 200 ? 'ok' : 'the shop is closed');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`;
});
test.afterEach(async ({ page }) => {
  // What other stories do must not be told to a server that is gone.
  const answer = (await (await page.request.get('/trpc/webhooks.endpoints')).json()) as {
    result?: { data: { id: string; url: string; status: string }[] };
  };
  for (const endpoint of (answer.result?.data ?? []).filter((one) => one.url === url && one.status === 'enabled')) {
    const input = { endpointId: endpoint.id, reason: 'the story is over' };
    await page.request.post('/trpc/webhooks.disable', { data: { idempotencyKey: randomUUID(), input } });
  }
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** What was received of one payout: other stories move payouts of their own meanwhile. */
const receivedOf = (payoutId: string) => received.filter(({ body }) => body.includes(payoutId));
const tests = () => received.filter(({ body }) => body.includes('"test.ping"'));

/** The signature that Standard Webhooks asks for, written down from its specification. */
function signatureOf(secret: string, { headers, body }: Received): string {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const content = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  return `v1,${createHmac('sha256', key).update(content).digest('base64')}`;
}

/** Adds an endpoint in the console, for one type only, and returns its secret as it was shown. */
async function addEndpoint(page: Page, description: string, type: string): Promise<string> {
  await page.goto('/controls/webhooks');
  await page.getByRole('button', { name: 'Add endpoint…' }).click();
  const form = page.getByRole('dialog', { name: 'Add an endpoint' });
  await form.getByLabel('Address').fill('http://192.168.0.7/hooks');
  await form.getByLabel('What it is for').fill(description);
  await form.getByLabel('Only these').check();
  await form.getByLabel(type).check();
  await form.getByRole('button', { name: 'Add endpoint' }).click();
  await expect(form.getByText('Only https')).toBeVisible();
  await form.getByLabel('Address').fill(url);
  await form.getByRole('button', { name: 'Add endpoint' }).click();
  const shown = page.getByRole('dialog', { name: 'The signing secret' });
  const secret = await shown.getByLabel('Signing secret').inputValue();
  expect(secret).toMatch(/^whsec_/);
  await shown.getByRole('button', { name: 'I have copied it' }).click();
  await expect(shown).toBeHidden();
  await expect(page.getByText(secret)).toHaveCount(0);
  return secret;
}

/** The row of a payout's message in an endpoint's log. */
const rowOf = (page: Page, payoutId: string) =>
  page.locator('[role=grid] [data-row]').filter({ hasText: payoutId.slice(-4) });

const openEndpoint = async (page: Page, description: string) => {
  await untilLive(page);
  await page.getByRole('grid').getByText(description).click();
  await expect(page.getByRole('heading', { level: 1, name: description })).toBeVisible();
};

test.describe('webhooks out', () => {
  test.setTimeout(90_000);

  test('a payout that a machine asks for is told to an endpoint, signed with the secret that was shown once', async ({
    page,
    request,
  }) => {
    await signIn(page, 'admin');
    const secret = await addEndpoint(page, 'Signed story', 'payout.paid');
    const id = await requestPayout(request, { amountMinor: 31_100, holder: 'Webhook Story GmbH' });
    await expect.poll(() => receivedOf(id).length, { timeout: 20_000 }).toBe(1);
    const [message] = receivedOf(id) as [Received];
    expect(String(message.headers['webhook-signature']).split(' ')).toContain(signatureOf(secret, message));
    expect(JSON.parse(message.body)).toMatchObject({
      type: 'payout.paid',
      data: { id, object: 'payout', status: 'paid', amount_minor: '31100' },
    });

    await openEndpoint(page, 'Signed story');
    await rowOf(page, id).getByText('payout.paid').click();
    const panel = page.getByRole('complementary', { name: /^Delivery wd_/ });
    await expect(panel.getByText('Arrived').first()).toBeVisible();
    await expect(panel.getByText('HTTP 200')).toBeVisible();
    await expect(panel.getByText(String(message.headers['webhook-id']))).toHaveCount(1);
    await expect(panel.getByText(String(message.headers['webhook-signature']))).toBeVisible();
  });

  test('a receiver that fails is tried again, shown as failing, and sent it once more from the console', async ({
    page,
    request,
  }) => {
    await signIn(page, 'admin');
    const secret = await addEndpoint(page, 'Failing story', 'payout.queued');
    status = 500;
    const id = await requestPayout(request, { amountMinor: 42_200, holder: 'Webhook Story AG' });
    // At once and five seconds later; then the schedule would wait for five minutes.
    await expect.poll(() => receivedOf(id).length, { timeout: 25_000 }).toBe(2);
    await openEndpoint(page, 'Failing story');
    await expect(page.getByText(/^Nothing has arrived for/)).toBeVisible();
    await page.getByRole('button', { name: /^Failing \d/ }).click();
    await rowOf(page, id).getByText('payout.queued').click();
    const panel = page.getByRole('complementary', { name: /^Delivery wd_/ });
    await expect(panel.getByText('HTTP 500')).toHaveCount(2);
    await expect(panel.getByText('the shop is closed').first()).toBeVisible();
    await expect(panel.getByText(/Next try in/)).toBeVisible();

    status = 200;
    await page.keyboard.press('r');
    await expect.poll(() => receivedOf(id).length, { timeout: 10_000 }).toBe(3);
    await expect(panel.getByText('HTTP 200')).toBeVisible();
    await expect(page.getByText(/^Nothing has arrived for/)).toHaveCount(0);
    expect(new Set(receivedOf(id).map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(new Set(receivedOf(id).map(({ body }) => body)).size).toBe(1);
    for (const one of receivedOf(id)) expect(one.headers['webhook-signature']).toBe(signatureOf(secret, one));
  });

  test('a secret is rotated without losing a message: two signatures, either secret verifies', async ({ page }) => {
    await signIn(page, 'admin');
    const before = await addEndpoint(page, 'Rotated story', 'payout.paid');
    await openEndpoint(page, 'Rotated story');
    await page.getByRole('button', { name: 'Rotate secret…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Rotate secret' }).click();
    const shown = page.getByRole('dialog', { name: 'The signing secret' });
    const after = await shown.getByLabel('Signing secret').inputValue();
    await shown.getByRole('button', { name: 'I have copied it' }).click();
    await page.getByRole('button', { name: 'Send a test' }).click();
    await expect.poll(() => tests().length, { timeout: 10_000 }).toBe(1);
    const [message] = tests() as [Received];
    expect(String(message.headers['webhook-signature']).split(' ')).toEqual([
      signatureOf(after, message),
      signatureOf(before, message),
    ]);
    await expect(page.getByRole('grid').getByText('test.ping')).toBeVisible();
  });

  test('operations may replay and test, and not change; a viewer sees why nothing is here', async ({
    page,
    browser,
  }) => {
    await signIn(page, 'admin');
    await addEndpoint(page, 'Shared story', 'payout.paid');
    const ops = await (await browser.newContext()).newPage();
    await signIn(ops, 'ops');
    await ops.goto('/controls/webhooks');
    await openEndpoint(ops, 'Shared story');
    await expect(ops.getByRole('button', { name: /^Rotate secret: not in your roles/ })).toHaveAttribute(
      'aria-disabled',
      'true',
    );
    await ops.getByRole('button', { name: 'Send a test' }).click();
    await expect.poll(() => tests().length, { timeout: 10_000 }).toBe(1);
    const viewer = await (await browser.newContext()).newPage();
    await signIn(viewer, 'viewer');
    await viewer.goto('/controls/webhooks');
    await expect(viewer.getByRole('alert')).toContainText('Your roles');
    await ops.context().close();
    await viewer.context().close();
  });
});
