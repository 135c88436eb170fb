import { afterEach, beforeEach, expect, it } from 'vitest';
import { startTestSandbox, type TestSandbox, WEBHOOK_SECRET } from './testing/test-sandbox.ts';
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

const LIFE_MS = 7_200_000;

function send(fault?: string): Promise<{ id: string }> {
  return sandbox.stripe.payouts.create({
    amount: 1_500,
    currency: 'eur',
    metadata: { payout_id: 'p-1', attempt_id: 'a-1', ...(fault === undefined ? {} : { sandbox_fault: fault }) },
  });
}

interface Delivery {
  type: string;
  state: string;
  attempts: number;
}

async function deliveries(): Promise<Delivery[]> {
  return (await sandbox.own<{ data: Delivery[] }>('/__sandbox/webhooks')).data;
}

const types = (webhooks: { event: { type: string } }[]) => webhooks.map(({ event }) => event.type);

it('tells each move in order, signed as the SDK verifies it', async () => {
  const { id } = await send();
  await receiver.first(1);
  await sandbox.advance(LIFE_MS);
  const webhooks = await receiver.first(3);
  expect(types(webhooks)).toEqual(['payout.created', 'payout.updated', 'payout.paid']);
  const events = webhooks.map(({ rawBody, signature }) =>
    sandbox.stripe.webhooks.constructEvent(rawBody, signature, WEBHOOK_SECRET),
  );
  expect(events.map((event) => (event.data.object as { status: string }).status)).toEqual([
    'pending',
    'in_transit',
    'paid',
  ]);
  expect(events[0]?.data.object).toMatchObject({ id, metadata: { attempt_id: 'a-1' } });
  const { rawBody = '', signature = '' } = webhooks[0] ?? {};
  expect(() => sandbox.stripe.webhooks.constructEvent(rawBody, signature, 'whsec_other')).toThrow();
});

it('tries again until it is answered 2xx', async () => {
  receiver.answerWith([500, 302, 404]);
  await send();
  const webhooks = await receiver.first(4);
  expect(new Set(webhooks.map(({ event }) => event.id)).size).toBe(1);
  await expect.poll(deliveries).toEqual([expect.objectContaining({ state: 'delivered', attempts: 4 })]);
});

it('webhook_dropped: delivers none', async () => {
  await send('webhook_dropped');
  await sandbox.advance(LIFE_MS);
  expect(await deliveries()).toEqual([]);
});

it('webhook_twice: delivers each event twice under one id', async () => {
  await send('webhook_twice');
  const webhooks = await receiver.first(2);
  expect(webhooks[0]?.rawBody).toBe(webhooks[1]?.rawBody);
});

it('webhook_late: keeps events back until their time', async () => {
  await send('webhook_late');
  expect(await deliveries()).toMatchObject([{ state: 'waiting', attempts: 0 }]);
  await sandbox.advance(59_000);
  expect(await deliveries()).toMatchObject([{ state: 'waiting', attempts: 0 }]);
  await sandbox.advance(1_000);
  expect(types(await receiver.first(1))).toEqual(['payout.created']);
});

it('webhook_reordered: delivers the end first', async () => {
  await send('webhook_reordered');
  await sandbox.advance(LIFE_MS);
  expect(types(await receiver.first(3))).toEqual(['payout.paid', 'payout.updated', 'payout.created']);
});

it('tells of failures, returns and cancellations', async () => {
  await send('fail_account_closed,webhook_reordered');
  await sandbox.advance(LIFE_MS);
  expect((await receiver.first(3))[0]?.event.data.object).toMatchObject({
    status: 'failed',
    failure_code: 'account_closed',
  });
  const { id } = await send();
  await receiver.first(4);
  await sandbox.stripe.payouts.cancel(id);
  expect(types(await receiver.first(5)).at(-1)).toBe('payout.canceled');
  await send('paid_then_returned');
  await receiver.first(6);
  await sandbox.advance(LIFE_MS + 3_600_000);
  expect(types(await receiver.first(9)).slice(-3)).toEqual(['payout.updated', 'payout.paid', 'payout.failed']);
});
