import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newUuid } from '../core/ids.ts';
import { money } from '../core/money.ts';
import { utcDate } from '../core/time.ts';
import { NOW } from '../testing/calls.ts';
import { type TestDatabase, testDatabase } from '../testing/database.ts';
import { footprint, fundedParty, payoutIn, refusalOf, walletMinor } from '../testing/factories.ts';
import {
  type AccountCode,
  balancedEntry,
  clearingOf,
  credit,
  debit,
  type Entry,
  IN_FLIGHT,
  walletOf,
} from './journal.ts';
import { balanceOf, postEntry } from './ledger.store.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const by = { now: NOW, effectiveOn: utcDate(NOW) };
const post = (entry: Entry) => database.db.transaction((tx) => postEntry(tx, entry, by));
const take = (partyId: string, minor: bigint, currency = 'EUR') => {
  const amount = money(minor, currency);
  return balancedEntry('payout_requested', 'test', [debit(walletOf(partyId), amount), credit(IN_FLIGHT, amount)]);
};
/** SQLSTATE and message of what a promise fails with; null when it does not. */
const failure = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: { code?: string; message: string }) => `${error.code} ${error.message}`,
  );

describe('posting', () => {
  test('moves the stored balances with the postings, and counts them', async () => {
    const party = await fundedParty(database, { EUR: 1_000n });
    const inFlight = await balanceOf(database.db, IN_FLIGHT, 'EUR');
    const id = await post(take(party.id, 400n));
    expect(await walletMinor(database, party.id)).toBe(600n);
    expect(await balanceOf(database.db, IN_FLIGHT, 'EUR')).toBe(inFlight + 400n);
    const { rows } = await database.db.query('SELECT side, amount_minor FROM posting WHERE entry_id = $1 ORDER BY id', [
      id,
    ]);
    expect(rows).toEqual([
      { side: 'debit', amount_minor: 400n },
      { side: 'credit', amount_minor: 400n },
    ]);
  });

  test('one account twice in an entry, and amounts up to 64 bits', async () => {
    const party = await fundedParty(database, { IDR: 9_223_372_036_854_775_807n });
    expect(await walletMinor(database, party.id, 'IDR')).toBe(9_223_372_036_854_775_807n);
    const one = money(1n, 'IDR');
    const lines = [debit(walletOf(party.id), one), debit(walletOf(party.id), one), credit(IN_FLIGHT, money(2n, 'IDR'))];
    await post(balancedEntry('adjustment', 'test', lines));
    expect(await walletMinor(database, party.id, 'IDR')).toBe(9_223_372_036_854_775_805n);
  });

  test('two currencies of one party are two accounts', async () => {
    const party = await fundedParty(database, { EUR: 100n, USD: 50n });
    await post(take(party.id, 30n, 'USD'));
    expect([await walletMinor(database, party.id, 'EUR'), await walletMinor(database, party.id, 'USD')]).toEqual([
      100n,
      20n,
    ]);
    expect(await refusalOf(post(take(party.id, 21n, 'USD')))).toBe('insufficient_balance');
  });

  test('a wallet is never overdrawn, to the last minor unit; the accounts between may be', async () => {
    const party = await fundedParty(database, { EUR: 100n });
    const before = await footprint(database);
    expect(await refusalOf(post(take(party.id, 101n)))).toBe('insufficient_balance');
    expect(await footprint(database)).toEqual(before);
    await post(take(party.id, 100n));
    expect(await walletMinor(database, party.id)).toBe(0n);
    const amount = money(1_000_000n, 'EUR');
    const paid = balancedEntry('payout_paid', 'test', [
      debit(IN_FLIGHT, amount),
      credit(clearingOf('another'), amount),
    ]);
    await post(paid);
    expect(await balanceOf(database.db, clearingOf('another'), 'EUR')).toBe(-1_000_000n);
  });

  test('raced: of twenty at once on a wallet that covers seven, seven pass and none deadlocks', async () => {
    const party = await fundedParty(database, { EUR: 70n });
    const codes = await Promise.all(Array.from({ length: 20 }, () => refusalOf(post(take(party.id, 10n)))));
    expect(codes.filter((code) => code === null)).toHaveLength(7);
    expect(await walletMinor(database, party.id)).toBe(0n);
  });

  test('raced: an account that two entries open at once is opened once', async () => {
    const party = await fundedParty(database, { GEL: 100n });
    await Promise.all(Array.from({ length: 6 }, () => post(take(party.id, 10n, 'GEL'))));
    expect(await balanceOf(database.db, IN_FLIGHT, 'GEL')).toBe(60n);
    const { rowCount } = await database.db.query(`SELECT 1 FROM ledger_account WHERE code = $1 AND currency = 'GEL'`, [
      IN_FLIGHT,
    ]);
    expect(rowCount).toBe(1);
  });

  test('an account that was never opened holds nothing', async () => {
    expect(await balanceOf(database.db, walletOf(newUuid()), 'EUR')).toBe(0n);
    expect(await refusalOf(post(take((await fundedParty(database)).id, 1n, 'CHF')))).toBe('insufficient_balance');
  });

  test('a crash after the entry leaves nothing: neither postings nor balances', async () => {
    const party = await fundedParty(database, { EUR: 100n });
    const before = await footprint(database);
    const crash = database.db.transaction(async (tx) => {
      await postEntry(tx, take(party.id, 50n), by);
      throw new Error('the process died');
    });
    await expect(crash).rejects.toThrow('died');
    expect(await footprint(database)).toEqual(before);
  });

  test('an account code that is none of ours is a bug, and posts nothing', async () => {
    const amount = money(1n, 'EUR');
    const entry = balancedEntry('adjustment', 'test', [
      debit('cash' as AccountCode, amount),
      credit(IN_FLIGHT, amount),
    ]);
    expect(await failure(post(entry))).toContain('unknown ledger account');
  });
});

