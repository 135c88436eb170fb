import { initialsOf } from '@countersign/api/src/core/person-name.ts';
import type { inferOutput } from '@trpc/tanstack-react-query';
import { useText } from '../lib/i18n.ts';
import type { trpc } from '../lib/trpc.ts';
import { RelativeTime } from '../ui/relative-time.tsx';
import { Face } from './face.tsx';
import { noteParts } from './note-text.ts';

export type Note = inferOutput<typeof trpc.payouts.notes>[number];

/** The notes in the order they were written, as plain text; names in them are drawn as such. */
export function NoteList({ notes }: { notes: readonly Note[] }) {
  const t = useText();
  return (
    <ul className="flex flex-col gap-3.5">
      {notes.map((note) => (
        <li key={note.id} className="flex gap-2.5" aria-label={t('collab.notes.by', { name: note.author.name })}>
          <Face initials={initialsOf(note.author.name)} />
          <div className="min-w-0 flex-1">
            <p className="flex flex-wrap items-baseline gap-x-2">
              <strong className="font-semibold">{note.author.name}</strong>
              <span className="text-xs text-quiet">
                <RelativeTime at={note.at} />
              </span>
            </p>
            <p dir="auto" className="break-words whitespace-pre-wrap">
              {noteParts(note.body, note.mentions).map((part) =>
                part.person ? (
                  <span key={part.at} className="rounded-xs bg-selection px-0.5 font-medium">
                    {part.text}
                  </span>
                ) : (
                  part.text
                ),
              )}
            </p>
          </div>
        </li>
      ))}
    </ul>
  );
}
