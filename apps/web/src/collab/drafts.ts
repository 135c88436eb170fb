import type { Named } from './note-text.ts';

/** What was written and not yet sent, by payout: walking to the next row and back loses no word. Gone with the tab. */
export interface Draft {
  text: string;
  picked: readonly Named[];
}

const EMPTY: Draft = { text: '', picked: [] };
const drafts = new Map<string, Draft>();

export function readDraft(payoutId: string): Draft {
  return drafts.get(payoutId) ?? EMPTY;
}

export function keepDraft(payoutId: string, draft: Draft): void {
  if (draft.text === '') drafts.delete(payoutId);
  else drafts.set(payoutId, draft);
}
