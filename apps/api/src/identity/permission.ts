import type { Actor, Role } from '../core/actor.ts';

interface Grant {
  roles: readonly Role[];
  /** API key scope that carries it. */
  scope?: string;
  /** Whether background jobs may use it. */
  job?: true;
  /** Whether the command line (someone with a shell on the server) may use it. */
  cli?: true;
}

const EVERYONE = ['viewer', 'ops', 'finance', 'approver', 'admin'] as const;

/**
 * The one table of permissions: operations, screens, the database's checks and the docs follow it. Admin manages people,
 * policy and controls and moves no money; nothing here is a bypass.
 */
export const PERMISSIONS = {
  'payout:read': { roles: EVERYONE, scope: 'payouts:read', cli: true },
  'payout:request': { roles: [], scope: 'payouts:write' },
  'payout:retry': { roles: ['ops'], job: true },
  'payout:check': { roles: ['ops', 'finance'] },
  'payout:hold': { roles: ['ops'] },
  'payout:assign': { roles: ['ops', 'finance'] },
  'payout:note': { roles: ['ops', 'finance', 'approver'] },
  'payout:snooze': { roles: ['ops', 'finance'] },
  'payout:bulk': { roles: ['ops'] },
  'bulk:run': { roles: [], job: true },
  'payout:send': { roles: [], job: true },
  'payout:record': { roles: [], job: true },
  'control:change': { roles: ['ops', 'admin'] },
  'stuck_policy:change': { roles: ['admin'] },
  'stuck_policy:apply': { roles: [], job: true },
  'view:save': { roles: EVERYONE },
  'view:share': { roles: ['ops', 'finance', 'approver', 'admin'] },
  'notification:read': { roles: EVERYONE },
  'webhook:read': { roles: ['ops', 'finance', 'admin'] },
  'webhook:manage': { roles: ['admin'] },
  'webhook:replay': { roles: ['ops', 'admin'] },
  'webhook:deliver': { roles: [], job: true },
  'settlement:import': { roles: ['ops', 'finance'], cli: true },
  'settlement:read': { roles: EVERYONE, cli: true },
  'reconciliation:read': { roles: EVERYONE, cli: true },
  'reconciliation:run': { roles: ['ops', 'finance'], job: true, cli: true },
  'break:resolve': { roles: ['finance'] },
  'break:assign': { roles: ['ops', 'finance'] },
  'override:read': { roles: EVERYONE },
  'override:request': { roles: ['ops', 'finance'] },
  'override:decide': { roles: ['approver', 'finance'] },
  'override:execute': { roles: ['ops', 'approver', 'finance'], job: true },
  'override:expire': { roles: [], job: true },
  'evidence:upload': { roles: ['ops', 'finance'] },
  'audit:read': { roles: EVERYONE, cli: true },
  'person:add': { roles: [], cli: true },
} as const satisfies Record<string, Grant>;

export type Permission = keyof typeof PERMISSIONS;

/** Whether the actor holds the permission. */
export function may(actor: Actor, permission: Permission): boolean {
  const grant: Grant = PERMISSIONS[permission];
  switch (actor.kind) {
    case 'person':
      return actor.roles.some((role) => grant.roles.includes(role));
    case 'machine':
      return grant.scope !== undefined && actor.scopes.includes(grant.scope);
    case 'job':
      return grant.job === true;
    case 'cli':
      return grant.cli === true;
  }
}

/** The roles of people that carry the permission. */
export function rolesWith(permission: Permission): readonly Role[] {
  return PERMISSIONS[permission].roles;
}

/** Every permission that the actor holds: what the console greys its buttons by. */
export function permissionsOf(actor: Actor): Permission[] {
  return (Object.keys(PERMISSIONS) as Permission[]).filter((permission) => may(actor, permission));
}
