import type { Fault } from '@countersign/api/src/settlement/settlement-fault.ts';
import type { Text, TextKey } from '../lib/i18n.ts';

/** What is wrong with a file, in the person's words; a code newer than this page in the server's own sentence. */
export function faultText(t: Text, { code, params, text }: Fault): string {
  const key: TextKey = `settlement.faults.${code}`;
  // Sentences name their placeholders; the codes of a union cannot be told apart here.
  const sentence = (t as (key: TextKey, params?: Record<string, string>) => string)(key, params);
  return sentence === key ? text : sentence;
}
