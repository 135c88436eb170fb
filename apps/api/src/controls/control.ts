/** The kill switches. Each is on or off for the whole installation; a missing row counts as off. */
export const CONTROLS = ['payouts'] as const;
export type ControlName = (typeof CONTROLS)[number];

/** A switch with who set it, why and since when; null where nobody ever did. */
export interface Control {
  name: ControlName;
  on: boolean;
  reason: string | null;
  changedBy: string | null;
  changedAt: Date | null;
}

/** How many waiting payouts one release gives to the worker in its own transaction; the minute's job finds the others. */
export const RELEASE_LIMIT = 2_000;
