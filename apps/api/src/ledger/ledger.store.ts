import { newUuid } from '../core/ids.ts';
import { Refused } from '../core/refusal.ts';
import type { LocalDate } from '../core/time.ts';
import { type Queryable, type Tx, violatedConstraint } from '../runtime/db.ts';
import { ACCOUNT_KINDS, type AccountCode, accountKind, balanceChange, type Entry } from './journal.ts';

export interface PostedBy {
  payoutId?: string;
  overrideId?: string;
  reversesId?: string;
  now: Date;
  effectiveOn: LocalDate;
}

/**
 * Posts a balanced entry and moves the stored balances with it. The sole writer of the ledger's tables. Returns the
 * entry's uuid. Throws Refused `insufficient_balance` when a wallet would be overdrawn; the database says so, under the
 * balance row's lock, so two payouts at once cannot both pass.
 */
export async function postEntry(tx: Tx, entry: Entry, by: PostedBy): Promise<string> {
  const id = newUuid();
  const accounts = await accountIds(tx, entry, by);
  await tx.query(
    `INSERT INTO journal_entry (id, kind, payout_id, override_id, reverses_id, description, effective_on, posted_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      id,
      entry.kind,
      by.payoutId ?? null,
      by.overrideId ?? null,
      by.reversesId ?? null,
      entry.description,
      by.effectiveOn,
      by.now,
    ],
  );
  const idOf = (account: AccountCode, currency: string) => accounts.get(`${account} ${currency}`);
  await tx.query(
    `INSERT INTO posting (entry_id, account_id, side, amount_minor, currency)
     SELECT $1, * FROM unnest($2::bigint[], $3::text[], $4::bigint[], $5::text[])`,
    [
      id,
      entry.lines.map((l) => idOf(l.account, l.amount.currency)),
      entry.lines.map((l) => l.side),
      entry.lines.map((l) => l.amount.minor),
      entry.lines.map((l) => l.amount.currency),
    ],
  );
  const changes = new Map<bigint, { change: bigint; count: number }>();
  for (const line of entry.lines) {
    const account = idOf(line.account, line.amount.currency);
    if (account === undefined) throw new Error(`account ${line.account} was not made`);
    const sum = changes.get(account) ?? { change: 0n, count: 0 };
    changes.set(account, { change: sum.change + balanceChange(line), count: sum.count + 1 });
  }
  // Balances are locked in one order, so that two entries on the same accounts never deadlock.
  for (const [account, { change, count }] of [...changes].sort(([a], [b]) => (a < b ? -1 : 1))) {
    await moveBalance(tx, account, change, count, by.now);
  }
  return id;
}

async function moveBalance(tx: Tx, account: bigint, change: bigint, count: number, now: Date): Promise<void> {
  try {
    await tx.query(
      `UPDATE account_balance SET balance_minor = balance_minor + $2, posting_count = posting_count + $3, updated_at = $4
       WHERE account_id = $1`,
      [account, change, count, now],
    );
  } catch (error) {
    if (violatedConstraint(error) === 'balance_not_overdrawn') throw new Refused('insufficient_balance');
    throw error;
  }
}

/** Ids of the entry's accounts by `code currency`; accounts seen for the first time are opened with a zero balance. */
async function accountIds(tx: Tx, entry: Entry, by: PostedBy): Promise<Map<string, bigint>> {
  const wanted = [...new Map(entry.lines.map((l) => [`${l.account} ${l.amount.currency}`, l])).values()];
  const find = () =>
    tx.query<{ id: bigint; code: string; currency: string }>(
      `SELECT a.id, a.code, a.currency FROM ledger_account a
       JOIN unnest($1::text[], $2::text[]) AS w (code, currency) ON a.code = w.code AND a.currency = w.currency`,
      [wanted.map((l) => l.account), wanted.map((l) => l.amount.currency)],
    );
  let { rows } = await find();
  if (rows.length < wanted.length) {
    for (const { account, amount } of wanted) await openAccount(tx, account, amount.currency, by.now);
    rows = (await find()).rows;
  }
  return new Map(rows.map((row) => [`${row.code} ${row.currency}`, row.id]));
}

async function openAccount(tx: Tx, code: AccountCode, currency: string, now: Date): Promise<void> {
  const kind = accountKind(code);
  const { normalSide, mayOverdraw } = ACCOUNT_KINDS[kind];
  await tx.query(
    `WITH opened AS (
       INSERT INTO ledger_account (code, currency, kind, normal_side, may_overdraw, party_id)
       VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (code, currency) DO NOTHING RETURNING id)
     INSERT INTO account_balance (account_id, balance_minor, posting_count, updated_at) SELECT id, 0, 0, $7 FROM opened`,
    [code, currency, kind, normalSide, mayOverdraw, kind === 'wallet' ? code.slice('wallet:'.length) : null, now],
  );
}

/** The stored balance of an account in minor units on its normal side; 0 when it was never opened. */
export async function balanceOf(on: Queryable, account: AccountCode, currency: string): Promise<bigint> {
  const { rows } = await on.query<{ balance_minor: bigint }>(
    `SELECT b.balance_minor FROM account_balance b JOIN ledger_account a ON a.id = b.account_id
     WHERE a.code = $1 AND a.currency = $2`,
    [account, currency],
  );
  return rows[0]?.balance_minor ?? 0n;
}
