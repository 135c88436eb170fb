import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toId } from '../core/ids.ts';
import { HOUR_MS } from '../core/time.ts';
import type { Payout, PayoutStatus } from '../payouts/payout.ts';
import { recordProviderEvent } from '../payouts/record-provider-event.ts';
import { recordSendOutcome } from '../payouts/record-send-outcome.ts';
import { requestPayout } from '../payouts/request-payout.ts';
import { startSend } from '../payouts/start-send.ts';
import { execute } from '../runtime/operation.ts';
import { callBy, MACHINE, NOW } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { auditRows } from '../testing/expect-audit.ts';
import {
  act,
  attemptsOf,
  entriesOf,
  fundedParty,
  jobsOf,
  loseJobs,
  payoutIn,
  providerEvent,
  requestBody,
  reread,
  setPayoutsOn,
  timelineOf,
  walletMinor,
} from '../testing/factories.ts';
import { executeOverride } from './execute-override.ts';
import type { OverrideKind } from './override.ts';
import { OVERRIDE_POLICY_V1 } from './override-policy.ts';
import {
  type Asked,
  approve,
  ask,
  cast,
  ledgerFaults,
  type Person,
  REASON,
  refusalCode,
  stored,
} from './testing/override-cases.ts';

const EXPIRY = new Date(NOW.getTime() + 24 * HOUR_MS);
const FUNDS = 1_000_000n;
const AMOUNT = 12_500n;

