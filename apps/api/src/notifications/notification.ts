/** What a person is told by name: they were mentioned, or given something to look after. */
export const NOTIFICATION_KINDS = ['mention', 'assigned'] as const;
export type NotificationKind = (typeof NOTIFICATION_KINDS)[number];

/** What a notification says beside its kind. JSON-plain; money in minor units as a decimal string. */
export interface NotificationData {
  holder: string;
  amountMinor: string;
  currency: string;
  /** The beginning of the note, for a mention. */
  excerpt?: string;
  /** How many it stands for, where equal ones were folded into one. */
  count?: number;
}

/**
 * Unread news of one kind by one person within this time is one notification that counts: 200 payouts given by one bulk run
 * are one line in the list, not 200.
 */
export const FOLD_MS = 5 * 60_000;

/** Beyond this many the bell says "99+", and nobody counts further. */
export const UNREAD_CAP = 100;
