import { afterAll, beforeAll, expect, test } from 'vitest';
import { newUuid } from '../core/ids.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { payoutIn } from '../testing/factories.ts';
import { readEntries } from './payout-entries.queries.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

test('every entry of a payout with its lines, debit first, and no wallet’s owner', async () => {
  const { payout } = await payoutIn(database, 'paid');
  const line = (side: string, account: string) => ({ account, side, amountMinor: '12500', currency: 'EUR' });
  expect(await readEntries(database.db, payout.id)).toMatchObject([
    { kind: 'payout_requested', lines: [line('debit', 'wallet'), line('credit', 'payouts_in_flight')] },
    { kind: 'payout_paid', lines: [line('debit', 'payouts_in_flight'), line('credit', 'psp_clearing:stripe')] },
  ]);
});

test('nothing of a payout that is not there', async () => {
  expect(await readEntries(database.db, newUuid())).toEqual([]);
});
