/** The first letters of the first and the last name, as their avatar shows them: `Ayşe Nur Yılmaz` is `AY`. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/);
  const first = (word: string | undefined): string => [...(word ?? '')][0] ?? '';
  const letters = words.length > 1 ? first(words[0]) + first(words.at(-1)) : first(words[0]);
  return letters.toUpperCase();
}

/**
 * The form under which names are compared by people who type on any keyboard: without case and marks, and with the Turkish
 * `ı` and `İ` as a plain `i`. Never by locale: `I` is another letter in Turkish than in English.
 */
export function foldName(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase()
    .replaceAll('ı', 'i')
    .trim();
}

/** Whether a name is the one that somebody begins to type: each typed word begins a word of the name. */
export function nameMatches(name: string, typed: string): boolean {
  const words = foldName(name).split(/\s+/);
  return foldName(typed)
    .split(/\s+/)
    .every((part) => words.some((word) => word.startsWith(part)));
}
