import { toId } from '../core/ids.ts';
import type { Queryable } from '../runtime/db.ts';
import { type NotificationData, type NotificationKind, UNREAD_CAP } from './notification.ts';

export interface NotificationRow {
  id: string;
  kind: NotificationKind;
  /** The payout that it is about. */
  payoutId: string;
  by: string;
  data: NotificationData;
  at: string;
  read: boolean;
}

export interface NotificationPage {
  rows: NotificationRow[];
  /** Give it back as `cursor` for the next page; null at the end. */
  nextCursor: string | null;
}

/** How many of a person's notifications are unread; it counts no further than UNREAD_CAP. */
export async function unreadCount(on: Queryable, personId: string): Promise<number> {
  const { rows } = await on.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM
       (SELECT 1 FROM notification WHERE person_id = $1 AND read_at IS NULL LIMIT ${UNREAD_CAP}) unread`,
    [personId],
  );
  return rows[0]?.count ?? 0;
}

/** A page of a person's notifications, the latest first, by keyset. */
export async function listNotifications(
  on: Queryable,
  personId: string,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<NotificationPage> {
  const after = cursor ? readCursor(cursor) : null;
  const { rows } = await on.query<{
    id: string;
    kind: NotificationKind;
    subject_id: string;
    by_label: string;
    data: NotificationData;
    at: Date;
    read_at: Date | null;
  }>(
    `SELECT id, kind, subject_id, by_label, data, at, read_at FROM notification
     WHERE person_id = $1 ${after ? 'AND (at, id) < ($3::timestamptz, $4::uuid)' : ''}
     ORDER BY at DESC, id DESC LIMIT $2`,
    [personId, limit + 1, ...(after ? [after.at, after.id] : [])],
  );
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    rows: page.map((row) => ({
      id: toId('notification', row.id),
      kind: row.kind,
      payoutId: toId('payout', row.subject_id),
      by: row.by_label,
      data: row.data,
      at: row.at.toISOString(),
      read: row.read_at !== null,
    })),
    nextCursor: rows.length > limit && last ? writeCursor(last.at, last.id) : null,
  };
}

function writeCursor(at: Date, id: string): string {
  return Buffer.from(`${at.toISOString()} ${id}`).toString('base64url');
}

const CURSOR = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** A cursor that does not read is no cursor: the list starts again rather than failing. */
function readCursor(cursor: string): { at: string; id: string } | null {
  const [at, id] = Buffer.from(cursor, 'base64url').toString().match(CURSOR)?.slice(1) ?? [];
  return at && id && !Number.isNaN(Date.parse(at)) ? { at, id } : null;
}
