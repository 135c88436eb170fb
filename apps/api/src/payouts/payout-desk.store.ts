import { toId } from '../core/ids.ts';
import type { Colleague } from '../identity/person.ts';
import type { Tx } from '../runtime/db.ts';
import { appendPayoutEvent } from './payout.store.ts';
import type { Payout } from './payout.ts';

/*
 * What the desk notes about a locked payout: who looks after it, and until when it is put aside. None of it changes the
 * payout's version, for nobody's decision about the money rests on it.
 */

interface By {
  at: Date;
  actorLabel: string;
}

/** Says who looks after a payout; null gives it back. */
export async function saveAssignee(tx: Tx, payout: Payout, assignee: Colleague | null, by: By): Promise<void> {
  await tx.query('UPDATE payout SET assignee_id = $2 WHERE id = $1', [payout.id, assignee?.id ?? null]);
  await appendPayoutEvent(tx, payout.id, {
    at: by.at,
    kind: 'assigned',
    actorLabel: by.actorLabel,
    data: { to: assignee?.name ?? null, ...(assignee ? { toId: toId('person', assignee.id) } : {}) },
  });
}

/** Puts a payout aside until an instant. */
export async function saveSnooze(
  tx: Tx,
  payout: Payout,
  snooze: { until: Date; note: string | null },
  by: By,
): Promise<void> {
  await tx.query('UPDATE payout SET snoozed_until = $2, snoozed_by = $3 WHERE id = $1', [
    payout.id,
    snooze.until,
    by.actorLabel,
  ]);
  await appendPayoutEvent(tx, payout.id, {
    at: by.at,
    kind: 'snoozed',
    actorLabel: by.actorLabel,
    data: { until: snooze.until.toISOString(), ...(snooze.note ? { note: snooze.note } : {}) },
  });
}

/** Puts a payout back among the others, before its time. */
export async function endSnooze(tx: Tx, payout: Payout, by: By): Promise<void> {
  await tx.query('UPDATE payout SET snoozed_until = NULL, snoozed_by = NULL WHERE id = $1', [payout.id]);
  await appendPayoutEvent(tx, payout.id, { at: by.at, kind: 'woken', actorLabel: by.actorLabel });
}
