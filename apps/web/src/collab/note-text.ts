/** Somebody who can be named, as the pickers know them. */
export interface Named {
  id: string;
  name: string;
}

/** The `@` that is being typed: where it stands, and what follows it up to the caret. */
export interface Typing {
  start: number;
  query: string;
}

const NAME_LENGTH = 60;
const LETTER = /[\p{L}\p{N}_]/u;

/**
 * The `@…` before the caret that a colleague may be picked for; null when nobody is being named. A name may hold spaces, so
 * what was typed counts as long as it is on one line and somebody's name could still begin so (`matches`).
 */
export function typingAt(text: string, caret: number, matches: (query: string) => boolean): Typing | null {
  const before = text.slice(Math.max(0, caret - NAME_LENGTH - 1), caret);
  const at = before.lastIndexOf('@');
  if (at < 0) return null;
  const start = caret - before.length + at;
  const query = before.slice(at + 1);
  const glued = start > 0 && LETTER.test(text.charAt(start - 1));
  if (glued || query.includes('\n') || query.startsWith(' ') || !matches(query)) return null;
  return { start, query };
}

/** The text with the name in place of what was typed of it, and where the caret then stands. */
export function insertName(text: string, typing: Typing, name: string): { text: string; caret: number } {
  const head = `${text.slice(0, typing.start)}@${name}`;
  const tail = text.slice(typing.start + 1 + typing.query.length);
  const space = /^\s/.test(tail) ? '' : ' ';
  return { text: head + space + tail, caret: head.length + 1 };
}

export interface NotePart {
  text: string;
  /** Whom this part names; null for the words between. */
  person: Named | null;
  /** Where it begins, for React. */
  at: number;
}

/** A note cut into its words and the names in it, so that names can be drawn as such. Joined again it is the same text. */
export function noteParts(body: string, mentions: readonly Named[]): NotePart[] {
  const parts: NotePart[] = [];
  const longestFirst = mentions.toSorted((a, b) => b.name.length - a.name.length);
  let from = 0;
  for (let at = body.indexOf('@'); at >= 0; at = body.indexOf('@', at + 1)) {
    const person = longestFirst.find(
      ({ name }) => body.startsWith(name, at + 1) && !LETTER.test(body.charAt(at + 1 + name.length)),
    );
    if (at < from || !person || (at > 0 && LETTER.test(body.charAt(at - 1)))) continue;
    if (at > from) parts.push({ text: body.slice(from, at), person: null, at: from });
    from = at + 1 + person.name.length;
    parts.push({ text: body.slice(at, from), person, at });
  }
  if (from < body.length) parts.push({ text: body.slice(from), person: null, at: from });
  return parts;
}
