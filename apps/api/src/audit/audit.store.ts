import { plain } from '../core/canonical-json.ts';
import { newUuid } from '../core/ids.ts';
import type { Tx } from '../runtime/db.ts';
import type { AuditEvent } from './audit-event.ts';

/** Appends one event, in the transaction of the act it tells of. The sole writer of `audit_event`. */
export async function appendAudit(tx: Tx, event: AuditEvent): Promise<void> {
  const json = (value: unknown) => (value === undefined ? null : JSON.stringify(plain(value)));
  await tx.query(
    `INSERT INTO audit_event (id, at, actor_kind, actor_id, actor_label, act, outcome, subject_kind, subject_id,
       before, after, reason, refusal_code, request_id, ip, session_id, idempotency_key)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
    [
      newUuid(),
      event.at,
      event.actor.kind,
      event.actor.id,
      event.actor.label,
      event.act,
      event.refusalCode ? 'refused' : 'done',
      event.subject?.kind ?? null,
      event.subject?.id ?? null,
      json(event.before),
      json(event.after),
      event.reason ?? null,
      event.refusalCode ?? null,
      event.request.requestId,
      event.request.ip,
      event.actor.sessionId ?? null,
      event.idempotencyKey ?? null,
    ],
  );
}
