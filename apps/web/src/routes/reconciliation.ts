import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import type { ReconciliationSearch, RunSearch } from '../paths.ts';
import { readSearch } from './search.ts';
import { shellRoute } from './shell.ts';

export const reconciliationRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/reconciliation',
  validateSearch: readSearch<ReconciliationSearch>('panel', 'kind'),
  component: lazyRouteComponent(() => import('../reconciliation/reconciliation-page.tsx'), 'ReconciliationPage'),
});

export const runRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/reconciliation/$runId',
  validateSearch: readSearch<RunSearch>('filter', 'panel'),
  component: lazyRouteComponent(() => import('../reconciliation/run-page.tsx'), 'RunPage'),
});
