import type { Language } from '../lib/language.ts';

const ENGLISH = {
  zero: 'zero',
  ones: 'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  ),
  tens: 'ten twenty thirty forty fifty sixty seventy eighty ninety'.split(' '),
  scales: ['', 'thousand', 'million', 'billion', 'trillion', 'quadrillion', 'quintillion'],
} as const;

const TURKISH = {
  zero: 'sıfır',
  ones: 'bir iki üç dört beş altı yedi sekiz dokuz'.split(' '),
  tens: 'on yirmi otuz kırk elli altmış yetmiş seksen doksan'.split(' '),
  scales: ['', 'bin', 'milyon', 'milyar', 'trilyon', 'katrilyon', 'kentilyon'],
} as const;

/**
 * A whole number in words: `forty-eight thousand two hundred fifty`, `kırk sekiz bin iki yüz elli`. Short scale, as money
 * is read in both languages. Throws RangeError below zero, and from 10^21 on, which no account can hold.
 */
export function numberInWords(number: bigint, language: Language): string {
  if (number < 0n || number >= 10n ** 21n) throw new RangeError(`${number} has no words here.`);
  const { zero, scales } = language === 'tr' ? TURKISH : ENGLISH;
  if (number === 0n) return zero;
  const parts: string[] = [];
  let left = number;
  for (const scale of scales) {
    const group = Number(left % 1_000n);
    left /= 1_000n;
    if (group === 0) continue;
    // A thousand is "bin" in Turkish, never "bir bin"; a million is "bir milyon".
    const said = language === 'tr' ? (group === 1 && scale === 'bin' ? '' : turkish(group)) : english(group);
    parts.unshift([said, scale].filter(Boolean).join(' '));
  }
  return parts.join(' ');
}

/** 1 to 999. */
function english(number: number): string {
  const [hundreds, rest] = [Math.floor(number / 100), number % 100];
  const parts: string[] = [];
  if (hundreds > 0) parts.push(`${ENGLISH.ones[hundreds - 1]} hundred`);
  if (rest > 0 && rest < 20) parts.push(ENGLISH.ones[rest - 1] ?? '');
  else if (rest > 0) {
    const ten = ENGLISH.tens[Math.floor(rest / 10) - 1] ?? '';
    parts.push(rest % 10 === 0 ? ten : `${ten}-${ENGLISH.ones[(rest % 10) - 1]}`);
  }
  return parts.join(' ');
}

/** 1 to 999. A hundred is "yüz", never "bir yüz". */
function turkish(number: number): string {
  const [hundreds, tens, ones] = [Math.floor(number / 100), Math.floor(number / 10) % 10, number % 10];
  return [
    hundreds > 1 ? TURKISH.ones[hundreds - 1] : '',
    hundreds > 0 ? 'yüz' : '',
    tens > 0 ? TURKISH.tens[tens - 1] : '',
    ones > 0 ? TURKISH.ones[ones - 1] : '',
  ]
    .filter(Boolean)
    .join(' ');
}
