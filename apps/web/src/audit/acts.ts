import type { Act } from '@countersign/api/src/audit/audit-event.ts';

/** The areas that acts are chosen by. */
export type ActGroup = 'payouts' | 'overrides' | 'reconciliation' | 'settlement' | 'people' | 'controls';

const GROUP_OF: Record<Act, ActGroup> = {
  'payout.requested': 'payouts',
  'payout.retried': 'payouts',
  'payout.retry_left': 'payouts',
  'payout.check_requested': 'payouts',
  'payout.send_started': 'payouts',
  'payout.send_recorded': 'payouts',
  'payout.answer_recorded': 'payouts',
  'payout.event_recorded': 'payouts',
  'payout.held': 'payouts',
  'payout.released': 'payouts',
  'payout.assigned': 'payouts',
  'payout.noted': 'payouts',
  'payout.snoozed': 'payouts',
  'payout.woken': 'payouts',
  'bulk.previewed': 'payouts',
  'bulk.discarded': 'payouts',
  'bulk.confirmed': 'payouts',
  'bulk.paused': 'payouts',
  'bulk.resumed': 'payouts',
  'bulk.canceled': 'payouts',
  'bulk.finished': 'payouts',
  'view.saved': 'payouts',
  'view.changed': 'payouts',
  'view.removed': 'payouts',
  'hold.placed': 'controls',
  'hold.released': 'controls',
  'stuck_policy.changed': 'controls',
  'stuck_policy.applied': 'controls',
  'webhook_endpoint.added': 'controls',
  'webhook_endpoint.changed': 'controls',
  'webhook_endpoint.disabled': 'controls',
  'webhook_endpoint.secret_rotated': 'controls',
  'webhook.test_sent': 'controls',
  'webhook.replayed': 'controls',
  'webhook.delivered': 'controls',
  'webhook.given_up': 'controls',
  'control.changed': 'controls',
  'settlement_file.imported': 'settlement',
  'reconciliation.run': 'reconciliation',
  'reconciliation.failed': 'reconciliation',
  'break.assigned': 'reconciliation',
  'break.accepted': 'reconciliation',
  'break.escalated': 'reconciliation',
  'override.requested': 'overrides',
  'override.approved': 'overrides',
  'override.rejected': 'overrides',
  'override.withdrawn': 'overrides',
  'override.expired': 'overrides',
  'override.went_stale': 'overrides',
  'override.executed': 'overrides',
  'override.execution_failed': 'overrides',
  'evidence.uploaded': 'overrides',
  'session.signed_in': 'people',
  'session.sign_in_refused': 'people',
  'session.signed_out': 'people',
  'person.added': 'people',
  'notification.read': 'people',
  'demo.seeded': 'controls',
  'demo.withdrawn': 'controls',
};

const GROUPS: readonly ActGroup[] = ['payouts', 'overrides', 'reconciliation', 'settlement', 'people', 'controls'];

/** Every act, grouped as people look for them. */
export const ACTS_BY_GROUP: readonly { group: ActGroup; acts: readonly Act[] }[] = GROUPS.map((group) => ({
  group,
  acts: (Object.keys(GROUP_OF) as Act[]).filter((act) => GROUP_OF[act] === group),
}));

/** Whether a text names an act that this page knows. */
export function isAct(text: string): text is Act {
  return Object.hasOwn(GROUP_OF, text);
}
