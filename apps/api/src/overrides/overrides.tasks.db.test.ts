import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toId } from '../core/ids.ts';
import { recordProviderEvent } from '../payouts/record-provider-event.ts';
import { retryPayout } from '../payouts/retry-payout.ts';
import { execute } from '../runtime/operation.ts';
import { callBy, NOW } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { auditRows } from '../testing/expect-audit.ts';
import { act, payoutIn, providerEvent } from '../testing/factories.ts';
import { expireOverride } from './expire-override.ts';
import { overrideTasks } from './overrides.tasks.ts';
import { rejectOverride } from './reject-override.ts';
import { approve, ask, cast, refusalCode, stored } from './testing/override-cases.ts';

const EXPIRY = new Date(NOW.getTime() + 86_400_000);

describe('override.expire', () => {
  let database: TestDatabase;
  let people: Awaited<ReturnType<typeof cast>>;
  beforeAll(async () => {
    database = await testDatabase();
    people = await cast(database);
  });
  afterAll(() => database.close());

  const sweep = (now: Date) => overrideTasks({ db: database.db, clock: () => now })['override.expire']();

  test('ends what is past its time, requested or approved, once, and leaves the rest', async () => {
    const [requested, approved, rejected] = await Promise.all(
      [1, 2, 3].map(async () =>
        ask(database, people.maker, (await payoutIn(database, 'held')).payout, 'cancel_payout'),
      ),
    );
    const late = await ask(database, people.maker, (await payoutIn(database, 'held')).payout, 'cancel_payout', {
      now: new Date(NOW.getTime() + 1),
    });
    if (!requested || !approved || !rejected) throw new Error('three were asked for');
    await approve(database, people.approver, approved);
    const no = { overrideId: rejected.id, reason: 'no, not this one' };
    await act(database, rejectOverride, no, { actor: people.approver });

    expect(await sweep(new Date(EXPIRY.getTime() - 1))).toEqual({ looked: 0, expired: 0, stale: 0 });
    expect(await sweep(EXPIRY)).toEqual({ looked: 2, expired: 2, stale: 0 });
    expect(await sweep(EXPIRY)).toEqual({ looked: 0, expired: 0, stale: 0 });
    for (const { uuid } of [requested, approved]) {
      expect(await stored(database, uuid)).toMatchObject({ status: 'expired', decided_at: EXPIRY });
      expect((await auditRows(database, uuid)).at(-1)).toMatchObject({
        act: 'override.expired',
        actor_id: 'override.expire',
      });
    }
    expect((await stored(database, rejected.uuid)).status).toBe('rejected');
    expect((await stored(database, late.uuid)).status).toBe('requested');
  });

  test('ends what went stale, so that its payout is free again', async () => {
    const sample = await payoutIn(database, 'unconfirmed');
    const override = await ask(database, people.maker, sample.payout, 'mark_payout_paid');
    const news = providerEvent(sample, 'failed', { providerPayoutId: 'po_late', code: 'insufficient_funds' });
    await act(database, recordProviderEvent, news);
    const retry = async () => {
      const { rows } = await database.db.query<{ version: number }>('SELECT version FROM payout WHERE id = $1', [
        sample.payout.id,
      ]);
      const input = { payoutId: toId('payout', sample.payout.id), version: rows[0]?.version };
      return act(database, retryPayout, input, { actor: people.otherMaker });
    };
    expect(await refusalCode(retry())).toBe('override_open');
    expect(await sweep(NOW)).toMatchObject({ stale: 1 });
    expect((await stored(database, override.uuid)).status).toBe('stale');
    expect((await auditRows(database, override.uuid)).at(-1)).toMatchObject({ act: 'override.went_stale' });
    expect(await refusalCode(retry())).toBeNull();
  });

  test('a payout whose row changed and nothing that was signed: looked at, left open', async () => {
    const { payout } = await payoutIn(database, 'held');
    const override = await ask(database, people.maker, payout, 'release_hold');
    await database.owner.query('UPDATE payout SET version = version + 1 WHERE id = $1', [payout.id]);
    expect(await sweep(NOW)).toMatchObject({ looked: 1, stale: 0 });
    expect((await stored(database, override.uuid)).status).toBe('requested');
    expect((await auditRows(database, override.uuid)).map((row) => row.act)).toEqual(['override.requested']);
  });

  test('forbidden for people', async () => {
    const { payout } = await payoutIn(database, 'held');
    const override = await ask(database, people.maker, payout, 'release_hold');
    const call = execute(database.db, expireOverride, callBy(people.maker), { overrideId: override.uuid });
    expect(await refusalCode(call)).toBe('permission_missing');
  });
});
