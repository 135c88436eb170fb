import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Actor } from '../core/actor.ts';
import { toId } from '../core/ids.ts';
import { DAY_MS, HOUR_MS } from '../core/time.ts';
import { execute } from '../runtime/operation.ts';
import { callBy, JOB, MACHINE, NOW, person } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { auditRows } from '../testing/expect-audit.ts';
import { act, payoutIn, providerEvent, refusalOf, reread, type Sample, timelineOf } from '../testing/factories.ts';
import { recordProviderEvent } from './record-provider-event.ts';
import { retryPayout } from './retry-payout.ts';
import { snoozePayout } from './snooze-payout.ts';
import { wakePayout } from './wake-payout.ts';

type Person = Extract<Actor, { kind: 'person' }>;
let database: TestDatabase;
let ops: Person;
let sample: Sample;
beforeAll(async () => {
  database = await testDatabase();
  ops = await person(database, 'ops');
});
afterAll(() => database.close());
beforeEach(async () => {
  sample = await payoutIn(database, 'in_transit');
});

const later = (ms: number): Date => new Date(NOW.getTime() + ms);
const TOMORROW = later(DAY_MS);
const payoutId = () => toId('payout', sample.payout.id);
const snooze = (until: unknown = TOMORROW.toISOString(), actor: Actor = ops, more: object = {}) =>
  act(database, snoozePayout, { payoutId: payoutId(), until, ...more }, { actor });
const wake = (actor: Actor = ops, now = NOW) => act(database, wakePayout, { payoutId: payoutId() }, { actor, now });
const current = async () => (await reread(database, sample.payout.id)).payout;

describe('snoozing', () => {
  test('done: aside until then, by whom and why; deadlines and version stay', async () => {
    await snooze('2026-11-21T13:00:00+03:00', ops, { note: 'the bank answers tomorrow' });
    expect(await current()).toEqual({ ...sample.payout, snoozedUntil: TOMORROW, snoozedBy: ops.label });
    expect((await timelineOf(database, sample.payout.id)).at(-1)).toEqual({
      kind: 'snoozed',
      from: null,
      to: null,
      data: { until: TOMORROW.toISOString(), note: 'the bank answers tomorrow' },
    });
    expect((await auditRows(database, sample.payout.id)).at(-1)).toMatchObject({
      act: 'payout.snoozed',
      before: { snoozedUntil: null, snoozedBy: null },
      after: { snoozedUntil: TOMORROW.toISOString(), snoozedBy: ops.label },
      reason: 'the bank answers tomorrow',
    });
  });

  test('again: the latest counts, and the log knows the one before', async () => {
    await snooze();
    const finance = await person(database, 'finance');
    await snooze(later(HOUR_MS).toISOString(), finance);
    expect(await current()).toMatchObject({ snoozedUntil: later(HOUR_MS), snoozedBy: finance.label });
    expect((await auditRows(database, sample.payout.id)).at(-1)).toMatchObject({
      before: { snoozedUntil: TOMORROW.toISOString(), snoozedBy: ops.label },
    });
  });

  test.each([
    ['now', NOW.toISOString(), 'snooze_in_the_past'],
    ['a minute ago', later(-60_000).toISOString(), 'snooze_in_the_past'],
    ['31 days', later(31 * DAY_MS).toISOString(), 'snooze_in_the_past'],
    ['a day without a zone', '2026-11-21T10:00:00', 'malformed'],
    ['words', 'tomorrow', 'malformed'],
    ['nothing', null, 'malformed'],
  ])('refused until %s', async (_, until, code) => {
    expect(await refusalOf(snooze(until))).toBe(code);
    expect(await current()).toEqual(sample.payout);
  });

  test.each(['paid', 'canceled'] as const)('refused: %s is in no queue', async (status) => {
    sample = await payoutIn(database, status);
    expect(await refusalOf(snooze())).toBe('status_forbids');
  });

  test('forbidden', async () => {
    for (const actor of [await person(database, 'viewer', 'approver', 'admin'), MACHINE, JOB]) {
      expect(await refusalOf(snooze(TOMORROW.toISOString(), actor))).toBe('permission_missing');
    }
    expect(await current()).toEqual(sample.payout);
  });

  test('replayed: put aside once, though it was woken meanwhile', async () => {
    const call = callBy(ops);
    const input = { payoutId: payoutId(), until: TOMORROW.toISOString() };
    await execute(database.db, snoozePayout, call, input);
    await wake();
    expect((await execute(database.db, snoozePayout, call, input)).replayed).toBe(true);
    expect(await current()).toEqual(sample.payout);
  });

  test('raced with news of the provider: whichever comes first, nothing that moved stays hidden', async () => {
    const paid = () => act(database, recordProviderEvent, providerEvent(sample, 'paid'));
    await Promise.all([refusalOf(snooze()), paid()]);
    expect(await current()).toMatchObject({ status: 'paid', snoozedUntil: null, snoozedBy: null });
  });
});

describe('what wakes it', () => {
  test('anything that moves it', async () => {
    sample = await payoutIn(database, 'failed');
    await snooze();
    await act(database, retryPayout, { payoutId: payoutId(), version: sample.payout.version }, { actor: ops });
    expect(await current()).toMatchObject({ status: 'queued', snoozedUntil: null, snoozedBy: null });
  });

  test('a person, before its time', async () => {
    await snooze();
    await wake();
    expect(await current()).toEqual(sample.payout);
    expect((await timelineOf(database, sample.payout.id)).at(-1)).toMatchObject({
      kind: 'woken',
      from: null,
      to: null,
    });
    expect((await auditRows(database, sample.payout.id)).at(-1)).toMatchObject({
      act: 'payout.woken',
      before: { snoozedUntil: TOMORROW.toISOString(), snoozedBy: ops.label },
      after: { snoozedUntil: null, snoozedBy: null },
    });
  });

  test('nobody, where it is awake: by itself, or by two people at once', async () => {
    await snooze(later(1).toISOString());
    const before = await timelineOf(database, sample.payout.id);
    await wake(ops, later(1));
    expect(await timelineOf(database, sample.payout.id)).toEqual(before);
    await snooze();
    await Promise.all([wake(), wake(await person(database, 'finance'))]);
    expect((await timelineOf(database, sample.payout.id)).filter(({ kind }) => kind === 'woken')).toHaveLength(1);
    expect(await current()).toEqual(sample.payout);
  });

  test('nobody who may not, and not a payout that is not there', async () => {
    await snooze();
    for (const actor of [await person(database, 'viewer', 'approver', 'admin'), MACHINE, JOB]) {
      expect(await refusalOf(wake(actor))).toBe('permission_missing');
    }
    expect((await current()).snoozedUntil).toEqual(TOMORROW);
    const missing = { payoutId: 'po_01kfh1v9c5fr0s2ph9b4w2zq6n' };
    expect(await refusalOf(act(database, wakePayout, missing, { actor: ops }))).toBe('not_found');
  });

  test('replayed: woken once, though it was snoozed again meanwhile', async () => {
    await snooze();
    const call = callBy(ops);
    await execute(database.db, wakePayout, call, { payoutId: payoutId() });
    await snooze();
    expect((await execute(database.db, wakePayout, call, { payoutId: payoutId() })).replayed).toBe(true);
    expect((await current()).snoozedUntil).toEqual(TOMORROW);
  });
});
