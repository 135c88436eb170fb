import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { toId } from '../core/ids.ts';
import { lockPayout, movePayout } from '../payouts/payout.store.ts';
import { PAYOUT_STATUSES } from '../payouts/payout.ts';
import { toResource } from '../payouts/payout-resource.ts';
import { requestPayout } from '../payouts/request-payout.ts';
import { NOW, person } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { act, jobsOf, loseJobs, payoutIn, refusalOf, reread } from '../testing/factories.ts';
import { disableEndpoint } from './disable-endpoint.ts';
import { payoutType } from './endpoint.ts';
import { endpointAt } from './testing/webhook-samples.ts';

const URL = 'https://hooks.example.com/';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.owner.query(`UPDATE webhook_endpoint SET status = 'disabled', status_reason = 'earlier test'`);
  await loseJobs(database);
});

interface MessageRow {
  id: string;
  type: string;
  payload: { type: string; timestamp: string; data: Record<string, unknown> };
  deliveries: { id: string; endpoint_id: string; status: string; tries: number }[];
}

const messagesOf = async (payoutId: string) => {
  const { rows } = await database.db.query<MessageRow>(
    `SELECT m.id, m.type, m.payload, (SELECT coalesce(json_agg(d ORDER BY d.endpoint_id), '[]') FROM webhook_delivery d
       WHERE d.message_id = m.id) AS deliveries FROM webhook_message m WHERE m.payout_id = $1 ORDER BY m.created_at, m.id`,
    [payoutId],
  );
  return rows;
};
const deliverJobs = async () => (await jobsOf(database)).filter(({ task }) => task === 'webhook.deliver');

test('nobody follows: a payout moves, and nothing is written', async () => {
  const { payout } = await payoutIn(database, 'paid');
  expect(await messagesOf(payout.id)).toEqual([]);
  expect(await deliverJobs()).toEqual([]);
});

test('every move of a payout is one message: what it is now, what it was, its version and when', async () => {
  const { id } = await endpointAt(database, URL);
  const { payout } = await payoutIn(database, 'returned');
  const messages = await messagesOf(payout.id);
  expect(messages.map((message) => [message.payload.data.previous_status, message.type])).toEqual([
    [null, 'payout.queued'],
    ['queued', 'payout.sending'],
    ['sending', 'payout.paid'],
    ['paid', 'payout.returned'],
  ]);
  const versions = messages.map((message) => message.payload.data.version as number);
  expect(versions).toEqual([...versions].sort((a, b) => a - b));
  expect(new Set(versions).size).toBe(4);
  const last = messages.at(-1);
  const now = (await reread(database, payout.id)).payout;
  expect(last?.payload).toEqual({
    type: 'payout.returned',
    timestamp: NOW.toISOString(),
    data: { ...toResource(now), version: now.version, previous_status: 'paid' },
  });
  expect(JSON.stringify(last?.payload)).not.toContain(now.destination.token);
  expect(last?.deliveries).toMatchObject([{ endpoint_id: id, status: 'pending', tries: 0 }]);
  expect(await deliverJobs()).toHaveLength(4);
});

test('each endpoint gets what it follows, a disabled one nothing; one job a delivery', async () => {
  const all = await endpointAt(database, URL);
  const ends = await endpointAt(database, URL, ['payout.paid', 'payout.failed']);
  const off = await endpointAt(database, URL);
  await act(
    database,
    disableEndpoint,
    { endpointId: off.endpointId, reason: 'a test' },
    { actor: await person(database, 'admin') },
  );
  const { payout } = await payoutIn(database, 'paid');
  const messages = await messagesOf(payout.id);
  expect(messages.map(({ type, deliveries }) => [type, deliveries.map((d) => d.endpoint_id)])).toEqual([
    ['payout.queued', [all.id]],
    ['payout.sending', [all.id]],
    ['payout.paid', [all.id, ends.id].sort()],
  ]);
  const ids = messages.flatMap(({ deliveries }) => deliveries.map((d) => `webhook.deliver:${d.id}`));
  expect((await deliverJobs()).map(({ key }) => key).sort()).toEqual(ids.sort());
});

describe('in the transaction that moves the payout', () => {
  test('rolled back: no message, no delivery, no job', async () => {
    await endpointAt(database, URL);
    const { payout } = await payoutIn(database, 'in_transit');
    const before = await messagesOf(payout.id);
    const jobs = await deliverJobs();
    const crash = database.db.transaction(async (tx) => {
      const locked = await lockPayout(tx, payout.id);
      await movePayout(tx, locked, 'paid', { at: NOW, kind: 'provider_event', actorLabel: 'test' });
      const { rows } = await tx.query('SELECT 1 FROM webhook_message WHERE payout_id = $1', [payout.id]);
      expect(rows).toHaveLength(before.length + 1);
      throw new Error('the process died');
    });
    await expect(crash).rejects.toThrow('died');
    expect(await messagesOf(payout.id)).toEqual(before);
    expect(await deliverJobs()).toEqual(jobs);
  });

  test('refused: a request for more than the wallet holds tells nobody', async () => {
    await endpointAt(database, URL);
    const { payout } = await payoutIn(database, 'queued');
    const count = () => database.db.query('SELECT count(*) FROM webhook_message');
    const before = (await count()).rows;
    const body = {
      party: toId('party', payout.partyId),
      amount_minor: '999999999900',
      currency: 'EUR',
      rail: 'sepa',
      destination: { holder: 'A', bank: 'B', masked: 'DE', country: 'DE', token: 't' },
    };
    const machine = { kind: 'machine' as const, id: 'k', label: 'k', scopes: ['payouts:write'] };
    expect(await refusalOf(act(database, requestPayout, body, { actor: machine }))).toBe('insufficient_balance');
    expect((await count()).rows).toEqual(before);
  });

  test('a payout that moves never waits for somebody who changes an endpoint it is told to', async () => {
    const { id } = await endpointAt(database, URL);
    await database.db.transaction(async (tx) => {
      await tx.query('SELECT 1 FROM webhook_endpoint WHERE id = $1 FOR NO KEY UPDATE', [id]);
      // Were it blocked, the statement timeout would end it.
      const { payout } = await payoutIn(database, 'sending');
      expect(await messagesOf(payout.id)).toHaveLength(2);
    });
  });
});

test('there is a type for every status', () => {
  expect(PAYOUT_STATUSES.map(payoutType)).toContain('payout.unconfirmed');
});
