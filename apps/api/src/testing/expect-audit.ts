import type { TestDatabase } from './database.ts';

export interface AuditRow {
  act: string;
  outcome: string;
  actor_id: string;
  subject_kind: string | null;
  subject_id: string | null;
  refusal_code: string | null;
  before: unknown;
  after: unknown;
  reason: string | null;
  ip: string | null;
}

/** The audit rows of a subject (or all), oldest first. */
export async function auditRows(database: TestDatabase, subjectId?: string): Promise<AuditRow[]> {
  const { rows } = await database.db.query<AuditRow>(
    `SELECT act, outcome, actor_id, subject_kind, subject_id, refusal_code, before, after, reason, ip
     FROM audit_event WHERE $1::text IS NULL OR subject_id = $1 ORDER BY seq`,
    [subjectId ?? null],
  );
  return rows;
}
