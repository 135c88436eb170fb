import { Refused } from '../core/refusal.ts';
import { type Queryable, type Tx, violatedConstraint } from '../runtime/db.ts';
import { OPEN_STATUSES, type PayoutStatus, type Rail } from './payout.ts';
import type { StuckPolicy } from './stuck-policy.ts';

/** The stuck policy in force: the latest version. Throws when the installation has none, which migrations make impossible. */
export async function currentStuckPolicy(on: Queryable): Promise<StuckPolicy> {
  const { rows } = await on.query<StuckPolicy>('SELECT version, rules FROM stuck_policy ORDER BY version DESC LIMIT 1');
  if (!rows[0]) throw new Error('there is no stuck policy');
  return rows[0];
}

/** Puts a version in force. Throws Refused `version_conflict` when somebody else took its number meanwhile. */
export async function insertStuckPolicy(
  tx: Tx,
  policy: StuckPolicy & { note: string; createdBy: string; createdAt: Date },
): Promise<void> {
  try {
    await tx.query(
      'INSERT INTO stuck_policy (version, rules, note, created_by, created_at) VALUES ($1, $2, $3, $4, $5)',
      [policy.version, JSON.stringify(policy.rules), policy.note, policy.createdBy, policy.createdAt],
    );
  } catch (error) {
    if (violatedConstraint(error) === 'stuck_policy_pkey') throw new Refused('version_conflict');
    throw error;
  }
}

const OPEN_SQL = `status IN (${OPEN_STATUSES.map((status) => `'${status}'`).join(', ')})`;

/** The open payouts whose deadlines an older version than `version` set. */
export async function findBehindPolicy(on: Queryable, version: number): Promise<string[]> {
  const { rows } = await on.query<{ id: string }>(
    `SELECT id FROM payout WHERE ${OPEN_SQL} AND stuck_policy_version < $1 ORDER BY id`,
    [version],
  );
  return rows.map((row) => row.id);
}

/** How many open payouts still have the deadlines of an older version than `version`. */
export async function countBehindPolicy(on: Queryable, version: number): Promise<number> {
  const { rows } = await on.query<{ count: bigint }>(
    `SELECT count(*) AS count FROM payout WHERE ${OPEN_SQL} AND stuck_policy_version < $1`,
    [version],
  );
  return Number(rows[0]?.count ?? 0n);
}

export interface BehindPolicy {
  id: string;
  rail: Rail;
  status: PayoutStatus;
  statusAt: Date;
}

/** Those of the named payouts that are still open and behind, under row locks; always in the order of their ids. */
export async function lockBehindPolicy(tx: Tx, ids: readonly string[], version: number): Promise<BehindPolicy[]> {
  const { rows } = await tx.query<BehindPolicy>(
    `SELECT id, rail, status, status_at AS "statusAt" FROM payout
     WHERE id = ANY ($1::uuid[]) AND ${OPEN_SQL} AND stuck_policy_version < $2 ORDER BY id FOR UPDATE`,
    [ids, version],
  );
  return rows;
}

/** Writes the deadlines of locked payouts. Their versions stay: nobody's decision about the money rests on a deadline. */
export async function saveDeadlines(
  tx: Tx,
  version: number,
  deadlines: readonly { id: string; expectedBy: Date | null; stuckAt: Date | null }[],
): Promise<void> {
  await tx.query(
    `UPDATE payout p SET expected_by = d.expected_by, stuck_at = d.stuck_at, stuck_policy_version = $1
     FROM unnest($2::uuid[], $3::timestamptz[], $4::timestamptz[]) AS d (id, expected_by, stuck_at) WHERE p.id = d.id`,
    [
      version,
      deadlines.map(({ id }) => id),
      deadlines.map(({ expectedBy }) => expectedBy),
      deadlines.map(({ stuckAt }) => stuckAt),
    ],
  );
}
