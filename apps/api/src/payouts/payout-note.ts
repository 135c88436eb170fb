import type { Colleague } from '../identity/person.ts';

/** The longest note, in characters. The database refuses longer ones. */
export const NOTE_LENGTH = 4_000;

/** The most people that one note may name. */
export const MOST_MENTIONS = 20;

const EXCERPT_LENGTH = 140;

/** A note as it is kept: one kind of line end, nothing before and after. */
export function noteBody(text: string): string {
  return text.replace(/\r\n?/g, '\n').trim();
}

/**
 * Those of `picked` whom the note names: `@` and the whole name, not the beginning of a longer word. Somebody who was
 * picked and then deleted from the text is not named, and longer names are looked for first: `@Ali Canan` names no Ali Can.
 */
export function mentionedIn<P extends Colleague>(body: string, picked: readonly P[]): P[] {
  const named = new Set<string>();
  let rest = body.normalize('NFC');
  for (const { id, name } of picked.toSorted((a, b) => b.name.length - a.name.length)) {
    const parts = splitAt(rest, `@${name.normalize('NFC')}`);
    if (parts.length > 1) named.add(id);
    rest = parts.join('\n');
  }
  return picked.filter(({ id }) => named.has(id));
}

/** The pieces of a text between the places where `mention` stands on its own. */
function splitAt(text: string, mention: string): string[] {
  const parts: string[] = [];
  let from = 0;
  for (let at = text.indexOf(mention); at >= 0; at = text.indexOf(mention, at + 1)) {
    const end = at + mention.length;
    if (at < from || /[\p{L}\p{N}_]$/u.test(text.slice(0, at)) || /^[\p{L}\p{N}_]/u.test(text.slice(end))) continue;
    parts.push(text.slice(from, at));
    from = end;
  }
  return [...parts, text.slice(from)];
}

/** The beginning of a note in one line, for the timeline and for who is named in it. Cut between whole characters. */
export function excerptOf(body: string): string {
  const line = body.replace(/\s+/g, ' ').trim();
  const letters = [...new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(line)];
  if (letters.length <= EXCERPT_LENGTH) return line;
  return `${letters
    .slice(0, EXCERPT_LENGTH - 1)
    .map(({ segment }) => segment)
    .join('')
    .trimEnd()}…`;
}
