import { auditRouter } from './audit/audit.router.ts';
import { bulkRouter } from './bulk/bulk.router.ts';
import { controlsRouter } from './controls/controls.router.ts';
import { peopleRouter } from './identity/people.router.ts';
import { sessionRouter } from './identity/session.router.ts';
import { notificationsRouter } from './notifications/notifications.router.ts';
import { overridesRouter } from './overrides/overrides.router.ts';
import { payoutsRouter } from './payouts/payouts.router.ts';
import { stuckPolicyRouter } from './payouts/stuck-policy.router.ts';
import { presenceRouter } from './presence/presence.router.ts';
import { reconciliationRouter } from './reconciliation/reconciliation.router.ts';
import { liveRouter } from './runtime/live.router.ts';
import { router } from './runtime/trpc.ts';
import { searchRouter } from './search/search.router.ts';
import { settlementRouter } from './settlement/settlement.router.ts';
import { viewsRouter } from './views/views.router.ts';
import { webhooksRouter } from './webhooks/webhooks.router.ts';

/** One line a module. */
export const appRouter = router({
  session: sessionRouter,
  live: liveRouter,
  search: searchRouter,
  payouts: payoutsRouter,
  views: viewsRouter,
  bulk: bulkRouter,
  controls: controlsRouter,
  stuckPolicy: stuckPolicyRouter,
  overrides: overridesRouter,
  settlement: settlementRouter,
  reconciliation: reconciliationRouter,
  audit: auditRouter,
  webhooks: webhooksRouter,
  people: peopleRouter,
  notifications: notificationsRouter,
  presence: presenceRouter,
});

export type AppRouter = typeof appRouter;
