import { afterEach, beforeEach, expect, it } from 'vitest';
import { startTestSandbox, type TestSandbox } from './testing/test-sandbox.ts';
import { startWebhookReceiver, type WebhookReceiver } from './testing/webhook-receiver.ts';

let receiver: WebhookReceiver;
let sandbox: TestSandbox;
beforeEach(async () => {
  receiver = await startWebhookReceiver();
  sandbox = await startTestSandbox({ webhookUrl: receiver.url });
});
afterEach(async () => {
  await sandbox.stop();
  await receiver.close();
});

const nowS = Math.floor(Date.now() / 1000);
const row = (id: string, more: Record<string, unknown> = {}) => ({
  id,
  amount: 1_234,
  currency: 'TRY',
  status: 'paid',
  created: nowS - 3_600,
  moved: true,
  metadata: { payout_id: `ours-${id}`, attempt_id: `attempt-${id}` },
  ...more,
});

it('loads 6 000 rows once, books what moved, and sends no events', async () => {
  const payouts = Array.from({ length: 6_000 }, (_, n) => row(`po_${n}`, { moved: n % 2 === 0 }));
  expect(await sandbox.own('/__sandbox/load', { payouts })).toEqual({ loaded: 6_000, skipped: 0 });
  expect(await sandbox.own('/__sandbox/load', { payouts })).toEqual({ loaded: 0, skipped: 6_000 });
  const books = await sandbox.books();
  expect(books.movements).toHaveLength(3_000);
  expect(books.totals.balances.try).toBe(500_000_000_000_000 - 3_000 * 1_234);
  expect(books.totals.paid_twice).toBe(0);
  expect((await sandbox.own<{ data: unknown[] }>('/__sandbox/webhooks')).data).toEqual([]);
  expect(await sandbox.stripe.payouts.retrieve('po_7')).toMatchObject({
    amount: 1_234,
    currency: 'try',
    status: 'paid',
  });
});

it('books the way back of a failed payout', async () => {
  await sandbox.own('/__sandbox/load', { payouts: [row('po_f', { status: 'failed', failure_code: 'no_account' })] });
  const { movements } = await sandbox.books('?attempt_id=attempt-po_f');
  expect(movements.map((movement) => movement.direction)).toEqual(['out', 'back']);
});

it('replays a loaded payout for its key until 24 hours after it was created', async () => {
  await sandbox.own('/__sandbox/load', { payouts: [row('po_k', { idempotency_key: 'loaded-key' })] });
  const send = () =>
    sandbox.stripe.payouts.create({ amount: 1_234, currency: 'try' }, { idempotencyKey: 'loaded-key' });
  expect((await send()).id).toBe('po_k');
  await sandbox.advance(23 * 3_600_000);
  expect((await send()).id).not.toBe('po_k');
});

it('settles what has settles_at, with its event', async () => {
  const moving = { status: 'in_transit', settles_at: nowS + 600 };
  await sandbox.own('/__sandbox/load', {
    payouts: [row('po_s', moving), row('po_b', { ...moving, failure_code: 'account_closed' })],
  });
  await sandbox.advance(601_000);
  const webhooks = await receiver.first(2);
  expect(webhooks.map(({ event }) => `${event.data.object.id} ${event.type}`).sort()).toEqual([
    'po_b payout.failed',
    'po_s payout.paid',
  ]);
});

it('leaves a payout that is over as it is', async () => {
  const over = { settles_at: nowS + 600 };
  await sandbox.own('/__sandbox/load', {
    payouts: [row('po_c', { ...over, status: 'canceled' }), row('po_p', { ...over, status: 'paid' })],
  });
  await sandbox.advance(601_000);
  expect((await sandbox.stripe.payouts.retrieve('po_c')).status).toBe('canceled');
  expect((await sandbox.own<{ data: unknown[] }>('/__sandbox/webhooks')).data).toEqual([]);
});

it('names every faulty row and loads none', async () => {
  const payouts = [row('po_ok'), row('po_bad', { amount: 1.5 }), row('po_odd', { status: 'sent' })];
  const response = await fetch(`${sandbox.url}/__sandbox/load`, { method: 'POST', body: JSON.stringify({ payouts }) });
  expect(response.status).toBe(400);
  const { error } = (await response.json()) as { error: { message: string } };
  expect(error.message).toContain('payouts[1]: amount');
  expect(error.message).toContain('payouts[2]: status');
  await expect(sandbox.stripe.payouts.retrieve('po_ok')).rejects.toMatchObject({ statusCode: 404 });
  const notJson = await fetch(`${sandbox.url}/__sandbox/load`, { method: 'POST', body: '{' });
  expect(notJson.status).toBe(400);
});

it('reset empties the books and puts the clock back', async () => {
  await sandbox.own('/__sandbox/load', { payouts: [row('po_r')] });
  await sandbox.advance(86_400_000);
  await sandbox.own('/__sandbox/reset', {});
  const books = await sandbox.books();
  expect(books.movements).toEqual([]);
  expect(books.totals.balances.try).toBe(500_000_000_000_000);
  const { now } = await sandbox.own<{ now: string }>('/__sandbox/clock');
  expect(Math.abs(Date.parse(now) - Date.now())).toBeLessThan(60_000);
});

it.each([-1, 1.5, '5', null])('refuses to move the clock by %j', async (advance) => {
  await expect(sandbox.own('/__sandbox/clock', { advance_ms: advance })).rejects.toThrow('HTTP 400');
});
