import { plain } from '../core/canonical-json.ts';
import { newUuid } from '../core/ids.ts';
import { Refused } from '../core/refusal.ts';
import type { LocalDate } from '../core/time.ts';
import type { Queryable, Tx } from '../runtime/db.ts';
import { announce } from '../runtime/live.ts';
import { type BreakRow, findingColumns, periodOn } from './break.rows.ts';
import { breakFingerprint, type Finding, type ReconKind, type Risk, resolutionWhenGone } from './break.ts';
import type { RecommendedAction } from './recommended-action.ts';
import type { RiskClass } from './risk-policy.ts';

/**
 * The earlier breaks that a run has to know: the open ones of days up to its own, and whatever has the identity of
 * something that it found.
 */
export async function previousBreaks(
  on: Queryable,
  kind: ReconKind,
  through: LocalDate,
  findings: readonly Finding[],
): Promise<BreakRow[]> {
  const { rows } = await on.query<BreakRow>(
    `SELECT * FROM recon_break
     WHERE kind = $1 AND ((status <> 'resolved' AND period_on <= $2) OR (period_on = $2 AND why ->> 'side' = 'run'))
     UNION
     SELECT b.* FROM recon_break b
     JOIN unnest($3::text[], $4::date[]) AS f (fingerprint, period_on)
       ON b.fingerprint = f.fingerprint AND b.period_on = f.period_on AND b.kind = $1`,
    [kind, through, findings.map(breakFingerprint), findings.map((found) => periodOn(found.period))],
  );
  return rows;
}

/** Subjects of the open breaks of days up to `through`: the run has to look at them again. */
export async function openBreakSubjects(
  on: Queryable,
  kind: ReconKind,
  through: LocalDate,
): Promise<{ payoutIds: string[]; lineIds: bigint[] }> {
  const { rows } = await on.query<{ subjects: { payoutIds: string[]; providerKeys: string[]; bankKeys: string[] } }>(
    `SELECT why -> 'subjects' AS subjects FROM recon_break WHERE kind = $1 AND status <> 'resolved' AND period_on <= $2`,
    [kind, through],
  );
  return {
    payoutIds: rows.flatMap(({ subjects }) => subjects.payoutIds),
    lineIds: rows.flatMap(({ subjects }) => [...subjects.providerKeys, ...subjects.bankKeys].map(BigInt)),
  };
}

/** A finding with its class and recommendation, ready to be kept. */
export interface JudgedFinding {
  found: Finding;
  risk: RiskClass;
  action: RecommendedAction;
}

/** A break that was there before, and how it looks now. */
export interface SeenAgain extends JudgedFinding {
  id: string;
}

const COLUMNS = `kind text, fingerprint text, period_on date, type text, amount_minor bigint, currency text,
  payout_id uuid, ours jsonb, provider jsonb, bank jsonb, why jsonb, risk text, risk_fired jsonb, policy_version int,
  action text, action_detail jsonb, id uuid`;

/** Keeps breaks that are new. Returns them with their ids. */
export async function insertBreaks(
  tx: Tx,
  runId: string,
  created: readonly JudgedFinding[],
  now: Date,
): Promise<SeenAgain[]> {
  const rows = created.map((judged) => ({ ...judged, id: newUuid() }));
  if (rows.length === 0) return rows;
  await tx.query(
    `INSERT INTO recon_break (id, kind, fingerprint, period_on, type, status, risk, risk_fired, policy_version, action,
       action_detail, amount_minor, currency, payout_id, ours, provider, bank, why, first_run_id, last_run_id, opened_at)
     SELECT id, kind, fingerprint, period_on, type, 'open', risk, risk_fired, policy_version, action, action_detail,
       amount_minor, currency, payout_id, ours, provider, bank, why, $2, $2, $3
     FROM json_to_recordset($1) AS b (${COLUMNS})`,
    [JSON.stringify(rows.map(columnsOf)), runId, now],
  );
  return rows;
}

/**
 * Brings breaks that were found again up to date. `reopen`: resolved ones begin anew, and age from now. The version
 * moves only when something about the break did, so that a person who reads it may still decide.
 */
export async function updateBreaks(
  tx: Tx,
  runId: string,
  seen: readonly SeenAgain[],
  how: { reopen: boolean; now: Date },
): Promise<void> {
  if (seen.length === 0) return;
  await tx.query(
    `UPDATE recon_break b SET amount_minor = f.amount_minor, currency = f.currency, payout_id = f.payout_id,
       ours = f.ours, provider = f.provider, bank = f.bank, why = f.why, risk = f.risk, risk_fired = f.risk_fired,
       policy_version = f.policy_version, action = f.action, action_detail = f.action_detail,
       last_run_id = $2, seen_runs = b.seen_runs + 1,
       version = b.version + CASE WHEN $3 OR b.why ->> 'factsHash' <> f.why ->> 'factsHash' THEN 1 ELSE 0 END
       ${how.reopen ? REOPEN : ''}
     FROM json_to_recordset($1) AS f (${COLUMNS}) WHERE b.id = f.id`,
    [JSON.stringify(seen.map(columnsOf)), runId, how.reopen, ...(how.reopen ? [how.now] : [])],
  );
}

