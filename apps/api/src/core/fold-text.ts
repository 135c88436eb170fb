/**
 * A text as it is searched and sorted by: lower case, without marks, Turkish letters and their Latin neighbours as one
 * (`İşçi`, `ISCI` and `işçi` are all `isci`). Case is never folded by a locale. The database's `fold_text` says the same;
 * a test compares the two.
 */
export function foldText(text: string): string {
  return text
    .normalize('NFKD')
    .replace(MARKS, '')
    .toLowerCase()
    .replace(/[ıøłđðς]/g, (letter) => PLAIN[letter] ?? letter)
    .replaceAll('ß', 'ss')
    .replaceAll('æ', 'ae')
    .replaceAll('œ', 'oe');
}

/** The words of a text, folded: runs of letters and digits, in order, each once. */
export function foldedWords(text: string): string[] {
  return [...new Set(foldText(text).match(/[\p{L}\p{N}]+/gu) ?? [])];
}

/** The combining marks that European letters are written with. */
const MARKS = /[\u0300-\u0304\u0306-\u0308\u030a-\u030c\u0326-\u0328]/g;
const PLAIN: Readonly<Record<string, string>> = { ı: 'i', ø: 'o', ł: 'l', đ: 'd', ð: 'd', ς: 'σ' };
