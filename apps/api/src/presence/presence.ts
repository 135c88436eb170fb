/** Somebody not heard of for this long is taken for gone. Consoles say "here" every 20 s, so two may get lost. */
export const SEEN_FOR_MS = 45_000;

/** Rows older than this are of no use to anybody. */
export const KEPT_FOR_MS = 24 * 60 * 60_000;

/** What somebody looks at. */
export interface Place {
  kind: 'payout';
  /** Its uuid. */
  id: string;
}
