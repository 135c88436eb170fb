import { auditRoute } from './audit.ts';
import { bulkRunRoute, bulkRunsRoute } from './bulk.ts';
import { controlsRoute, stuckPolicyRoute, webhookRoute, webhooksRoute } from './controls.ts';
import { homeRoute } from './home.ts';
import { overrideRoute, overridesRoute } from './overrides.ts';
import { payoutRoute, payoutsRoute, viewRoute } from './payouts.ts';
import { fileRoute, filesRoute, reconciliationRoute, runRoute } from './reconciliation.ts';
import { rootRoute } from './root.tsx';
import { shellRoute } from './shell.ts';
import { signInRoute } from './sign-in.ts';

export const routeTree = rootRoute.addChildren([
  signInRoute,
  shellRoute.addChildren([
    homeRoute,
    payoutsRoute,
    payoutRoute,
    viewRoute,
    bulkRunsRoute,
    bulkRunRoute,
    reconciliationRoute,
    filesRoute,
    fileRoute,
    runRoute,
    overridesRoute,
    overrideRoute,
    auditRoute,
    controlsRoute,
    stuckPolicyRoute,
    webhooksRoute,
    webhookRoute,
  ]),
]);
