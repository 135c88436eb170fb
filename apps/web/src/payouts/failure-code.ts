import type { Text, TextKey } from '../lib/i18n.ts';

/** A provider's failure code in the person's words; a code without words as it is. */
export function failureCodeText(t: Text, code: string): string {
  // Codes are the provider's: any text may come, and only some have a key.
  const key = `payoutCodes.${code}` as Extract<TextKey, `payoutCodes.${string}`>;
  const words = t(key);
  return words === key ? code : words;
}
