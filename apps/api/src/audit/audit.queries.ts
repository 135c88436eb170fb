import { toId } from '../core/ids.ts';
import { addDays, parseLocalDate, startOfDay } from '../core/time.ts';
import type { Queryable } from '../runtime/db.ts';
import type { Act } from './audit-event.ts';

export interface AuditListInput {
  act?: Act | undefined;
  outcome?: 'done' | 'refused' | undefined;
  actor?: string | undefined;
  subjectId?: string | undefined;
  /** Calendar days, UTC, inclusive. */
  from?: string | undefined;
  to?: string | undefined;
  cursor?: string | undefined;
  limit: number;
}

export interface AuditRowDto {
  id: string;
  seq: string;
  at: string;
  act: string;
  outcome: 'done' | 'refused';
  actor: { kind: string; label: string };
  subject: { kind: string; id: string } | null;
  before: unknown;
  after: unknown;
  reason: string | null;
  refusalCode: string | null;
  requestId: string | null;
  ip: string | null;
  idempotencyKey: string | null;
}

interface Row {
  id: string;
  seq: bigint;
  at: Date;
  act: string;
  outcome: 'done' | 'refused';
  actor_kind: string;
  actor_label: string;
  subject_kind: string | null;
  subject_id: string | null;
  before: unknown;
  after: unknown;
  reason: string | null;
  refusal_code: string | null;
  request_id: string | null;
  ip: string | null;
  idempotency_key: string | null;
}

/** A page of the log, newest first, by keyset on the sequence number. */
export async function listAudit(
  on: Queryable,
  input: AuditListInput,
): Promise<{ rows: AuditRowDto[]; nextCursor: string | null }> {
  const where: string[] = [];
  const values: unknown[] = [];
  const bind = (value: unknown) => `$${values.push(value)}`;
  if (input.act) where.push(`act = ${bind(input.act)}`);
  if (input.outcome) where.push(`outcome = ${bind(input.outcome)}`);
  if (input.actor) where.push(`actor_label ILIKE ${bind(`%${input.actor.replace(/[\\%_]/g, '\\$&')}%`)}`);
  if (input.subjectId) where.push(`subject_id = ${bind(input.subjectId)}`);
  const from = input.from ? parseLocalDate(input.from) : null;
  const to = input.to ? parseLocalDate(input.to) : null;
  if (from) where.push(`at >= ${bind(startOfDay(from))}`);
  if (to) where.push(`at < ${bind(startOfDay(addDays(to, 1)))}`);
  if (input.cursor && /^\d{1,19}$/.test(input.cursor)) where.push(`seq < ${bind(input.cursor)}::bigint`);
  const { rows } = await on.query<Row>(
    `SELECT * FROM audit_event ${where.length ? `WHERE ${where.join(' AND ')}` : ''} ORDER BY seq DESC LIMIT ${bind(input.limit + 1)}`,
    values,
  );
  const page = rows.slice(0, input.limit);
  return {
    rows: page.map(toDto),
    nextCursor: rows.length > input.limit ? (page.at(-1)?.seq.toString() ?? null) : null,
  };
}

/** One event by its uuid; null when there is none. */
export async function auditEvent(on: Queryable, id: string): Promise<AuditRowDto | null> {
  const { rows } = await on.query<Row>('SELECT * FROM audit_event WHERE id = $1', [id]);
  return rows[0] ? toDto(rows[0]) : null;
}

const SUBJECT_IDS = {
  payout: 'payout',
  override: 'override',
  break: 'break',
  run: 'run',
  settlement_file: 'file',
  person: 'person',
  bulk_run: 'bulk_run',
  hold: 'hold',
  webhook_endpoint: 'webhook_endpoint',
  webhook_delivery: 'webhook_delivery',
} as const;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

function toDto(row: Row): AuditRowDto {
  const idKind = row.subject_kind ? SUBJECT_IDS[row.subject_kind as keyof typeof SUBJECT_IDS] : undefined;
  const subjectId =
    row.subject_id && idKind && UUID.test(row.subject_id) ? toId(idKind, row.subject_id) : row.subject_id;
  return {
    id: toId('audit_event', row.id),
    seq: row.seq.toString(),
    at: row.at.toISOString(),
    act: row.act,
    outcome: row.outcome,
    actor: { kind: row.actor_kind, label: row.actor_label },
    subject: row.subject_kind && subjectId ? { kind: row.subject_kind, id: subjectId } : null,
    before: row.before,
    after: row.after,
    reason: row.reason,
    refusalCode: row.refusal_code,
    requestId: row.request_id,
    ip: row.ip,
    idempotencyKey: row.idempotency_key,
  };
}
