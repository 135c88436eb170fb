import { newUuid } from '../core/ids.ts';
import type { Payout } from '../payouts/payout.ts';
import type { Tx } from '../runtime/db.ts';
import { announce } from '../runtime/live.ts';
import { FOLD_MS, type NotificationData, type NotificationKind } from './notification.ts';

export interface PayoutNews {
  payout: Payout;
  /** Whose act it is. */
  by: string;
  at: Date;
}

/** Tells people that a note on a payout names them. */
export async function tellMentioned(
  tx: Tx,
  personIds: readonly string[],
  news: PayoutNews & { excerpt: string },
): Promise<void> {
  for (const personId of personIds) await insert(tx, personId, 'mention', news, { excerpt: news.excerpt });
}

/** Tells a person that a payout is theirs now. Many in a row by one hand become one line that counts. */
export async function tellAssigned(tx: Tx, personId: string, news: PayoutNews): Promise<void> {
  const { rowCount } = await tx.query(
    `UPDATE notification SET subject_id = $4, at = $3,
       data = $5::jsonb || jsonb_build_object('count', coalesce((data ->> 'count')::int, 1) + 1)
     WHERE id = (SELECT id FROM notification WHERE person_id = $1 AND kind = 'assigned' AND by_label = $2
         AND read_at IS NULL AND at > $6 ORDER BY at DESC, id DESC LIMIT 1 FOR UPDATE)`,
    [personId, news.by, news.at, news.payout.id, JSON.stringify(dataOf(news)), new Date(news.at.getTime() - FOLD_MS)],
  );
  if (rowCount === 0) await insert(tx, personId, 'assigned', news, {});
  else await announce(tx, 'notification', personId);
}

/** Marks a person's own notifications as read: those named, or all. Returns how many were unread. */
export async function markRead(tx: Tx, personId: string, ids: readonly string[] | null, at: Date): Promise<number> {
  const { rowCount } = await tx.query(
    `UPDATE notification SET read_at = $2 WHERE person_id = $1 AND read_at IS NULL AND ($3::uuid[] IS NULL OR id = ANY($3))`,
    [personId, at, ids],
  );
  if (rowCount > 0) await announce(tx, 'notification', personId);
  return rowCount;
}

async function insert(
  tx: Tx,
  personId: string,
  kind: NotificationKind,
  news: PayoutNews,
  more: Partial<NotificationData>,
): Promise<void> {
  await tx.query(
    `INSERT INTO notification (id, person_id, kind, subject_kind, subject_id, by_label, data, at)
     VALUES ($1, $2, $3, 'payout', $4, $5, $6, $7)`,
    [newUuid(), personId, kind, news.payout.id, news.by, JSON.stringify({ ...dataOf(news), ...more }), news.at],
  );
  await announce(tx, 'notification', personId);
}

function dataOf({ payout }: PayoutNews): NotificationData {
  return {
    holder: payout.destination.holder,
    amountMinor: payout.amount.minor.toString(),
    currency: payout.amount.currency,
  };
}
