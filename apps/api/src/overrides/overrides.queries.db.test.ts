import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toId } from '../core/ids.ts';
import { NOW, person } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { act, payoutIn, reread } from '../testing/factories.ts';
import { executeOverride } from './execute-override.ts';
import { decideApproval } from './override.ts';
import { countOverrides, listOverrides, OVERRIDE_TABS, overridesOf, readOverride } from './overrides.queries.ts';
import { rejectOverride } from './reject-override.ts';
import { approve, ask, cast, type Person } from './testing/override-cases.ts';
import { withdrawOverride } from './withdraw-override.ts';

describe('the inbox', () => {
  let inbox: TestDatabase;
  let staff: Awaited<ReturnType<typeof cast>>;
  const ids: Record<string, string> = {};
  beforeAll(async () => {
    inbox = await testDatabase();
    staff = await cast(inbox);
    const fresh = async (
      name: string,
      minutes: number,
      options: Parameters<typeof payoutIn>[2] = {},
      maker = staff.maker,
    ) => {
      const { payout } = await payoutIn(inbox, 'held', options);
      const asked = await ask(inbox, maker, payout, 'cancel_payout', {
        now: new Date(NOW.getTime() + minutes * 60_000),
      });
      ids[asked.id] = name;
      return asked;
    };
    const large = { body: { amount_minor: '6000000' } };
    await fresh('small', 1);
    await fresh('middle', 2, { body: { amount_minor: '200000' } });
    await fresh('large', 3, large);
    await approve(inbox, staff.approver, await fresh('large, half signed', 4, large));
    await approve(inbox, staff.approver, await fresh('signed', 5));
    const executed = await fresh('executed', 6);
    await approve(inbox, staff.approver, executed);
    await act(inbox, executeOverride, { overrideId: executed.id }, { actor: staff.maker });
    const rejected = await fresh('rejected', 7);
    await act(inbox, rejectOverride, { overrideId: rejected.id, reason: 'no, not this' }, { actor: staff.finance });
    const withdrawn = await fresh('withdrawn', 8);
    await act(inbox, withdrawOverride, { overrideId: withdrawn.id }, { actor: staff.maker });
    await fresh('timed out', -24 * 60);
    const finance = await person(inbox, 'finance');
    await fresh('finance’s own', 9, {}, finance);
    staff = { ...staff, finance };
  });
  afterAll(() => inbox.close());

  const names = async (actor: Person, tab: (typeof OVERRIDE_TABS)[number], now = NOW) =>
    (await listOverrides(inbox.db, actor, { tab, limit: 100 }, now)).rows.map((row) => ids[row.id]);

  test('what waits for me is what I can sign, and nothing that I cannot', async () => {
    expect(await names(staff.approver, 'for_me')).toEqual(['small', 'middle', 'large', 'finance’s own']);
    expect(await names(staff.secondApprover, 'for_me')).toEqual(['small', 'middle', 'large', 'finance’s own']);
    expect(await names(staff.finance, 'for_me')).toEqual(['small', 'large', 'large, half signed']);
    expect(await names(staff.maker, 'for_me')).toEqual([]);
    expect(await names(staff.viewer, 'for_me')).toEqual([]);
  });

  test('who last retried a payout is not asked about it', async () => {
    const { rows } = await inbox.owner.query<{ id: string }>(
      `UPDATE payout SET last_retried_by = $1 WHERE id IN
           (SELECT subject_id FROM override_request WHERE amount_minor = 200000) RETURNING id`,
      [staff.secondApprover.id],
    );
    expect(rows).toHaveLength(1);
    expect(await names(staff.secondApprover, 'for_me')).toEqual(['small', 'large', 'finance’s own']);
    await inbox.owner.query('UPDATE payout SET last_retried_by = NULL');
  });

  test('the tab’s SQL is the decision of the noun, for everybody', async () => {
    const { rows } = await inbox.db.query<{ id: string }>(`SELECT id FROM override_request WHERE status = 'requested'`);
    for (const actor of [staff.approver, staff.secondApprover, staff.finance]) {
      const decided: (string | undefined)[] = [];
      for (const { id } of rows) {
        const read = await readOverride(inbox.db, id);
        if (!read) throw new Error('not there');
        const facts = { now: NOW, lastRetriedBy: read.payout.lastRetriedBy };
        if (!decideApproval(read.override, read.decisions, actor, facts)) decided.push(ids[toId('override', id)]);
      }
      expect((await names(actor, 'for_me')).toSorted()).toEqual(decided.toSorted());
    }
  });

  test('the other tabs, oldest first while they wait, newest first when they are over', async () => {
    expect(await names(staff.viewer, 'waiting')).toEqual([
      'small',
      'middle',
      'large',
      'large, half signed',
      'finance’s own',
    ]);
    expect(await names(staff.viewer, 'approved')).toEqual(['signed']);
    expect(await names(staff.viewer, 'done')).toEqual(['withdrawn', 'rejected', 'executed', 'timed out']);
  });

  test('a day later all of it is over', async () => {
    const later = new Date(NOW.getTime() + 2 * 86_400_000);
    expect(await names(staff.approver, 'waiting', later)).toEqual([]);
    expect(await names(staff.approver, 'for_me', later)).toEqual([]);
    expect(await names(staff.approver, 'done', later)).toHaveLength(Object.keys(ids).length);
  });

  test('every count is the length of its tab', async () => {
    for (const actor of [staff.approver, staff.finance, staff.viewer]) {
      const counts = await countOverrides(inbox.db, actor, NOW);
      for (const tab of OVERRIDE_TABS) expect(counts[tab], tab).toBe((await names(actor, tab)).length);
    }
  });

  test.each(OVERRIDE_TABS)('%s: pages are the whole list, once each', async (tab) => {
    const whole = await names(staff.approver, tab);
    const paged: (string | undefined)[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof listOverrides>> = await listOverrides(
        inbox.db,
        staff.approver,
        { tab, limit: 2, ...(cursor ? { cursor } : {}) },
        NOW,
      );
      expect(page.rows.length).toBeLessThanOrEqual(2);
      paged.push(...page.rows.map((row) => ids[row.id]));
      cursor = page.nextCursor;
    } while (cursor);
    expect(paged).toEqual(whole);
  });

  test('a cursor that does not read begins again', async () => {
    const page = await listOverrides(inbox.db, staff.viewer, { tab: 'waiting', cursor: "'; DROP", limit: 100 }, NOW);
    expect(page.rows).toHaveLength(5);
  });

  test('the overrides of a payout, newest first', async () => {
    const { payout } = await payoutIn(inbox, 'held');
    const first = await ask(inbox, staff.maker, payout, 'cancel_payout');
    await act(inbox, withdrawOverride, { overrideId: first.id }, { actor: staff.maker });
    const again = await reread(inbox, payout.id);
    const second = await ask(inbox, staff.maker, again.payout, 'release_hold', {
      now: new Date(NOW.getTime() + 1),
    });
    const rows = await overridesOf(inbox.db, staff.viewer, payout.id, NOW);
    expect(rows.map((row) => [row.id, row.status])).toEqual([
      [second.id, 'requested'],
      [first.id, 'withdrawn'],
    ]);
  });
});
