import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FAULTS } from './faults.ts';
import { SECRET_KEY, startTestSandbox, type TestSandbox } from './testing/test-sandbox.ts';

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await startTestSandbox();
});
afterAll(() => sandbox.stop());

const HANG_MS = 300;

function amountOf(name: string): number {
  const fault = FAULTS.find((known) => known.name === name);
  if (!fault) throw new Error(`no fault ${name}`);
  return fault.amount;
}

/** Sends the payout of a fault with the SDK. */
function send(
  fault: string,
  attempt = 1,
  options: Stripe.RequestOptions = {},
): Promise<Stripe.Response<Stripe.Payout>> {
  return sandbox.stripe.payouts.create(
    { amount: amountOf(fault), currency: 'usd', metadata: { payout_id: fault, attempt_id: `${fault}-${attempt}` } },
    { idempotencyKey: `${fault}-${attempt}`, ...options },
  );
}

/** Sends it once without the SDK, which would repeat a request whose connection was reset. */
function sendOnce(fault: string): Promise<Response> {
  return fetch(`${sandbox.url}/v1/payouts`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${SECRET_KEY}`, 'Idempotency-Key': `${fault}-1` },
    body: new URLSearchParams({
      amount: String(amountOf(fault)),
      currency: 'usd',
      'metadata[payout_id]': fault,
      'metadata[attempt_id]': `${fault}-1`,
    }),
  });
}

async function debits(fault: string): Promise<number> {
  const books = await sandbox.books(`?payout_id=${fault}`);
  return books.movements.filter((movement) => movement.direction === 'out').length;
}

describe('refusals', () => {
  it.each([
    ['reject_balance_insufficient', 400, 'balance_insufficient'],
    ['reject_rate_limit', 429, 'rate_limit'],
    ['reject_account_closed', 400, 'account_closed'],
    ['reject_invalid_account_number', 400, 'invalid_account_number'],
    ['reject_bank_account_restricted', 400, 'bank_account_restricted'],
    ['reject_payouts_not_allowed', 400, 'payouts_not_allowed'],
  ])('%s: HTTP %i %s, on every attempt', async (fault, statusCode, code) => {
    await expect(send(fault)).rejects.toMatchObject({ statusCode, code });
    await expect(send(fault, 2)).rejects.toMatchObject({ statusCode, code });
    expect(await debits(fault)).toBe(0);
  });

  it('balance_insufficient_once: the next attempt goes through', async () => {
    await expect(send('balance_insufficient_once')).rejects.toMatchObject({ code: 'balance_insufficient' });
    await expect(send('balance_insufficient_once')).rejects.toMatchObject({ code: 'balance_insufficient' });
    await send('balance_insufficient_once', 2);
    expect(await debits('balance_insufficient_once')).toBe(1);
  });

  it('rate_limit_once: the same request goes through when sent again', async () => {
    await expect(send('rate_limit_once')).rejects.toMatchObject({ type: 'StripeRateLimitError' });
    await send('rate_limit_once');
    expect(await debits('rate_limit_once')).toBe(1);
  });
});

describe('failures after acceptance', () => {
  it.each([
    ['fail_account_closed', 'account_closed'],
    ['fail_invalid_account_number', 'invalid_account_number'],
    ['fail_insufficient_funds', 'insufficient_funds'],
    ['fail_could_not_process', 'could_not_process'],
    ['fail_bank_account_restricted', 'bank_account_restricted'],
  ])('%s: in transit, then failed with %s and the money back', async (fault, code) => {
    const { id } = await send(fault);
    await sandbox.advance(3_600_000);
    expect((await sandbox.stripe.payouts.retrieve(id)).status).toBe('in_transit');
    await sandbox.advance(3_600_000);
    expect(await sandbox.stripe.payouts.retrieve(id)).toMatchObject({ status: 'failed', failure_code: code });
    const { movements } = await sandbox.books(`?payout_id=${fault}`);
    expect(movements.map((movement) => movement.direction)).toEqual(['out', 'back']);
  });

  it('fail_could_not_process_once: the next attempt is paid', async () => {
    const failing = await send('fail_could_not_process_once');
    const paying = await send('fail_could_not_process_once', 2);
    await sandbox.advance(7_200_000);
    expect((await sandbox.stripe.payouts.retrieve(failing.id)).status).toBe('failed');
    expect((await sandbox.stripe.payouts.retrieve(paying.id)).status).toBe('paid');
  });
});

describe('lost answers', () => {
  it.each([
    ['timeout_before', 0],
    ['timeout_after', 1],
    ['timeout_after_without_webhook', 1],
  ])('%s: hangs, with %i debits; the retry under its key resolves with one', async (fault, moved) => {
    await expect(send(fault, 1, { timeout: HANG_MS })).rejects.toMatchObject({ type: 'StripeConnectionError' });
    expect(await debits(fault)).toBe(moved);
    const retried = await send(fault);
    expect(retried.lastResponse.headers['idempotent-replayed']).toBe(moved === 1 ? 'true' : undefined);
    expect(await debits(fault)).toBe(1);
  });

  it.each([
    ['connection_dropped_before', 0],
    ['connection_dropped_after', 1],
  ])('%s: resets, with %i debits; the retry under its key resolves with one', async (fault, moved) => {
    await expect(sendOnce(fault)).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
    expect(await debits(fault)).toBe(moved);
    expect((await sendOnce(fault)).status).toBe(200);
    expect(await debits(fault)).toBe(1);
  });

  it.each([
    ['server_error_before', 0],
    ['server_error_after', 1],
  ])('%s: 500 with %i debits, replayed; another key executes', async (fault, moved) => {
    await expect(send(fault)).rejects.toMatchObject({ type: 'StripeAPIError', statusCode: 500 });
    await expect(send(fault)).rejects.toMatchObject({ statusCode: 500 });
    expect(await debits(fault)).toBe(moved);
    await send(fault, 2);
    expect(await debits(fault)).toBe(moved + 1);
  });

  it('garbled_answer: half a document; the retry under its key is replayed whole', async () => {
    await expect(send('garbled_answer')).rejects.toMatchObject({ message: expect.stringContaining('Invalid JSON') });
    expect((await send('garbled_answer')).status).toBe('pending');
    expect(await debits('garbled_answer')).toBe(1);
  });

  it('slow_answer: a caller that gives up leaves the key in flight', async () => {
    await expect(send('slow_answer', 1, { timeout: HANG_MS })).rejects.toMatchObject({ type: 'StripeConnectionError' });
    await expect(send('slow_answer')).rejects.toMatchObject({ code: 'idempotency_key_in_use' });
    expect(await debits('slow_answer')).toBe(0);
  });
});

describe('lives', () => {
  it('paid_then_returned: paid, later failed, and the money is back', async () => {
    const { id } = await send('paid_then_returned');
    await sandbox.advance(7_200_000);
    expect((await sandbox.stripe.payouts.retrieve(id)).status).toBe('paid');
    await sandbox.advance(3_600_000);
    expect(await sandbox.stripe.payouts.retrieve(id)).toMatchObject({ status: 'failed', failure_code: 'no_account' });
    const books = await sandbox.books('?payout_id=paid_then_returned');
    expect(books.totals.by_payout[0]).toMatchObject({ debits: 1, returns: 1, paid_twice: false });
  });

  it.each([
    ['stays_in_transit', 'in_transit'],
    ['stays_pending', 'pending'],
  ])('%s: still %s after a year', async (fault, status) => {
    const { id } = await send(fault);
    await sandbox.advance(365 * 86_400_000);
    expect((await sandbox.stripe.payouts.retrieve(id)).status).toBe(status);
  });
});

it('serves the table, and refuses a fault it does not know', async () => {
  const { data } = await sandbox.own<{ data: unknown[] }>('/__sandbox/faults');
  expect(data).toHaveLength(FAULTS.length);
  await expect(
    sandbox.stripe.payouts.create({ amount: 1, currency: 'usd', metadata: { sandbox_fault: 'nope' } }),
  ).rejects.toMatchObject({ statusCode: 400, param: 'metadata[sandbox_fault]' });
});
