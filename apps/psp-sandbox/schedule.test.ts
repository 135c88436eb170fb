import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readFaultSchedule, scheduledFaults } from './schedule.ts';
import { startTestSandbox, type TestSandbox } from './testing/test-sandbox.ts';

const about = (metadata: Record<string, string>) => new Map(Object.entries(metadata));
const namesOf = (schedule: Parameters<typeof scheduledFaults>[0], metadata: Record<string, string>, key?: string) =>
  scheduledFaults(schedule, about(metadata), key).map((fault) => fault.name);

describe('which payout has which fault', () => {
  const schedule = { seed: 7, rates: { timeout_after: 0.25, webhook_late: 0.25 } };
  const ids = Array.from({ length: 2_000 }, (_, n) => `po_${n}`);

  it('is the same for the same seed and payout, whatever came before', () => {
    const forward = ids.map((id) => namesOf(schedule, { payout_id: id }));
    const backward = ids.toReversed().map((id) => namesOf(schedule, { payout_id: id }));
    expect(backward.toReversed()).toEqual(forward);
    expect(ids.map((id) => namesOf({ ...schedule, seed: 8 }, { payout_id: id }))).not.toEqual(forward);
  });

  it('comes to the rates over many payouts', () => {
    const drawn = ids.flatMap((id) => namesOf(schedule, { payout_id: id }));
    for (const name of ['timeout_after', 'webhook_late']) {
      const part = drawn.filter((one) => one === name).length / ids.length;
      expect(part).toBeGreaterThan(0.22);
      expect(part).toBeLessThan(0.28);
    }
  });

  it('does not depend on the order in which the rates are written', () => {
    const turned = { seed: 7, rates: { webhook_late: 0.25, timeout_after: 0.25 } };
    for (const id of ids.slice(0, 200))
      expect(namesOf(turned, { payout_id: id })).toEqual(namesOf(schedule, { payout_id: id }));
  });

  it('goes by the identity that the caller chose before the ids, and by the key last', () => {
    const all = { seed: 3, rates: { timeout_after: 0.5 } };
    const chosen = (one: string) => namesOf(all, { sandbox_identity: one, payout_id: 'po_x', attempt_id: 'at_x' });
    for (const id of ids.slice(0, 50)) {
      expect(chosen(id)).toEqual(namesOf(all, { payout_id: id, attempt_id: 'at_other' }));
      expect(chosen(id)).toEqual(namesOf(all, {}, id));
    }
  });

  it('leaves alone what it cannot recognise, and gives several faults together', () => {
    expect(namesOf({ seed: 1, rates: { timeout_after: 1 } }, {})).toEqual([]);
    expect(namesOf({ seed: 1, rates: { 'timeout_after, webhook_twice': 1 } }, { payout_id: 'p' })).toEqual([
      'timeout_after',
      'webhook_twice',
    ]);
  });
});

describe('reading a schedule', () => {
  it.each([
    [null, 'The body must be'],
    [{ seed: 1.5, rates: {} }, 'seed must be a whole number'],
    [{ seed: 1, rates: [] }, 'rates must be an object'],
    [{ seed: 1, rates: { timeout_befor: 0.1 } }, 'Unknown sandbox fault "timeout_befor"'],
    [{ seed: 1, rates: { '': 0.1 } }, 'without the name'],
    [{ seed: 1, rates: { timeout_after: 1.1 } }, 'a number from 0 to 1'],
    [{ seed: 1, rates: { timeout_after: '0.1' } }, 'a number from 0 to 1'],
    [{ seed: 1, rates: { timeout_after: 0.6, webhook_late: 0.6 } }, 'more than all payouts'],
    [{ seed: 1, rates: {}, rate: {} }, 'no "rate"'],
  ])('refuses %o', (body, message) => {
    expect(() => readFaultSchedule(body)).toThrow(message);
  });

  it('takes rates that make one only within decimals', () => {
    const rates = { timeout_after: 0.7, webhook_late: 0.1, webhook_twice: 0.1, slow_answer: 0.1 };
    expect(readFaultSchedule({ seed: 1, rates })).toEqual({ seed: 1, rates });
  });
});

describe('a sandbox with a schedule', () => {
  let sandbox: TestSandbox;
  beforeEach(async () => {
    sandbox = await startTestSandbox();
  });
  afterEach(() => sandbox.stop());

  const put = (body: unknown) =>
    fetch(`${sandbox.url}/__sandbox/schedule`, { method: 'PUT', body: JSON.stringify(body) });
  const send = (amount: number, metadata: Record<string, string>, key = metadata.payout_id ?? 'key') =>
    sandbox.stripe.payouts.create({ amount, currency: 'usd', metadata }, { idempotencyKey: key });

  it('strikes the payouts that it names, once a key; another seed strikes others', async () => {
    expect((await put({ seed: 1, rates: { server_error_after: 1 } })).status).toBe(200);
    await expect(send(1_000, { payout_id: 'p-1' })).rejects.toMatchObject({ statusCode: 500 });
    expect((await sandbox.books('?payout_id=p-1')).movements).toHaveLength(1);
    await put({ seed: 1, rates: {} });
    await send(1_000, { payout_id: 'p-2' });
    expect(await sandbox.own('/__sandbox/schedule')).toEqual({ seed: 1, rates: {} });
  });

  it('gives way to what the amount or the metadata asks for', async () => {
    await put({ seed: 1, rates: { reject_account_closed: 1 } });
    await expect(send(666_005, { payout_id: 'p-1' })).rejects.toMatchObject({ code: 'bank_account_restricted' });
    await send(1_000, { payout_id: 'p-2', sandbox_fault: 'webhook_late' });
    await expect(send(1_000, { payout_id: 'p-4' })).rejects.toMatchObject({ code: 'account_closed' });
  });

  it('is refused whole when something in it is wrong, and ends with a reset', async () => {
    await put({ seed: 1, rates: { reject_account_closed: 1 } });
    const refused = await put({ seed: 2, rates: { nope: 1 } });
    expect(refused.status).toBe(400);
    expect(await sandbox.own('/__sandbox/schedule')).toEqual({ seed: 1, rates: { reject_account_closed: 1 } });
    await sandbox.own('/__sandbox/reset', {});
    expect(await sandbox.own('/__sandbox/schedule')).toEqual({ seed: 0, rates: {} });
  });
});

describe('forgotten keys', () => {
  let sandbox: TestSandbox;
  beforeEach(async () => {
    sandbox = await startTestSandbox();
  });
  afterEach(() => sandbox.stop());
  const pay = (key: string) =>
    sandbox.stripe.payouts.create(
      { amount: 100, currency: 'usd', metadata: { payout_id: key } },
      { idempotencyKey: key },
    );

  it('one key runs anew, another is still replayed', async () => {
    const [a, b] = [await pay('key-a'), await pay('key-b')];
    expect(await sandbox.own('/__sandbox/keys/expire', { key: 'key-a' })).toEqual({ expired: 1 });
    expect((await pay('key-a')).id).not.toBe(a.id);
    expect((await pay('key-b')).id).toBe(b.id);
    expect((await sandbox.books()).totals.paid_twice).toBe(1);
  });

  it('all of them; a key that nobody knows is none', async () => {
    await pay('key-a');
    await pay('key-b');
    expect(await sandbox.own('/__sandbox/keys/expire', { key: 'key-c' })).toEqual({ expired: 0 });
    expect(await sandbox.own('/__sandbox/keys/expire', {})).toEqual({ expired: 2 });
  });
});
