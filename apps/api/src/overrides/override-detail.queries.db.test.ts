import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canonicalJson } from '../core/canonical-json.ts';
import { newUuid, toId } from '../core/ids.ts';
import { recordProviderEvent } from '../payouts/record-provider-event.ts';
import { NOW, person } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { act, payoutIn, providerEvent } from '../testing/factories.ts';
import { executeOverride } from './execute-override.ts';
import { overrideDetail } from './override-detail.queries.ts';
import { listOverrides } from './overrides.queries.ts';
import { requestable } from './requestable.queries.ts';
import { type Asked, approve, ask, attach, cast, type Person, REASON } from './testing/override-cases.ts';
import { withdrawOverride } from './withdraw-override.ts';

const EXPIRY = new Date(NOW.getTime() + 86_400_000);
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/;

describe('one override and what may be asked for', () => {
  let database: TestDatabase;
  let people: Awaited<ReturnType<typeof cast>>;
  beforeAll(async () => {
    database = await testDatabase();
    people = await cast(database);
  });
  afterAll(() => database.close());

  const detail = async ({ uuid }: Asked, actor: Person = people.approver, now = NOW) => {
    const found = await overrideDetail(database.db, actor, uuid, now);
    if (!found) throw new Error('not there');
    return found;
  };
  const on = async (status: Parameters<typeof payoutIn>[1], kind: Parameters<typeof ask>[3], options = {}) => {
    const sample = await payoutIn(database, status, options);
    return { ...sample, asked: await ask(database, people.maker, sample.payout, kind) };
  };

  describe('one override', () => {
    test('shows what is signed, and its fingerprint is the hash of what is shown', async () => {
      const { payout, asked } = await on('unconfirmed', 'mark_payout_paid');
      const seen = await detail(asked);
      expect(seen.row).toMatchObject({
        id: asked.id,
        kind: 'mark_payout_paid',
        status: 'requested',
        payout: { id: toId('payout', payout.id), status: 'unconfirmed' },
        holder: 'Anna Schmidt',
        account: 'DE•• 4410',
        amountMinor: '12500',
        currency: 'EUR',
        reason: REASON,
        maker: { id: toId('person', people.maker.id), name: people.maker.label },
        createdAt: NOW.toISOString(),
        expiresAt: EXPIRY.toISOString(),
        closedAt: null,
        approvals: 0,
        approvalsRequired: 1,
        seats: [['approver', 'finance']],
        evidenceCount: 1,
      });
      expect(seen.evidence).toMatchObject([{ filename: 'statement.txt', mediaType: 'text/plain', bytes: 11 }]);
      expect(seen.policy).toEqual({
        version: 1,
        band: { fromMinor: null, belowMinor: '100000' },
        expiresInMs: 86_400_000,
      });
      expect(seen.contentHash).toBe(asked.contentHash);
      expect(createHash('sha256').update(seen.content).digest('hex')).toBe(asked.contentHash);
      expect(canonicalJson(JSON.parse(seen.content))).toBe(seen.content);
      expect(JSON.parse(seen.content)).toMatchObject({
        id: asked.id,
        maker: seen.row.maker.id,
        reason: REASON,
        subject: { id: seen.row.payout.id, snapshot: { holder: 'Anna Schmidt', amount_minor: '12500' } },
      });
    });

    test('previews exactly what its execution then does', async () => {
      const { asked } = await on('unconfirmed', 'mark_payout_paid');
      const before = await detail(asked);
      await approve(database, people.approver, asked);
      await act(database, executeOverride, { overrideId: asked.id }, { actor: people.maker });
      const after = await detail(asked);
      const clearing = before.preview?.find((line) => line.what === 'clearing');
      const { rows } = await database.db.query<{ minor: bigint }>(
        `SELECT b.balance_minor AS minor FROM account_balance b JOIN ledger_account a ON a.id = b.account_id
         WHERE a.code = 'psp_clearing:stripe' AND a.currency = 'EUR'`,
      );
      expect(before.preview).toContainEqual({
        what: 'in_flight',
        currency: 'EUR',
        beforeMinor: '12500',
        afterMinor: '0',
      });
      expect(clearing && 'afterMinor' in clearing && BigInt(clearing.afterMinor)).toBe(rows[0]?.minor);
      expect(after.preview).toBeNull();
      expect(after.row).toMatchObject({ status: 'executed', closedAt: NOW.toISOString() });
      expect(after.entries).toMatchObject([
        {
          kind: 'payout_paid',
          lines: [
            { account: 'payouts_in_flight', side: 'debit', amountMinor: '12500', currency: 'EUR' },
            { account: 'psp_clearing:stripe', side: 'credit', amountMinor: '12500', currency: 'EUR' },
          ],
        },
      ]);
      expect(after.decisions).toMatchObject([
        { checker: { name: people.approver.label }, decision: 'approve', roles: ['approver'], at: NOW.toISOString() },
      ]);
    });

    test('names the field that moved, for the banner, and greys the button with it', async () => {
      const { asked, attempt } = await on('unconfirmed', 'mark_payout_paid');
      await act(
        database,
        recordProviderEvent,
        providerEvent({ attempt }, 'in_transit', { providerPayoutId: 'po_new' }),
      );
      const seen = await detail(asked);
      expect(seen.moved).toEqual({ field: 'status', signed: 'unconfirmed', now: 'in_transit' });
      expect(seen.row.can.approve).toMatchObject({ code: 'override_stale', params: { field: 'status' } });
      // Once it is written down as stale, the banner still says what it was.
      await approve(database, people.approver, asked);
      expect(await detail(asked)).toMatchObject({ row: { status: 'stale' }, moved: seen.moved, preview: null });
    });

    test('is shown as expired from that instant on, before the job has run', async () => {
      const { asked } = await on('held', 'cancel_payout');
      const seen = await detail(asked, people.approver, EXPIRY);
      expect(seen.row).toMatchObject({ status: 'expired', closedAt: EXPIRY.toISOString() });
      expect(seen.preview).toBeNull();
      expect(seen.row.can.approve?.code).toBe('override_expired');
    });

    test('says why its execution was not possible, and lets it be tried again', async () => {
      const { asked } = await on('held', 'release_hold');
      await approve(database, people.approver, asked);
      await database.owner.query(`UPDATE control_switch SET "on" = false`);
      await act(database, executeOverride, { overrideId: asked.id }, { actor: people.maker });
      expect(await detail(asked)).toMatchObject({
        row: { executionError: { code: 'payouts_paused' }, can: { execute: { code: 'payouts_paused' } } },
      });
      await database.owner.query(`UPDATE control_switch SET "on" = true`);
      expect((await detail(asked)).row.can.execute).toBeNull();
    });

    test('lists the open breaks about its payout', async () => {
      const { payout, asked } = await on('unconfirmed', 'mark_payout_paid');
      const insert = (status: string, resolution: string | null) =>
        database.owner.query(
          `INSERT INTO recon_break (id, kind, fingerprint, period_on, type, status, resolution, risk, risk_fired,
             policy_version, action, action_detail, payout_id, why, first_run_id, last_run_id, opened_at)
           VALUES (gen_random_uuid(), 'settlement', gen_random_uuid()::text, '2026-11-20', 'missing_at_provider', $1, $2,
             'HIGH', '[]', 1, 'retry', '{}', $3, '{}', gen_random_uuid(), gen_random_uuid(), now())`,
          [status, resolution, payout.id],
        );
      await insert('open', null);
      await insert('resolved', 'cleared');
      const breaks = (await detail(asked)).preview?.filter((line) => line.what === 'break');
      expect(breaks).toEqual([
        {
          what: 'break',
          id: expect.stringMatching(/^br_/),
          type: 'missing_at_provider',
          risk: 'HIGH',
          before: 'open',
          after: 'rechecked',
        },
      ]);
    });

    test('no uuid of ours goes out', async () => {
      const { asked, payout } = await on('failed', 'force_retry', { code: 'account_closed' });
      await approve(database, people.approver, asked);
      await act(database, executeOverride, { overrideId: asked.id }, { actor: people.maker });
      const list = await listOverrides(database.db, people.approver, { tab: 'done', limit: 100 }, NOW);
      const offered = await requestable(database.db, people.maker, payout.id, NOW);
      for (const wire of [await detail(asked), list.rows, offered]) expect(JSON.stringify(wire)).not.toMatch(UUID);
    });

    test('is null when there is none', async () => {
      expect(await overrideDetail(database.db, people.approver, newUuid(), NOW)).toBeNull();
      expect(await requestable(database.db, people.maker, newUuid(), NOW)).toBeNull();
    });
  });

  describe('what each person may do with it', () => {
    const codes = async (asked: Asked, actor: Person) => {
      const { can } = (await detail(asked, actor)).row;
      return Object.fromEntries(Object.entries(can).map(([name, refused]) => [name, refused?.code ?? null]));
    };

    test('while it is requested', async () => {
      const { asked } = await on('held', 'cancel_payout');
      const missing = 'permission_missing';
      const early = 'override_not_approved';
      expect(await codes(asked, people.maker)).toEqual({
        approve: missing,
        reject: missing,
        withdraw: null,
        execute: early,
      });
      expect(await codes(asked, people.otherMaker)).toEqual({
        approve: missing,
        reject: missing,
        withdraw: missing,
        execute: early,
      });
      expect(await codes(asked, people.approver)).toEqual({
        approve: null,
        reject: null,
        withdraw: missing,
        execute: early,
      });
      expect(await codes(asked, people.finance)).toEqual({
        approve: null,
        reject: null,
        withdraw: missing,
        execute: early,
      });
      expect(await codes(asked, people.viewer)).toEqual({
        approve: missing,
        reject: missing,
        withdraw: missing,
        execute: missing,
      });
    });

    test('the maker who could sign others’ reads why not this one', async () => {
      const both = await person(database, 'ops', 'approver');
      const { payout } = await payoutIn(database, 'held');
      const own = await ask(database, both, payout, 'cancel_payout');
      expect(await codes(own, both)).toMatchObject({
        approve: 'self_approval',
        reject: 'self_approval',
        withdraw: null,
      });
    });

    test('while it is approved, and when it is done', async () => {
      const { asked } = await on('held', 'cancel_payout');
      await approve(database, people.approver, asked);
      expect(await codes(asked, people.maker)).toMatchObject({ withdraw: null, execute: null });
      expect(await codes(asked, people.approver)).toMatchObject({ approve: 'already_approved', execute: null });
      expect(await codes(asked, people.finance)).toMatchObject({ approve: 'override_not_open', reject: null });
      await act(database, executeOverride, { overrideId: asked.id }, { actor: people.maker });
      const over = 'override_not_open';
      expect(await codes(asked, people.finance)).toMatchObject({ approve: over, reject: over, execute: over });
    });
  });

  describe('what may be asked for', () => {
    test('kind by kind, with its reason, its policy and what it would change', async () => {
      const { payout } = await payoutIn(database, 'held', { body: { amount_minor: '6000000' } });
      const offered = await requestable(database.db, people.maker, payout.id, NOW);
      expect(offered).toMatchObject({ payoutId: toId('payout', payout.id), version: payout.version });
      expect(offered?.kinds.map(({ kind, refusal }) => [kind, refusal?.code ?? null])).toEqual([
        ['mark_payout_paid', 'status_forbids'],
        ['cancel_payout', null],
        ['force_retry', 'payout_held'],
        ['release_hold', null],
      ]);
      expect(offered?.kinds.map(({ policy }) => policy.evidenceRequired)).toEqual([true, false, false, false]);
      expect(offered?.kinds[1]).toMatchObject({
        policy: {
          approvalsRequired: 2,
          seats: [['finance'], ['approver', 'finance']],
          band: { fromMinor: '5000000', belowMinor: null },
        },
        preview: [
          { what: 'payout_status', before: 'held', after: 'canceled' },
          { what: 'in_flight', beforeMinor: '6000000', afterMinor: '0' },
          { what: 'clearing' },
          { what: 'wallet', beforeMinor: '94000000', afterMinor: '100000000' },
        ],
      });
      expect(offered?.kinds[0]?.preview).toBeNull();
    });

    test('nothing while one is open, and nothing for who may not ask', async () => {
      const { payout } = await on('held', 'cancel_payout');
      const kinds = (await requestable(database.db, people.otherMaker, payout.id, NOW))?.kinds ?? [];
      expect(kinds.map(({ refusal }) => refusal?.code)).toEqual(Array(4).fill('override_open'));
      const barred = (await requestable(database.db, people.viewer, payout.id, NOW))?.kinds ?? [];
      expect(barred.map(({ refusal }) => refusal?.code)).toEqual(Array(4).fill('permission_missing'));
    });

    test('every kind that is offered is granted, and no other', async () => {
      for (const status of [
        'queued',
        'sending',
        'unconfirmed',
        'in_transit',
        'paid',
        'failed',
        'returned',
        'held',
      ] as const) {
        const at = new Date(NOW.getTime() - 3_600_000);
        const { payout } = await payoutIn(database, status, { at, code: 'account_closed' });
        const kinds = (await requestable(database.db, people.maker, payout.id, NOW))?.kinds ?? [];
        for (const { kind, refusal } of kinds) {
          const evidence = [await attach(database, people.maker)];
          const asked = await ask(database, people.maker, payout, kind, { evidence }).catch(() => null);
          expect(asked !== null, `${kind} on ${status}`).toBe(refusal === null);
          if (asked) await act(database, withdrawOverride, { overrideId: asked.id }, { actor: people.maker });
        }
      }
    });
  });
});
