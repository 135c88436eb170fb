import { toId } from '../core/ids.ts';
import type { Queryable } from '../runtime/db.ts';

export interface NoteDto {
  id: string;
  author: { id: string; name: string };
  /** Plain text. */
  body: string;
  /** Those whom the body names, by the names that stand in it. */
  mentions: { id: string; name: string }[];
  at: string;
}

const MOST_NOTES = 500;

/** The notes on a payout, oldest first; of more than 500 the latest. */
export async function readNotes(on: Queryable, payoutId: string): Promise<NoteDto[]> {
  const { rows } = await on.query<{
    id: string;
    author_id: string;
    author_label: string;
    body: string;
    mentions: { id: string; name: string }[];
    at: Date;
  }>(
    `SELECT id, author_id, author_label, body, mentions, at FROM payout_note WHERE payout_id = $1
     ORDER BY at DESC, id DESC LIMIT ${MOST_NOTES}`,
    [payoutId],
  );
  return rows.reverse().map((row) => ({
    id: toId('note', row.id),
    author: { id: toId('person', row.author_id), name: row.author_label },
    body: row.body,
    mentions: row.mentions,
    at: row.at.toISOString(),
  }));
}
