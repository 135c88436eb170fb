import type { Actor } from '../core/actor.ts';
import { type Refusal, refusal } from '../core/refusal.ts';
import { may } from '../identity/permission.ts';
import type { Queryable } from '../runtime/db.ts';
import { countBehindPolicy, currentStuckPolicy, findBehindPolicy } from './stuck-policy.store.ts';
import type { StuckRules } from './stuck-policy.ts';
import { diffStuckRules, type StuckChange } from './stuck-policy-diff.ts';

/** The open payouts that do not have the deadlines of the policy in force yet. */
export async function behindPolicy(on: Queryable): Promise<string[]> {
  const { version } = await currentStuckPolicy(on);
  return findBehindPolicy(on, version);
}

interface VersionRow {
  version: number;
  rules: StuckRules;
  note: string;
  createdBy: string;
  createdAt: Date;
}

export interface PolicyInForce {
  version: number;
  rules: StuckRules;
  note: string;
  by: string;
  at: string;
  /** Open payouts whose deadlines an older version set: these are being brought up to date. */
  behind: number;
  can: { change: Refusal | null };
}

const COLUMNS = 'version, rules, note, created_by AS "createdBy", created_at AS "createdAt"';

/** The policy in force, with who put it in force, and whether this person may change it. */
export async function policyInForce(on: Queryable, actor: Actor): Promise<PolicyInForce> {
  const { rows } = await on.query<VersionRow>(`SELECT ${COLUMNS} FROM stuck_policy ORDER BY version DESC LIMIT 1`);
  const row = rows[0];
  if (!row) throw new Error('there is no stuck policy');
  const permission = 'stuck_policy:change';
  return {
    version: row.version,
    rules: row.rules,
    note: row.note,
    by: row.createdBy,
    at: row.createdAt.toISOString(),
    behind: await countBehindPolicy(on, row.version),
    can: { change: may(actor, permission) ? null : refusal('permission_missing', { permission }) },
  };
}

export interface PolicyVersion {
  version: number;
  note: string;
  by: string;
  at: string;
  /** What it changed; null for the first. */
  changes: StuckChange[] | null;
}

const PAGE = 20;

/** The versions, newest first, each with what it changed; the cursor is a version number. */
export async function policyVersions(
  on: Queryable,
  input: { cursor?: number | undefined },
): Promise<{ rows: PolicyVersion[]; nextCursor: number | null }> {
  // One more than is shown: the last one's predecessor, to tell what it changed.
  const { rows } = await on.query<VersionRow>(
    `SELECT ${COLUMNS} FROM stuck_policy WHERE $1::integer IS NULL OR version < $1 ORDER BY version DESC LIMIT ${PAGE + 1}`,
    [input.cursor ?? null],
  );
  const page = rows.slice(0, PAGE);
  return {
    rows: page.map((row, at) => {
      const older = rows[at + 1];
      return {
        version: row.version,
        note: row.note,
        by: row.createdBy,
        at: row.createdAt.toISOString(),
        changes: older ? diffStuckRules(older.rules, row.rules) : null,
      };
    }),
    nextCursor: rows.length > PAGE ? (page.at(-1)?.version ?? null) : null,
  };
}