describe('executeOverride', () => {
  let database: TestDatabase;
  let people: Awaited<ReturnType<typeof cast>>;
  beforeAll(async () => {
    database = await testDatabase();
    people = await cast(database);
  });
  afterAll(() => database.close());

  /** An approved override on a payout of a party of its own. */
  async function approved(kind: OverrideKind, status: PayoutStatus, options: { code?: string; at?: Date } = {}) {
    const party = await fundedParty(database, { EUR: FUNDS });
    const sample = await payoutIn(database, status, { party: party.reference, ...options });
    const override = await ask(database, people.maker, sample.payout, kind);
    await approve(database, people.approver, override);
    return { ...sample, party, override };
  }
  const run = (override: Asked, actor: Person = people.maker, now = NOW) =>
    act(database, executeOverride, { overrideId: override.id }, { actor, now });
  const entriesBy = async ({ uuid }: Asked) =>
    (
      await database.db.query<{ kind: string; payout_id: string }>(
        'SELECT kind, payout_id FROM journal_entry WHERE override_id = $1',
        [uuid],
      )
    ).rows;
  const balances = async (partyId: string, payout: Payout) => {
    const { rows } = await database.db.query<{ minor: bigint }>(
      `SELECT coalesce(sum(CASE l.side WHEN 'credit' THEN l.amount_minor ELSE -l.amount_minor END), 0)::bigint AS minor
       FROM journal_entry e JOIN posting l ON l.entry_id = e.id JOIN ledger_account a ON a.id = l.account_id
       WHERE e.payout_id = $1 AND a.code = 'payouts_in_flight'`,
      [payout.id],
    );
    return { wallet: await walletMinor(database, partyId), inFlight: rows[0]?.minor };
  };

  describe('done', () => {
    test.each<PayoutStatus>(['unconfirmed', 'in_transit', 'sending'])('mark_payout_paid from %s', async (status) => {
      const at = new Date(NOW.getTime() - HOUR_MS);
      const { payout, party, override, attempt } = await approved('mark_payout_paid', status, { at });
      expect(await run(override)).toEqual({
        overrideId: override.id,
        status: 'executed',
        approvals: 1,
        approvalsRequired: 1,
        refusal: null,
      });
      const after = await reread(database, payout.id);
      expect(after.payout).toMatchObject({ status: 'paid', paidAt: NOW, stuckAt: null });
      expect(after.attempt).toMatchObject({ id: attempt.id, status: 'paid', nextCheckAt: null });
      expect(await entriesBy(override)).toEqual([{ kind: 'payout_paid', payout_id: payout.id }]);
      expect(await balances(party.id, payout)).toEqual({ wallet: FUNDS - AMOUNT, inFlight: 0n });
      expect(await stored(database, override.uuid)).toMatchObject({
        status: 'executed',
        executed_at: NOW,
        decided_at: NOW,
      });
    });

    test.each<PayoutStatus>(['queued', 'held', 'failed', 'returned'])(
      'cancel_payout from %s: the wallet is whole again, and nothing is left to send',
      async (status) => {
        const { payout, party, override } = await approved('cancel_payout', status, { code: 'account_closed' });
        await run(override);
        const after = await reread(database, payout.id);
        expect(after.payout.status).toBe('canceled');
        expect(['ready', 'sending', 'unknown', 'accepted']).not.toContain(after.attempt.status);
        expect(await balances(party.id, payout)).toEqual({ wallet: FUNDS, inFlight: 0n });
        expect(await entriesBy(override)).toHaveLength(status === 'failed' ? 0 : 1);
        const step = await act(database, startSend, { attemptId: after.attempt.id });
        expect(step).toMatchObject({ step: 'skip' });
      },
    );

    test.each<PayoutStatus>(['failed', 'returned'])(
      'force_retry from %s: a new attempt with a new key, linked to the old one, and its job',
      async (status) => {
        const { payout, party, override, attempt } = await approved('force_retry', status, { code: 'account_closed' });
        await loseJobs(database);
        await run(override);
        const after = await reread(database, payout.id);
        expect(after.payout).toMatchObject({
          status: 'queued',
          failureCode: null,
          providerPayoutId: null,
          lastRetriedBy: people.maker.id,
        });
        expect(after.attempt).toMatchObject({
          no: 2,
          status: 'ready',
          previousId: attempt.id,
          proof: { code: 'override', overrideId: override.id, reason: REASON },
        });
        expect(after.attempt.providerKey).not.toBe(attempt.providerKey);
        expect(await jobsOf(database)).toMatchObject([
          { task: 'payout.send', payload: { attemptId: after.attempt.id } },
        ]);
        expect(await balances(party.id, payout)).toEqual({ wallet: FUNDS - AMOUNT, inFlight: AMOUNT });
        expect(await act(database, startSend, { attemptId: after.attempt.id })).toMatchObject({ step: 'send' });
      },
    );

    test('release_hold: queued again with an attempt of its own', async () => {
      const { payout, party, override } = await approved('release_hold', 'held');
      await loseJobs(database);
      await run(override);
      const after = await reread(database, payout.id);
      expect(after.payout).toMatchObject({ status: 'queued', holdReason: null });
      expect(await attemptsOf(database, payout.id)).toEqual([
        { no: 1, status: 'canceled' },
        { no: 2, status: 'ready' },
      ]);
      expect(await jobsOf(database, after.attempt.id)).toHaveLength(1);
      expect(await balances(party.id, payout)).toEqual({ wallet: FUNDS - AMOUNT, inFlight: AMOUNT });
      expect(await entriesBy(override)).toEqual([]);
    });

    test('the audit row and the timeline name maker, approvers and reason', async () => {
      const { payout, override } = await approved('cancel_payout', 'held');
      await run(override, people.finance);
      expect((await auditRows(database, override.uuid)).at(-1)).toMatchObject({
        act: 'override.executed',
        outcome: 'done',
        actor_id: people.finance.id,
        reason: REASON,
        before: { status: 'approved', payout: 'held' },
        after: {
          status: 'executed',
          payout: 'canceled',
          payoutId: toId('payout', payout.id),
          maker: people.maker.label,
          approvers: [people.approver.label],
          amount: { minor: '12500', currency: 'EUR' },
        },
      });
      expect((await timelineOf(database, payout.id)).at(-1)).toMatchObject({
        kind: 'override_executed',
        from: 'held',
        to: 'canceled',
        data: {
          overrideId: override.id,
          maker: people.maker.label,
          approvers: [people.approver.label],
          reason: REASON,
        },
      });
    });

    test('by the maker, by an approver, or by anybody else who may', async () => {
      for (const actor of [people.maker, people.approver, people.otherMaker]) {
        const { override } = await approved('cancel_payout', 'held');
        expect(await run(override, actor)).toMatchObject({ status: 'executed' });
      }
    });
  });

  describe('exactly once', () => {
    test('replayed: one key, one effect', async () => {
      const { payout, override } = await approved('mark_payout_paid', 'in_transit');
      const call = callBy(people.maker);
      const first = await execute(database.db, executeOverride, call, { overrideId: override.id });
      const again = await execute(database.db, executeOverride, call, { overrideId: override.id });
      expect(again).toEqual({ result: first.result, replayed: true });
      expect(await entriesOf(database, payout.id)).toEqual(['payout_requested', 'payout_paid']);
    });

    test('again under another key: refused', async () => {
      const { override } = await approved('cancel_payout', 'held');
      await run(override);
      expect(await refusalCode(run(override))).toBe('override_not_open');
      expect(await entriesBy(override)).toHaveLength(1);
    });

    test('raced: of many at once exactly one does it', async () => {
      const { payout, party, override } = await approved('force_retry', 'failed', { code: 'account_closed' });
      const people4 = [people.maker, people.otherMaker, people.approver, people.finance];
      const codes = await Promise.all(people4.map((actor) => refusalCode(run(override, actor))));
      expect(codes.filter((code) => code === null)).toHaveLength(1);
      expect(codes.filter((code) => code === 'override_not_open')).toHaveLength(3);
      expect(await attemptsOf(database, payout.id)).toHaveLength(2);
      expect(await balances(party.id, payout)).toEqual({ wallet: FUNDS - AMOUNT, inFlight: AMOUNT });
    });

    test('raced with the provider’s own news: paid once, whoever comes first', async () => {
      const { payout, party, override, attempt } = await approved('mark_payout_paid', 'in_transit');
      const [code] = await Promise.all([
        run(override).then((answer) => answer.status),
        act(database, recordProviderEvent, providerEvent({ attempt }, 'paid')),
      ]);
      expect(['executed', 'stale']).toContain(code);
      expect((await reread(database, payout.id)).payout.status).toBe('paid');
      expect(await entriesOf(database, payout.id)).toEqual(['payout_requested', 'payout_paid']);
      expect(await balances(party.id, payout)).toEqual({ wallet: FUNDS - AMOUNT, inFlight: 0n });
    });

    test('the provider’s "paid" after the override changes nothing; its "failed" is a return', async () => {
      const { payout, override, attempt } = await approved('mark_payout_paid', 'in_transit');
      await run(override);
      const late = (status: string) => act(database, recordProviderEvent, providerEvent({ attempt }, status));
      expect(await late('paid')).toEqual({ outcome: 'stale' });
      expect(await late('failed')).toEqual({ outcome: 'applied' });
      expect((await reread(database, payout.id)).payout.status).toBe('returned');
    });

    test('an answer of the wire that comes after it was marked paid changes nothing', async () => {
      const at = new Date(NOW.getTime() - HOUR_MS);
      const { payout, override, attempt } = await approved('mark_payout_paid', 'sending', { at });
      await run(override);
      const outcome = { kind: 'rejected', code: 'account_closed', message: 'late' };
      expect(await act(database, recordSendOutcome, { attemptId: attempt.id, outcome })).toEqual({ recorded: false });
      expect((await reread(database, payout.id)).payout.status).toBe('paid');
    });
  });

  describe('refused', () => {
    test('without approvals', async () => {
      const { payout } = await payoutIn(database, 'held');
      const override = await ask(database, people.maker, payout, 'cancel_payout');
      expect(await refusalCode(run(override))).toBe('override_not_approved');
      expect((await reread(database, payout.id)).payout.status).toBe('held');
      expect((await auditRows(database, override.uuid)).at(-1)).toMatchObject({
        act: 'override.executed',
        outcome: 'refused',
        refusal_code: 'override_not_approved',
      });
    });

    test('forbidden: viewers and machines execute nothing', async () => {
      const { payout, override } = await approved('cancel_payout', 'held');
      for (const actor of [people.viewer, MACHINE]) {
        const call = execute(database.db, executeOverride, callBy(actor), { overrideId: override.id });
        expect(await refusalCode(call)).toBe('permission_missing');
      }
      expect((await reread(database, payout.id)).payout.status).toBe('held');
    });

    test('an override that is not there', async () => {
      expect(await refusalCode(run({ id: 'ov_01h455vb4pex5vsknk084sn02q', uuid: '', contentHash: '' }))).toBe(
        'not_found',
      );
    });
  });

  describe('ended instead', () => {
    test('expired, from that instant; and a second try is refused', async () => {
      const { payout, override } = await approved('cancel_payout', 'held');
      expect(await run(override, people.maker, EXPIRY)).toMatchObject({
        status: 'expired',
        refusal: { code: 'override_expired' },
      });
      expect(await stored(database, override.uuid)).toMatchObject({ status: 'expired', executed_at: null });
      expect((await reread(database, payout.id)).payout.status).toBe('held');
      expect(await refusalCode(run(override))).toBe('override_not_open');
    });

    test('stale: the payout is not what was signed', async () => {
      const { payout, override, attempt } = await approved('mark_payout_paid', 'unconfirmed');
      await act(database, recordProviderEvent, providerEvent({ attempt }, 'failed', { providerPayoutId: 'po_x' }));
      expect(await run(override)).toMatchObject({
        status: 'stale',
        refusal: { code: 'override_stale', params: { field: 'status', signed: 'unconfirmed', now: 'failed' } },
      });
      expect((await reread(database, payout.id)).payout.status).toBe('failed');
      expect((await auditRows(database, override.uuid)).at(-1)).toMatchObject({
        act: 'override.went_stale',
        after: { moved: { field: 'status', signed: 'unconfirmed', now: 'failed' } },
      });
    });

    test('bug class: an approval for content that changed since: stale, a destination that changed after the signature', async () => {
      const { payout, override } = await approved('release_hold', 'held');
      await database.owner.query(
        `UPDATE payout SET destination = destination || '{"token": "ba_other"}' WHERE id = $1`,
        [payout.id],
      );
      expect(await run(override)).toMatchObject({
        status: 'stale',
        refusal: { params: { field: 'destination_hash' } },
      });
      expect(await attemptsOf(database, payout.id)).toHaveLength(1);
    });
  });

  describe('not possible now: it stays approved, nothing of it stays, and it is safe to try again', () => {
    test('the wallet was emptied meanwhile', async () => {
      const { payout, party, override } = await approved('force_retry', 'failed', { code: 'account_closed' });
      const drain = requestBody(party.reference, { amount_minor: FUNDS.toString() });
      await act(database, requestPayout, drain, { actor: MACHINE });
      const jobs = await jobsOf(database);
      expect(await run(override)).toMatchObject({ status: 'approved', refusal: { code: 'insufficient_balance' } });
      expect(await stored(database, override.uuid)).toMatchObject({
        status: 'approved',
        execution_error: 'insufficient_balance',
      });
      expect(await attemptsOf(database, payout.id)).toEqual([{ no: 1, status: 'rejected' }]);
      expect((await reread(database, payout.id)).payout).toEqual(payout);
      expect(await jobsOf(database)).toEqual(jobs);
      expect((await auditRows(database, override.uuid)).at(-1)).toMatchObject({
        act: 'override.execution_failed',
        after: { refused: { code: 'insufficient_balance' } },
      });
      // The other payout is stopped, the money is back, and the same override is done after all.
      const { rows } = await database.db.query<{ id: string }>(
        `SELECT id FROM payout WHERE party_id = $1 AND status = 'queued'`,
        [party.id],
      );
      const other = await reread(database, rows[0]?.id ?? '');
      const stop = await ask(database, people.maker, other.payout, 'cancel_payout');
      await approve(database, people.approver, stop);
      await run(stop);
      expect(await run(override)).toMatchObject({ status: 'executed', refusal: null });
      expect(await stored(database, override.uuid)).toMatchObject({ execution_error: null });
    });

    test('sending is switched off', async () => {
      const { payout, override } = await approved('release_hold', 'held');
      await setPayoutsOn(database, false);
      try {
        expect(await run(override)).toMatchObject({ status: 'approved', refusal: { code: 'payouts_paused' } });
      } finally {
        await setPayoutsOn(database, true);
      }
      expect(await attemptsOf(database, payout.id)).toHaveLength(1);
      expect(await run(override)).toMatchObject({ status: 'executed' });
    });

    test('an earlier attempt turned out to have paid', async () => {
      const { payout, override, attempt } = await approved('force_retry', 'returned');
      await database.owner.query(
        `INSERT INTO attempt (id, payout_id, no, provider, provider_key, status, requested_by, proof, created_at, queued_at)
         SELECT gen_random_uuid(), payout_id, 0, provider, 'earlier-' || id, 'paid', requested_by, proof, created_at, queued_at
         FROM attempt WHERE id = $1`,
        [attempt.id],
      );
      expect(await run(override)).toMatchObject({ status: 'approved', refusal: { code: 'already_paid' } });
      expect(await attemptsOf(database, payout.id)).toHaveLength(2);
    });
  });

  test('a stricter policy since: what was signed under the old one is not enough', async () => {
    const { override } = await approved('cancel_payout', 'held');
    const { version: _, ...rules } = OVERRIDE_POLICY_V1;
    const strict = { ...rules, rules: rules.rules.map((rule) => ({ ...rule, seats: [['finance'], ['approver']] })) };
    await database.owner.query(`INSERT INTO override_policy (version, rules, created_by) VALUES (2, $1, 'test')`, [
      JSON.stringify(strict),
    ]);
    expect(await refusalCode(run(override))).toBe('override_not_approved');
  });

  test('after all of it, every balance is the sum of its postings', async () => {
    expect(await ledgerFaults(database)).toEqual([]);
  });
});
