import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Actor } from '../core/actor.ts';
import { toId } from '../core/ids.ts';
import { HOUR_MS } from '../core/time.ts';
import { execute } from '../runtime/operation.ts';
import { callBy, JOB, MACHINE, person } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { auditRows } from '../testing/expect-audit.ts';
import {
  act,
  footprint,
  fundedParty,
  payoutIn,
  refusalOf,
  reread,
  timelineOf,
  walletMinor,
} from '../testing/factories.ts';
import { ago } from '../testing/payout-samples.ts';
import { holdPayout } from './hold-payout.ts';
import type { Payout } from './payout.ts';
import { startSend } from './start-send.ts';

let database: TestDatabase;
let ops: Extract<Actor, { kind: 'person' }>;
beforeAll(async () => {
  database = await testDatabase();
  ops = await person(database, 'ops');
});
afterAll(() => database.close());

const input = (payout: Payout, reason = 'the payee called') => ({
  payoutId: toId('payout', payout.id),
  version: payout.version,
  reason,
});
const hold = (payout: Payout, call = callBy(ops)) => execute(database.db, holdPayout, call, input(payout));

test('done: held with its reason, its waiting attempt canceled, the money still in flight', async () => {
  const party = await fundedParty(database);
  const { payout } = await payoutIn(database, 'queued', { party: party.reference });
  await hold(payout);
  const after = await reread(database, payout.id);
  expect(after.payout).toMatchObject({ status: 'held', holdReason: 'the payee called', version: payout.version + 1 });
  expect(after.attempt.status).toBe('canceled');
  expect(await walletMinor(database, party.id)).toBe(99_987_500n);
  expect((await timelineOf(database, payout.id)).at(-1)).toMatchObject({ kind: 'held', from: 'queued', to: 'held' });
  expect((await auditRows(database, payout.id)).at(-1)).toMatchObject({
    act: 'payout.held',
    outcome: 'done',
    actor_id: ops.id,
    before: { status: 'queued' },
    after: { status: 'held' },
    reason: 'the payee called',
  });
});

test.each(['sending', 'unconfirmed', 'in_transit', 'paid', 'failed', 'returned', 'held', 'canceled'] as const)(
  'refused: %s has left, or rests',
  async (status) => {
    const { payout } = await payoutIn(database, status, { at: ago(HOUR_MS) });
    const before = await footprint(database);
    expect(await refusalOf(hold(payout))).toBe('status_forbids');
    expect(await footprint(database)).toEqual(before);
    expect((await auditRows(database, payout.id)).at(-1)).toMatchObject({
      outcome: 'refused',
      refusal_code: 'status_forbids',
    });
  },
);

test('refused: changed since the person saw it; no reason given', async () => {
  const { payout } = await payoutIn(database, 'queued');
  expect(await refusalOf(hold({ ...payout, version: payout.version + 1 }))).toBe('version_conflict');
  for (const reason of ['', '  a  ', 'x'.repeat(501)]) {
    expect(await refusalOf(act(database, holdPayout, input(payout, reason), { actor: ops }))).toBe('malformed');
  }
  expect((await reread(database, payout.id)).payout.status).toBe('queued');
});

test('forbidden', async () => {
  const { payout } = await payoutIn(database, 'queued');
  for (const actor of [
    await person(database, 'viewer'),
    await person(database, 'finance', 'approver', 'admin'),
    MACHINE,
    JOB,
  ]) {
    expect(await refusalOf(hold(payout, callBy(actor)))).toBe('permission_missing');
  }
  expect((await reread(database, payout.id)).payout.status).toBe('queued');
});

test('replayed', async () => {
  const { payout } = await payoutIn(database, 'queued');
  const call = callBy(ops);
  const first = await hold(payout, call);
  expect(await hold(payout, call)).toEqual({ result: first.result, replayed: true });
  expect(await timelineOf(database, payout.id)).toHaveLength(2);
});

test('raced with the worker: either it is held and nothing is sent, or it was sent and the hold is refused', async () => {
  for (let round = 0; round < 8; round += 1) {
    const { payout, attempt } = await payoutIn(database, 'queued');
    const [code, step] = await Promise.all([
      refusalOf(hold(payout)),
      act(database, startSend, { attemptId: attempt.id }),
    ]);
    const after = await reread(database, payout.id);
    if (code === null) expect([after.payout.status, step.step]).toEqual(['held', 'skip']);
    else expect([after.payout.status, step.step, code]).toEqual(['sending', 'send', 'version_conflict']);
  }
});
