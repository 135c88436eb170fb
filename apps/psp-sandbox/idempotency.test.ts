import type Stripe from 'stripe';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SECRET_KEY, startTestSandbox, type TestSandbox } from './testing/test-sandbox.ts';

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await startTestSandbox();
});
afterAll(() => sandbox.stop());

const DAY_MS = 86_400_000;

function send(key: string, payoutId: string, amount = 1_000): Promise<Stripe.Response<Stripe.Payout>> {
  return sandbox.stripe.payouts.create(
    { amount, currency: 'eur', metadata: { payout_id: payoutId } },
    { idempotencyKey: key },
  );
}

async function debits(payoutId: string): Promise<number> {
  return (await sandbox.books(`?payout_id=${payoutId}`)).movements.length;
}

it('replays the saved answer, and moves the money once', async () => {
  const first = await send('k-replay', 'p-replay');
  expect(first.lastResponse.headers['idempotent-replayed']).toBeUndefined();
  await sandbox.advance(3_600_000);
  const second = await send('k-replay', 'p-replay');
  expect(second.id).toBe(first.id);
  expect(second.status).toBe('pending');
  expect(second.lastResponse.headers['idempotent-replayed']).toBe('true');
  expect(second.lastResponse.headers['original-request']).toBe(first.lastResponse.requestId);
  expect(await debits('p-replay')).toBe(1);
});

it('compares parameters in any order', async () => {
  const post = (body: string) =>
    fetch(`${sandbox.url}/v1/payouts`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${SECRET_KEY}`, 'Idempotency-Key': 'k-order' },
      body,
    });
  expect((await post('amount=5&currency=eur&metadata[a]=1&metadata[b]=2')).status).toBe(200);
  expect((await post('metadata[b]=2&metadata[a]=1&currency=eur&amount=5')).status).toBe(200);
  expect((await post('amount=6&currency=eur&metadata[a]=1&metadata[b]=2')).status).toBe(400);
});

it('refuses other parameters under a used key', async () => {
  await send('k-other', 'p-other');
  await expect(send('k-other', 'p-other', 1_001)).rejects.toMatchObject({
    type: 'StripeIdempotencyError',
    statusCode: 400,
    rawType: 'idempotency_error',
  });
  expect(await debits('p-other')).toBe(1);
});

it('replays a 500, whether or not the money moved', async () => {
  for (const [key, amount, moved] of [
    ['k-500-before', 666_023, 0],
    ['k-500-after', 666_024, 1],
  ] as const) {
    await expect(send(key, key, amount)).rejects.toMatchObject({ statusCode: 500 });
    await expect(send(key, key, amount)).rejects.toMatchObject({
      statusCode: 500,
      headers: { 'idempotent-replayed': 'true' },
    });
    expect(await debits(key)).toBe(moved);
  }
});

it('replays a refusal that came from execution, but not one from validation or a rate limit', async () => {
  await expect(send('k-refused', 'p-refused', 666_001)).rejects.toMatchObject({ code: 'balance_insufficient' });
  await expect(send('k-refused', 'p-refused', 666_001)).rejects.toMatchObject({
    headers: { 'idempotent-replayed': 'true' },
  });

  await expect(send('k-invalid', 'p-invalid', 0)).rejects.toMatchObject({ code: 'parameter_invalid_integer' });
  await send('k-invalid', 'p-invalid', 20);
  expect(await debits('p-invalid')).toBe(1);

  await expect(send('k-limited', 'p-limited', 666_008)).rejects.toMatchObject({ statusCode: 429 });
  await send('k-limited', 'p-limited', 666_008);
  expect(await debits('p-limited')).toBe(1);
});

it('answers 409 while the key is in flight', async () => {
  const slow = await startTestSandbox({ slowMs: 150 });
  try {
    const create = () => slow.stripe.payouts.create({ amount: 666_028, currency: 'eur' }, { idempotencyKey: 'k-slow' });
    const [first, second] = await Promise.allSettled([create(), create()]);
    const outcomes = [first, second].sort((a, b) => a.status.localeCompare(b.status));
    expect(outcomes[0]).toMatchObject({ status: 'fulfilled' });
    expect(outcomes[1]).toMatchObject({
      status: 'rejected',
      reason: { statusCode: 409, code: 'idempotency_key_in_use' },
    });
    expect((await create()).lastResponse.headers['idempotent-replayed']).toBe('true');
    expect((await slow.books()).movements).toHaveLength(1);
  } finally {
    await slow.stop();
  }
});

it('forgets a key after 24 hours: used again, it pays again', async () => {
  const first = await send('k-expires', 'p-expires');
  await sandbox.advance(DAY_MS - 60_000);
  expect((await send('k-expires', 'p-expires')).id).toBe(first.id);
  await sandbox.advance(60_000);
  const later = await send('k-expires', 'p-expires');
  expect(later.id).not.toBe(first.id);
  const books = await sandbox.books('?payout_id=p-expires');
  expect(books.totals.by_payout[0]).toMatchObject({ debits: 2, paid_twice: true });
});

it('covers cancel too', async () => {
  const payout = await send('k-to-cancel', 'p-to-cancel');
  for (const replayed of [undefined, 'true']) {
    const canceled = await sandbox.stripe.payouts.cancel(payout.id, {}, { idempotencyKey: 'k-cancel' });
    expect(canceled.status).toBe('canceled');
    expect(canceled.lastResponse.headers['idempotent-replayed']).toBe(replayed);
  }
  expect(await debits('p-to-cancel')).toBe(2);
});
