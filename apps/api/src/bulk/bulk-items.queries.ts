import { toId } from '../core/ids.ts';
import type { Queryable } from '../runtime/db.ts';
import type { Outcome, Planned } from './bulk.ts';

export interface BulkItemsInput {
  runId: string;
  outcome?: Outcome | undefined;
  planned?: Planned | undefined;
  /** The reason beside `planned` or `outcome`: one group of the preview, or of the report. */
  code?: string | undefined;
  /** How many of the matching items come before. A run has a bounded number of items, so any place is as near as any other. */
  offset: number;
  limit: number;
}

/** A frozen item, what became of it, and how its payout is now. */
export interface BulkItemRow {
  position: number;
  payoutId: string;
  holder: string;
  merchant: string;
  amountMinor: string;
  currency: string;
  planned: Planned;
  plannedCode: string | null;
  outcome: Outcome | null;
  outcomeCode: string | null;
  at: string | null;
  /** The payout's status and failure code now. */
  status: string;
  failureCode: string | null;
}

/** Items of a run in the order of its preview, from `offset` on. */
export async function listItems(on: Queryable, input: BulkItemsInput): Promise<{ rows: BulkItemRow[] }> {
  const { rows } = await on.query<
    Omit<BulkItemRow, 'at' | 'amountMinor' | 'payoutId'> & { at: Date | null; amountMinor: bigint; payoutId: string }
  >(
    `SELECT i.position, i.payout_id AS "payoutId", p.destination ->> 'holder' AS holder, pa.name AS merchant,
       i.amount_minor AS "amountMinor", i.currency, i.planned, i.planned_code AS "plannedCode", i.outcome,
       i.outcome_code AS "outcomeCode", i.at, p.status, p.failure_code AS "failureCode"
     FROM (SELECT * FROM bulk_item WHERE run_id = $1 AND ($2::text IS NULL OR outcome = $2)
             AND ($3::text IS NULL OR planned = $3)
             AND ($4::text IS NULL OR CASE WHEN $3::text IS NULL THEN outcome_code ELSE planned_code END = $4)
           ORDER BY position OFFSET $5 LIMIT $6) i
     JOIN payout p ON p.id = i.payout_id JOIN party pa ON pa.id = p.party_id ORDER BY i.position`,
    [input.runId, input.outcome ?? null, input.planned ?? null, input.code ?? null, input.offset, input.limit],
  );
  return {
    rows: rows.map((row) => ({
      ...row,
      payoutId: toId('payout', row.payoutId),
      amountMinor: row.amountMinor.toString(),
      at: row.at?.toISOString() ?? null,
    })),
  };
}
