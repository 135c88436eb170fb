/** Roles of people (domain rules §6). `machine` and `job` are not roles: they are kinds of actor with permissions of their own. */
export const ROLES = ['viewer', 'ops', 'finance', 'approver', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Who acts. Permissions bind every kind; none bypasses them. */
export type Actor =
  | { kind: 'person'; id: string; label: string; roles: readonly Role[]; sessionId: string | null }
  | { kind: 'machine'; id: string; label: string; scopes: readonly string[] }
  | { kind: 'job'; id: string; label: string }
  | { kind: 'cli'; id: string; label: string };

/** Stable text key of an actor: scope of idempotency keys, and what the audit log groups by. */
export function actorKey(actor: Actor): string {
  return `${actor.kind}:${actor.id}`;
}
