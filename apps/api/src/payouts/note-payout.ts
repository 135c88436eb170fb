import { z } from 'zod';
import { canonicalHash } from '../core/canonical-json.ts';
import { toId } from '../core/ids.ts';
import { Refused } from '../core/refusal.ts';
import { peopleWho } from '../identity/person.store.ts';
import { tellMentioned } from '../notifications/notification.store.ts';
import { idInput } from '../runtime/id-input.ts';
import { defineOperation } from '../runtime/operation.ts';
import { lockPayout } from './payout.store.ts';
import { insertNote } from './payout-note.store.ts';
import { excerptOf, MOST_MENTIONS, mentionedIn, NOTE_LENGTH, noteBody } from './payout-note.ts';

/**
 * Writes a note on a payout: plain text, kept for good. `mentions` are the people who were picked while writing; those whom
 * the text still names are told. Throws Refused `person_unknown` when somebody picked is not there or may not read payouts.
 */
export const notePayout = defineOperation({
  name: 'payouts.note',
  permission: 'payout:note',
  act: 'payout.noted',
  input: z.strictObject({
    payoutId: idInput('payout'),
    body: z.string().transform(noteBody).pipe(z.string().min(1).max(NOTE_LENGTH)),
    mentions: z.array(idInput('person')).max(MOST_MENTIONS).default([]),
  }),
  subject: (input) => ({ kind: 'payout', id: input.payoutId }),
  async run({ tx, now, actor }, { payoutId, body, mentions }) {
    if (actor.kind !== 'person') throw new Refused('permission_missing', { permission: 'payout:note' });
    const payout = await lockPayout(tx, payoutId);
    const picked = await peopleWho(tx, 'payout:read', mentions);
    if (picked.length < new Set(mentions).size) throw new Refused('person_unknown');
    const named = mentionedIn(body, picked);
    const author = { id: actor.id, name: actor.label };
    const id = await insertNote(tx, { payoutId: payout.id, author, body, mentions: named, at: now });
    const others = named.filter((person) => person.id !== actor.id).map((person) => person.id);
    await tellMentioned(tx, others, { payout, by: actor.label, at: now, excerpt: excerptOf(body) });
    const noteId = toId('note', id);
    return {
      result: { noteId, mentioned: named.map((person) => toId('person', person.id)) },
      // The note itself never changes; its hash here shows that it is the one that was written.
      audit: {
        subject: { kind: 'payout', id: payout.id },
        after: { noteId, bodyHash: canonicalHash(body), mentions: named.map((person) => person.name) },
      },
    };
  },
});
