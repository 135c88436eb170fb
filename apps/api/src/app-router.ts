import { auditRouter } from './audit/audit.router.ts';
import { controlsRouter } from './controls/controls.router.ts';
import { sessionRouter } from './identity/session.router.ts';
import { overridesRouter } from './overrides/overrides.router.ts';
import { payoutsRouter } from './payouts/payouts.router.ts';
import { reconciliationRouter } from './reconciliation/reconciliation.router.ts';
import { liveRouter } from './runtime/live.router.ts';
import { router } from './runtime/trpc.ts';
import { searchRouter } from './search/search.router.ts';
import { settlementRouter } from './settlement/settlement.router.ts';

/** One line a module. */
export const appRouter = router({
  session: sessionRouter,
  live: liveRouter,
  search: searchRouter,
  payouts: payoutsRouter,
  controls: controlsRouter,
  overrides: overridesRouter,
  settlement: settlementRouter,
  reconciliation: reconciliationRouter,
  audit: auditRouter,
});

export type AppRouter = typeof appRouter;