const REOPEN = `, status = 'open', resolution = NULL, reopened = b.reopened + 1, opened_at = $4, cleared_run_id = NULL,
  resolved_by = NULL, resolved_at = NULL, assignee_id = NULL, escalated_at = NULL, override_id = NULL`;

/** Notes that accepted breaks are still as they were accepted. */
export async function touchBreaks(tx: Tx, runId: string, ids: readonly string[]): Promise<void> {
  await tx.query('UPDATE recon_break SET last_run_id = $2, seen_runs = seen_runs + 1 WHERE id = ANY($1)', [ids, runId]);
}

/** Closes breaks that the run compared and no longer found: cleared, or by the retry or override that made them go. */
export async function clearBreaks(tx: Tx, runId: string, ids: readonly string[], now: Date): Promise<void> {
  if (ids.length === 0) return;
  const { rows } = await tx.query<{ id: string; override_id: string | null; retried: boolean }>(
    `SELECT b.id,
       (SELECT o.id FROM override_request o
        WHERE o.status = 'executed' AND o.executed_at >= b.opened_at
          AND ((o.subject_kind = 'payout' AND o.subject_id = b.payout_id) OR (o.subject_kind = 'break' AND o.subject_id = b.id))
        ORDER BY o.executed_at DESC LIMIT 1) AS override_id,
       EXISTS (SELECT 1 FROM payout_event e WHERE e.payout_id = b.payout_id AND e.kind = 'retry_requested'
                 AND e.at >= b.opened_at) AS retried
     FROM recon_break b WHERE b.id = ANY($1)`,
    [ids],
  );
  const ended = rows.map(({ id, override_id, retried }) => ({
    id,
    override_id,
    resolution: resolutionWhenGone({ overrideExecuted: override_id !== null, retried }),
  }));
  await tx.query(
    `UPDATE recon_break b SET status = 'resolved', resolution = e.resolution, override_id = e.override_id,
       cleared_run_id = $2, resolved_by = 'reconciliation', resolved_at = $3, version = b.version + 1
     FROM json_to_recordset($1) AS e (id uuid, resolution text, override_id uuid) WHERE b.id = e.id`,
    [JSON.stringify(ended), runId, now],
  );
}

export type RunOutcome = 'created' | 'carried' | 'reopened' | 'settled' | 'cleared';

/** Writes what the run did with each break: the report of the day, for good. */
export async function recordOutcomes(
  tx: Tx,
  runId: string,
  seen: readonly { id: string; outcome: RunOutcome; risk: Risk }[],
): Promise<void> {
  await tx.query(
    `INSERT INTO recon_run_break (run_id, break_id, outcome, risk)
     SELECT $1, * FROM unnest($2::uuid[], $3::text[], $4::text[])`,
    [runId, seen.map((one) => one.id), seen.map((one) => one.outcome), seen.map((one) => one.risk)],
  );
}

/** The break under a row lock. Throws Refused `not_found`. */
export async function lockBreak(tx: Tx, id: string): Promise<BreakRow> {
  const { rows } = await tx.query<BreakRow>('SELECT * FROM recon_break WHERE id = $1 FOR UPDATE', [id]);
  if (!rows[0]) throw new Refused('not_found', { what: 'break' });
  return rows[0];
}

/** Whether an override on the break itself was approved and executed since it was opened. */
export async function executedOverride(on: Queryable, of: BreakRow): Promise<string | null> {
  const { rows } = await on.query<{ id: string }>(
    `SELECT id FROM override_request WHERE subject_kind = 'break' AND subject_id = $1 AND status = 'executed'
       AND executed_at >= $2 ORDER BY executed_at DESC LIMIT 1`,
    [of.id, of.opened_at],
  );
  return rows[0]?.id ?? null;
}

export type BreakChange = Partial<
  Pick<
    BreakRow,
    'status' | 'resolution' | 'assignee_id' | 'escalated_at' | 'note' | 'resolved_by' | 'resolved_at' | 'override_id'
  >
>;

/** Writes the named fields of a locked break, moves its version and tells the consoles. */
export async function saveBreak(tx: Tx, id: string, change: BreakChange): Promise<void> {
  const fields = Object.keys(change);
  const values = Object.values(change);
  const assignments = fields.map((field, at) => `${field} = $${at + 2}`);
  await tx.query(`UPDATE recon_break SET ${[...assignments, 'version = version + 1'].join(', ')} WHERE id = $1`, [
    id,
    ...values,
  ]);
  await announce(tx, 'break', id);
}

function columnsOf({ id, found, risk, action }: SeenAgain): Record<string, unknown> {
  return {
    ...findingColumns(found),
    id,
    risk: risk.risk,
    risk_fired: risk.fired,
    policy_version: risk.policyVersion,
    action: action.action,
    action_detail: plain({ until: action.until, why: action.why, preconditions: action.preconditions }),
  };
}
