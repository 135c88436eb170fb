import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { withTexts } from '../lib/i18n.ts';
import type { ReconciliationSearch, RunSearch } from '../paths.ts';
import { readSearch } from './search.ts';
import { shellRoute } from './shell.ts';

export const reconciliationRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/reconciliation',
  validateSearch: readSearch<ReconciliationSearch>('panel', 'kind'),
  component: lazyRouteComponent(
    () => withTexts(['reconciliation'], import('../reconciliation/reconciliation-page.tsx')),
    'ReconciliationPage',
  ),
});

export const runRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/reconciliation/$runId',
  validateSearch: readSearch<RunSearch>('filter', 'panel'),
  component: lazyRouteComponent(
    () => withTexts(['reconciliation'], import('../reconciliation/run-page.tsx')),
    'RunPage',
  ),
});
