import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newUuid } from '../core/ids.ts';
import { DAY_MS, HOUR_MS } from '../core/time.ts';
import { NOW, person } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { auditRows } from '../testing/expect-audit.ts';
import {
  act,
  entriesOf,
  footprint,
  fundedParty,
  jobsOf,
  loseJobs,
  payoutIn,
  providerEvent,
  refusalOf,
  reread,
  timelineOf,
  walletMinor,
} from '../testing/factories.ts';
import { ago } from '../testing/payout-samples.ts';
import { recordProviderAnswer } from './record-provider-answer.ts';
import { recordProviderEvent } from './record-provider-event.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const record = (event: Record<string, unknown>, now = NOW) => act(database, recordProviderEvent, event, { now });
const stored = async (event: Record<string, unknown>) => {
  const { rows } = await database.db.query<{ outcome: string; times_received: number; payout_id: string | null }>(
    'SELECT outcome, times_received, payout_id FROM provider_event WHERE provider_event_id = $1',
    [event.providerEventId],
  );
  return rows[0];
};

test('done: the event, the move, the entry, the timeline and the audit row are one commit', async () => {
  const party = await fundedParty(database);
  const sample = await payoutIn(database, 'in_transit', { party: party.reference });
  const event = providerEvent(sample, 'paid', { at: ago(-1_000) });
  expect(await record(event)).toEqual({ outcome: 'applied' });
  const after = await reread(database, sample.payout.id);
  expect(after.payout).toMatchObject({ status: 'paid', paidAt: NOW, version: sample.payout.version + 1 });
  expect(after.attempt).toMatchObject({ status: 'paid', answeredAt: NOW });
  expect(await stored(event)).toEqual({ outcome: 'applied', times_received: 1, payout_id: sample.payout.id });
  expect(await entriesOf(database, sample.payout.id)).toEqual(['payout_requested', 'payout_paid']);
  expect((await timelineOf(database, sample.payout.id)).at(-1)).toMatchObject({
    kind: 'provider_event',
    from: 'in_transit',
    to: 'paid',
    data: { providerEventId: event.providerEventId },
  });
  expect((await auditRows(database, sample.payout.id)).at(-1)).toMatchObject({
    act: 'payout.event_recorded',
    after: { outcome: 'applied' },
  });
});

describe('bug class: webhooks twice, late and out of order', () => {
  test('twice: counted, and nothing else', async () => {
    const sample = await payoutIn(database, 'in_transit');
    const event = providerEvent(sample, 'failed', { code: 'account_closed' });
    await record(event);
    const before = await footprint(database);
    expect(await record(event, ago(-HOUR_MS))).toEqual({ outcome: 'duplicate' });
    expect(await footprint(database)).toEqual(before);
    expect(await stored(event)).toMatchObject({ outcome: 'applied', times_received: 2 });
  });

  test('raced: ten deliveries of one event at once are one event', async () => {
    const party = await fundedParty(database);
    const sample = await payoutIn(database, 'in_transit', { party: party.reference });
    const event = providerEvent(sample, 'failed', { code: 'account_closed' });
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => record(event)));
    expect(outcomes.filter(({ outcome }) => outcome === 'applied')).toHaveLength(1);
    expect(await stored(event)).toMatchObject({ times_received: 10 });
    expect(await walletMinor(database, party.id)).toBe(100_000_000n);
  });

  test('every order of created, in transit and paid ends paid, with one debit from clearing', async () => {
    const orders = [
      [0, 1, 2],
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
      [2, 0, 1],
      [2, 1, 0],
    ];
    for (const order of orders) {
      const sample = await payoutIn(database, 'sending');
      const id = `po_${newUuid()}`;
      const events = (['pending', 'in_transit', 'paid'] as const).map((status, i) =>
        providerEvent(sample, status, { providerPayoutId: id, at: ago(-i * 1_000) }),
      );
      for (const i of order) await record(events[i] ?? {});
      expect((await reread(database, sample.payout.id)).payout.status).toBe('paid');
      expect(await entriesOf(database, sample.payout.id)).toEqual(['payout_requested', 'payout_paid']);
    }
  });

  test('"failed" before "paid", both late: the newer one stands, in either order', async () => {
    for (const reversed of [false, true]) {
      const sample = await payoutIn(database, 'in_transit');
      const paid = providerEvent(sample, 'paid', { at: ago(-1_000) });
      const failed = providerEvent(sample, 'failed', { at: ago(-5_000), code: 'no_account' });
      for (const event of reversed ? [failed, paid] : [paid, failed]) await record(event, ago(-HOUR_MS));
      const after = await reread(database, sample.payout.id);
      expect(after.payout).toMatchObject({ status: reversed ? 'failed' : 'returned', failureCode: 'no_account' });
      expect((await stored(paid))?.outcome).toBe(reversed ? 'stale' : 'applied');
    }
  });

  test('older than what a look-up adopted already: kept, and changes nothing', async () => {
    const sample = await payoutIn(database, 'unconfirmed', { at: ago(HOUR_MS) });
    const answer = { kind: 'found', providerPayoutId: 'po_1', status: 'failed', code: 'no_account' };
    await act(database, recordProviderAnswer, { attemptId: sample.attempt.id, askedAt: NOW, answer });
    const event = providerEvent(sample, 'paid', { providerPayoutId: 'po_1', at: ago(60_000) });
    expect(await record(event)).toEqual({ outcome: 'stale' });
    const after = await reread(database, sample.payout.id);
    expect(after.payout.status).toBe('failed');
    expect(after.attempt.status).toBe('rejected');
  });

  test('a failure of a paid payout within its five business days is a return; after them a conflict', async () => {
    for (const [days, outcome, status] of [
      [6, 'applied', 'returned'],
      [8, 'conflict', 'paid'],
    ] as const) {
      const sample = await payoutIn(database, 'paid', { at: ago(days * DAY_MS) });
      expect(await record(providerEvent(sample, 'failed', { code: 'no_account' }))).toEqual({ outcome });
      expect((await reread(database, sample.payout.id)).payout.status).toBe(status);
    }
  });
});

