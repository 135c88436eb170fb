import { toId } from '../core/ids.ts';
import { anyone, router } from '../runtime/trpc.ts';
import { permissionsOf } from './permission.ts';

export const sessionRouter = router({
  /** Who is signed in and what they may; null when nobody is. The interface greys by it, the operations enforce it. */
  me: anyone.query(({ ctx }) =>
    ctx.actor
      ? {
          person: {
            id: toId('person', ctx.actor.id),
            name: ctx.actor.label,
            email: ctx.actor.email,
            roles: ctx.actor.roles,
          },
          permissions: permissionsOf(ctx.actor),
          now: ctx.clock().toISOString(),
        }
      : null,
  ),
});
