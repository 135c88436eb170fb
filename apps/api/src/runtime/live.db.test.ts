import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { announce, type LiveFeed, type LiveMessage, openLiveFeed } from './live.ts';

describe('live news', () => {
  let database: TestDatabase;
  let feed: LiveFeed;
  const heard: (LiveMessage | null)[] = [];
  beforeAll(async () => {
    database = await testDatabase();
    feed = openLiveFeed(database.url);
    feed.subscribe((message) => heard.push(message));
  });
  afterAll(async () => {
    await feed.close();
    await database.close();
  });

  const announced = (id: string) => database.db.transaction((tx) => announce(tx, 'payout', id));

  test('begin with "read everything again"', async () => {
    await expect.poll(() => heard).toEqual([null]);
  });

  test('come when the transaction commits, and never when it rolls back', async () => {
    const failing = database.db.transaction(async (tx) => {
      await announce(tx, 'payout', 'rolled-back');
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await announced('committed');
    await expect.poll(() => heard.at(-1)).toEqual({ topic: 'payout', id: 'committed' });
    expect(heard).not.toContainEqual({ topic: 'payout', id: 'rolled-back' });
  });

  test('after the connection was lost, say "read everything again", and go on', async () => {
    const before = heard.length;
    const killed = await database.owner.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'countersign-live' AND datname = current_database()`,
    );
    expect(killed.rowCount).toBe(1);
    await expect.poll(() => heard.slice(before), { timeout: 10_000 }).toContain(null);
    await announced('afterwards');
    await expect.poll(() => heard.at(-1)).toEqual({ topic: 'payout', id: 'afterwards' });
  });

  test('reach nobody who has stopped listening', async () => {
    const late: unknown[] = [];
    const stop = feed.subscribe((message) => late.push(message));
    stop();
    await announced('unheard');
    await expect.poll(() => heard.at(-1)).toEqual({ topic: 'payout', id: 'unheard' });
    expect(late).toEqual([]);
  });
});
