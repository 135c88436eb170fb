import { newUuid, toId } from '../core/ids.ts';
import type { Colleague } from '../identity/person.ts';
import type { Tx } from '../runtime/db.ts';
import { appendPayoutEvent } from './payout.store.ts';
import { excerptOf } from './payout-note.ts';

export interface NewNote {
  payoutId: string;
  author: Colleague;
  body: string;
  mentions: readonly Colleague[];
  at: Date;
}

/** Keeps a note and says so on the timeline. Returns the note's uuid. The sole writer of `payout_note`, which only grows. */
export async function insertNote(tx: Tx, note: NewNote): Promise<string> {
  const id = newUuid();
  // The names as they are written in the body: a person who is renamed later is still found in it.
  const mentions = note.mentions.map((person) => ({ id: toId('person', person.id), name: person.name }));
  await tx.query(
    `INSERT INTO payout_note (id, payout_id, author_id, author_label, body, mentions, at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [id, note.payoutId, note.author.id, note.author.name, note.body, JSON.stringify(mentions), note.at],
  );
  await appendPayoutEvent(tx, note.payoutId, {
    at: note.at,
    kind: 'noted',
    actorLabel: note.author.name,
    data: { noteId: toId('note', id), excerpt: excerptOf(note.body) },
  });
  return id;
}
