import type { Role } from '../core/actor.ts';

/** One seat an approval: the roles of which its holder needs one. `[['finance'], ['approver', 'finance']]` are two approvals, one of them finance's. */
export type Seats = readonly (readonly Role[])[];

/**
 * Whether each set of roles in `these` can be given a set of its own in `those` that shares a role with it. With people and
 * seats: do all these people find a seat; with seats and people: is every seat filled. A person sits once. The database
 * asks the same of `roles_matched`; the lists are a few long.
 */
export function allSeated(these: Seats, those: Seats): boolean {
  const [first, ...rest] = these;
  if (!first) return true;
  return those.some((other, i) => other.some((role) => first.includes(role)) && allSeated(rest, those.toSpliced(i, 1)));
}
