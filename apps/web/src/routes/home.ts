import type { Role } from '@countersign/api/src/core/actor.ts';
import { createRoute, redirect } from '@tanstack/react-router';
import { paths } from '../paths.ts';
import { shellRoute } from './shell.ts';

/** Where a person's work is, by the first of their roles that has any: the queue, the latest day, what waits to be signed. */
export function homeOf(roles: readonly Role[]) {
  if (roles.includes('ops')) return paths.payouts({ filter: 'stuck' });
  if (roles.includes('finance')) return paths.reconciliation();
  if (roles.includes('approver')) return paths.overrides({ filter: 'waiting' });
  return paths.payouts();
}

export const homeRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/',
  beforeLoad: ({ context }) => {
    throw redirect({ ...homeOf(context.session.person.roles), replace: true });
  },
});
