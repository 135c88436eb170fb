import type { Actor, Role } from '../core/actor.ts';
import type { Queryable } from '../runtime/db.ts';
import type { BulkAct, BulkInput, BulkStatus } from './bulk.ts';

/** What the worker asks before each item: whether to go on, and who the run's person is now. */
export interface WorkState {
  act: BulkAct;
  input: BulkInput;
  status: BulkStatus;
  leasedBy: string | null;
  /** The person in whose name it runs, with the roles they have now; none once they are disabled. */
  actor: Extract<Actor, { kind: 'person' }>;
}

export async function readWork(on: Queryable, runId: string): Promise<WorkState | null> {
  const { rows } = await on.query<{
    act: BulkAct;
    input: BulkInput;
    status: BulkStatus;
    leased_by: string | null;
    person_id: string;
    name: string;
    roles: Role[];
  }>(
    `SELECT r.act, r.input, r.status, r.leased_by, p.id AS person_id, p.name,
       CASE WHEN p.disabled_at IS NULL
         THEN coalesce((SELECT array_agg(o.role) FROM person_role o WHERE o.person_id = p.id), '{}') ELSE '{}' END AS roles
     FROM bulk_run r JOIN person p ON p.id = r.created_by WHERE r.id = $1`,
    [runId],
  );
  const row = rows[0];
  return row
    ? {
        act: row.act,
        input: row.input,
        status: row.status,
        leasedBy: row.leased_by,
        // No session: what was confirmed goes on when the session of that day has ended.
        actor: { kind: 'person', id: row.person_id, label: row.name, roles: row.roles, sessionId: null },
      }
    : null;
}

/** An item whose turn comes. */
export interface WorkItem {
  position: number;
  payoutId: string;
  /** The payout's version as the preview froze it. */
  version: number;
}

/** The next items without an outcome, in the order of the preview. */
export async function nextItems(on: Queryable, runId: string, limit: number): Promise<WorkItem[]> {
  const { rows } = await on.query<WorkItem>(
    `SELECT position, payout_id AS "payoutId", version FROM bulk_item
     WHERE run_id = $1 AND outcome IS NULL ORDER BY position LIMIT $2`,
    [runId, limit],
  );
  return rows;
}

/** Runs that should have a worker and have none: theirs died, or its job was lost. */
export async function lostRuns(on: Queryable, now: Date, limit: number): Promise<string[]> {
  const { rows } = await on.query<{ id: string }>(
    `SELECT id FROM bulk_run WHERE status IN ('running', 'canceling') AND (leased_until IS NULL OR leased_until <= $1)
     ORDER BY leased_until NULLS FIRST LIMIT $2`,
    [now, limit],
  );
  return rows.map((row) => row.id);
}
