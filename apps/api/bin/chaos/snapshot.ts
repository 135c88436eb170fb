import { type AttemptRow, attemptFromRow, type PayoutRow, payoutFromRow } from '../../src/payouts/payout.rows.ts';
import { payoutsOn } from '../../src/payouts/payout.store.ts';
import type { StuckPolicy } from '../../src/payouts/stuck-policy.ts';
import type { Db } from '../../src/runtime/db.ts';
import type { AuditLine, Movement, PostingLine, Snapshot, TimelineLine } from './checker.ts';
import type { ClientsAnswer } from './clients.ts';

/** Reads everything that the checker looks at: our tables as the owner, and the provider's own books. */
export async function takeSnapshot(db: Db, sandboxUrl: string, clients: ClientsAnswer): Promise<Snapshot> {
  const rows = async <R extends object>(sql: string) => (await db.query<R>(sql)).rows;
  const attempts = await rows<AttemptRow>('SELECT * FROM attempt ORDER BY payout_id, no');
  return {
    at: new Date(),
    payouts: (await rows<PayoutRow>('SELECT * FROM payout ORDER BY id')).map(payoutFromRow),
    attempts: attempts.map(attemptFromRow),
    timeline: await rows<TimelineLine>(
      `SELECT payout_id AS "payoutId", at, kind, from_status AS "from", to_status AS "to", attempt_id AS "attemptId",
         actor_label AS "actorLabel", data ->> 'entryId' AS "entryId" FROM payout_event ORDER BY payout_id, id`,
    ),
    audit: await rows<AuditLine>(
      `SELECT seq, at, actor_kind || ':' || actor_id AS "actorKey", actor_label AS "actorLabel", act, outcome,
         subject_kind AS "subjectKind", subject_id AS "subjectId", idempotency_key AS "idempotencyKey"
       FROM audit_event ORDER BY seq`,
    ),
    postings: await rows<PostingLine>(
      `SELECT p.entry_id AS "entryId", e.payout_id AS "payoutId", a.code AS account, p.currency, p.side,
         p.amount_minor AS minor
       FROM posting p JOIN journal_entry e ON e.id = p.entry_id JOIN ledger_account a ON a.id = p.account_id ORDER BY p.id`,
    ),
    balances: await rows<Snapshot['balances'][number]>(
      `SELECT a.code AS account, a.currency, b.balance_minor AS minor, b.posting_count AS postings
       FROM ledger_account a JOIN account_balance b ON b.account_id = a.id`,
    ),
    keys: await rows<Snapshot['keys'][number]>(
      'SELECT actor, key, operation FROM idempotency_key WHERE result IS NOT NULL',
    ),
    policies: await rows<StuckPolicy>('SELECT version, rules FROM stuck_policy'),
    payoutsOn: await payoutsOn(db),
    bulkRuns: await rows<Snapshot['bulkRuns'][number]>(
      `SELECT r.id, r.status, r.item_count AS items,
         r.done_count + r.skipped_count + r.failed_count + r.canceled_count AS counted,
         (SELECT count(*)::int FROM bulk_item i WHERE i.run_id = r.id AND i.outcome IS NULL) AS open
       FROM bulk_run r`,
    ),
    movements: await readMovements(sandboxUrl),
    accepted: clients.accepted,
    surprises: clients.surprises,
  };
}

interface BookedMovement {
  direction: Movement['direction'];
  amount: number;
  currency: string;
  payout_id: string | null;
}

async function readMovements(sandboxUrl: string): Promise<Movement[]> {
  const response = await fetch(`${sandboxUrl}/__sandbox/books`);
  const { movements } = (await response.json()) as { movements: BookedMovement[] };
  return movements.map(({ payout_id, ...movement }) => ({ ...movement, payoutId: payout_id }));
}