describe('the database says no, whoever writes', () => {
  const entryId = async () => post(take((await fundedParty(database)).id, 1n));
  const accountOf = async (currency: string) => {
    const { rows } = await database.db.query<{ id: bigint }>(
      'SELECT id FROM ledger_account WHERE currency = $1 LIMIT 1',
      [currency],
    );
    return rows[0]?.id ?? 0n;
  };
  const insertEntry = (id: string) =>
    [
      `INSERT INTO journal_entry (id, kind, description, effective_on) VALUES ($1, 'adjustment', 'by hand', now())`,
      [id],
    ] as const;
  const insertPosting = (id: string, account: bigint, side: string, minor: bigint, currency: string) =>
    [
      'INSERT INTO posting (entry_id, account_id, side, amount_minor, currency) VALUES ($1, $2, $3, $4, $5)',
      [id, account, side, minor, currency],
    ] as const;

  test('an entry without postings is refused at commit', async () => {
    for (const on of [database.db, database.owner]) {
      expect(await failure(on.transaction((tx) => tx.query(...insertEntry(newUuid()))))).toContain('has no postings');
    }
  });

  test('an unbalanced entry is refused at commit, for the owner too', async () => {
    await entryId();
    const account = await accountOf('EUR');
    for (const on of [database.db, database.owner]) {
      const id = newUuid();
      const work = on.transaction(async (tx) => {
        await tx.query(...insertEntry(id));
        await tx.query(...insertPosting(id, account, 'debit', 5n, 'EUR'));
        await tx.query(...insertPosting(id, account, 'credit', 4n, 'EUR'));
      });
      expect(await failure(work)).toContain(`${id} does not balance`);
      expect((await database.db.query('SELECT 1 FROM journal_entry WHERE id = $1', [id])).rowCount).toBe(0);
    }
  });

  test('an old entry takes no lopsided posting later', async () => {
    const id = await entryId();
    const work = database.owner.query(...insertPosting(id, await accountOf('EUR'), 'debit', 5n, 'EUR'));
    expect(await failure(work)).toContain('does not balance');
  });

  test('balanced in sum, but not in each currency: refused', async () => {
    await fundedParty(database, { EUR: 1n, USD: 1n });
    const id = newUuid();
    const [eur, usd] = [await accountOf('EUR'), await accountOf('USD')];
    const work = database.owner.transaction(async (tx) => {
      await tx.query(...insertEntry(id));
      await tx.query(...insertPosting(id, eur, 'debit', 5n, 'EUR'));
      await tx.query(...insertPosting(id, usd, 'credit', 5n, 'USD'));
    });
    expect(await failure(work)).toContain('does not balance');
  });

  test('a posting in another currency than its account’s is refused', async () => {
    const id = await entryId();
    const work = database.owner.query(...insertPosting(id, await accountOf('EUR'), 'debit', 5n, 'USD'));
    expect(await failure(work)).toContain('an account of another currency');
  });

  test.each([0n, -5n])('a posting of %s is refused', async (minor) => {
    const work = database.owner.query(...insertPosting(await entryId(), await accountOf('EUR'), 'debit', minor, 'EUR'));
    expect(await failure(work)).toContain('posting_positive');
  });

  test('a stored balance below zero is refused on a wallet, whoever writes it', async () => {
    const party = await fundedParty(database, { EUR: 10n });
    for (const on of [database.db, database.owner]) {
      const work = on.query(
        'UPDATE account_balance SET balance_minor = -1 WHERE account_id = (SELECT id FROM ledger_account WHERE code = $1)',
        [walletOf(party.id)],
      );
      expect(await failure(work)).toContain('would be overdrawn');
    }
  });

  test.each([
    ['journal_entry', `UPDATE journal_entry SET description = 'nicer'`],
    ['journal_entry', 'DELETE FROM journal_entry'],
    ['posting', 'UPDATE posting SET amount_minor = amount_minor + 1'],
    ['posting', 'DELETE FROM posting'],
    ['payout_event', 'DELETE FROM payout_event'],
  ])('%s is append-only: %s is refused to the application by grant, to the owner by trigger', async (table, sql) => {
    await payoutIn(database, 'queued');
    expect(await failure(database.db.query(sql))).toBe(`42501 permission denied for table ${table}`);
    expect(await failure(database.owner.query(sql))).toContain(`23001 ${table} is append-only`);
  });

  test.each(['journal_entry', 'posting', 'payout_event'])('TRUNCATE %s is refused to both', async (table) => {
    expect(await failure(database.db.query(`TRUNCATE ${table} CASCADE`))).toContain('42501');
    expect(await failure(database.owner.query(`TRUNCATE ${table} CASCADE`))).toContain('is append-only');
  });

  test('accounts are never deleted, and balances not by the application', async () => {
    await entryId();
    expect(await failure(database.owner.query('DELETE FROM ledger_account'))).toContain('append-only');
    expect(await failure(database.db.query('DELETE FROM ledger_account'))).toContain('42501');
    expect(await failure(database.db.query('DELETE FROM account_balance'))).toContain('42501');
  });
});
