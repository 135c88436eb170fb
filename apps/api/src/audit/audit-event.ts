/** Every business act that the audit log knows. Closed: an operation names one of these, the console has a label for each. */
export const ACTS = [
  'payout.requested',
  'payout.retried',
  'payout.retry_left',
  'payout.check_requested',
  'payout.send_started',
  'payout.send_recorded',
  'payout.answer_recorded',
  'payout.event_recorded',
  'payout.held',
  'payout.released',
  'payout.assigned',
  'payout.noted',
  'payout.snoozed',
  'payout.woken',
  'bulk.previewed',
  'bulk.discarded',
  'bulk.confirmed',
  'bulk.paused',
  'bulk.resumed',
  'bulk.canceled',
  'bulk.finished',
  'hold.placed',
  'hold.released',
  'stuck_policy.changed',
  'stuck_policy.applied',
  'view.saved',
  'view.changed',
  'view.removed',
  'webhook_endpoint.added',
  'webhook_endpoint.changed',
  'webhook_endpoint.disabled',
  'webhook_endpoint.secret_rotated',
  'webhook.test_sent',
  'webhook.replayed',
  'webhook.delivered',
  'webhook.given_up',
  'control.changed',
  'settlement_file.imported',
  'reconciliation.run',
  'reconciliation.failed',
  'break.assigned',
  'break.accepted',
  'break.escalated',
  'override.requested',
  'override.approved',
  'override.rejected',
  'override.withdrawn',
  'override.expired',
  'override.went_stale',
  'override.executed',
  'override.execution_failed',
  'evidence.uploaded',
  'session.signed_in',
  'session.sign_in_refused',
  'session.signed_out',
  'person.added',
  'notification.read',
  'demo.seeded',
  'demo.withdrawn',
] as const;

export type Act = (typeof ACTS)[number];

export type SubjectKind =
  | 'payout'
  | 'control'
  | 'bulk_run'
  | 'hold'
  | 'stuck_policy'
  | 'view'
  | 'webhook_endpoint'
  | 'webhook_delivery'
  | 'settlement_file'
  | 'run'
  | 'break'
  | 'override'
  | 'evidence'
  | 'person'
  | 'database';

/** What an event is about: its kind and the uuid (or name) it is stored under. */
export interface Subject {
  kind: SubjectKind;
  id: string;
}

/** Where a request came from, for the audit row. */
export interface RequestInfo {
  requestId: string;
  ip: string | null;
}

export interface AuditEvent {
  at: Date;
  actor: { kind: string; id: string; label: string; sessionId?: string | null };
  act: Act;
  subject: Subject | null;
  before?: unknown;
  after?: unknown;
  reason?: string | null;
  refusalCode?: string | null;
  request: RequestInfo;
  idempotencyKey?: string | null;
}
