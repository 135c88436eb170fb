import type { Outcome } from '@countersign/api/src/bulk/bulk.ts';

export type { Outcome };

const ALL: Record<Outcome, true> = { done: true, skipped: true, failed: true, canceled: true };

/** Every outcome, in the order in which a report tells them. */
export const OUTCOMES = Object.keys(ALL) as Outcome[];
