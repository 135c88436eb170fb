import { auditRoute } from './audit.ts';
import { homeRoute } from './home.ts';
import { overrideRoute, overridesRoute } from './overrides.ts';
import { payoutRoute, payoutsRoute } from './payouts.ts';
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
    reconciliationRoute,
    filesRoute,
    fileRoute,
    runRoute,
    overridesRoute,
    overrideRoute,
    auditRoute,
  ]),
]);
