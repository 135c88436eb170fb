import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toId } from '../core/ids.ts';
import { retryPayout } from '../payouts/retry-payout.ts';
import { execute } from '../runtime/operation.ts';
import { callBy, JOB, MACHINE, NOW } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { auditRows } from '../testing/expect-audit.ts';
import { act, entriesOf, payoutIn } from '../testing/factories.ts';
import type { OverrideRow } from './override.rows.ts';
import { overrideFromRow } from './override.rows.ts';
import { contentHashOf } from './override.ts';
import { requestOverride } from './request-override.ts';
import { ask, asking, attach, cast, REASON, refusalCode, stored } from './testing/override-cases.ts';
import { withdrawOverride } from './withdraw-override.ts';

describe('requestOverride', () => {
  let database: TestDatabase;
  let people: Awaited<ReturnType<typeof cast>>;
  beforeAll(async () => {
    database = await testDatabase();
    people = await cast(database);
  });
  afterAll(() => database.close());

  const row = async (uuid: string) => {
    const { rows } = await database.db.query<OverrideRow>('SELECT * FROM override_request WHERE id = $1', [uuid]);
    if (!rows[0]) throw new Error('no row');
    return rows[0];
  };
  const request = (input: unknown, actor = people.maker) => act(database, requestOverride, input, { actor });
  const countOn = async (payoutId: string) =>
    (await database.db.query('SELECT 1 FROM override_request WHERE subject_id = $1', [payoutId])).rowCount;

  test('done: the command is kept as it will be signed; the payout and the ledger are as before', async () => {
    const { payout, attempt } = await payoutIn(database, 'unconfirmed');
    const evidence = await attach(database, people.maker);
    const asked = await ask(database, people.maker, payout, 'mark_payout_paid', { evidence: [evidence, evidence] });
    const kept = await row(asked.uuid);
    expect(kept).toMatchObject({
      kind: 'mark_payout_paid',
      status: 'requested',
      subject_id: payout.id,
      subject_version: payout.version,
      input: { payout: toId('payout', payout.id) },
      amount_minor: 12_500n,
      currency: 'EUR',
      reason: REASON,
      evidence: [evidence],
      maker_id: people.maker.id,
      policy_version: 1,
      approvals_required: 1,
      approver_roles: [['approver', 'finance']],
      created_at: NOW,
      expires_at: new Date(NOW.getTime() + 86_400_000),
    });
    expect(kept.subject_snapshot).toMatchObject({
      status: 'unconfirmed',
      amount_minor: '12500',
      holder: 'Anna Schmidt',
      attempt: toId('attempt', attempt.id),
      attempt_status: 'unknown',
    });
    expect(await auditRows(database, asked.uuid)).toMatchObject([
      { act: 'override.requested', outcome: 'done', actor_id: people.maker.id, reason: REASON },
    ]);
    expect(await entriesOf(database, payout.id)).toEqual(['payout_requested']);
  });

  test('the fingerprint of the stored row is the fingerprint that was answered', async () => {
    const { payout } = await payoutIn(database, 'queued');
    const asked = await ask(database, people.maker, payout, 'cancel_payout');
    expect(contentHashOf(overrideFromRow(await row(asked.uuid)))).toBe(asked.contentHash);
  });

  test('two requests that read alike have two fingerprints', async () => {
    const { payout } = await payoutIn(database, 'queued');
    const first = await ask(database, people.maker, payout, 'cancel_payout');
    await act(database, withdrawOverride, { overrideId: first.id }, { actor: people.maker });
    const second = await ask(database, people.maker, payout, 'cancel_payout');
    expect(second.contentHash).not.toBe(first.contentHash);
  });

  test.each([
    ['the amount', '4999999', [['approver']]],
    ['its band', '5000000', [['finance'], ['approver', 'finance']]],
  ])('%s decides who must sign', async (_, amount, seats) => {
    const { payout } = await payoutIn(database, 'queued', { body: { amount_minor: amount } });
    const asked = await ask(database, people.maker, payout, 'cancel_payout');
    expect(await row(asked.uuid)).toMatchObject({ approver_roles: seats, approvals_required: seats.length });
  });

  test('refused: nothing is kept but the refused audit row', async () => {
    const { payout } = await payoutIn(database, 'in_transit');
    expect(await refusalCode(request(asking(payout, 'cancel_payout')))).toBe('money_is_moving');
    expect(await countOn(payout.id)).toBe(0);
    expect(await auditRows(database, payout.id)).toContainEqual(
      expect.objectContaining({ act: 'override.requested', outcome: 'refused', refusal_code: 'money_is_moving' }),
    );
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['"." is no reason', { reason: '.' }, 'reason_too_short'],
    ['no reason is none', { reason: '   ' }, 'reason_too_short'],
    ['marking paid without evidence', { evidence: [] }, 'evidence_required'],
    ['evidence that was never uploaded', { evidence: ['a'.repeat(64)] }, 'not_found'],
    ['evidence that is no hash', { evidence: ['statement.pdf'] }, 'malformed'],
    ['a version that is not the payout’s any more', { version: 1 }, 'version_conflict'],
    ['a kind that is not offered', { kind: 'adjust_ledger' }, 'malformed'],
    ['a payout that is not there', { payoutId: 'po_01h455vb4pex5vsknk084sn02q' }, 'not_found'],
  ])('%s: refused', async (_, over, code) => {
    const { payout } = await payoutIn(database, 'unconfirmed');
    const evidence = [await attach(database, people.maker)];
    expect(await refusalCode(request(asking(payout, 'mark_payout_paid', { evidence, ...over })))).toBe(code);
    expect(await countOn(payout.id)).toBe(0);
  });

  test('forbidden: approvers, viewers, machines and jobs ask for nothing', async () => {
    const { payout } = await payoutIn(database, 'queued');
    for (const actor of [people.approver, people.viewer, MACHINE, JOB]) {
      const call = execute(database.db, requestOverride, callBy(actor), asking(payout, 'cancel_payout'));
      expect(await refusalCode(call)).toBe('permission_missing');
    }
  });

  test('replayed: the same key is the same override', async () => {
    const { payout } = await payoutIn(database, 'queued');
    const call = callBy(people.maker);
    const first = await execute(database.db, requestOverride, call, asking(payout, 'cancel_payout'));
    const again = await execute(database.db, requestOverride, call, asking(payout, 'cancel_payout'));
    expect(again).toEqual({ result: first.result, replayed: true });
    expect(await countOn(payout.id)).toBe(1);
  });

  test('raced: two people, two kinds, one payout: one override', async () => {
    const { payout } = await payoutIn(database, 'returned');
    const codes = await Promise.all([
      refusalCode(request(asking(payout, 'cancel_payout'), people.maker)),
      refusalCode(request(asking(payout, 'force_retry'), people.otherMaker)),
    ]);
    expect(codes.toSorted()).toEqual(['override_open', null].toSorted());
    expect(await countOn(payout.id)).toBe(1);
  });

  test('while it is open the payout is not retried; when it is over, it is', async () => {
    const { payout } = await payoutIn(database, 'failed', { code: 'insufficient_funds' });
    const asked = await ask(database, people.maker, payout, 'cancel_payout');
    const retry = () =>
      act(
        database,
        retryPayout,
        { payoutId: toId('payout', payout.id), version: payout.version },
        { actor: people.otherMaker },
      );
    expect(await refusalCode(retry())).toBe('override_open');
    await act(database, withdrawOverride, { overrideId: asked.id }, { actor: people.maker });
    expect(await refusalCode(retry())).toBeNull();
  });

  test('the row never says anything but "requested" at first, whoever writes it', async () => {
    const { payout } = await payoutIn(database, 'queued');
    const asked = await ask(database, people.maker, payout, 'cancel_payout');
    expect((await stored(database, asked.uuid)).status).toBe('requested');
    await expect(
      database.owner.query(
        `INSERT INTO override_request SELECT (jsonb_populate_record(o, jsonb_build_object('id', gen_random_uuid(),
           'kind', 'release_hold', 'status', 'approved'))).* FROM override_request o WHERE id = $1`,
        [asked.uuid],
      ),
    ).rejects.toThrow('begins as requested');
  });
});
