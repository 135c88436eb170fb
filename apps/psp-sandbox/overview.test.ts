import { request } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestSandbox, type TestSandbox } from './testing/test-sandbox.ts';

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await startTestSandbox();
});
afterAll(() => sandbox.stop());

const pay = (payoutId: string, key: string, metadata: Record<string, string> = {}) =>
  sandbox.stripe.payouts.create(
    { amount: 123_456, currency: 'eur', metadata: { payout_id: payoutId, ...metadata } },
    { idempotencyKey: key },
  );

/** Opens the page with exactly these headers: `fetch` keeps the Sec-Fetch ones to itself. */
function open(
  query = '',
  headers: Record<string, string> = {},
): Promise<{ status: number; text: string; csp: string }> {
  return new Promise((resolve, reject) => {
    request(`${sandbox.url}/__sandbox/${query}`, { headers }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      resolve({
        status: response.statusCode ?? 0,
        text: Buffer.concat(chunks).toString('utf8'),
        csp: String(response.headers['content-security-policy']),
      });
    })
      .on('error', reject)
      .end();
  });
}

it('shows an empty book', async () => {
  const { status, text, csp } = await open();
  expect(status).toBe(200);
  expect(text).toContain('No payout has been asked for yet.');
  expect(text).not.toContain('<script');
  expect(csp).toContain("default-src 'none'");
});

it('shows each payout with its key, money and events, newest first, and who was paid twice', async () => {
  const once = await pay('po_once', 'key-once', { note: '<b>&"' });
  const first = await pay('po_twice', 'key-1');
  const second = await pay('po_twice', 'key-2', { sandbox_fault: 'webhook_late' });
  await sandbox.own('/__sandbox/keys/expire', { key: 'key-1' });
  const { text } = await open();
  const places = [second.id, first.id, once.id].map((id) => text.indexOf(id));
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(text).toContain('1\u202f234.56 EUR');
  expect(text).toContain('webhook_late');
  expect(text.match(/forgotten/g)).toHaveLength(1);
  expect(text.match(/>paid twice</g)).toHaveLength(2);
  expect(text).toContain('<dt>Paid twice</dt><dd class="bad">1</dd>');

  const twice = await open('?twice=1');
  expect(twice.text).not.toContain(once.id);
  expect(twice.text).toContain('2 found');
  const found = await open(`?q=${once.id}`);
  expect(found.text).toContain('1 found');
});

it('says what it was asked for without letting it become markup', async () => {
  const { text } = await open(`?q=${encodeURIComponent('"><img src=x>')}`);
  expect(text).not.toContain('<img');
  expect(text).toContain('No payout is like that.');
});

it('pages, and keeps what was looked for', async () => {
  for (let n = 0; n < 51; n += 1) await pay(`po_many_${n}`, `many-${n}`);
  const { text } = await open('?q=po_many_');
  expect(text).toContain('Page 1 of 2');
  expect(text).toContain('/__sandbox/?page=2&#38;q=po_many_');
  expect((await open('?page=2&q=po_many_')).text).toContain('po_many_0<');
  expect((await open('?page=9&q=po_many_')).text).toContain('Page 2 of 2');
  expect((await open('?page=x')).status).toBe(400);
});

it.each([
  ['a person opens it', {}, 200],
  ['a link of another site leads to it', { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'document' }, 200],
  ['another site fetches it', { origin: 'https://elsewhere.test' }, 403],
  ['another site fetches it without saying so', { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'empty' }, 403],
  ['another site frames it', { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'iframe' }, 403],
  ['a page of another port embeds it', { 'sec-fetch-site': 'same-site', 'sec-fetch-dest': 'image' }, 403],
])('%s', async (_how, headers, status) => {
  expect((await open('', headers as Record<string, string>)).status).toBe(status);
});
