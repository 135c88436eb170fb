import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestSandbox, stripeClient, type TestSandbox } from './testing/test-sandbox.ts';

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await startTestSandbox();
});
afterAll(() => sandbox.stop());

it('creates, retrieves, and settles a payout, and debits the balance once', async () => {
  const created = await sandbox.stripe.payouts.create({
    amount: 4_825_000,
    currency: 'try',
    destination: 'ba_1',
    statement_descriptor: 'ACME',
    metadata: { payout_id: 'p-settles', attempt_id: 'a-1' },
  });
  expect(created).toMatchObject({ object: 'payout', status: 'pending', amount: 4_825_000, currency: 'try' });
  expect(created.lastResponse.requestId).toMatch(/^req_/);
  await sandbox.advance(3_600_000);
  expect((await sandbox.stripe.payouts.retrieve(created.id)).status).toBe('in_transit');
  await sandbox.advance(3_600_000);
  const paid = await sandbox.stripe.payouts.retrieve(created.id);
  expect(paid).toMatchObject({ status: 'paid', metadata: { payout_id: 'p-settles', attempt_id: 'a-1' } });

  const books = await sandbox.books('?payout_id=p-settles');
  expect(books.movements).toHaveLength(1);
  expect(books.movements[0]).toMatchObject({ direction: 'out', amount: 4_825_000, attempt_id: 'a-1' });
  expect(books.totals.by_payout).toEqual([
    { payout_id: 'p-settles', currency: 'try', debits: 1, returns: 0, amount_out: 4_825_000, paid_twice: false },
  ]);
});

it('cancels a pending payout and gives its money back; not one in transit', async () => {
  const before = (await sandbox.books()).totals.balances.gbp;
  const params = { amount: 700, currency: 'gbp', metadata: { payout_id: 'p-cancel' } };
  const pending = await sandbox.stripe.payouts.create(params);
  expect((await sandbox.stripe.payouts.cancel(pending.id)).status).toBe('canceled');
  const books = await sandbox.books('?payout_id=p-cancel');
  expect(books.movements.map((movement) => movement.direction)).toEqual(['out', 'back']);
  expect(books.movements[1]?.balance_after).toBe(before ?? 500_000_000_000_000);

  const moving = await sandbox.stripe.payouts.create(params);
  await sandbox.advance(3_600_000);
  await expect(sandbox.stripe.payouts.cancel(moving.id)).rejects.toMatchObject({
    statusCode: 400,
    code: 'payout_not_cancelable',
  });
  await sandbox.advance(3_600_000);
  expect((await sandbox.stripe.payouts.retrieve(pending.id)).status).toBe('canceled');
});

it('shows two debits of one payout as paid twice', async () => {
  for (const key of ['twice-1', 'twice-2']) {
    await sandbox.stripe.payouts.create(
      { amount: 900, currency: 'eur', metadata: { payout_id: 'p-twice' } },
      { idempotencyKey: key },
    );
  }
  const books = await sandbox.books('?payout_id=p-twice');
  expect(books.totals.by_payout[0]).toMatchObject({ debits: 2, paid_twice: true });
  expect(books.totals.paid_twice).toBe(1);
});

it('refuses a payout above the balance', async () => {
  await expect(sandbox.stripe.payouts.create({ amount: 500_000_000_000_001, currency: 'chf' })).rejects.toMatchObject({
    statusCode: 400,
    code: 'balance_insufficient',
  });
});

it('lists newest first, a page at a time in both directions', async () => {
  const own = await startTestSandbox();
  try {
    const rows = Array.from({ length: 25 }, (_, n) => ({
      id: `po_${n}`,
      amount: 100 + n,
      currency: 'eur',
      status: n % 5 === 0 ? 'failed' : 'paid',
      created: 1_700_000_000 + Math.floor(n / 2) * 60,
      moved: true,
    }));
    await own.own('/__sandbox/load', { payouts: rows });
    const newestFirst = rows.map((row) => row.id).reverse();
    const all: string[] = [];
    for await (const payout of own.stripe.payouts.list({ limit: 10 })) all.push(payout.id);
    expect(all).toEqual(newestFirst);

    const ids = async (params: Parameters<typeof own.stripe.payouts.list>[0]) => {
      const page = await own.stripe.payouts.list(params);
      return [page.data.map((payout) => payout.id), page.has_more];
    };
    expect(await ids({ limit: 2, starting_after: 'po_2' })).toEqual([['po_1', 'po_0'], false]);
    expect(await ids({ limit: 2, ending_before: 'po_2' })).toEqual([['po_4', 'po_3'], true]);
    expect(await ids({ limit: 2, ending_before: 'po_23' })).toEqual([['po_24'], false]);
    expect(await ids({ created: { gte: 1_700_000_660, lt: 1_700_000_720 } })).toEqual([['po_23', 'po_22'], false]);
    expect(await ids({ created: 1_700_000_720 })).toEqual([['po_24'], false]);
    expect(await ids({ status: 'failed', limit: 2 })).toEqual([['po_20', 'po_15'], true]);
    await expect(own.stripe.payouts.list({ limit: 101 })).rejects.toMatchObject({ param: 'limit' });
    await expect(own.stripe.payouts.list({ starting_after: 'po_none' })).rejects.toMatchObject({
      code: 'resource_missing',
    });
    await expect(own.stripe.payouts.list({ starting_after: 'po_1', ending_before: 'po_2' })).rejects.toMatchObject({
      code: 'parameters_exclusive',
    });
  } finally {
    await own.stop();
  }
});

it('answers in the provider’s shape when it refuses', async () => {
  await expect(sandbox.stripe.payouts.retrieve('po_none')).rejects.toMatchObject({
    type: 'StripeInvalidRequestError',
    statusCode: 404,
    code: 'resource_missing',
    param: 'payout',
  });
  await expect(stripeClient(sandbox.url, 'sk_test_wrong').balance.retrieve()).rejects.toMatchObject({
    type: 'StripeAuthenticationError',
    statusCode: 401,
  });
  const response = await fetch(`${sandbox.url}/v1/charges`, {
    headers: { Authorization: 'Bearer sk_test_of_the_tests' },
  });
  expect(response.status).toBe(404);
  expect(await response.json()).toEqual({
    error: { message: 'Unrecognized request URL (GET: /v1/charges).', type: 'invalid_request_error' },
  });
  const fromPage = await fetch(`${sandbox.url}/__sandbox/reset`, {
    method: 'POST',
    headers: { Origin: 'http://evil' },
  });
  expect(fromPage.status).toBe(403);
});

it('shows the balance of a currency as the provider does', async () => {
  const balance = await sandbox.stripe.balance.retrieve();
  expect(balance.available.find(({ currency }) => currency === 'usd')?.amount).toBe(500_000_000_000_000);
});
