import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toId } from '../core/ids.ts';
import { assignPayout } from '../payouts/assign-payout.ts';
import { lockPayout, movePayout } from '../payouts/payout.store.ts';
import { recordProviderEvent } from '../payouts/record-provider-event.ts';
import { retryPayout } from '../payouts/retry-payout.ts';
import { execute } from '../runtime/operation.ts';
import { callBy, JOB, NOW, person } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { auditRows } from '../testing/expect-audit.ts';
import { act, jobsOf, payoutIn, providerEvent, reread } from '../testing/factories.ts';
import { approveOverride } from './approve-override.ts';
import { movedFromText } from './override-subject.ts';
import { rejectOverride } from './reject-override.ts';
import { type Asked, approve, ask, cast, type Person, refusalCode, stored } from './testing/override-cases.ts';
import { withdrawOverride } from './withdraw-override.ts';

const HIGH = { body: { amount_minor: '6000000' } };
const EXPIRY = new Date(NOW.getTime() + 86_400_000);

describe('deciding on an override', () => {
  let database: TestDatabase;
  let people: Awaited<ReturnType<typeof cast>>;
  beforeAll(async () => {
    database = await testDatabase();
    people = await cast(database);
  });
  afterAll(() => database.close());

  const asked = async (options = {}): Promise<Asked> => {
    const { payout } = await payoutIn(database, 'queued', options);
    return ask(database, people.maker, payout, 'cancel_payout');
  };
  const decisions = async ({ uuid }: Asked) =>
    (
      await database.db.query(
        'SELECT checker_id, decision, reason, content_hash, checker_roles FROM override_decision WHERE override_id = $1',
        [uuid],
      )
    ).rows;
  const reject = (actor: Person, override: Asked, reason = 'Not convincing.', now = NOW) =>
    act(database, rejectOverride, { overrideId: override.id, reason }, { actor, now });
  const withdraw = (actor: Person, override: Asked, now = NOW) =>
    act(database, withdrawOverride, { overrideId: override.id }, { actor, now });

  describe('approve', () => {
    test('done: the signature, the status, the audit row; and nothing is executed by it', async () => {
      const override = await asked();
      expect(await approve(database, people.approver, override)).toEqual({
        overrideId: override.id,
        status: 'approved',
        approvals: 1,
        approvalsRequired: 1,
        refusal: null,
      });
      expect(await decisions(override)).toEqual([
        {
          checker_id: people.approver.id,
          decision: 'approve',
          reason: null,
          content_hash: override.contentHash,
          checker_roles: ['approver'],
        },
      ]);
      expect(await stored(database, override.uuid)).toMatchObject({
        status: 'approved',
        decided_at: NOW,
        executed_at: null,
      });
      expect((await auditRows(database, override.uuid)).at(-1)).toMatchObject({
        act: 'override.approved',
        outcome: 'done',
        actor_id: people.approver.id,
        before: { status: 'requested', approvals: 0 },
        after: { status: 'approved', approvals: 1, contentHash: override.contentHash },
      });
    });

    test('a large amount: the first of two leaves it requested, finance completes it', async () => {
      const override = await asked(HIGH);
      expect(await approve(database, people.approver, override)).toMatchObject({ status: 'requested', approvals: 1 });
      expect(await refusalCode(approve(database, people.secondApprover, override))).toBe('role_not_in_policy');
      expect(await approve(database, people.finance, override)).toMatchObject({ status: 'approved', approvals: 2 });
    });

    test('refused: the maker signs nothing of their own, though they hold the role', async () => {
      const both = await person(database, 'ops', 'approver');
      const { payout } = await payoutIn(database, 'queued');
      const own = await ask(database, both, payout, 'cancel_payout');
      expect(await refusalCode(approve(database, both, own))).toBe('self_approval');
      expect(await decisions(own)).toEqual([]);
      expect((await auditRows(database, own.uuid)).at(-1)).toMatchObject({
        act: 'override.approved',
        outcome: 'refused',
        refusal_code: 'self_approval',
        actor_id: both.id,
      });
    });

    test('refused: who last retried the payout', async () => {
      const retrier = await person(database, 'ops', 'approver');
      const before = await payoutIn(database, 'failed', { code: 'insufficient_funds' });
      const input = { payoutId: toId('payout', before.payout.id), version: before.payout.version };
      await act(database, retryPayout, input, { actor: retrier });
      const { payout } = await reread(database, before.payout.id);
      const override = await ask(database, people.maker, payout, 'cancel_payout');
      expect(await refusalCode(approve(database, retrier, override))).toBe('last_retrier');
      expect(await refusalCode(approve(database, people.approver, override))).toBeNull();
    });

    test('refused: another fingerprint than the one of the content', async () => {
      const override = await asked();
      const other = { ...override, contentHash: 'b'.repeat(64) };
      expect(await refusalCode(approve(database, people.approver, other))).toBe('content_changed');
      expect(await decisions(override)).toEqual([]);
    });

    test('refused: twice by one person, and once more than it needs', async () => {
      const override = await asked(HIGH);
      await approve(database, people.finance, override);
      expect(await refusalCode(approve(database, people.finance, override))).toBe('already_approved');
      await approve(database, people.approver, override);
      expect(await refusalCode(approve(database, people.secondApprover, override))).toBe('override_not_open');
    });

    test('forbidden: makers, viewers and jobs sign nothing', async () => {
      const override = await asked();
      for (const actor of [people.otherMaker, people.viewer, JOB]) {
        const input = { overrideId: override.id, contentHash: override.contentHash };
        expect(await refusalCode(execute(database.db, approveOverride, callBy(actor), input))).toBe(
          'permission_missing',
        );
      }
      expect(await decisions(override)).toEqual([]);
    });

    test('a role that was taken away since sign-in counts no more', async () => {
      const checker = await person(database, 'approver');
      await database.owner.query('DELETE FROM person_role WHERE person_id = $1', [checker.id]);
      const override = await asked();
      expect(await refusalCode(approve(database, checker, override))).toBe('role_not_in_policy');
      expect((await stored(database, override.uuid)).status).toBe('requested');
    });

    test('replayed: one key, one signature', async () => {
      const override = await asked(HIGH);
      const call = callBy(people.finance);
      const input = { overrideId: override.id, contentHash: override.contentHash };
      const first = await execute(database.db, approveOverride, call, input);
      expect(await execute(database.db, approveOverride, call, input)).toEqual({
        result: first.result,
        replayed: true,
      });
      expect(await decisions(override)).toHaveLength(1);
    });

    test('raced: of two approvers at once, one signs and one comes too late', async () => {
      const override = await asked();
      const codes = await Promise.all([
        refusalCode(approve(database, people.approver, override)),
        refusalCode(approve(database, people.secondApprover, override)),
      ]);
      expect(codes.filter((code) => code === null)).toHaveLength(1);
      expect(codes.filter((code) => code === 'override_not_open')).toHaveLength(1);
      expect(await decisions(override)).toHaveLength(1);
    });

    test('raced: two approvers of one role at once do not fill two different seats', async () => {
      const override = await asked(HIGH);
      const codes = await Promise.all([
        refusalCode(approve(database, people.approver, override)),
        refusalCode(approve(database, people.secondApprover, override)),
      ]);
      expect(codes.toSorted()).toEqual(['role_not_in_policy', null].toSorted());
      expect((await stored(database, override.uuid)).status).toBe('requested');
    });

    test('raced with a rejection: one of them decides', async () => {
      const override = await asked();
      const [approved, rejected] = await Promise.all([
        refusalCode(approve(database, people.approver, override)),
        refusalCode(reject(people.finance, override)),
      ]);
      // An approved override can still be rejected; a rejected one can never be approved.
      expect(rejected).toBeNull();
      expect([null, 'override_not_open']).toContain(approved);
      expect((await stored(database, override.uuid)).status).toBe('rejected');
    });

    test('expired: from that instant it ends instead, and that is kept', async () => {
      const override = await asked();
      const answer = await approve(database, people.approver, override, EXPIRY);
      expect(answer).toMatchObject({ status: 'expired', approvals: 0, refusal: { code: 'override_expired' } });
      expect(await stored(database, override.uuid)).toMatchObject({ status: 'expired', decided_at: EXPIRY });
      expect(await decisions(override)).toEqual([]);
      expect((await auditRows(database, override.uuid)).at(-1)).toMatchObject({
        act: 'override.expired',
        outcome: 'done',
      });
    });

    test('a millisecond earlier it is signed', async () => {
      const override = await asked();
      const answer = await approve(database, people.approver, override, new Date(EXPIRY.getTime() - 1));
      expect(answer).toMatchObject({ status: 'approved', refusal: null });
    });

    test('stale: the payout moved on, so it ends, and the field is named', async () => {
      const sample = await payoutIn(database, 'unconfirmed');
      const override = await ask(database, people.maker, sample.payout, 'mark_payout_paid');
      const news = providerEvent(sample, 'in_transit', { providerPayoutId: 'po_late' });
      await act(database, recordProviderEvent, news);
      const answer = await approve(database, people.approver, override);
      expect(answer).toMatchObject({
        status: 'stale',
        refusal: { code: 'override_stale', params: { field: 'status', signed: 'unconfirmed', now: 'in_transit' } },
      });
      const kept = await stored(database, override.uuid);
      expect(kept.status).toBe('stale');
      expect(movedFromText(kept.status_reason ?? '')).toEqual({
        field: 'status',
        signed: 'unconfirmed',
        now: 'in_transit',
      });
      expect((await auditRows(database, override.uuid)).at(-1)).toMatchObject({ act: 'override.went_stale' });
    });

    test('not stale: somebody only took the payout', async () => {
      const { payout } = await payoutIn(database, 'queued');
      const override = await ask(database, people.maker, payout, 'cancel_payout');
      await act(
        database,
        assignPayout,
        { payoutId: toId('payout', payout.id), assigneeId: toId('person', people.otherMaker.id) },
        { actor: people.otherMaker },
      );
      expect(await approve(database, people.approver, override)).toMatchObject({ status: 'approved' });
    });

    test('not stale: the money stays where it was and only the timeline grew', async () => {
      const { payout } = await payoutIn(database, 'returned');
      const override = await ask(database, people.maker, payout, 'force_retry');
      await database.db.transaction(async (tx) => {
        const locked = await lockPayout(tx, payout.id);
        await movePayout(tx, locked, locked.status, { at: NOW, kind: 'asked', actorLabel: 'test' });
      });
      expect((await reread(database, payout.id)).payout.version).toBeGreaterThan(payout.version);
      expect(await approve(database, people.approver, override)).toMatchObject({ status: 'approved' });
    });
  });

  describe('reject', () => {
    test('done, with the reason on the record', async () => {
      const override = await asked();
      expect(await reject(people.finance, override, '  The bank says no.  ')).toMatchObject({ status: 'rejected' });
      expect(await stored(database, override.uuid)).toMatchObject({
        status: 'rejected',
        status_reason: 'The bank says no.',
      });
      expect(await decisions(override)).toMatchObject([{ decision: 'reject', reason: 'The bank says no.' }]);
      expect((await auditRows(database, override.uuid)).at(-1)).toMatchObject({
        act: 'override.rejected',
        reason: 'The bank says no.',
      });
    });

    test.each(['', '  ', 'no', ' n '])('refused: %j is no reason', async (reason) => {
      const override = await asked();
      expect(await refusalCode(reject(people.approver, override, reason))).toBe('reason_too_short');
      expect((await stored(database, override.uuid)).status).toBe('requested');
    });

    test('an approved one is stopped by another checker, never by the one who signed', async () => {
      const override = await asked();
      await approve(database, people.approver, override);
      expect(await refusalCode(reject(people.approver, override))).toBe('already_approved');
      expect(await reject(people.finance, override)).toMatchObject({ status: 'rejected', approvals: 1 });
    });

    test('forbidden for the maker, and for who may not decide', async () => {
      const override = await asked();
      expect(await refusalCode(reject(people.otherMaker, override))).toBe('permission_missing');
      const both = await person(database, 'finance');
      const { payout } = await payoutIn(database, 'queued');
      expect(await refusalCode(reject(both, await ask(database, both, payout, 'cancel_payout')))).toBe('self_approval');
    });

    test('refused when it is over', async () => {
      const override = await asked();
      await reject(people.finance, override);
      expect(await refusalCode(reject(people.approver, override))).toBe('override_not_open');
      expect(await refusalCode(approve(database, people.approver, override))).toBe('override_not_open');
    });
  });

  describe('withdraw', () => {
    test('done by the maker, even when it is approved already', async () => {
      for (const signed of [false, true]) {
        const override = await asked();
        if (signed) await approve(database, people.approver, override);
        expect(await withdraw(people.maker, override)).toMatchObject({ status: 'withdrawn' });
        expect((await auditRows(database, override.uuid)).at(-1)).toMatchObject({ act: 'override.withdrawn' });
      }
    });

    test('forbidden for anybody else', async () => {
      const override = await asked();
      expect(await refusalCode(withdraw(people.otherMaker, override))).toBe('permission_missing');
      expect(await refusalCode(withdraw(people.approver, override))).toBe('permission_missing');
      expect((await stored(database, override.uuid)).status).toBe('requested');
    });

    test('refused when it is over or past its time', async () => {
      const override = await asked();
      expect(await refusalCode(withdraw(people.maker, override, EXPIRY))).toBe('override_expired');
      await withdraw(people.maker, override);
      expect(await refusalCode(withdraw(people.maker, override))).toBe('override_not_open');
    });
  });

  test('no decision gives anything to the worker', async () => {
    const { payout, attempt } = await payoutIn(database, 'failed', { code: 'account_closed' });
    const before = await jobsOf(database);
    const override = await ask(database, people.maker, payout, 'force_retry');
    await approve(database, people.approver, override);
    expect(await jobsOf(database)).toEqual(before);
    expect((await reread(database, payout.id)).attempt.id).toBe(attempt.id);
  });
});
