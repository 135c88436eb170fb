import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { withTexts } from '../lib/i18n.ts';
import type { BulkSearch } from '../paths.ts';
import { readSearch } from './search.ts';
import { shellRoute } from './shell.ts';

export const bulkRunsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/bulk',
  component: lazyRouteComponent(() => withTexts(['payouts'], import('../bulk/bulk-runs-page.tsx')), 'BulkRunsPage'),
});

export const bulkRunRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/bulk/$id',
  validateSearch: readSearch<BulkSearch>('outcome', 'planned', 'code'),
  component: lazyRouteComponent(() => withTexts(['payouts'], import('../bulk/bulk-run-page.tsx')), 'BulkRunPage'),
});
