import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Actor } from '../core/actor.ts';
import { toId } from '../core/ids.ts';
import type { Payout } from '../payouts/payout.ts';
import { execute } from '../runtime/operation.ts';
import { callBy, JOB, MACHINE, NOW, person } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { auditRows } from '../testing/expect-audit.ts';
import { act, payoutIn, refusalOf } from '../testing/factories.ts';
import { tellMentioned } from './notification.store.ts';
import { UNREAD_CAP } from './notification.ts';
import { listNotifications, unreadCount } from './notifications.queries.ts';
import { readNotifications } from './read-notifications.ts';

type Person = Extract<Actor, { kind: 'person' }>;
let database: TestDatabase;
let payout: Payout;
let me: Person;
let other: Person;
beforeAll(async () => {
  database = await testDatabase();
  ({ payout } = await payoutIn(database, 'queued'));
});
afterAll(() => database.close());
beforeEach(async () => {
  [me, other] = [await person(database, 'viewer'), await person(database, 'ops')];
});

const tell = (to: Person, count: number, at = NOW) =>
  database.db.transaction(async (tx) => {
    for (let no = 1; no <= count; no += 1) {
      await tellMentioned(tx, [to.id], { payout, by: other.label, at, excerpt: `note ${no}` });
    }
  });
const list = (of: Person, limit = 100, cursor?: string) => listNotifications(database.db, of.id, { limit, cursor });
const unread = (of: Person) => unreadCount(database.db, of.id);
const read = (actor: Actor, ids: unknown) => act(database, readNotifications, { ids }, { actor });

describe('the list', () => {
  test('is one’s own, the latest first', async () => {
    await tell(me, 1, new Date('2026-11-20T09:00:00Z'));
    await tell(me, 1, new Date('2026-11-20T09:30:00Z'));
    await tell(other, 1);
    expect((await list(me)).rows.map(({ at }) => at)).toEqual(['2026-11-20T09:30:00.000Z', '2026-11-20T09:00:00.000Z']);
    expect(await unread(me)).toBe(2);
  });

  test('comes in pages that lose and repeat nothing, also within one instant', async () => {
    await tell(me, 7);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await list(me, 3, cursor);
      seen.push(...page.rows.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(seen).toEqual((await list(me)).rows.map(({ id }) => id));
    expect(new Set(seen).size).toBe(7);
  });

  test.each(['', 'nonsense', Buffer.from('2026-99-99T00:00:00.000Z x').toString('base64url')])(
    'begins anew at a cursor that does not read: %o',
    async (cursor) => {
      await tell(me, 2);
      expect((await list(me, 10, cursor)).rows).toHaveLength(2);
    },
  );

  test('counts what is unread, and no further than the bell says', async () => {
    await tell(me, UNREAD_CAP + 5);
    expect(await unread(me)).toBe(UNREAD_CAP);
  });
});

describe('marking as read', () => {
  test('done: one, then all; with an audit row each, and none when nothing was unread', async () => {
    await tell(me, 3);
    const [first] = (await list(me)).rows;
    expect(await read(me, [first?.id])).toEqual({ read: 1 });
    expect((await list(me)).rows.map((row) => row.read)).toEqual([true, false, false]);
    expect(await read(me, 'all')).toEqual({ read: 2 });
    expect(await read(me, 'all')).toEqual({ read: 0 });
    expect(await unread(me)).toBe(0);
    expect(await auditRows(database, me.id)).toMatchObject([
      { act: 'notification.read', subject_kind: 'person', after: { read: 1, ids: [first?.id] } },
      { act: 'notification.read', after: { read: 2, ids: 'all' } },
    ]);
  });

  test('never touches another’s', async () => {
    await tell(other, 1);
    const [theirs] = (await list(other)).rows;
    expect(await read(me, [theirs?.id])).toEqual({ read: 0 });
    expect(await read(me, 'all')).toEqual({ read: 0 });
    expect(await unread(other)).toBe(1);
  });

  test('refused: nothing named, and what is no notification', async () => {
    for (const ids of [[], 'some', [toId('payout', payout.id)], undefined]) {
      expect(await refusalOf(read(me, ids))).toBe('malformed');
    }
  });

  test('forbidden: a machine, a job, and somebody without a role', async () => {
    for (const actor of [MACHINE, JOB, await person(database)]) {
      expect(await refusalOf(read(actor, 'all'))).toBe('permission_missing');
    }
  });

  test('replayed: what came meanwhile stays unread', async () => {
    await tell(me, 1);
    const call = callBy(me);
    await execute(database.db, readNotifications, call, { ids: 'all' });
    await tell(me, 1);
    expect(await execute(database.db, readNotifications, call, { ids: 'all' })).toEqual({
      result: { read: 1 },
      replayed: true,
    });
    expect(await unread(me)).toBe(1);
  });

  test('raced: two tabs at once read each of them once', async () => {
    await tell(me, 4);
    const [a, b] = await Promise.all([read(me, 'all'), read(me, 'all')]);
    expect(a.read + b.read).toBe(4);
  });
});