describe('bug class: a webhook mapped to the wrong payout', () => {
  test('our attempt under another provider payout’s id is nobody’s', async () => {
    const sample = await payoutIn(database, 'in_transit');
    const event = providerEvent(sample, 'paid', { providerPayoutId: 'po_somebody_elses' });
    expect(await record(event)).toEqual({ outcome: 'unmatched' });
    expect(await stored(event)).toMatchObject({ outcome: 'unmatched', payout_id: null });
    expect((await reread(database, sample.payout.id)).payout.status).toBe('in_transit');
  });

  test('a provider payout that we know, with another attempt in its metadata, is nobody’s', async () => {
    const [one, other] = [await payoutIn(database, 'in_transit'), await payoutIn(database, 'sending')];
    const event = { ...providerEvent(one, 'paid'), attemptId: other.attempt.id };
    expect(await record(event)).toEqual({ outcome: 'unmatched' });
    for (const { payout } of [one, other]) {
      expect((await reread(database, payout.id)).payout.status).toBe(payout.status);
    }
  });

  test('of another provider, with the same ids', async () => {
    const sample = await payoutIn(database, 'in_transit');
    expect(await record({ ...providerEvent(sample, 'paid'), provider: 'another' })).toEqual({ outcome: 'unmatched' });
  });

  test('by the provider’s id alone, or by our attempt id alone, it finds its payout', async () => {
    const known = await payoutIn(database, 'in_transit');
    expect(await record({ ...providerEvent(known, 'paid'), attemptId: null })).toEqual({ outcome: 'applied' });
    const unknown = await payoutIn(database, 'sending');
    expect(await record(providerEvent(unknown, 'paid', { providerPayoutId: 'po_new' }))).toEqual({
      outcome: 'applied',
    });
    expect((await reread(database, unknown.payout.id)).payout.providerPayoutId).toBe('po_new');
  });

  test('about a payout that is not ours: kept as unmatched; about no payout at all: ignored', async () => {
    const foreign = { provider: 'stripe', attemptId: newUuid(), providerPayoutId: 'po_foreign', status: 'paid' };
    const base = { providerEventId: `evt_${newUuid()}`, type: 'payout.paid', occurredAt: NOW, code: null, raw: '{}' };
    expect(await record({ ...base, ...foreign })).toEqual({ outcome: 'unmatched' });
    const none = { provider: 'stripe', attemptId: null, providerPayoutId: null, status: null };
    expect(await record({ ...base, ...none, providerEventId: `evt_${newUuid()}`, type: 'balance.available' })).toEqual({
      outcome: 'ignored',
    });
  });
});

test('a contradiction has the provider asked at once', async () => {
  const sample = await payoutIn(database, 'failed', { at: ago(HOUR_MS) });
  await loseJobs(database);
  expect(await record(providerEvent(sample, 'in_transit', { providerPayoutId: 'po_late' }))).toEqual({
    outcome: 'conflict',
  });
  const after = await reread(database, sample.payout.id);
  expect(after.payout).toMatchObject({ status: 'failed', version: sample.payout.version });
  expect(after.attempt).toMatchObject({ status: 'accepted', providerPayoutId: 'po_late' });
  expect(await jobsOf(database, sample.attempt.id)).toMatchObject([{ task: 'payout.check' }]);
  expect((await timelineOf(database, sample.payout.id)).at(-1)).toMatchObject({
    kind: 'provider_event',
    data: { conflict: true },
  });
});

test('an event without a status is kept and ignored', async () => {
  const sample = await payoutIn(database, 'in_transit');
  expect(await record(providerEvent(sample, null))).toEqual({ outcome: 'ignored' });
});

test('refused: an event that is none', async () => {
  const sample = await payoutIn(database, 'in_transit');
  const before = await footprint(database);
  expect(await refusalOf(record({ ...providerEvent(sample, 'paid'), status: 'exploded' }))).toBe('malformed');
  expect(await refusalOf(record({ ...providerEvent(sample, 'paid'), attemptId: 'x' }))).toBe('malformed');
  expect(await refusalOf(record({ ...providerEvent(sample, 'paid'), code: 'a\u0000' }))).toBe('malformed');
  expect(await footprint(database)).toEqual(before);
});

test('forbidden: no person tells what a provider pushed', async () => {
  const sample = await payoutIn(database, 'in_transit');
  const actor = await person(database, 'admin', 'ops', 'finance');
  expect(await refusalOf(act(database, recordProviderEvent, providerEvent(sample, 'paid'), { actor }))).toBe(
    'permission_missing',
  );
});
