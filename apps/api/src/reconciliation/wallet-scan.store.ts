import type { Currency } from '../core/currency.ts';
import type { Queryable } from '../runtime/db.ts';
import { type AccountBalances, type BucketSummary, bucketsToDrill, WALLET_SCAN } from './drift.ts';

/** Sum of postings per account, counted on the account's normal side, and the balance that is stored beside it. */
const sides = (only: string) => `
  ledger AS (
    SELECT o.account_id, sum(CASE WHEN o.side = a.normal_side THEN o.amount_minor ELSE -o.amount_minor END) AS minor
    FROM (SELECT * FROM posting ${only}) o JOIN ledger_account a ON a.id = o.account_id GROUP BY o.account_id),
  stored AS (SELECT account_id, balance_minor AS minor FROM account_balance ${only})`;

/**
 * Compares every account's postings with its stored balance: bucket checksums first, then only the accounts of buckets
 * that differ, and wallets below zero. Each phase is one statement and so sees one state of the books: postings and
 * balances move in one transaction, so what differs within a statement differs in truth.
 */
export async function scanWallets(on: Queryable): Promise<{ accounts: number; differing: AccountBalances[] }> {
  const { buckets, leaveOut } = WALLET_SCAN;
  const summary = (side: 'ledger' | 'stored') =>
    `SELECT '${side}' AS side, (s.account_id % ${buckets})::int AS bucket, a.currency, count(*) AS accounts,
       sum(s.minor)::text AS sum_minor,
       sum(hashtextextended(s.account_id || ':' || a.currency || ':' || s.minor::bigint, 0)::numeric)::text AS checksum
     FROM ${side} s JOIN ledger_account a ON a.id = s.account_id
     WHERE NOT (s.${leaveOut}) GROUP BY 2, 3`;
  const { rows } = await on.query<{
    side: string;
    bucket: number;
    currency: Currency;
    accounts: bigint;
    sum_minor: string;
    checksum: string;
  }>(`WITH ${sides('')} ${summary('ledger')} UNION ALL ${summary('stored')}`);
  const of = (side: string): BucketSummary[] =>
    rows
      .filter((row) => row.side === side)
      .map(({ bucket, currency, accounts, sum_minor, checksum }) => ({
        bucket,
        currency,
        accounts,
        sumMinor: BigInt(sum_minor),
        checksum: BigInt(checksum),
      }));
  const drill = bucketsToDrill(of('ledger'), of('stored'));
  const found = await on.query<{
    code: string;
    kind: string;
    currency: Currency;
    ledger_minor: bigint | null;
    stored_minor: bigint | null;
  }>(
    `WITH looked AS (
       SELECT id FROM ledger_account WHERE id % ${buckets} = ANY($1)
       UNION
       SELECT b.account_id FROM account_balance b JOIN ledger_account w ON w.id = b.account_id
       WHERE b.balance_minor < 0 AND w.kind = 'wallet'),
     ${sides('WHERE account_id IN (SELECT id FROM looked)')}
     SELECT a.code, a.kind, a.currency, l.minor::bigint AS ledger_minor, s.minor AS stored_minor
     FROM looked JOIN ledger_account a USING (id)
     LEFT JOIN ledger l ON l.account_id = a.id LEFT JOIN stored s ON s.account_id = a.id
     WHERE coalesce(l.minor, 0) <> coalesce(s.minor, 0) OR (a.kind = 'wallet' AND s.minor < 0)
     ORDER BY a.code, a.currency`,
    [drill],
  );
  const counted = await on.query<{ accounts: bigint }>('SELECT count(*) AS accounts FROM ledger_account');
  return {
    accounts: Number(counted.rows[0]?.accounts ?? 0n),
    differing: found.rows.map((row) => ({
      accountId: row.code,
      currency: row.currency,
      ledgerMinor: row.ledger_minor,
      storedMinor: row.stored_minor,
      wallet: row.kind === 'wallet',
    })),
  };
}
