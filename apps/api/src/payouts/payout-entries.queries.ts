import { toId } from '../core/ids.ts';
import type { Queryable } from '../runtime/db.ts';

export interface PayoutEntry {
  id: string;
  kind: string;
  postedAt: string;
  /** Debits first. A wallet goes by its kind alone: whose it is stands above. */
  lines: { account: string; side: 'debit' | 'credit'; amountMinor: string; currency: string }[];
}

/** The journal entries of a payout with their lines, oldest first. */
export async function readEntries(on: Queryable, payoutId: string): Promise<PayoutEntry[]> {
  const { rows } = await on.query<{
    id: string;
    kind: string;
    posted_at: Date;
    account: string;
    side: 'debit' | 'credit';
    amount_minor: bigint;
    currency: string;
  }>(
    `SELECT e.id, e.kind, e.posted_at, l.side, l.amount_minor, l.currency,
       CASE a.kind WHEN 'wallet' THEN a.kind ELSE a.code END AS account
     FROM journal_entry e JOIN posting l ON l.entry_id = e.id JOIN ledger_account a ON a.id = l.account_id
     WHERE e.payout_id = $1 ORDER BY e.posted_at, e.id, l.side DESC, l.id LIMIT 200`,
    [payoutId],
  );
  const entries = new Map<string, PayoutEntry>();
  for (const { id, kind, posted_at, account, side, amount_minor, currency } of rows) {
    const entry = entries.get(id) ?? {
      id: toId('journal_entry', id),
      kind,
      postedAt: posted_at.toISOString(),
      lines: [],
    };
    entry.lines.push({ account, side, amountMinor: amount_minor.toString(), currency });
    entries.set(id, entry);
  }
  return [...entries.values()];
}
